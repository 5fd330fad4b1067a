"""What a counter hears: each payment's result once, at once, and as loud as was chosen for this computer."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QThread

from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import NotSent, Result, Unanswered
from pos_app.sounds.sound import Sound
from pos_app.ui.preferences import SOUNDS
from pos_app.ui.shell.heard_and_seen import HeardAndSeen
from pos_app.ui.till_events import TillEvents
from tests.ui.counter import Counter

ALICE, BRIAN = "0712345678", "0722000903"
AT_ONCE = 0.15  # seconds from the commit until a sound is handed to the player


class Band:
    """Takes the place of the player, and notes what it was to play, and when."""

    def __init__(self, volume: str) -> None:
        self.volume = volume
        self.played: list[Sound] = []
        self.at: list[float] = []
        self.on_gui_thread: set[bool] = set()
        self.closed = False

    def play(self, sound: Sound) -> None:
        self.at.append(time.perf_counter())
        self.played.append(sound)
        self.on_gui_thread.add(QThread.currentThread().isMainThread())

    def set_volume(self, volume: str) -> None:
        self.volume = volume

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def bands() -> list[Band]:
    return []


@pytest.fixture
def band(counter: Counter, bands: list[Band]) -> Iterator[Band]:
    def make(volume: str) -> Band:
        bands.append(Band(volume))
        return bands[-1]

    outside = HeardAndSeen(counter.window, counter.harness.till, TillEvents(), counter.window.preferences, make)
    assert bands == []  # nothing of sounds before customers can be served
    outside.serve(counter.page)
    [made] = bands
    yield made
    outside.close()
    assert made.closed


def test_each_result_has_its_sound_whatever_page_is_shown(counter: Counter, band: Band) -> None:
    assert band.volume == "normal"
    first = counter.ask("2", ALICE)
    counter.next_customer()
    second = counter.ask("4", BRIAN)
    counter.window.go("payments")
    assert band.played == []
    counter.hear(first, Result.SUCCESS)
    counter.hear(first, Result.SUCCESS)
    counter.hear(second, Result.CANCELLED, "1032")
    counter.hear(second, Result.SUCCESS)
    assert band.played == [Sound.PAID, Sound.NOT_PAID, Sound.PAID_LATE]
    assert band.on_gui_thread == {False}


@pytest.mark.parametrize(("answer", "sound"), [(Unanswered(), Sound.UNSURE), (NotSent("unreachable"), Sound.NOT_PAID)])
def test_a_push_that_fails_is_heard(counter: Counter, band: Band, answer: Unanswered | NotSent, sound: Sound) -> None:
    counter.harness.gateway.push_answers.append(answer)
    counter.ask("2", ALICE)
    counter.qtbot.waitUntil(lambda: band.played == [sound])


def test_another_tills_payment_is_not_heard_here(counter: Counter, band: Band) -> None:
    paid = replace(counter.ask("2", ALICE), state=State.PAID)
    counter.harness.till.ledger.publish_new(replace(paid, till="B"))
    assert band.played == []
    counter.harness.till.ledger.publish_new(paid)
    assert band.played == [Sound.PAID]


def test_another_tills_payment_is_not_announced_here(counter: Counter) -> None:
    """Its callback came here; its customer stands there."""
    events, announced = TillEvents(), list[Payment]()
    outside = HeardAndSeen(counter.window, counter.harness.till, events, counter.window.preferences)
    paid = replace(counter.ask("2", ALICE), state=State.PAID)
    events.state_changed.connect(announced.append)
    for till in ("B", "A"):
        counter.harness.till.ledger.publisher.publish_change(None, replace(paid, till=till))
    assert [payment.till for payment in announced if payment.state is State.PAID] == ["A"]
    outside.close()


def test_a_sound_is_handed_over_right_after_the_commit(counter: Counter, band: Band) -> None:
    committed: list[float] = []
    payments = []
    for number in range(5):
        payments.append(counter.ask("4", f"071234567{number}"))
        counter.next_customer()
    counter.harness.till.ledger.subscribe(lambda _: committed.append(time.perf_counter()))
    for payment in payments:
        counter.hear(payment, Result.SUCCESS)
    waited = [heard - told for heard, told in zip(band.at, committed, strict=True)]
    assert min(waited) < AT_ONCE  # a busy machine may be late once, and not each time


def test_another_volume_is_heard_at_once(counter: Counter, band: Band) -> None:
    counter.window.preferences.choose(SOUNDS, "loud")
    assert (band.volume, band.played) == ("loud", [Sound.PAID])
    counter.window.preferences.choose(SOUNDS, "off")
    assert band.volume == "off"
