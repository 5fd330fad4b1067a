"""Payments that another page has led to: shown alone, until somebody looks for others."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from pos_app.domain.payment import Payment, State
from pos_app.domain.search import Search
from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.ui.payments.seen import Seen

TEA = Search(post=2)


def narrowed(seen: Seen) -> Seen:
    seen.page.narrow(TEA, "Tea, 23 Nov 2026")
    seen.until_rows(1)
    return seen


def test_only_those_are_shown_and_it_says_so(seen: Seen, sold: list[Payment]) -> None:
    words = seen.part(QLabel, "narrowedWords")
    assert not words.isVisible()
    narrowed(seen)
    assert (words.isVisible(), words.text()) == (True, "Only Tea, 23 Nov 2026")
    assert seen.column(PaymentColumn.POST) == ["Tea"]
    assert seen.page.focusWidget() is seen.table
    assert seen.text("footerCount") == "1 payment"


def test_the_way_back_shows_all_of_them(seen: Seen, sold: list[Payment]) -> None:
    narrowed(seen).part(QAbstractButton, "narrowedEnd").click()
    seen.until_rows(3)
    assert not seen.part(QLabel, "narrowedWords").isVisible()


def test_so_does_whatever_is_looked_for(seen: Seen, sold: list[Payment]) -> None:
    narrowed(seen).type("day")
    seen.until_rows(2)
    narrowed(seen).part(ChoiceButton, "paymentsDays").choose("All days")
    seen.until_rows(2)
    narrowed(seen)
    seen.press(Qt.Key.Key_Down)
    assert seen.part(QLabel, "narrowedWords").isVisible(), "moving in the list is no look-up"


def test_it_stays_when_the_page_comes_up_again(seen: Seen, sold: list[Payment]) -> None:
    narrowed(seen).page.hide()
    seen.page.show()
    seen.until_rows(1)


def test_where_none_is_left_that_is_said(seen: Seen, sold: list[Payment]) -> None:
    seen.page.narrow(Search(states=frozenset({State.REVIEW})), "Tea")
    seen.qtbot.waitUntil(lambda: seen.text("paymentsEmpty") == "None of these is there any more.")
