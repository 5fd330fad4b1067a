"""The callback route: `step` is called by hand, so nothing waits."""

import threading
from collections import deque
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.callbacks.last_callback import LastCallback
from pos_app.callbacks.probe import ProbeResult
from pos_app.callbacks.route import (
    CONFIRMED_FOR,
    PROBE_AGAIN,
    PROBE_EVERY,
    PROBE_WHILE_DOWN,
    QUIET,
    SAVE_EVERY,
    USED_UP,
    CallbackRoute,
)
from pos_app.callbacks.route_record import RouteRecord, read_record
from pos_app.callbacks.tunnel_usage import FREE, Usage
from pos_app.daraja.wire import NO_ROUTE
from pos_app.domain.callback_route import RouteState, RouteStatus
from tests.support.fakes import FakeClock

ADDRESS = "https://till.example.co.ke"
OTHER = "https://other.example.co.ke"
NOBODY = ProbeResult("No.", nobody=True)


class FakeProbe:
    """Answers probes as the test wants: with nothing wrong, unless told."""

    def __init__(self) -> None:
        self.faults: deque[str | ProbeResult] = deque()
        self.probes: list[str] = []
        self.heard = threading.Semaphore(0)

    def __call__(self, address: str) -> ProbeResult:
        self.probes.append(address)
        self.heard.release()
        fault = self.faults.popleft() if self.faults else ""
        return ProbeResult(fault) if isinstance(fault, str) else fault


@pytest.fixture
def fake_probe() -> FakeProbe:
    return FakeProbe()


@pytest.fixture
def route(clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path) -> CallbackRoute:
    return CallbackRoute(clock=clock, probe=fake_probe, record=RouteRecord(tmp_path / "route.json", "practice"))


def state(route: CallbackRoute) -> RouteState:
    return route.status.state


def passes(route: CallbackRoute, clock: FakeClock, seconds: float) -> None:
    """Time passes, as the thread would spend it."""
    clock.advance(seconds)
    route.step()


def came(route: CallbackRoute, clock: FakeClock) -> None:
    """A callback of a payment that was opened just now."""
    route.came(clock.now())
    route.step()


def test_until_there_is_an_address_it_opens_and_m_pesa_is_given_none(
    route: CallbackRoute, fake_probe: FakeProbe
) -> None:
    assert state(route) is RouteState.OPENING
    assert route.base() == NO_ROUTE
    assert route.step() is None
    assert not fake_probe.probes
    assert route.status.words == ""


def test_an_address_is_given_at_once_and_proved_by_a_probe(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    assert (state(route), route.base()) == (RouteState.OPENING, ADDRESS)
    found_at = clock.now()
    clock.advance(1)
    assert route.step() == pytest.approx(PROBE_EVERY)
    assert fake_probe.probes == [ADDRESS]
    assert route.status == RouteStatus(
        state=RouteState.UP, since=clock.now(), probed_at=clock.now(), address_since=found_at
    )


def test_it_probes_four_times_an_hour(route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock) -> None:
    route.found(ADDRESS)
    route.step()
    since = route.status.since
    assert PROBE_EVERY == 900
    for _ in range(3):
        passes(route, clock, PROBE_EVERY - 1)
        passes(route, clock, 1)
    assert len(fake_probe.probes) == 4
    assert route.status.probed_at == clock.now()
    assert route.status.since == since


def test_one_failed_probe_is_forgiven_two_are_not(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    route.step()
    fake_probe.faults += ["No.", "", "No.", "Never."]
    passes(route, clock, PROBE_EVERY)
    assert (state(route), route.base()) == (RouteState.UP, ADDRESS)
    passes(route, clock, PROBE_AGAIN)
    assert state(route) is RouteState.UP
    passes(route, clock, PROBE_EVERY)
    passes(route, clock, PROBE_AGAIN)
    assert (state(route), route.base()) == (RouteState.DOWN, NO_ROUTE)
    assert route.status.words == "Never."
    assert route.status.address_since is None


def test_an_own_address_that_was_never_reached_is_down_too(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    fake_probe.faults += ["No.", "No."]
    route.found(ADDRESS)
    assert route.step() == PROBE_AGAIN
    assert state(route) is RouteState.OPENING
    clock.advance(PROBE_AGAIN)
    assert route.step() == PROBE_WHILE_DOWN
    assert state(route) is RouteState.DOWN


def test_when_it_is_up_again_only_later_payments_are_reached(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    route.step()
    before = clock.now()
    fake_probe.faults += ["No."] * 3
    for pause in (PROBE_EVERY, PROBE_AGAIN, PROBE_WHILE_DOWN):
        passes(route, clock, pause)
    assert not route.status.reaches(clock.now())
    passes(route, clock, 2 * PROBE_WHILE_DOWN)
    assert (state(route), route.base()) == (RouteState.UP, ADDRESS)
    assert route.status.words == ""
    assert not route.status.reaches(before)
    assert route.status.reaches(clock.now())


def test_a_lost_tunnel_is_down_at_once(route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock) -> None:
    route.found(ADDRESS)
    route.step()
    clock.advance(10)
    route.lost("The tunnel is gone.")
    since = clock.now()
    assert (state(route), route.base(), route.status.since) == (RouteState.DOWN, NO_ROUTE, since)
    clock.advance(10)
    route.lost("It is still gone.")
    assert route.status.since == since
    assert route.status.words == "It is still gone."
    assert route.step() is None
    assert len(fake_probe.probes) == 1


def test_another_address_counts_from_now_and_is_proved_anew(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    route.step()
    before = clock.now()
    clock.advance(10)
    route.found(OTHER)
    assert (route.base(), route.status.reaches(before)) == (OTHER, False)
    route.step()
    assert fake_probe.probes == [ADDRESS, OTHER]
    assert state(route) is RouteState.UP


def test_the_answer_for_an_address_that_changed_meanwhile_counts_for_nothing(clock: FakeClock) -> None:
    def probe(address: str) -> ProbeResult:
        made.lost("The tunnel is gone.")
        return ProbeResult()

    made = CallbackRoute(clock=clock, probe=probe)
    made.found(ADDRESS)
    made.step()
    assert (made.status.state, made.status.probed_at) == (RouteState.DOWN, None)


def test_subscribers_hear_how_it_stands_and_each_change_in_order(
    route: CallbackRoute, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[RouteState] = []

    def fails(status: RouteStatus) -> None:
        if status.state is not RouteState.OPENING:
            raise ZeroDivisionError

    route.subscribe(fails)
    route.subscribe(lambda status: told.append(status.state))
    route.found(ADDRESS)
    route.step()
    route.lost("Gone.")
    assert told == [RouteState.OPENING, RouteState.OPENING, RouteState.UP, RouteState.DOWN]
    assert "a subscriber failed" in caplog.text


def test_the_log_says_why_and_names_no_address(route: CallbackRoute, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        route.found(ADDRESS)
        route.step()
        route.lost("The tunnel is gone.")
    assert "the callback route is up" in caplog.text
    assert "the callback route is down: The tunnel is gone." in caplog.text
    assert "till.example" not in caplog.text


def test_a_till_that_only_asks_has_no_callback_route(clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path) -> None:
    route = CallbackRoute(clock=clock, probe=fake_probe, record=RouteRecord(tmp_path / "route.json"), wanted=False)
    route.start()
    assert (state(route), route.base()) == (RouteState.NONE, NO_ROUTE)
    record = read_record(tmp_path / "route.json")
    assert record
    assert record.state is RouteState.NONE
    route.stop()


def test_others_read_how_it_stands_while_it_is_open(
    route: CallbackRoute, clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path
) -> None:
    record = tmp_path / "route.json"
    route.found(ADDRESS)
    route.step()
    route.lost("The tunnel is gone.")
    route.step()
    assert read_record(record, "production") is None  # that is another shop's
    written = read_record(record, "practice")
    assert written
    assert (written.state, written.words, written.since) == (RouteState.DOWN, "The tunnel is gone.", clock.now())
    assert "example" not in record.read_text(encoding="utf-8")
    route.stop()
    assert not record.exists()
    assert read_record(record, "practice") is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"state": "odd", "since": "x", "words": "", "knocked_at": null}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "route.json").write_text(content, encoding="utf-8")
    assert read_record(tmp_path / "route.json") is None


def test_a_probe_that_fails_in_the_till_itself_counts_as_failed(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(address: str) -> ProbeResult:
        raise ZeroDivisionError

    route = CallbackRoute(clock=clock, probe=fails)
    route.found(ADDRESS)
    assert route.step() == PROBE_AGAIN
    passes(route, clock, PROBE_AGAIN)
    assert state(route) is RouteState.DOWN
    assert "Payments go on" in route.status.words
    assert "the probe failed in our own code" in caplog.text


def test_its_thread_probes_as_soon_as_there_is_an_address_and_ends(route: CallbackRoute, fake_probe: FakeProbe) -> None:
    up = threading.Event()
    route.subscribe(lambda status: up.set() if status.state is RouteState.UP else None)
    route.start()
    route.found(ADDRESS)
    assert up.wait(10)
    route.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "route"]
    told: list[RouteStatus] = []
    route.subscribe(told.append)
    route.lost("The tunnel is gone.")
    assert len(told) == 1  # how it stood; nobody hears of the end


def test_while_nothing_comes_through_the_pauses_grow(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    """A tunnel that is down all night must not eat its month."""
    fake_probe.faults += ["No."] * 500
    route.found(ADDRESS)
    for _ in range(24 * 60):
        passes(route, clock, 60)
    assert len(fake_probe.probes) < 24 * 4 + 15


def test_an_ordinary_month_stays_far_below_the_free_plan(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    for _ in range(31 * 24 * 6):
        passes(route, clock, 600)
    assert len(fake_probe.probes) < FREE / 5


def test_a_callback_of_m_pesa_s_counts_as_a_probe(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    route.step()
    for _ in range(10):
        passes(route, clock, PROBE_EVERY - 1)
        came(route, clock)
    assert len(fake_probe.probes) == 1
    passes(route, clock, PROBE_EVERY)
    assert len(fake_probe.probes) == 2


def test_a_callback_is_proof_for_three_hours_where_our_own_probe_cannot_come_through(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    """A router without a way out and in again."""
    route.found(ADDRESS)
    fake_probe.faults += [NOBODY] * 99
    came(route, clock)
    since = route.status.address_since
    assert state(route) is RouteState.UP
    heard = clock.now()
    while clock.now() - heard <= CONFIRMED_FOR - timedelta(seconds=PROBE_EVERY):
        passes(route, clock, PROBE_EVERY)
        assert (state(route), route.base()) == (RouteState.UP, ADDRESS)
        assert "M-PESA's results come through" in route.status.words
        assert route.status.address_since == since
    assert len(fake_probe.probes) > 10
    for pause in (PROBE_EVERY, PROBE_EVERY, PROBE_AGAIN):
        passes(route, clock, pause)
    assert (state(route), route.base()) == (RouteState.DOWN, NO_ROUTE)
    assert route.status.words == "No."
    came(route, clock)
    assert (state(route), route.base(), route.status.words) == (RouteState.UP, ADDRESS, "")
    route.lost("Gone.")
    came(route, clock)  # to an address that is no more
    assert state(route) is RouteState.DOWN


def test_a_callback_is_no_proof_against_somebody_else_who_answers(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    """Where another server answers, M-PESA would tell it who paid."""
    route.found(ADDRESS)
    came(route, clock)
    fake_probe.faults += ["Another server answered."] * 2
    passes(route, clock, PROBE_EVERY)
    passes(route, clock, PROBE_AGAIN)
    assert (state(route), route.base()) == (RouteState.DOWN, NO_ROUTE)


def test_a_callback_proves_the_address_that_its_payment_was_given_and_no_other(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    came(route, clock)
    opened_at = clock.now()
    clock.advance(60)
    fake_probe.faults += [NOBODY] * 2
    route.found(OTHER)  # the owner has mistyped it
    route.came(opened_at)  # through the old address, which still leads here
    route.step()
    passes(route, clock, PROBE_AGAIN)
    assert state(route) is RouteState.DOWN
    route.came(opened_at)
    route.step()
    assert state(route) is RouteState.DOWN


def test_the_last_callback_is_remembered_over_a_restart(
    clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path
) -> None:
    file = tmp_path / "production.callback.json"
    fake_probe.faults += [NOBODY] * 9

    def opened(address: str = ADDRESS) -> CallbackRoute:
        route = CallbackRoute(clock=clock, probe=fake_probe, last=LastCallback(file))
        route.found(address)
        return route

    first = opened()
    opened_at = clock.now()
    first.came(opened_at)
    first.stop()  # before its thread has come to it
    clock.advance(3_600)
    again = opened()
    again.step()
    assert state(again) is RouteState.UP
    clock.advance(3 * 3_600)
    again = opened()
    again.step()
    passes(again, clock, PROBE_AGAIN)
    assert state(again) is RouteState.DOWN
    again.came(opened_at)  # opened in the run before, and given the same address
    again.step()
    assert state(again) is RouteState.UP
    again.stop()
    other = opened(OTHER)
    other.step()
    passes(other, clock, PROBE_AGAIN)
    assert (state(other), other.base()) == (RouteState.DOWN, NO_ROUTE)


def test_the_thread_writes_what_came_in_at_most_every_five_seconds(
    clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path
) -> None:
    usage = Usage(tmp_path / "callbacks.json", clock.now, limited=True)
    route = CallbackRoute(clock=clock, probe=fake_probe, usage=usage)

    def written() -> int:
        return Usage(tmp_path / "callbacks.json", clock.now, limited=True).requests

    route.visited()
    assert written() == 0  # whoever hears of a request writes nothing
    assert route.step() is None
    assert written() == 1
    route.visited()
    route.visited()
    assert route.step() == SAVE_EVERY
    assert written() == 1
    passes(route, clock, SAVE_EVERY)
    assert written() == 3
    route.visited()
    route.stop()
    assert written() == 4


def test_a_request_wakes_its_thread(clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path) -> None:
    saved = threading.Event()

    class Watched(Usage):
        def save(self) -> None:
            super().save()
            saved.set()

    file = tmp_path / "callbacks.json"
    route = CallbackRoute(clock=clock, probe=fake_probe, usage=Watched(file, clock.now, limited=True))
    route.start()
    route.visited()
    assert saved.wait(10)
    assert file.exists()
    route.stop()


def test_an_own_address_is_given_while_nobody_answers_there_and_not_while_somebody_else_does(
    clock: FakeClock, fake_probe: FakeProbe
) -> None:
    """Only a callback can prove it behind some routers; and nobody else may hear who paid."""
    route = CallbackRoute(clock=clock, probe=fake_probe, own=True)
    route.found(ADDRESS)
    fake_probe.faults += [ProbeResult("No.", nobody=True)] * 2 + [ProbeResult("Another.")]
    route.step()
    passes(route, clock, PROBE_AGAIN)
    assert (state(route), route.base()) == (RouteState.DOWN, ADDRESS)
    assert not route.status.reaches(clock.now())  # nobody relies on it: the till asks as often as without
    passes(route, clock, PROBE_WHILE_DOWN)
    assert (state(route), route.base()) == (RouteState.DOWN, NO_ROUTE)
    route.lost("Gone.")
    assert route.base() == NO_ROUTE


def test_whoever_types_after_some_quiet_is_reason_for_a_probe(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.freshen()  # there is no address yet
    assert route.step() is None
    route.found(ADDRESS)
    route.step()
    for _ in range(3):
        clock.advance(QUIET - 1)
        route.freshen()
        route.step()
        clock.advance(1)
        route.freshen()
        route.freshen()
        route.step()
    assert len(fake_probe.probes) == 4


def test_the_month_that_is_used_up_is_said_and_only_looked_at_each_hour(
    route: CallbackRoute, fake_probe: FakeProbe, clock: FakeClock
) -> None:
    route.found(ADDRESS)
    route.step()
    fake_probe.faults += [ProbeResult("Used up until 1 December.", used_up=True)] * 3
    passes(route, clock, PROBE_EVERY)
    assert (state(route), route.status.words) == (RouteState.DOWN, "Used up until 1 December.")
    for _ in range(120):
        passes(route, clock, 60)
    assert len(fake_probe.probes) == 4
    assert USED_UP == 3_600


def test_requests_are_told_before_they_run_out_and_probes_become_fewer(
    clock: FakeClock, fake_probe: FakeProbe, tmp_path: Path
) -> None:
    usage = Usage(tmp_path / "callbacks.json", clock.now, limited=True)
    route = CallbackRoute(clock=clock, probe=fake_probe, usage=usage)
    route.found(ADDRESS)
    route.step()
    assert route.status.words == ""
    for _ in range(FREE * 8 // 10):
        usage.count()
    passes(route, clock, PROBE_EVERY)
    assert (state(route), "16,002 of the 20,000" in route.status.words) == (RouteState.UP, True)
    probes = len(fake_probe.probes)
    passes(route, clock, QUIET)
    route.freshen()
    passes(route, clock, 3_599 - QUIET)
    assert len(fake_probe.probes) == probes
    for _ in range(FREE * 15 // 100):
        usage.count()
    passes(route, clock, 1)
    assert "no result comes by itself until 1 December" in route.status.words
    passes(route, clock, 5 * 3_600)
    assert len(fake_probe.probes) == probes + 1
