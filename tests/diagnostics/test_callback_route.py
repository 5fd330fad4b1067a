"""How results come back: as the open till knows it, as another wrote it down, or tried."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pos_app.callbacks.probe import ProbeResult
from pos_app.callbacks.route import CallbackRoute
from pos_app.callbacks.route_record import RECORD, RouteRecord
from pos_app.check_result import Status, Verdict
from pos_app.diagnostics import callback_route as results
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.errors import Occupied
from pos_app.settings.choices import CallbackMode
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import open_vault
from tests.support.fakes import FakeClock

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        (RouteState.UP, Status.GREEN, "Our own test from the internet came in, 0:12 ago"),
        (RouteState.OPENING, Status.AMBER, "Not known yet"),
        (RouteState.NONE, Status.AMBER, "By asking only"),
        (RouteState.DOWN, Status.RED, "it goes on by asking. The tunnel is down."),
    ],
)
def test_as_the_open_till_knows_it(state: RouteState, status: Status, words: str) -> None:
    said = "The tunnel is down." if state is RouteState.DOWN else ""
    route = RouteStatus(state=state, since=NOW, words=said, probed_at=NOW - timedelta(seconds=12))
    verdict = results.of_open_till(lambda: route, lambda: NOW)
    assert verdict.status is status
    assert words in verdict.words


def test_as_another_till_wrote_it_down(sandbox: Settings) -> None:
    def look() -> Verdict:
        return results.of_another_till(sandbox, lambda: NOW)

    sandbox.data_dir.mkdir()
    assert look().status is Status.AMBER

    def opened(environment: str) -> CallbackRoute:
        record = RouteRecord(sandbox.data_dir / RECORD, environment)
        made = CallbackRoute(clock=FakeClock(), probe=lambda _: ProbeResult(), record=record)
        made.found("http://127.0.0.1:1")
        made.step()
        return made

    route = opened("sandbox")
    assert look().status is Status.GREEN
    route.lost("The tunnel is down.")
    route.step()
    assert look().status is Status.RED
    opened("practice")
    assert look().status is Status.AMBER  # another shop's proves nothing of this one


@pytest.fixture
def reachable(sandbox: Settings) -> Settings:
    """A shop whose public address is this computer's own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return replace(sandbox, callback=CallbackMode.URL, public_url=f"http://127.0.0.1:{port}", listen_port=port)


def tried(settings: Settings) -> Verdict:
    return results.tried(settings, open_vault(settings), SystemClock())


def test_tried_where_no_till_is_open(reachable: Settings) -> None:
    reachable.data_dir.mkdir()
    verdict = tried(reachable)
    assert verdict.status is Status.GREEN
    assert verdict.words.startswith("Our own test from the internet came in")


def test_a_port_in_use_is_said(reachable: Settings) -> None:
    reachable.data_dir.mkdir()
    with socket.create_server(("127.0.0.1", reachable.listen_port)), pytest.raises(Occupied, match="another program"):
        tried(reachable)


def test_a_till_that_only_asks(sandbox: Settings) -> None:
    sandbox.data_dir.mkdir()
    assert tried(sandbox).words.startswith("By asking only")


def test_what_is_up_and_has_words_says_them() -> None:
    """Our own test does not come in, or the month's requests run out."""
    status = RouteStatus(state=RouteState.UP, since=NOW, words="Nearly used up.")
    assert results.of_open_till(lambda: status, lambda: NOW) == Verdict(Status.AMBER, "Nearly used up.")
    status = RouteStatus(state=RouteState.UP, since=NOW)
    assert results.of_open_till(lambda: status, lambda: NOW) == Verdict(Status.GREEN, "M-PESA's results come in")


def test_at_which_other_till_the_shops_address_is() -> None:
    status = RouteStatus(state=RouteState.UP, since=NOW, at="B")
    where = "The shop's public address is at till B: M-PESA's results come in there."
    assert results.of_open_till(lambda: status, lambda: NOW) == Verdict(Status.GREEN, where)
    used = replace(status, words="Nearly used up.")
    assert results.of_open_till(lambda: used, lambda: NOW) == Verdict(Status.AMBER, f"{where} Nearly used up.")
