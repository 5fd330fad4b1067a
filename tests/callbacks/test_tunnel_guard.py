"""The process that ends ngrok where its till was killed: real processes."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from pos_app.callbacks.tunnel_guard import TunnelGuard
from tests.callbacks.posing import until

SLEEPS = [sys.executable, "-c", "import signal; signal.pause()"]
DEAF = [sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"]
_TILL = """
import sys
sys.path.insert(0, {root!r})
from pos_app.callbacks.tunnel_guard import TunnelGuard
guard = TunnelGuard({pid})
print("guarded", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=[SLEEPS, DEAF], ids=["ends", "deaf"])
def tunnel(request: pytest.FixtureRequest) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(request.param) as process:
        yield process
        process.kill()


def test_it_ends_with_a_till_that_was_killed(tunnel: "subprocess.Popen[bytes]", pytestconfig: pytest.Config) -> None:
    till = _TILL.format(root=str(pytestconfig.rootpath), pid=tunnel.pid)
    with subprocess.Popen([sys.executable, "-c", till], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"guarded\n"
        assert tunnel.poll() is None
        killed.kill()
    tunnel.wait(60)


def test_a_till_that_has_ended_it_itself_leaves_no_guard(tunnel: "subprocess.Popen[bytes]") -> None:
    before = set(psutil.Process().children(recursive=True))
    guard = TunnelGuard(tunnel.pid)
    assert len(set(psutil.Process().children(recursive=True)) - before) == 1
    guard.stop()
    guard.stop()
    until(lambda: set(psutil.Process().children(recursive=True)) <= before)
    assert tunnel.poll() is None


def test_one_that_has_ended_already_is_guarded_by_nobody() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait(60)
    before = set(psutil.Process().children())
    TunnelGuard(ended.pid).stop()
    assert set(psutil.Process().children()) <= before
