"""The list adds at the top and keeps what one looks at in its place."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.domain.search import Totals
from pos_app.messages import counter as words
from pos_app.ui.charge.active_card import ActiveCard
from pos_app.ui.charge.active_column import ActiveColumn
from pos_app.ui.charge.active_counts import ActiveCounts
from pos_app.ui.charge.active_list import SHOWN, ActiveList
from pos_app.ui.charge.active_payments import KEEP, ActivePayments
from pos_app.ui.charge.totals_card import NOT_READ, TotalsCard
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.progress import ThinProgress
from tests.support.till_harness import TillHarness
from tests.ui.parts import part

Make = Callable[..., Payment]


@pytest.fixture
def active(harness: TillHarness, tasks: Tasks, events: TillEvents) -> ActivePayments:
    return ActivePayments(harness.till, tasks, events)


@pytest.fixture
def active_list(active: ActivePayments, theme: ThemeManager, qtbot: QtBot) -> ActiveList:
    made = ActiveList(active)
    qtbot.addWidget(made)
    made.resize(290, 400)
    made.show()
    return made


def cards(active_list: ActiveList) -> dict[int, ActiveCard]:
    """The cards by the payment's id, from top to bottom."""
    found = [card for card in active_list.findChildren(ActiveCard) if card.isVisibleTo(active_list)]
    return {card.payment.id: card for card in sorted(found, key=QWidget.y)}


def headings(active_list: ActiveList) -> tuple[str, str]:
    return said(active_list, "inProgressTitle"), said(active_list, "justFinishedTitle")


def said(root: QWidget, name: str) -> str:
    """The words of a label."""
    return part(root, QLabel, name).text()


def titles(active_list: ActiveList) -> list[str]:
    return [said(card, "cardPhone") for card in cards(active_list).values()]


def test_empty_says_so(active_list: ActiveList) -> None:
    assert part(active_list, QLabel, "nobodyPays").isVisible()
    assert said(active_list, "nobodyPays") == words.NOBODY_PAYS


def test_newest_on_top_and_counted(
    active_list: ActiveList, events: TillEvents, make_payment: Make, qtbot: QtBot
) -> None:
    events.payment_changed.emit(make_payment(id=1, phone="254712345001"))
    events.payment_changed.emit(make_payment(id=3, phone="254712345003"))
    events.payment_changed.emit(make_payment(id=2, phone="254712345002"))
    qtbot.waitUntil(lambda: titles(active_list) == ["0712 ••• 003", "0712 ••• 002", "0712 ••• 001"])
    assert said(active_list, "inProgressTitle") == "In progress · 3"
    assert not part(active_list, QLabel, "nobodyPays").isVisible()


def test_a_card_changes_in_place(
    active_list: ActiveList, events: TillEvents, make_payment: Make, harness: TillHarness
) -> None:
    events.payment_changed.emit(make_payment())
    card = cards(active_list)[42]
    assert said(card, "cardState") == "Waiting for PIN"
    assert not part(card, ThinProgress, "cardProgress").isHidden()
    events.payment_changed.emit(make_payment(state=State.UNKNOWN, version=2))
    assert cards(active_list)[42] is card
    assert said(card, "cardState").startswith("Not sure yet")
    paid = make_payment(state=State.PAID, version=3, receipt="UKN4X7Q2ZT", closed_at=harness.clock.now())
    events.payment_changed.emit(paid)
    assert cards(active_list)[42] is card
    assert said(card, "cardState") == "Paid · UKN4X7Q2ZT"
    assert part(card, ThinProgress, "cardProgress").isHidden()
    assert "Paid" in card.accessibleName()
    assert "345" not in card.accessibleName()


def test_finished_ones_stand_under_their_own_heading_with_true_counts(
    active_list: ActiveList, events: TillEvents, make_payment: Make, harness: TillHarness, qtbot: QtBot
) -> None:
    for number in (1, 2, 3, 4):
        events.payment_changed.emit(make_payment(id=number, phone=f"25471234500{number}"))
    assert not part(active_list, QLabel, "justFinishedTitle").isVisible()
    for number in (2, 4):
        events.payment_changed.emit(
            make_payment(
                id=number, phone=f"25471234500{number}", version=2, state=State.CANCELLED, closed_at=harness.clock.now()
            )
        )
    assert headings(active_list) == (
        "In progress · 2",
        "Just finished · 2",
    )
    qtbot.waitUntil(lambda: titles(active_list) == [f"0712 ••• 00{number}" for number in (3, 1, 4, 2)])
    for number in (1, 3):
        events.payment_changed.emit(make_payment(id=number, version=2, state=State.PAID, closed_at=harness.clock.now()))
    assert headings(active_list) == (
        "In progress",
        "Just finished · 4",
    )
    assert part(active_list, QLabel, "nobodyPays").isVisible()
    events.payment_changed.emit(make_payment(id=2, version=3, state=State.REVIEW))
    assert headings(active_list) == (
        "In progress · 1",
        "Just finished · 3",
    )
    assert not part(active_list, QLabel, "nobodyPays").isVisible()


def test_a_card_keeps_the_focus_when_its_payment_ends(
    active_list: ActiveList, events: TillEvents, make_payment: Make, harness: TillHarness, qtbot: QtBot
) -> None:
    events.payment_changed.emit(make_payment())
    active_list.activateWindow()
    cards(active_list)[42].setFocus()
    qtbot.waitUntil(cards(active_list)[42].hasFocus)
    events.payment_changed.emit(make_payment(version=2, state=State.CANCELLED, closed_at=harness.clock.now()))
    assert cards(active_list)[42].hasFocus()


def test_what_the_last_run_left_open_can_be_read_before_any_news(
    active_list: ActiveList,
    active: ActivePayments,
    make_payment: Make,
    events: TillEvents,
    harness: TillHarness,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = [
        make_payment(id=number, phone=f"2547123450{number:02}", state=State.UNKNOWN, amount=number)
        for number in range(SHOWN + 1, 0, -1)
    ]
    monkeypatch.setattr(harness.till.reader, "open_payments", lambda _till: left)
    active.load()
    qtbot.waitUntil(lambda: len(cards(active_list)) == SHOWN)
    shown = cards(active_list)
    assert list(shown) == list(range(SHOWN + 1, 1, -1))
    for number, card in shown.items():
        assert (said(card, "cardPhone"), said(card, "cardAmount")) == (f"0712 ••• 0{number:02}", str(number))
        assert said(card, "cardState").startswith("Not sure yet")
        assert said(card, "cardNote")
        assert "Not sure yet" in card.accessibleName()
    events.payment_changed.emit(make_payment(id=7, version=2, state=State.CANCELLED, closed_at=active.now() - KEEP))
    assert said(cards(active_list)[1], "cardAmount") == "1"  # the 51st, who had no card before


def test_what_one_looks_at_stays_where_it_is(
    active_list: ActiveList, events: TillEvents, make_payment: Make, qtbot: QtBot
) -> None:
    for number in range(1, 9):
        events.payment_changed.emit(make_payment(id=number))
    bar = part(active_list, QScrollArea, "activeScroll").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(200)
    card = cards(active_list)[3]
    before = card.mapTo(active_list, card.rect().topLeft()).y()
    events.payment_changed.emit(make_payment(id=9))
    qtbot.waitUntil(lambda: cards(active_list)[9].y() < cards(active_list)[8].y())
    assert card.mapTo(active_list, card.rect().topLeft()).y() == before


def test_of_thousands_the_newest_have_cards_and_the_rest_are_counted(
    active_list: ActiveList,
    active: ActivePayments,
    events: TillEvents,
    make_payment: Make,
    harness: TillHarness,
    qtbot: QtBot,
) -> None:
    for number in range(1, SHOWN + 4):
        events.payment_changed.emit(make_payment(id=number))
    assert sorted(cards(active_list)) == list(range(4, SHOWN + 4))
    assert said(active_list, "inProgressTitle") == f"In progress · {SHOWN + 3}"
    assert said(active_list, "inProgressMore") == "and 3 more: Payments (F6)"
    events.payment_changed.emit(make_payment(id=2, version=2, state=State.UNKNOWN))
    assert 2 not in cards(active_list)
    for number in (10, 2):
        gone = make_payment(id=number, version=3, state=State.CANCELLED, closed_at=harness.clock.now() - KEEP)
        events.payment_changed.emit(gone)
    assert sorted(cards(active_list)) == [3, *range(4, 10), *range(11, SHOWN + 4)]
    assert said(active_list, "inProgressTitle") == f"In progress · {SHOWN + 1}"
    assert said(active_list, "inProgressMore") == "and 1 more: Payments (F6)"
    qtbot.waitUntil(lambda: len(active_list.findChildren(ActiveCard)) == SHOWN)


def test_a_click_chooses(active_list: ActiveList, events: TillEvents, make_payment: Make, qtbot: QtBot) -> None:
    events.payment_changed.emit(make_payment())
    with qtbot.waitSignal(active_list.chosen) as signal:
        cards(active_list)[42].click()
    assert signal.args == [42]


def test_the_counts_are_by_state_and_each_click_goes_through_them(
    active: ActivePayments, theme: ThemeManager, events: TillEvents, make_payment: Make, qtbot: QtBot
) -> None:
    counts = ActiveCounts(active)
    qtbot.addWidget(counts)
    counts.show()
    for number in (1, 2):
        events.payment_changed.emit(make_payment(id=number))
    events.payment_changed.emit(make_payment(id=3, state=State.UNKNOWN))
    qtbot.waitUntil(lambda: sum(count.isVisible() for count in counts.findChildren(QAbstractButton)) == 2)
    names = [count.accessibleName() for count in counts.findChildren(QAbstractButton) if count.isVisible()]
    assert [name.split(",")[0] for name in names] == ["2 Waiting for PIN", "1 Not sure yet"]
    chosen: list[int] = []
    counts.chosen.connect(chosen.append)
    waiting = next(count for count in counts.findChildren(QAbstractButton) if count.isVisible())
    for _ in range(3):
        waiting.click()
    assert chosen == [2, 1, 2]


def test_figures_that_are_not_for_who_stands_there_leave_nothing_behind(
    active: ActivePayments, theme: ThemeManager, make_payment: Make, qtbot: QtBot
) -> None:
    column = ActiveColumn(active)
    qtbot.addWidget(column)
    column.show()
    column.show_totals(Totals(payments=50, paid=41, paid_amount=12_350, unsure=1, review=1))
    column.show_totals(None)
    card, amount = part(column, TotalsCard, "totals"), part(column, QLabel, "todayAmount")
    assert (card.isVisible(), card.accessibleName(), amount.text()) == (False, "", NOT_READ)
    column.show_attention([make_payment(id=1)])
    assert (card.isVisible(), amount.isVisible()) == (True, False), "what needs a look is for everybody"
    column.set_narrow(True)
    assert not part(column, QLabel, "todayCount").isVisible()
    column.show_totals(Totals(payments=50, paid=41, paid_amount=12_350, unsure=1, review=1))
    assert part(column, QLabel, "todayCount").isVisible()
    column.set_narrow(False)
    assert (amount.isVisible(), amount.text()) == (True, "KES 12,350")


def test_figures_and_attention(active: ActivePayments, theme: ThemeManager, make_payment: Make, qtbot: QtBot) -> None:
    column = ActiveColumn(active)
    qtbot.addWidget(column)
    column.show()
    assert (said(column, "todayAmount"), said(column, "todayCount")) == (NOT_READ, NOT_READ)
    column.show_totals(Totals(payments=50, paid=41, paid_amount=12_350, unsure=1, review=1))
    assert part(column, TotalsCard, "totals").accessibleName() == "Today KES 12,350 in 41 payments"
    first, second = make_payment(id=1), make_payment(id=2)
    column.show_attention([first, second])
    seen: list[Payment] = []
    column.attention_chosen.connect(seen.append)
    for _ in range(3):
        part(column, QAbstractButton, "attention").click()
    assert seen == [first, second, first]
    column.set_narrow(True)
    narrow = part(column, QAbstractButton, "count-attention")
    assert (narrow.isVisible(), narrow.accessibleName()) == (True, "2 to check")
    narrow.click()
    assert seen[3:] == [second]
    column.show_attention([])
    assert not narrow.isVisible()
    column.set_narrow(False)
    assert not part(column, QAbstractButton, "attention").isVisible()
