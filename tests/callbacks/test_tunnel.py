"""The tunnel is kept up, whatever happens to the agent; a program of ours poses as it."""

import logging
import os
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.callbacks.ngrok import NgrokProcess
from pos_app.callbacks.tunnel import LOOK, PAUSES, POLL, Tunnel
from pos_app.errors import PosError
from tests.callbacks.posing import AUTH_TOKEN, PATIENCE, Agent, until

PORT = 5_000
SOON = 0.02  # seconds: how often a tunnel here looks
HANGS = 60.0  # seconds: so long a start may take, and must not hold up the end
ENDED = 20.0  # seconds: what is not held up takes less on the busiest machine

# pyngrok leaves the pipe to an agent that ended to reference counting.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


class Told:
    """Whoever wants to know the address."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()

    def found(self, address: str) -> None:
        self._told.put(("found", address))

    def lost(self, words: str) -> None:
        self._told.put(("lost", words))

    def address(self) -> str:
        """Wait for the next news, which is an address."""
        kind, text = self._told.get(timeout=PATIENCE)
        assert kind == "found", text
        return text

    def words(self) -> str:
        """Wait for the next news, which is why there is no address."""
        kind, text = self._told.get(timeout=PATIENCE)
        assert kind == "lost", text
        return text

    def nothing(self) -> bool:
        return self._told.empty()


@pytest.fixture
def told() -> Told:
    return Told()


def tunnel_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("tunnel")]


Make = Callable[..., Tunnel]


@pytest.fixture
def make(agent: Agent, told: Told, tmp_path: Path) -> Iterator[Make]:
    made: list[Tunnel] = []

    def make(check: Callable[[str], None] = lambda _: None, path: Path | None = None) -> Tunnel:
        ngrok = NgrokProcess(path or agent.path, AUTH_TOKEN, None, tmp_path / "ngrok.pid", HANGS)
        made.append(Tunnel(ngrok, told, check, pauses=(SOON, 2 * SOON), poll=SOON, look=SOON))
        return made[-1]

    yield make
    for tunnel in made:
        tunnel.stop()
    until(lambda: not tunnel_threads())  # the till waits for them two seconds, and a busy machine may take longer


def test_the_address_is_told_and_stop_ends_the_ngrok(make: Make, agent: Agent, told: Told) -> None:
    tunnel = make()
    tunnel.start(PORT)
    assert told.address().startswith("http://127.0.0.1:")
    assert agent.running()
    tunnel.stop()
    assert not agent.running()
    assert told.nothing()
    tunnel.stop()  # a second time does nothing


def test_a_killed_ngrok_process_is_started_again_with_another_address(make: Make, agent: Agent, told: Told) -> None:
    make().start(PORT)
    before = told.address()
    agent.kill()
    assert "ended by itself" in told.words()
    assert told.address() != before
    assert len(agent.starts()) == 2


def test_an_ngrok_process_that_dies_again_and_again_is_started_again_and_again(
    make: Make, agent: Agent, told: Told
) -> None:
    make().start(PORT)
    for _ in range(3):
        told.address()
        agent.kill()
        assert "ended by itself" in told.words()
    told.address()


def test_another_address_is_told(make: Make, agent: Agent, told: Told) -> None:
    make().start(PORT)
    before = told.address()
    agent.command("move")
    assert told.address() != before
    assert len(agent.starts()) == 1


def test_a_tunnel_that_ngrok_closed_is_opened_again(make: Make, agent: Agent, told: Told) -> None:
    make().start(PORT)
    told.address()
    agent.command("close")
    assert "ngrok has closed the tunnel" in told.words()
    told.address()


def test_an_ngrok_process_that_hangs_is_started_again(make: Make, agent: Agent, told: Told, tmp_path: Path) -> None:
    make().start(PORT)
    told.address()
    agent.command("hang")
    assert "does not answer any more" in told.words()
    (tmp_path / "agent" / "hang").unlink()
    told.address()


def test_what_failed_is_tried_until_it_works(
    make: Make, agent: Agent, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    agent.behave("token")
    make().start(PORT)
    for _ in range(3):
        assert "auth token" in told.words()
    agent.behave("good")
    while True:
        try:
            told.address()
        except AssertionError as still:
            assert "auth token" in str(still)  # noqa: PT017 - those that were under way
        else:
            break
    assert AUTH_TOKEN not in caplog.text


@pytest.mark.parametrize("mode", ["good", "silent", "deaf"])
def test_an_ngrok_process_that_is_only_just_starting_does_not_keep_the_till_from_closing(
    make: Make, agent: Agent, told: Told, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    agent.behave(mode)
    tunnel = make()
    tunnel.start(PORT)
    if mode != "good":
        agent.started()
    began = time.monotonic()
    tunnel.stop()
    assert time.monotonic() - began < ENDED
    assert not agent.running()
    assert told.nothing()
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


# What people put before the agent. Where it writes down a number, that process gets lost and keeps the pipe open.
SCRIPTS = {
    "waits": "sleep 40",
    "hangs": "trap '' TERM\nwhile true; do sleep 40; done",
    "loses": "sleep 40 &\necho $! > {lost}",
}


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    lost = tmp_path / "lost"

    def write(lines: str) -> Path:
        path = tmp_path / "script"
        path.write_text(f"#!/bin/sh\ntouch {tmp_path}/begun\n{lines.format(lost=lost)}\nexit 0\n", encoding="utf-8")
        path.chmod(0o700)
        return path

    yield write
    if lost.exists():
        os.kill(int(lost.read_text(encoding="ascii")), signal.SIGKILL)
        until(lambda: not tunnel_threads())


@pytest.mark.parametrize("lines", SCRIPTS.values(), ids=SCRIPTS)
def test_no_script_before_ngrok_keeps_the_till_from_closing(
    make: Make, tmp_path: Path, script: Callable[[str], Path], lines: str
) -> None:
    tunnel = make(path=script(lines))
    tunnel.start(PORT)
    until((tmp_path / "begun").exists)
    until((tmp_path / "ngrok.pid").exists)
    began = time.monotonic()
    tunnel.stop()
    assert time.monotonic() - began < ENDED


def test_a_script_that_loses_a_running_ngrok_process_is_noticed(
    make: Make, agent: Agent, told: Told, tmp_path: Path, script: Callable[[str], Path]
) -> None:
    path = script(f'"{agent.path}" "$@" &\necho $! > {{lost}}\nuntil [ -e {tmp_path}/lose ]; do sleep 0.02; done')
    tunnel = make(path=path)
    tunnel.start(PORT)
    told.address()
    (tmp_path / "lose").touch()
    assert "ended by itself" in told.words()
    began = time.monotonic()
    tunnel.stop()
    assert time.monotonic() - began < ENDED


def test_an_address_that_m_pesa_does_not_take_is_not_told(make: Make, agent: Agent, told: Told) -> None:
    def check(address: str) -> None:
        raise PosError("M-PESA refuses that word.")

    make(check).start(PORT)
    assert told.words() == "M-PESA refuses that word."
    agent.started(2)


def test_a_fault_of_our_own_does_not_end_the_trying(make: Make, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    faults = [ZeroDivisionError("auth")]

    def check(address: str) -> None:
        if faults:
            raise faults.pop()

    make(check).start(PORT)
    assert told.words().startswith("The tunnel has failed")
    assert "the tunnel failed in our own code" in caplog.text
    told.address()


def test_stopping_what_never_started(make: Make, agent: Agent) -> None:
    make().stop()
    assert not agent.starts()


def test_death_and_another_address_are_noticed_within_ten_seconds() -> None:
    assert POLL <= 2
    assert LOOK + 2 <= 10  # the agent has two seconds for its answer
    assert list(PAUSES) == sorted(PAUSES)


def test_an_address_that_is_open_elsewhere_is_tried_again_soon_until_that_one_has_ended(
    make: Make, agent: Agent, told: Told, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        ngrok = NgrokProcess(agent.path, AUTH_TOKEN, url, tmp_path / "second.pid")
        tunnel = Tunnel(ngrok, told, pauses=(600.0,), still_held=SOON)
        tunnel.start(PORT)
        assert "still has the shop's address open elsewhere (ERR_NGROK_334)" in told.words()
    address, words = None, ""
    while address is None:
        try:
            address = told.address()
        except AssertionError as lost:
            words = str(lost)
            assert "ERR_NGROK_334" in words
    assert address == url
    tunnel.stop()
    assert not agent.running()
