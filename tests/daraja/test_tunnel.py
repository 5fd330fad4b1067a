"""The tunnel, with a program of ours that poses as the ngrok agent: the real pyngrok drives it."""

import gc
import json
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.daraja.tunnel import Tunnel
from pos_app.errors import SettingsError

PATIENCE = 10.0  # seconds that nothing here should ever need
AUTH_TOKEN = "2nGrokSecret_7XyZ"
ADDRESS = "https://shop.ngrok.example"
PORT = 5_000

AGENT = """#!{python}
import json, os, signal, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

mode, record = {mode!r}, {record!r}
with open(record + ".part", "w") as file:
    json.dump({{"pid": os.getpid(), "argv": sys.argv, "token": os.environ.get("NGROK_AUTHTOKEN")}}, file)
os.rename(record + ".part", record)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(200, {{"endpoints": []}})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(record + ".asked", "w") as file:
            json.dump(asked, file)
        if mode == "limit":
            self.reply(502, {{"error_code": 103, "msg": "Your authtoken: {token}"}})
        else:
            self.reply(201, {{"name": asked["name"], "url": {address!r}}})

    def reply(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


if mode == "silent":
    signal.pause()
if mode == "refused":
    print('t=2026 lvl=eror msg="session closing" err="Your authtoken: {token}"', flush=True)
    sys.exit(1)
server = HTTPServer(("127.0.0.1", 0), Handler)
print(f't=2026 lvl=info msg="starting web service" obj=web addr=127.0.0.1:{{server.server_port}}', flush=True)
print('t=2026 lvl=info msg="tunnel session started" obj=tunnels.session', flush=True)
print('t=2026 lvl=info msg="client session established" obj=csess', flush=True)
server.serve_forever()
"""

# pyngrok leaves the pipe to an agent that ended for the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.skipif(os.name != "posix", reason="the double starts by its first line"),
]


def until(true: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if true():
            return
        pause.wait(0.005)
    raise AssertionError("it never came true")


class Agent:
    """The double: an executable, and what it wrote down about its start."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.path = folder / "ngrok"
        self._record = folder / "record.json"
        script = AGENT.format(
            python=sys.executable, mode=mode, record=str(self._record), address=ADDRESS, token=AUTH_TOKEN
        )
        self.path.write_text(script, encoding="utf-8")
        self.path.chmod(stat.S_IRWXU)

    @property
    def started(self) -> bool:
        return self._record.exists()

    def start(self) -> dict[str, object]:
        """What it was started with."""
        until(lambda: self.started)
        data: dict[str, object] = json.loads(self._record.read_text(encoding="utf-8"))
        return data

    def asked(self) -> dict[str, object]:
        data: dict[str, object] = json.loads(Path(f"{self._record}.asked").read_text(encoding="utf-8"))
        return data

    def running(self) -> bool:
        pid = self.start()["pid"]
        assert isinstance(pid, int)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True


class Addresses:
    """Whoever wants to know the address."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._came = threading.Event()

    def __call__(self, address: str) -> None:
        self.told.append(address)
        self._came.set()

    def wait(self) -> str:
        assert self._came.wait(PATIENCE)
        return self.told[-1]


@pytest.fixture
def addresses() -> Addresses:
    return Addresses()


@pytest.fixture
def make_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Agent]]:
    from pyngrok import process

    monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(tmp_path / "config" / "ngrok.yml"))
    for name in ("NGROK_AUTHTOKEN", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that it is put back
    yield lambda mode: Agent(tmp_path, mode)
    for left in list(process._current_processes):
        process.kill_process(left)
    gc.collect()


def tunnels() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "tunnel"]


def test_the_address_is_reported_and_stop_ends_the_agent(
    make_agent: Callable[[str], Agent], addresses: Addresses
) -> None:
    agent = make_agent("good")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    assert addresses.wait() == ADDRESS
    assert agent.asked()["upstream"] == {"url": f"http://127.0.0.1:{PORT}"}
    assert agent.running()
    tunnel.stop()
    assert not agent.running()
    assert not tunnels()
    tunnel.stop()  # a second time does nothing


def test_the_auth_token_is_in_no_argument_list_and_in_no_file(
    make_agent: Callable[[str], Agent], addresses: Addresses, tmp_path: Path
) -> None:
    agent = make_agent("good")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    addresses.wait()
    start = agent.start()
    tunnel.stop()
    assert start["token"] == AUTH_TOKEN
    assert AUTH_TOKEN not in str(start["argv"])
    assert AUTH_TOKEN not in (tmp_path / "config" / "ngrok.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["refused", "limit"])
def test_an_agent_that_fails_leaves_the_till_to_work_by_asking(
    make_agent: Callable[[str], Agent], addresses: Addresses, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    agent = make_agent(mode)
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    with caplog.at_level("DEBUG", logger="pos_app"):
        tunnel.start(PORT)
        until(lambda: not tunnels())
    tunnel.stop()
    assert not agent.running()
    assert not addresses.told
    assert "the tunnel did not open" in caplog.text
    assert "the till works by asking" in caplog.text
    assert AUTH_TOKEN not in caplog.text


def test_a_silent_agent_is_given_up(
    make_agent: Callable[[str], Agent], addresses: Addresses, caplog: pytest.LogCaptureFixture
) -> None:
    agent = make_agent("silent")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses, start_timeout=0.5)
    tunnel.start(PORT)
    until(lambda: not tunnels())
    assert not agent.running()
    assert "the till works by asking" in caplog.text
    tunnel.stop()


def test_a_silent_agent_does_not_keep_the_till_from_closing(
    make_agent: Callable[[str], Agent], addresses: Addresses, caplog: pytest.LogCaptureFixture
) -> None:
    agent = make_agent("silent")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    assert agent.running()
    tunnel.stop()
    assert not agent.running()
    assert not tunnels()
    assert not addresses.told
    assert not caplog.records


@pytest.mark.parametrize("mode", ["good", "silent"])
def test_an_agent_that_is_only_just_starting_is_ended_too(
    make_agent: Callable[[str], Agent], addresses: Addresses, mode: str
) -> None:
    agent = make_agent(mode)
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    tunnel.stop()
    assert not tunnels()
    assert not agent.started or not agent.running()
    assert not addresses.told


def test_a_file_that_is_no_program(
    make_agent: Callable[[str], Agent], addresses: Addresses, caplog: pytest.LogCaptureFixture
) -> None:
    agent = make_agent("good")
    agent.path.write_bytes(b"\x7fnonsense")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    until(lambda: not tunnels())
    assert "the tunnel did not open (OSError)" in caplog.text
    tunnel.stop()


def test_a_proxy_of_the_network_does_not_stand_between(
    make_agent: Callable[[str], Agent], addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody is there
    monkeypatch.setenv("no_proxy", "intranet.example")
    monkeypatch.setattr("urllib.request._opener", None)  # it looks for proxies once
    agent = make_agent("good")
    tunnel = Tunnel(agent.path, AUTH_TOKEN, addresses)
    tunnel.start(PORT)
    assert addresses.wait() == ADDRESS
    tunnel.stop()
    assert os.environ["no_proxy"].split(",")[0] == "intranet.example"  # the shop's own entry stays


@pytest.mark.parametrize("kind", ["missing", "folder", "not executable"])
def test_without_an_agent_the_till_says_what_to_do(tmp_path: Path, addresses: Addresses, kind: str) -> None:
    path = tmp_path / "ngrok"
    if kind == "folder":
        path.mkdir()
    elif kind == "not executable":
        path.touch(stat.S_IRUSR | stat.S_IWUSR)
    with pytest.raises(SettingsError, match="POS_NGROK_PATH, or set POS_CALLBACK=none") as raised:
        Tunnel(path, AUTH_TOKEN, addresses)
    assert AUTH_TOKEN not in raised.value.user_text


def test_stopping_what_never_started(make_agent: Callable[[str], Agent], addresses: Addresses) -> None:
    agent = make_agent("good")
    Tunnel(agent.path, AUTH_TOKEN, addresses).stop()
    assert not agent.started
