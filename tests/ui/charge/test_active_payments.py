"""Only the newest version of a payment counts, and finished ones leave after a while."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.ui.charge.active_payments import KEEP, ActivePayments
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.selling import add_posts, now, pay, sell

Make = Callable[..., Payment]


@pytest.fixture
def active(harness: TillHarness, tasks: Tasks, events: TillEvents) -> ActivePayments:
    return ActivePayments(harness.till, tasks, events)


def test_an_older_version_does_not_overwrite_a_newer_one(
    active: ActivePayments, events: TillEvents, make_payment: Make
) -> None:
    newer = make_payment(version=3, state=State.UNKNOWN)
    events.payment_changed.emit(newer)
    events.payment_changed.emit(make_payment(version=2))
    assert active.payment(42) == newer
    assert active.newest(make_payment(version=1)) == newer


def test_another_till_is_not_ours(active: ActivePayments, events: TillEvents, make_payment: Make) -> None:
    events.payment_changed.emit(make_payment(till="B"))
    assert active.payments() == []


def test_newest_first(active: ActivePayments, events: TillEvents, make_payment: Make) -> None:
    for number in (1, 3, 2):
        events.payment_changed.emit(make_payment(id=number))
    assert [payment.id for payment in active.payments()] == [3, 2, 1]


def test_a_finished_payment_leaves_and_then_the_clock_stops(
    active: ActivePayments, events: TillEvents, make_payment: Make, harness: TillHarness, qtbot: QtBot
) -> None:
    assert not part(active, QTimer, "tick").isActive()
    events.payment_changed.emit(make_payment(state=State.CANCELLED, closed_at=harness.clock.now()))
    assert part(active, QTimer, "tick").isActive()
    harness.clock.advance(KEEP.total_seconds() + 1)
    with qtbot.waitSignal(active.gone) as signal:
        part(active, QTimer, "tick").setInterval(1)
    assert signal.args == [42]
    qtbot.waitUntil(lambda: not part(active, QTimer, "tick").isActive())


def test_news_about_an_old_payment_does_not_bring_it_back(
    active: ActivePayments, events: TillEvents, make_payment: Make, harness: TillHarness
) -> None:
    long_ago = harness.clock.now() - KEEP - timedelta(minutes=1)
    events.payment_changed.emit(make_payment(state=State.PAID, closed_at=long_ago))
    assert active.payments() == []


def test_open_payments_come_back_at_the_start(active: ActivePayments, harness: TillHarness, qtbot: QtBot) -> None:
    day_pass, _tea = add_posts(harness.till)
    payment = sell(harness.till, day_pass, "0712345678")
    with qtbot.waitSignal(active.loaded):
        active.load()
    assert active.payments() == [payment]
    assert (len(active), active.open_count) == (1, 1)
    pay(harness.till, payment)
    active.on_payment_changed(now(harness.till, payment))
    assert (len(active), active.open_count) == (1, 0)
