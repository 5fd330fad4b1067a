"""The rail adds at the top and keeps what one looks at in its place."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.lookup import Totals
from pos_app.domain.payment import Payment, State
from pos_app.ui import words
from pos_app.ui.board import KEEP, Board
from pos_app.ui.bridge import Bridge, Tasks
from pos_app.ui.rail import SHOWN, Rail
from pos_app.ui.rail_card import RailCard
from pos_app.ui.rail_column import RailColumn
from pos_app.ui.rail_strip import RailStrip
from pos_app.ui.theme import Look
from tests.conftest import Shelf

Make = Callable[..., Payment]


@pytest.fixture
def board(shelf: Shelf, tasks: Tasks, bridge: Bridge) -> Board:
    return Board(shelf.till, tasks, bridge)


@pytest.fixture
def rail(board: Board, look: Look, qtbot: QtBot) -> Rail:
    made = Rail(board)
    qtbot.addWidget(made)
    made.resize(290, 400)
    made.show()
    return made


def titles(rail: Rail) -> list[str]:
    cards = sorted(rail._cards.values(), key=lambda card: card.y())
    return [card._phone.text() for card in cards]


def test_empty_says_so(rail: Rail) -> None:
    assert rail._nobody.isVisible()
    assert rail._nobody.text() == words.NOBODY_PAYS


def test_newest_on_top_and_counted(rail: Rail, bridge: Bridge, make_payment: Make, qtbot: QtBot) -> None:
    bridge.payment_changed.emit(make_payment(id=1, phone="254712345001"))
    bridge.payment_changed.emit(make_payment(id=3, phone="254712345003"))
    bridge.payment_changed.emit(make_payment(id=2, phone="254712345002"))
    qtbot.waitUntil(lambda: titles(rail) == ["0712 ••• 003", "0712 ••• 002", "0712 ••• 001"])
    assert rail._title.text() == "In progress · 3"
    assert not rail._nobody.isVisible()


def test_a_card_changes_in_place(rail: Rail, bridge: Bridge, make_payment: Make, shelf: Shelf) -> None:
    bridge.payment_changed.emit(make_payment())
    card = rail._cards[42]
    assert card._state.text() == "Waiting for PIN"
    assert not card._progress.isHidden()
    paid = make_payment(state=State.PAID, version=2, receipt="UKN4X7Q2ZT", closed_at=shelf.clock.now())
    bridge.payment_changed.emit(paid)
    assert rail._cards[42] is card
    assert card._state.text() == "Paid · UKN4X7Q2ZT"
    assert card._progress.isHidden()
    assert "Paid" in card.accessibleName()
    assert "345" not in card.accessibleName()


def test_what_one_looks_at_stays_where_it_is(rail: Rail, bridge: Bridge, make_payment: Make, qtbot: QtBot) -> None:
    for number in range(1, 9):
        bridge.payment_changed.emit(make_payment(id=number))
    bar = rail._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(200)
    card = rail._cards[3]
    before = card.mapTo(rail, card.rect().topLeft()).y()
    bridge.payment_changed.emit(make_payment(id=9))
    qtbot.waitUntil(lambda: rail._cards[9].y() < rail._cards[8].y())
    assert card.mapTo(rail, card.rect().topLeft()).y() == before


def test_of_thousands_the_newest_have_cards_and_the_rest_are_counted(
    rail: Rail, board: Board, bridge: Bridge, make_payment: Make, shelf: Shelf, qtbot: QtBot
) -> None:
    for number in range(1, SHOWN + 4):
        bridge.payment_changed.emit(make_payment(id=number))
    assert sorted(rail._cards) == list(range(4, SHOWN + 4))
    assert rail._title.text() == f"In progress · {SHOWN + 3}"
    assert rail._more.text() == "and 3 more: Payments (F6)"
    bridge.payment_changed.emit(make_payment(id=2, version=2, state=State.UNKNOWN))
    assert 2 not in rail._cards
    for number in (10, 2):
        gone = make_payment(id=number, version=3, state=State.CANCELLED, closed_at=shelf.clock.now() - KEEP)
        bridge.payment_changed.emit(gone)
    assert sorted(rail._cards) == [3, *range(4, 10), *range(11, SHOWN + 4)]
    assert rail._title.text() == f"In progress · {SHOWN + 1}"
    assert rail._more.text() == "and 1 more: Payments (F6)"
    qtbot.waitUntil(lambda: len(rail.findChildren(RailCard)) == SHOWN)


def test_a_click_chooses(rail: Rail, bridge: Bridge, make_payment: Make, qtbot: QtBot) -> None:
    bridge.payment_changed.emit(make_payment())
    with qtbot.waitSignal(rail.chosen) as signal:
        rail._cards[42].click()
    assert signal.args == [42]


def test_the_strip_counts_by_state_and_goes_through_them(
    board: Board, look: Look, bridge: Bridge, make_payment: Make, qtbot: QtBot
) -> None:
    strip = RailStrip(board)
    qtbot.addWidget(strip)
    strip.show()
    for number in (1, 2):
        bridge.payment_changed.emit(make_payment(id=number))
    bridge.payment_changed.emit(make_payment(id=3, state=State.UNKNOWN))
    qtbot.waitUntil(lambda: sum(count.isVisible() for count in strip._counts.values()) == 2)
    names = [count.accessibleName() for count in strip._counts.values() if count.isVisible()]
    assert [name.split(",")[0] for name in names] == ["2 Waiting for PIN", "1 Not sure yet"]
    chosen: list[int] = []
    strip.chosen.connect(chosen.append)
    waiting = next(count for count in strip._counts.values() if count.isVisible())
    for _ in range(3):
        waiting.click()
    assert chosen == [2, 1, 2]


def test_figures_and_attention(board: Board, look: Look, make_payment: Make, qtbot: QtBot) -> None:
    column = RailColumn(board)
    qtbot.addWidget(column)
    column.show()
    column.show_totals(Totals(payments=50, paid=41, paid_amount=12_350, unsure=1, review=1))
    assert column._totals.accessibleName() == "Today KES 12,350 in 41 payments"
    first, second = make_payment(id=1), make_payment(id=2)
    column.show_attention([first, second])
    seen: list[Payment] = []
    column.attention_chosen.connect(seen.append)
    for _ in range(3):
        column._totals._attention.click()
    assert seen == [first, second, first]
    column.show_attention([])
    assert not column._totals._attention.isVisible()
