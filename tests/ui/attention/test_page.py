"""The page of what needs a person: worked off by keyboard, and no hand hits what it did not mean."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Callback, Result
from pos_app.messages import attention as words
from pos_app.ui.attention.model import AttentionColumn
from pos_app.ui.attention.page import AttentionPage
from pos_app.ui.attention.table import AttentionTable
from pos_app.ui.attention.watch import AttentionWatch
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.selling import add_posts, pay, sell, tell

PHONES = ("254712345678", "254722345678", "254733345678")


class SeenAttention:
    """The page as a person sees it."""

    def __init__(self, page: AttentionPage, watch: AttentionWatch, qtbot: QtBot) -> None:
        self.page, self.watch, self.qtbot = page, watch, qtbot
        self.table = part(page, AttentionTable, "attentionTable")
        self.wanted: list[object] = []
        page.payment_wanted.connect(self.wanted.append)
        page.day_wanted.connect(lambda: self.wanted.append("day"))
        page.money_wanted.connect(lambda: self.wanted.append("money"))
        page.statement_wanted.connect(lambda: self.wanted.append("statement"))
        page.receipt_wanted.connect(self.wanted.append)

    def column(self, column: AttentionColumn) -> list[str]:
        model = self.table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount())]

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.table, key)

    def text(self, name: str) -> str:
        return part(self.page, QLabel, name).text()

    def sees(self, name: str) -> bool:
        return part(self.page, QWidget, name).isVisible()

    def button(self, name: str) -> QAbstractButton:
        return part(self.page, QAbstractButton, name)

    def until_rows(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.table.model().rowCount() == count)

    def until_steps(self, steps: list[str]) -> None:
        self.qtbot.waitUntil(lambda: self.column(AttentionColumn.STEP) == steps)

    def look_again(self) -> None:
        with self.qtbot.waitSignal(self.watch.told):
            self.watch.look()


@pytest.fixture
def unsure(harness: TillHarness) -> list[Payment]:
    """Three payments that wait for longer than their customers."""
    day_pass, tea = add_posts(harness.till)
    payments = [sell(harness.till, post, phone) for post, phone in zip((day_pass, tea, tea), PHONES, strict=True)]
    harness.clock.advance(700)
    return payments


@pytest.fixture
def watch(harness: TillHarness, tasks: Tasks, events: TillEvents) -> AttentionWatch:
    harness.till.ledger.subscribe(events.payment_changed.emit)
    return AttentionWatch(harness.till, tasks, events)


@pytest.fixture
def page(
    harness: TillHarness, watch: AttentionWatch, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> Iterator[AttentionPage]:
    page = AttentionPage(harness.till, tasks, watch)
    qtbot.addWidget(page)
    page.resize(936, 540)
    yield page
    page.hide()


@pytest.fixture
def seen(page: AttentionPage, watch: AttentionWatch, unsure: list[Payment], qtbot: QtBot) -> SeenAttention:
    seen = SeenAttention(page, watch, qtbot)
    with qtbot.waitSignal(watch.told), qtbot.waitExposed(page):
        page.show()
    page.setFocus()
    qtbot.waitUntil(lambda: seen.text("attentionHeading") == "3 things need a person")
    return seen


def test_each_row_says_what_whose_how_long_and_what_to_do(seen: SeenAttention) -> None:
    rows = [seen.column(column) for column in AttentionColumn]
    assert [cells[0] for cells in rows] == ["Not sure yet", "A-0001", "0712 ••• 678", "50", "11:40", words.ASK]
    assert seen.text("attentionCounts") == "3 not sure"
    assert "Money may or may not have moved" in seen.text("attentionWhat")
    assert seen.button("attentionDo").text() == words.OPEN


def test_enter_leads_to_the_very_payment_and_so_does_the_button(seen: SeenAttention, unsure: list[Payment]) -> None:
    seen.press(Qt.Key.Key_Down)
    seen.press(Qt.Key.Key_Return)
    seen.button("attentionDo").click()
    assert seen.wanted == [unsure[1].number] * 2


def test_what_is_worked_off_in_sight_leaves_nothing_under_the_hand(
    seen: SeenAttention, harness: TillHarness, unsure: list[Payment]
) -> None:
    seen.press(Qt.Key.Key_Down)
    pay(harness.till, unsure[1])
    seen.until_rows(2)
    assert seen.text("attentionWords") == words.WORKED_OFF
    assert not seen.button("attentionDo").isEnabled()
    seen.press(Qt.Key.Key_Return)
    seen.button("attentionDo").click()
    assert seen.wanted == []
    seen.look_again()
    assert seen.table.current is None, "a further look takes nothing up"
    seen.press(Qt.Key.Key_Down)
    assert not seen.sees("attentionWords")
    seen.press(Qt.Key.Key_Return)
    assert seen.wanted == [unsure[2].number], "the arrow goes on from its place"


def test_the_selection_stays_with_its_payment_while_others_go(
    seen: SeenAttention, harness: TillHarness, unsure: list[Payment]
) -> None:
    seen.press(Qt.Key.Key_End)
    pay(harness.till, unsure[0])
    seen.until_rows(2)
    seen.press(Qt.Key.Key_Return)
    assert seen.wanted == [unsure[2].number]
    assert not seen.sees("attentionWords")


def test_what_was_worked_off_elsewhere_leaves_the_next_one_selected(
    seen: SeenAttention, harness: TillHarness, unsure: list[Payment], watch: AttentionWatch
) -> None:
    """Enter, done, Esc, Enter, done, Esc: a list is worked off without a mouse."""
    for place, payment in enumerate(unsure):
        assert seen.table.current is not None
        assert seen.table.current.payment is not None
        assert seen.table.current.payment.id == payment.id
        seen.press(Qt.Key.Key_Return)
        seen.page.hide()
        pay(harness.till, payment, f"UKN4X7Q2Z{place}")
        seen.page.show()
        seen.until_rows(2 - place)
        seen.qtbot.waitUntil(lambda: not watch.looks)
    assert seen.wanted == [payment.number for payment in unsure]
    assert seen.sees("attentionEmpty")
    assert seen.text("attentionEmpty") == words.ALL_CLEAR
    assert not seen.sees("attentionDo")


def test_what_comes_appears_and_the_gravest_on_top(
    seen: SeenAttention, harness: TillHarness, unsure: list[Payment]
) -> None:
    seen.press(Qt.Key.Key_End)
    odd = Callback(
        Result.SUCCESS, "0", unsure[0].merchant_request_id, unsure[0].checkout_request_id, None, "UKN4X7Q2ZA", None
    )
    tell(harness.till, unsure[0], odd)
    seen.qtbot.waitUntil(lambda: seen.column(AttentionColumn.WHAT)[0] == "Needs checking")
    assert seen.table.current is not None
    assert seen.table.current.payment is not None
    assert seen.table.current.payment.id == unsure[2].id


def test_f5_asks_about_the_one_that_is_selected(seen: SeenAttention, harness: TillHarness) -> None:
    seen.button("attentionCheck").click()
    seen.qtbot.waitUntil(lambda: "Asking M-PESA about A-" in seen.text("attentionWords"))
    seen.table.let_go()
    seen.page.check_now()
    assert seen.text("attentionWords") == words.CANNOT_ASK
    assert not seen.sees("attentionCheck")


def test_f9_and_copying(seen: SeenAttention, harness: TillHarness, unsure: list[Payment]) -> None:
    seen.page.show_receipt()
    assert "is not paid" in seen.text("attentionWords")
    QTest.keyClick(seen.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert unsure[0].number in QGuiApplication.clipboard().text()
    assert PHONES[0] not in QGuiApplication.clipboard().text()
    seen.table.let_go()
    QTest.keyClick(seen.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    seen.page.show_receipt()
    assert seen.wanted == []


def test_rule_16_what_is_not_for_who_stands_here_says_whose_it_is(
    page: AttentionPage, watch: AttentionWatch, harness: TillHarness, unsure: list[Payment], qtbot: QtBot
) -> None:
    hire(harness.till)
    harness.clock.advance(40 * 3_600)
    for payment in unsure:
        pay(harness.till, payment, f"UKN4X7Q2Z{payment.id}")
    harness.clock.advance(40 * 3_600)
    seen = SeenAttention(page, watch, qtbot)
    for role, whose in ((Role.OPERATOR, " (supervisor)"), (Role.OWNER, "")):
        stand(harness.till, role)
        page.show()
        seen.until_steps([f"Close the day...{whose}", f"Statement...{whose}"])
        page.hide()
    page.show()
    assert seen.text("attentionHeading") == words.ALL_CLEAR, "a shop that does neither is not counted at"
    seen.press(Qt.Key.Key_Home)
    seen.press(Qt.Key.Key_Return)
    seen.press(Qt.Key.Key_End)
    seen.press(Qt.Key.Key_Return)
    assert seen.wanted == ["day", "statement"]
