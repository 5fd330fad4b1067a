"""The shop's one public address: who holds it, what M-PESA is given, what each till says of it. Nothing waits."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.callbacks.probe import ProbeResult, Probes
from pos_app.callbacks.route import CallbackRoute
from pos_app.callbacks.route_record import RouteRecord, read_record
from pos_app.callbacks.shop_route import BEAT, ShopRoute
from pos_app.daraja.wire import NO_ROUTE
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.shop_address import DOWN_FOR, GIVEN_ON, LEASE, AddressHolder, ShopAddress
from tests.callbacks.kept_address import KeptAddress
from tests.callbacks.posing import until
from tests.support.fakes import FakeClock

URL = "https://shop.example.co.ke"


@dataclass
class TestedWay:
    """Fits `Way`: opens at once, unless the test says otherwise."""

    __test__ = False

    own: CallbackRoute
    address: str
    works: bool = True
    opened: int = 0
    is_open: bool = False

    def open(self) -> None:
        self.opened += 1
        self.is_open = True
        if self.works:
            self.own.found(self.address)
        else:
            self.own.lost("The tunnel does not open.")

    def close(self) -> None:
        self.is_open = False
        self.own.lost("")


@dataclass
class Till:
    """One till of the shop."""

    letter: str
    clock: FakeClock
    kept: KeptAddress
    reserved: bool = True
    may_hold: bool = True
    run: str = "1"
    record: RouteRecord | None = None
    address: str = ""
    told: list[RouteStatus] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = CallbackRoute(clock=self.clock, probe=lambda _: ProbeResult(), wanted=self.may_hold)
        self.way = TestedWay(self.own, self.address or URL)
        mine = AddressHolder(
            holder=f"folder {self.letter}",
            run=f"{self.letter}{self.run}",
            till=self.letter,
            address=self.way.address if self.reserved else "",
            stays=self.reserved,
        )
        way = self.way if self.may_hold else None
        self.route = ShopRoute(self.own, self.kept.by(mine.run), mine, self.clock, way, self.record)
        self.route.subscribe(self.told.append)

    def step(self) -> float:
        wait = self.route.step()
        if self.way.is_open and self.own.step() is not None and self.route.holds:
            wait = self.route.step()
        return wait

    @property
    def state(self) -> RouteState:
        return self.route.status.state


@pytest.fixture
def kept(clock: FakeClock) -> KeptAddress:
    return KeptAddress(clock.since_boot)


@pytest.fixture
def a(clock: FakeClock, kept: KeptAddress) -> Till:
    return Till("A", clock, kept)


@pytest.fixture
def b(clock: FakeClock, kept: KeptAddress) -> Till:
    return Till("B", clock, kept)


def pass_time(clock: FakeClock, seconds: float, *tills: Till) -> None:
    """As the tills' threads would spend it."""
    while seconds > 0:
        part = min(seconds, BEAT)
        clock.advance(part)
        seconds -= part
        for till in tills:
            till.step()


def test_the_first_opens_it_and_the_others_use_it(a: Till, b: Till, clock: FakeClock) -> None:
    assert (a.state, b.state, b.route.base()) == (RouteState.OPENING, RouteState.OPENING, NO_ROUTE)
    a.step()
    b.step()
    assert (a.way.opened, b.way.opened) == (1, 0)
    assert (a.route.base(), b.route.base()) == (URL, URL)
    assert (a.state, a.route.status.at) == (RouteState.UP, "")
    assert (b.state, b.route.status.at, b.route.status.words) == (RouteState.UP, "A", "")
    assert b.route.status.reaches(clock.now())
    assert not b.route.status.reaches(clock.now() - timedelta(seconds=30))
    assert (a.route.holds, b.route.holds) == (True, False)


def test_a_till_without_a_way_of_its_own_uses_it_too_and_never_holds_it(clock: FakeClock, kept: KeptAddress) -> None:
    asks = Till("C", clock, kept, may_hold=False)
    asks.step()
    assert (asks.state, asks.route.base()) == (RouteState.NONE, NO_ROUTE)
    holder = Till("A", clock, kept)
    holder.step()
    asks.step()
    assert (asks.state, asks.route.base(), asks.route.status.at) == (RouteState.UP, URL, "A")
    pass_time(clock, 2 * LEASE, asks)
    assert asks.state is RouteState.DOWN
    assert "the last was till A. Open it there again. This till asks" in asks.route.status.words


def test_how_it_stands_is_told_once_for_each_change(a: Till, b: Till, clock: FakeClock) -> None:
    pass_time(clock, 60, a, b)
    assert [status.state for status in b.told] == [RouteState.OPENING, RouteState.UP]
    assert a.told[-1].state is RouteState.UP
    until_up = len(a.told)
    pass_time(clock, 600, a, b)
    assert (len(a.told), len(b.told)) == (until_up, 2)


def test_it_is_taken_over_at_the_same_address_when_its_holder_dies(a: Till, b: Till, clock: FakeClock) -> None:
    pass_time(clock, BEAT, a, b)
    opened_at = clock.now()
    pass_time(clock, LEASE - BEAT, b)
    assert b.state is RouteState.UP, "nobody knows yet"
    pass_time(clock, 2 * BEAT, b)
    assert (b.way.opened, b.state, b.route.base(), b.route.status.at) == (1, RouteState.UP, URL, "")
    assert not b.route.status.reaches(opened_at), "what was lost meanwhile is asked for"
    since = [status.address_since for status in b.told]
    assert since[-1] != since[1]


def test_it_is_looked_for_right_at_the_end_of_a_lease(a: Till, b: Till, clock: FakeClock) -> None:
    a.step()
    clock.advance(LEASE - 2)
    assert b.step() == pytest.approx(2.2)
    clock.advance(2.2)
    b.step()
    assert b.route.holds


def test_one_that_stays_the_shops_is_given_while_nobody_holds_it_and_not_for_long(
    a: Till, clock: FakeClock, kept: KeptAddress
) -> None:
    a.step()
    asks = Till("C", clock, kept, may_hold=False)
    pass_time(clock, LEASE, asks)
    assert (asks.route.base(), asks.route.status.address_since, asks.state) == (URL, None, RouteState.DOWN)
    pass_time(clock, GIVEN_ON, asks)
    assert asks.route.base() == NO_ROUTE


def test_one_that_may_be_anybodys_by_then_is_not(clock: FakeClock, kept: KeptAddress) -> None:
    holder = Till("A", clock, kept, reserved=False, address="https://chance.example.com")
    asks = Till("C", clock, kept, may_hold=False)
    pass_time(clock, BEAT, holder, asks)
    assert asks.route.base() == "https://chance.example.com"
    pass_time(clock, LEASE, asks)
    assert asks.route.base() == NO_ROUTE


def test_one_that_closes_gives_it_back_at_once(a: Till, b: Till, clock: FakeClock) -> None:
    pass_time(clock, BEAT, a, b)
    a.route.stop()
    assert not a.way.is_open
    pass_time(clock, BEAT, b)
    assert (b.route.holds, b.state) == (True, RouteState.UP)


def test_a_holder_that_was_frozen_notices_before_it_gives_an_address(
    clock: FakeClock, kept: KeptAddress, a: Till
) -> None:
    other = Till("B", clock, kept, address="https://b.example.co.ke")
    pass_time(clock, BEAT, a, other)
    pass_time(clock, 2 * LEASE, other)
    assert other.route.holds
    assert a.route.base() == "https://b.example.co.ke"
    assert a.route.holds, "it has had no time to close anything"
    a.step()
    assert (a.route.holds, a.way.is_open, a.route.status.at) == (False, False, "B")


def test_a_computer_that_slept_does_so_too(clock: FakeClock, kept: KeptAddress, a: Till) -> None:
    a.step()
    kept.broken.add("A1")
    clock.sleep(LEASE)
    assert a.route.base() == URL, "it stays the shop's, whoever has it"
    a.step()
    assert (a.way.is_open, a.route.holds, a.state) == (False, False, RouteState.DOWN)


def test_one_that_cannot_reach_the_database_closes_with_its_lease(
    a: Till, b: Till, clock: FakeClock, kept: KeptAddress
) -> None:
    pass_time(clock, BEAT, a, b)
    kept.broken.add("A1")
    pass_time(clock, LEASE - BEAT, a, b)
    assert (a.way.is_open, a.state) == (True, RouteState.UP)
    pass_time(clock, 2 * BEAT, a, b)
    assert (a.way.is_open, a.state, b.route.holds) == (False, RouteState.DOWN, True)
    assert "database does not say where" in a.route.status.words
    kept.broken.clear()
    pass_time(clock, BEAT, a, b)
    assert (a.route.status.at, a.state) == ("B", RouteState.UP)


def test_a_database_that_is_gone_for_all_is_nobodys_and_taken_up_again(
    a: Till, b: Till, clock: FakeClock, kept: KeptAddress
) -> None:
    pass_time(clock, BEAT, a, b)
    kept.broken |= {"A1", "B1"}
    pass_time(clock, 10 * LEASE, a, b)
    assert (a.state, b.state) == (RouteState.DOWN, RouteState.DOWN)
    kept.broken.clear()
    pass_time(clock, 2 * BEAT, a, b)
    assert sorted((a.route.holds, b.route.holds)) == [False, True]
    assert (a.state, b.state) == (RouteState.UP, RouteState.UP)


def test_nothing_is_known_where_the_database_never_answered(a: Till, kept: KeptAddress) -> None:
    kept.broken.add("A1")
    a.step()
    assert (a.state, a.route.base()) == (RouteState.DOWN, NO_ROUTE)


def test_a_holder_whose_tunnel_does_not_open_loses_it_and_lets_the_other_be(a: Till, b: Till, clock: FakeClock) -> None:
    a.way.works = False
    pass_time(clock, BEAT, a, b)
    assert (a.state, b.state) == (RouteState.DOWN, RouteState.DOWN)
    assert "at till A, and no results come in there now" in b.route.status.words
    assert "The tunnel does not open." in b.route.status.words
    assert (a.route.base(), b.route.base()) == (NO_ROUTE, NO_ROUTE)
    pass_time(clock, DOWN_FOR + BEAT, a, b)
    assert (a.route.holds, a.way.is_open, b.route.holds) == (False, False, True)
    pass_time(clock, 10 * LEASE, a, b)
    assert (a.way.opened, b.state, a.route.status.at) == (1, RouteState.UP, "B")


def test_where_nobodys_tunnel_opens_they_take_turns_and_not_too_often(a: Till, b: Till, clock: FakeClock) -> None:
    a.way.works = b.way.works = False
    pass_time(clock, 3_600, a, b)
    assert 4 <= a.way.opened <= 20
    assert 4 <= b.way.opened <= 20
    assert sorted((a.route.holds, b.route.holds)) == [False, True]
    a.way.works = b.way.works = True
    pass_time(clock, 1_000, a, b)
    assert (a.state, b.state) == (RouteState.UP, RouteState.UP)


def test_a_lone_till_keeps_what_does_not_open(a: Till, clock: FakeClock) -> None:
    a.way.works = False
    pass_time(clock, 3_600, a)
    assert (a.route.holds, a.way.opened) == (True, 1)


def test_a_run_has_what_the_one_before_it_held_at_once(a: Till, b: Till, clock: FakeClock, kept: KeptAddress) -> None:
    pass_time(clock, BEAT, a, b)
    again = Till("A", clock, kept, run="2")
    again.step()
    assert again.route.holds


def test_of_two_with_a_copy_of_one_disk_the_last_has_it_and_they_do_not_fight(
    a: Till, clock: FakeClock, kept: KeptAddress
) -> None:
    a.step()
    copy = Till("A", clock, kept, run="2")
    pass_time(clock, 300, copy, a)
    assert (a.route.holds, copy.route.holds, copy.way.opened, a.way.opened) == (False, True, 1, 1)


def test_one_that_holds_none_any_more_lets_nobody_wait_for_it(a: Till, clock: FakeClock, kept: KeptAddress) -> None:
    a.step()
    a.route.stop()
    set_to_ask = Till("A", clock, kept, run="2", may_hold=False)
    set_to_ask.step()
    assert (set_to_ask.state, kept.look()) == (RouteState.NONE, None)


def test_an_address_of_ones_own_that_nobody_confirms_is_given_and_counts_for_nothing(
    clock: FakeClock, kept: KeptAddress
) -> None:
    holder, other = Till("A", clock, kept), Till("C", clock, kept, may_hold=False)
    probes = [ProbeResult("No.", nobody=True)] * 2
    holder.own = CallbackRoute(clock=clock, probe=lambda _: probes.pop(0), own=True)
    holder.way = TestedWay(holder.own, URL)
    mine = AddressHolder(holder="folder A", run="A1", till="A", address=URL, stays=True)
    holder.route = ShopRoute(holder.own, kept.by("A1"), mine, clock, holder.way)
    pass_time(clock, 3 * BEAT, holder, other)
    assert (other.state, other.route.base(), other.route.status.address_since) == (RouteState.DOWN, URL, None)


def test_a_clock_that_is_wrong_at_one_till_changes_nothing(clock: FakeClock, kept: KeptAddress, a: Till) -> None:
    wrong = FakeClock()
    wrong.jump(86_400)
    late = Till("B", wrong, kept)
    for _ in range(20):
        clock.advance(BEAT)
        wrong.advance(BEAT)
        a.step()
        late.step()
    assert (a.route.holds, late.route.holds, late.route.base()) == (True, False, URL)
    assert late.route.status.reaches(wrong.now())
    assert not late.route.status.reaches(wrong.now() - timedelta(seconds=200))


def test_others_see_it_in_the_file(clock: FakeClock, kept: KeptAddress, a: Till, tmp_path: Path) -> None:
    path = tmp_path / "route.json"
    b = Till("B", clock, kept, record=RouteRecord(path, "sandbox"))
    pass_time(clock, BEAT, a, b)
    found = read_record(path, "sandbox")
    assert found is not None
    assert (found.state, found.at) == (RouteState.UP, "A")
    b.route.stop()
    assert not path.exists()


def test_who_types_has_the_holders_address_tried(clock: FakeClock, kept: KeptAddress, a: Till, b: Till) -> None:
    pass_time(clock, BEAT, a, b)
    probed_at = a.own.status.probed_at
    clock.advance(400)
    b.route.freshen()
    a.route.freshen()
    a.own.step()
    assert a.own.status.probed_at != probed_at
    assert b.own.status.probed_at is None


def test_one_failing_subscriber_silences_nobody(a: Till) -> None:
    def fails(status: RouteStatus) -> None:
        if status.state is RouteState.UP:
            raise RuntimeError

    told: list[RouteState] = []
    a.route.subscribe(fails)
    a.route.subscribe(lambda status: told.append(status.state))
    a.step()
    assert told[-1] is RouteState.UP


def test_the_thread_takes_it_and_a_word_of_the_tunnel_is_told_at_once(
    clock: FakeClock, kept: KeptAddress, a: Till
) -> None:
    before = set(threading.enumerate())
    a.route.start()
    until(lambda: a.route.holds)
    a.own.lost("The tunnel is closed.")
    until(lambda: a.state is RouteState.DOWN)
    row = kept.look()
    assert row is not None
    assert (row.state, row.words) == (RouteState.DOWN, "The tunnel is closed.")
    a.route.stop()
    until(lambda: set(threading.enumerate()) <= before)
    row = kept.look()
    assert row is not None
    assert not row.is_held()


def test_all_tills_know_what_a_test_of_the_address_is_answered_by(a: Till, b: Till, clock: FakeClock) -> None:
    """It may lead now to one and now to another of them: each answers for all, and nobody else does."""
    assert (a.route.key(), b.route.key()) == ("", "")
    pass_time(clock, BEAT, a, b)
    assert a.route.key() == b.route.key() != ""
    asked = Probes(key=b.route.key).issue()
    assert Probes(key=a.route.key).answer(asked.nonce) == asked.reply
    assert Probes().answer(asked.nonce) is None


def test_what_is_claimed_when_the_till_has_closed_meanwhile_is_given_back(a: Till, b: Till) -> None:
    """The database hung: the way would be opened behind what closes it, at the place where the next till opens it."""
    claim = a.kept.claim

    def hangs(mine: AddressHolder) -> ShopAddress | None:
        a.kept.claim = claim  # type: ignore[method-assign]
        a.route.stop()
        return claim(mine)

    a.kept.claim = hangs  # type: ignore[method-assign]
    a.route.step()
    assert (a.way.opened, a.route.holds) == (0, False)
    b.step()
    assert (b.way.opened, b.route.holds) == (1, True)
