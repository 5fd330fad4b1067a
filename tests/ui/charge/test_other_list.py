"""Payments of other tills are seen here, with whose each is, and are nobody's customers at this counter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.ui.charge.active_counts import ActiveCounts
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.other_list import MOST, OtherList, OtherRow
from pos_app.ui.charge.other_payments import KEEP, OtherPayments
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.builders import a_payment
from tests.support.till_harness import TillHarness
from tests.ui.parts import part


@pytest.fixture
def others(harness: TillHarness, tasks: Tasks, events: TillEvents) -> OtherPayments:
    return OtherPayments(harness.till, tasks, events)


@pytest.fixture
def other_list(others: OtherPayments, theme: ThemeManager, qtbot: QtBot) -> OtherList:
    made = OtherList(others)
    qtbot.addWidget(made)
    made.setFixedWidth(270)
    made.show()
    made.refresh()
    return made


def at(till: str, number: int = 900, state: State = State.PROMPTED, **changes: object) -> Payment:
    return a_payment(state, id=number, till=till, number=f"{till}-20261123-{number:04}", **changes)


def rows(other_list: OtherList) -> list[OtherRow]:
    return [row for row in other_list.findChildren(OtherRow) if row.isVisibleTo(other_list)]


def test_nothing_is_there_where_no_other_till_has_a_payment(other_list: OtherList, events: TillEvents) -> None:
    events.payment_changed.emit(at("A"))
    assert not other_list.isVisible()


def test_whose_it_is_stands_first_and_is_spoken(other_list: OtherList, events: TillEvents) -> None:
    events.payment_changed.emit(at("B"))
    [row] = rows(other_list)
    assert row.findChildren(QLabel)[0].text() == "B"
    assert row.accessibleName().startswith("Till B, ")
    assert part(other_list, QLabel, "otherTillsTitle").text() == "At other tills · 1"
    assert "254708374149" not in row.accessibleName()


def test_it_follows_the_payment_and_lets_it_go(
    other_list: OtherList, others: OtherPayments, events: TillEvents, harness: TillHarness
) -> None:
    payment = at("B")
    events.payment_changed.emit(payment)
    now = harness.clock.corrected()
    events.payment_changed.emit(at("B", state=State.PAID, version=payment.version + 1, closed_at=now))
    [row] = rows(other_list)
    assert "Paid" in row.accessibleName()
    harness.clock.advance(KEEP / timedelta(seconds=1))
    others._tick()
    assert rows(other_list) == []


def test_an_older_version_that_comes_late_changes_nothing(other_list: OtherList, events: TillEvents) -> None:
    payment = at("B", version=4)
    events.payment_changed.emit(payment)
    events.payment_changed.emit(replace(payment, state=State.UNKNOWN, version=3))
    [row] = rows(other_list)
    assert row.payment == payment


def test_many_are_counted(other_list: OtherList, events: TillEvents) -> None:
    for number in range(MOST + 2):
        events.payment_changed.emit(at("BC"[number % 2], 900 + number))
    newest = [900 + number for number in reversed(range(MOST + 2))]
    assert [row.payment.id for row in rows(other_list)] == newest[:MOST]
    assert part(other_list, QLabel, "otherTillsMore").text() == "and 2 more: Payments (F6)"
    other_list.fit(20)
    assert [row.payment.id for row in rows(other_list)] == newest[:1]
    assert part(other_list, QLabel, "otherTillsMore").text() == f"and {MOST + 1} more: Payments (F6)"


def test_as_many_are_shown_as_there_is_room_for_and_nothing_is_cut(other_list: OtherList, events: TillEvents) -> None:
    """In a low window one of four was shown, above room that nobody used."""
    for number in range(4):
        events.payment_changed.emit(at("B", 900 + number))
    more = part(other_list, QLabel, "otherTillsMore")
    for room in range(40, 500, 7):
        other_list.fit(room)
        shown = len(rows(other_list))
        assert more.isVisibleTo(other_list) is (shown < 4)
        fits = other_list.sizeHint().height() <= room
        assert fits or shown == 1, room
        if fits and shown < 4:
            other_list.fit(room + rows(other_list)[0].sizeHint().height() + 4)
            assert len(rows(other_list)) > shown
    assert len(rows(other_list)) == 4


def test_a_click_asks_to_see_it(other_list: OtherList, events: TillEvents, qtbot: QtBot) -> None:
    payment = at("B")
    events.payment_changed.emit(payment)
    with qtbot.waitSignal(other_list.chosen) as asked:
        rows(other_list)[0].click()
    assert asked.args == [payment]


def test_what_needs_a_look_is_on_the_list_of_those_to_check_instead(other_list: OtherList, events: TillEvents) -> None:
    events.payment_changed.emit(at("B", state=State.REVIEW))
    assert rows(other_list) == []


def test_this_till_s_own_list_has_none_of_them(
    harness: TillHarness, tasks: Tasks, events: TillEvents, other_list: OtherList
) -> None:
    own = ActivePayments(harness.till, tasks, events)
    told: list[Payment] = []
    own.changed.connect(told.append)
    events.payment_changed.emit(at("B"))
    assert (told, own.payments()) == ([], [])


def test_what_was_on_its_way_before_this_till_opened(
    other_list: OtherList, others: OtherPayments, harness: TillHarness, qtbot: QtBot, sold_at: Callable[[str], Payment]
) -> None:
    payment, _own = sold_at("B"), sold_at("A")
    with qtbot.waitSignal(others.loaded):
        others.load()
    assert [row.payment.id for row in rows(other_list)] == [payment.id]


@pytest.fixture
def sold_at(harness: TillHarness) -> Callable[[str], Payment]:
    from pos_app.domain.catalogue import draft_post
    from tests.support.builders import sell

    post = harness.till.catalogue.add(draft_post("Maji", 250))

    def sold(till: str) -> Payment:
        return sell(harness, post, token=till, till=till)

    return sold


def test_where_it_is_narrow_they_are_one_count(
    others: OtherPayments,
    harness: TillHarness,
    tasks: Tasks,
    events: TillEvents,
    theme: ThemeManager,
    qtbot: QtBot,
) -> None:
    counts = ActiveCounts(ActivePayments(harness.till, tasks, events))
    qtbot.addWidget(counts)
    counts.show_others(others)
    counts.show()
    for number in (900, 901):
        events.payment_changed.emit(at("B", number))
    count = counts._elsewhere
    qtbot.waitUntil(count.isVisible)
    assert count.accessibleName() == "At other tills · 2"
    shown: list[int] = []
    counts.other_chosen.connect(lambda payment: shown.append(payment.id))
    for _ in range(3):
        count.click()
    assert shown == [901, 900, 901]
