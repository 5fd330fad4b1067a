"""The way to M-PESA, against real servers on this computer."""

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pos_app.check_result import Status
from pos_app.diagnostics import network
from pos_app.errors import PosError
from tests.diagnostics.conftest import MakeServer

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def header(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def test_a_name_that_nobody_has_is_red() -> None:
    verdict = network.name_look_up("https://kaunta.invalid")
    assert verdict.status is Status.RED
    assert "kaunta.invalid was not found" in verdict.words
    assert "Nothing was sent" in verdict.words


def test_a_name_of_this_computer_is_found() -> None:
    assert network.name_look_up("http://localhost:8787").words.startswith("Found localhost in ")


def test_an_address_needs_no_look_up() -> None:
    assert network.name_look_up("http://127.0.0.1:8787").status is Status.GREEN


def test_a_proxy_looks_names_up_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert "proxy" in network.name_look_up("https://kaunta.invalid").words


def test_a_proxy_that_cannot_be_used_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://kanini:s3cr3t@127.0.0.1:1080")
    with pytest.raises(PosError, match=r"The proxy setting of this computer .*Nothing was sent\."):
        network.connection("https://kaunta.invalid")
    assert network.clock("https://kaunta.invalid", lambda: NOW).status is Status.AMBER


def test_a_connection_that_opens_says_how_quickly(server: MakeServer) -> None:
    verdict = network.connection(server(header(NOW)))
    assert verdict.status is Status.GREEN
    assert verdict.words.startswith("Connection to 127.0.0.1 in ")
    assert verdict.words.endswith(" ms")


def test_nobody_there_is_said_in_words(nobody: str) -> None:
    with pytest.raises(PosError, match=r"No connection to 127\.0\.0\.1 .*Nothing was sent.*internet"):
        network.connection(nobody)


def test_a_server_that_hangs_up_did_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        hanging_up = threading.Thread(target=lambda: listening.accept()[0].close())
        hanging_up.start()
        with pytest.raises(PosError, match=r"127\.0\.0\.1 broke the connection off\. Nothing was sent"):
            network.connection(f"http://127.0.0.1:{listening.getsockname()[1]}")
        hanging_up.join()


def test_a_certificate_that_nobody_knows_is_not_taken(untrusted: str) -> None:
    with pytest.raises(PosError, match=r"not safe.*certificate.*Nothing was sent"):
        network.connection(untrusted)


@pytest.mark.parametrize(
    ("fast", "status", "words"),
    [
        (0.5, Status.GREEN, "Right within 2 seconds."),
        (2.4, Status.GREEN, "Right within 2 seconds."),  # M-PESA leaves fractions out: half a second is the middle
        (-1.4, Status.GREEN, "Right within 2 seconds."),
        (2.6, Status.AMBER, "0:02 fast"),
        (-252, Status.AMBER, "4:12 slow"),
        (301, Status.RED, "5:00 fast"),
        (-90_000, Status.RED, "25 h 0 min slow"),
    ],
)
def test_the_clock_against_the_server_s(server: MakeServer, fast: float, status: Status, words: str) -> None:
    verdict = network.clock(server(header(NOW)), lambda: NOW + timedelta(seconds=fast))
    assert verdict.status is status
    assert words in verdict.words
    assert (status is Status.GREEN) or "Set it by the internet" in verdict.words


def test_the_answer_s_way_is_evened_out(server: MakeServer) -> None:
    times = iter([NOW + timedelta(seconds=1), NOW + timedelta(seconds=4), *[NOW] * 3])
    assert network.clock(server(header(NOW)), lambda: next(times)).status is Status.GREEN


@pytest.mark.parametrize("date", [None, "yesterday", ""])
def test_a_server_without_a_time_is_amber(server: MakeServer, date: str | None) -> None:
    verdict = network.clock(server(date), lambda: NOW)
    assert verdict.status is Status.AMBER
    assert "This computer says 14:00:00" in verdict.words


def test_without_a_connection_the_clock_is_not_compared(nobody: str) -> None:
    assert network.clock(nobody, lambda: NOW).status is Status.AMBER


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets its zone for all programs at once")
@pytest.mark.parametrize(("zone", "said"), [("EAT-3", False), ("UTC0", True), ("CET-1", True)])
def test_another_zone_is_only_mentioned(monkeypatch: pytest.MonkeyPatch, zone: str, said: bool) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        verdict = network.local_clock(lambda: NOW)
    time.tzset()
    assert verdict.status is Status.GREEN
    assert ("is set to the zone" in verdict.words) is said
