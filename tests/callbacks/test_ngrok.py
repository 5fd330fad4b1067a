"""One run of the agent, with a program of ours that poses as it: the real pyngrok drives it."""

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pyngrok import process

from pos_app.callbacks.ngrok import NgrokProcess, NoTunnel
from tests.callbacks.posing import AUTH_TOKEN, PATIENCE, Agent, until

PORT = 5_000
SHORT = 2.0  # seconds that a start may take: the agent is there by then, and says no more

# pyngrok leaves the pipe to an agent that ended to reference counting.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
Make = Callable[..., NgrokProcess]


@pytest.fixture
def make(agent: Agent, tmp_path: Path) -> Iterator[Make]:
    made: list[NgrokProcess] = []

    def make(url: str | None = None, start_timeout: float = 60.0, path: Path | None = None) -> NgrokProcess:
        made.append(NgrokProcess(path or agent.path, AUTH_TOKEN, url, tmp_path / "ngrok.pid", start_timeout))
        return made[-1]

    yield make
    for one in made:
        one.end()
        one.close()


def fault(ngrok: NgrokProcess) -> str:
    with pytest.raises(NoTunnel) as raised:
        ngrok.open(PORT)
    assert "Payments go on: the till asks M-PESA for their results." in raised.value.user_text
    assert AUTH_TOKEN not in raised.value.user_text
    return raised.value.user_text


def test_it_gives_the_address_and_ends(make: Make, agent: Agent, tmp_path: Path) -> None:
    ngrok = make()
    address = ngrok.open(PORT)
    assert address.startswith("http://127.0.0.1:")
    assert agent.asked() == {"name": "kaunta", "upstream": {"url": f"http://127.0.0.1:{PORT}"}}
    assert ngrok.address() == address
    assert (tmp_path / "ngrok.pid").read_text(encoding="ascii") == str(agent.started()["pid"])
    ngrok.end()
    assert not agent.running()
    assert not (tmp_path / "ngrok.pid").exists()
    ngrok.end()  # a second time does nothing


def test_a_reserved_address_is_asked_for(make: Make, agent: Agent) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert make(url).open(PORT) == url
    assert agent.asked()["url"] == url


def test_the_auth_token_is_in_no_argument_list_no_file_and_no_later_child(
    make: Make, agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NGROK_AUTHTOKEN", raising=False)
    make().open(PORT)
    assert agent.started()["token"] == AUTH_TOKEN
    for child in psutil.Process().children(recursive=True):
        assert AUTH_TOKEN not in " ".join(child.cmdline())
    assert AUTH_TOKEN not in (tmp_path / "ngrok config" / "ngrok.yml").read_text(encoding="utf-8")
    assert "NGROK_AUTHTOKEN" not in os.environ


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("token", "ngrok does not take the shop's auth token"),
        ("limit", "ngrok allows no more tunnels on this account"),
        ("sessions", "ngrok allows no more tunnels on this account"),
        ("refused", "ngrok refused the tunnel (ERR_NGROK_9999)"),
        ("old", "(ERR_NGROK_121). Update it: run ngrok update."),
        ("used up", "The month's requests of the ngrok plan are used up (ERR_NGROK_727)."),
        ("ends", "The ngrok program opened no tunnel"),
    ],
)
def test_each_failure_has_words_of_its_own(
    make: Make, agent: Agent, caplog: pytest.LogCaptureFixture, mode: str, words: str
) -> None:
    agent.behave(mode)
    ngrok = make()
    with caplog.at_level("INFO"):
        assert words in fault(ngrok)
    assert AUTH_TOKEN not in caplog.text
    ngrok.end()


@pytest.mark.parametrize(
    ("mode", "words"),
    [("silent", "did not get ready"), ("deaf", "did not get ready"), ("offline", "Check the internet")],
)
def test_a_start_that_takes_too_long_is_given_up(make: Make, agent: Agent, mode: str, words: str) -> None:
    agent.behave(mode)
    assert words in fault(make(start_timeout=SHORT))
    assert agent.started()
    assert not agent.running()


def test_an_ngrok_process_that_must_not_run_is_ended_while_it_starts(make: Make, agent: Agent) -> None:
    agent.behave("silent")
    ngrok = make()
    failed: list[str] = []
    opening = threading.Thread(target=lambda: failed.append(fault(ngrok)))
    opening.start()
    agent.started()
    ngrok.prevent_start()
    opening.join(PATIENCE)
    assert failed
    assert not agent.running()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "is not at"),
        ("folder", "is not at"),
        ("not executable", "is not a program that this computer can run"),
        ("nonsense", "is not a program that this computer can run"),
    ],
)
def test_what_is_no_program_is_neither_started_nor_downloaded(
    make: Make, tmp_path: Path, kind: str, words: str
) -> None:
    path = tmp_path / "other"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes(b"\x7fnonsense")
        path.chmod(stat.S_IRWXU if kind == "nonsense" else stat.S_IRUSR)
    said = fault(make(path=path))
    assert words in said
    assert "POS_NGROK_PATH" in said
    assert path.exists() is (kind != "missing")


def test_a_proxy_of_the_network_does_not_stand_between(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody is there
    monkeypatch.setenv("no_proxy", "intranet.example")
    monkeypatch.setattr("urllib.request._opener", None)  # it looks for proxies once
    ngrok = make()
    assert ngrok.open(PORT) == ngrok.address()
    assert os.environ["no_proxy"] == "intranet.example"


def ended(ngrok: NgrokProcess) -> bool:
    try:
        ngrok.check_running()
    except NoTunnel as error:
        return "ended by itself" in error.user_text
    return False


def test_a_killed_ngrok_process_is_noticed_and_not_started_again_by_the_question(make: Make, agent: Agent) -> None:
    ngrok = make()
    ngrok.open(PORT)
    ngrok.check_running()
    agent.kill()
    until(lambda: ended(ngrok))  # pyngrok's own thread may just be asking too
    assert ngrok.address() is None
    assert len(agent.starts()) == 1


def test_the_address_is_the_one_of_now(make: Make, agent: Agent) -> None:
    ngrok = make()
    before = ngrok.open(PORT)
    agent.command("move")
    now = ngrok.address()
    assert now not in (before, None)
    assert ngrok.address() == now


def test_a_tunnel_that_ngrok_closed(make: Make, agent: Agent) -> None:
    ngrok = make()
    ngrok.open(PORT)
    agent.command("close")
    with pytest.raises(NoTunnel, match="ngrok has closed the tunnel"):
        ngrok.address()


@pytest.mark.parametrize("mode", ["good", "silent", "deaf"])
def test_what_a_script_has_started_ends_with_it(make: Make, agent: Agent, mode: str) -> None:
    agent.behave(mode)
    ngrok = make(path=agent.wrap(before="trap '' TERM" if mode == "deaf" else ""), start_timeout=SHORT)
    if mode == "good":
        ngrok.open(PORT)
    else:
        fault(ngrok)
    assert agent.starts()
    began = time.monotonic()
    ngrok.end()
    assert time.monotonic() - began < 20  # the agent itself would go on for ever
    assert not agent.running()


# Starts one process after the other, and takes no notice of being asked to end.
STARTS = """#!/bin/sh
trap '' TERM
while true; do
    "$0.child" 40 &
    "$0.child" 0.01
done
"""


def test_a_script_that_goes_on_starting_processes_leaves_none(make: Make, tmp_path: Path) -> None:
    script, child = tmp_path / "script", tmp_path / "script.child"
    script.write_text(STARTS, encoding="utf-8")
    script.chmod(stat.S_IRWXU)
    child.symlink_to("/bin/sleep")

    began = time.monotonic()
    fault(make(path=script, start_timeout=0.3))  # one that is left holds the pipe, on which pyngrok waits for as long
    assert time.monotonic() - began < 20


def test_the_orphan_that_a_script_started_is_ended_too(make: Make, agent: Agent, tmp_path: Path) -> None:
    agent.behave("silent")
    left = subprocess.Popen([agent.wrap()], stdout=subprocess.DEVNULL)
    (tmp_path / "ngrok.pid").write_text(str(left.pid), encoding="ascii")
    agent.started()
    make(path=agent.wrap()).kill_orphan()
    left.wait(PATIENCE)
    assert not agent.running()


def test_an_ngrok_process_that_has_ended_is_not_taken_for_the_next_one(make: Make, agent: Agent) -> None:
    ngrok = make()
    ngrok.open(PORT)
    ngrok.end()
    assert str(agent.path) not in process._current_processes
    ngrok.open(PORT)
    agent.kill()
    until(lambda: ended(ngrok))
    ngrok.open(PORT)
    ngrok.check_running()
    assert agent.running() == [agent.started()["pid"]]


def orphan(tmp_path: Path, program: str) -> subprocess.Popen[bytes]:
    """A process of which an earlier till has written down the pid."""
    left = subprocess.Popen([sys.executable, program], stdout=subprocess.DEVNULL)
    (tmp_path / "ngrok.pid").write_text(str(left.pid), encoding="ascii")
    return left


def test_the_orphan_of_a_killed_till_is_ended(make: Make, agent: Agent, tmp_path: Path) -> None:
    agent.behave("silent")
    left = orphan(tmp_path, str(agent.path))
    agent.started()
    agent.behave("good")
    make().open(PORT)
    left.wait(PATIENCE)
    assert len(agent.running()) == 1


TILL = """
import sys
from pathlib import Path
from pos_app.callbacks.ngrok import NgrokProcess
NgrokProcess(Path(sys.argv[1]), "token", None, Path(sys.argv[2])).open(5000)
"""


def test_a_till_that_is_killed_while_its_ngrok_starts_has_noted_it(make: Make, agent: Agent, tmp_path: Path) -> None:
    agent.behave("silent")
    till = subprocess.Popen([sys.executable, "-c", TILL, str(agent.path), str(tmp_path / "ngrok.pid")])
    left = agent.started()["pid"]
    until((tmp_path / "ngrok.pid").exists)
    till.kill()
    till.wait(PATIENCE)
    assert agent.running() == [left]
    agent.behave("good")
    make().open(PORT)
    assert left not in agent.running()


def test_a_stranger_with_the_pid_of_an_orphan_is_let_live(make: Make, agent: Agent, tmp_path: Path) -> None:
    program = tmp_path / "stranger.py"
    program.write_text("input()", encoding="utf-8")
    left = subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE)
    (tmp_path / "ngrok.pid").write_text(str(left.pid), encoding="ascii")
    make().open(PORT)
    assert left.poll() is None
    left.communicate(b"\n", timeout=PATIENCE)


@pytest.mark.parametrize("content", ["", "words", "999999999"])
def test_a_record_of_nobody_does_no_harm(make: Make, tmp_path: Path, content: str) -> None:
    (tmp_path / "ngrok.pid").write_text(content, encoding="ascii")
    assert make().open(PORT)


def test_many_failed_starts_leave_no_handle_open(make: Make, agent: Agent) -> None:
    agent.behave("ends")
    ngrok = make()
    fault(ngrok)
    before = psutil.Process().num_fds()
    for _ in range(5):
        fault(ngrok)
    assert psutil.Process().num_fds() <= before
