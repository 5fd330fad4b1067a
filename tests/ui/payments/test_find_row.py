"""What is looked for by choice: days from one to another, an order, who charged; and figures that nobody waits for."""

import threading
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCalendarWidget, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment
from pos_app.domain.search import Search, Totals
from pos_app.errors import Cancelled
from pos_app.sales.ports import Reader
from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.date_field import DateField
from tests.support.builders import charge
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen
from tests.ui.selling import pay

TODAY = date(2026, 11, 23)


def choose(seen: Seen, name: str, choice: str) -> None:
    seen.part(ChoiceButton, name).choose(choice)


def empty_words(seen: Seen) -> str:
    empty = seen.part(QLabel, "paymentsEmpty")
    return empty.text() if empty.isVisible() else ""


@pytest.fixture
def range_fields(seen: Seen) -> tuple[DateField, DateField]:
    """The days from the first of the month to today, in which the three payments are."""
    choose(seen, "paymentsDays", "From day to day")
    seen.qtbot.waitUntil(lambda: seen.page.findChild(DateField, "paymentsTo") is not None)
    fields = seen.part(DateField, "paymentsFrom"), seen.part(DateField, "paymentsTo")
    assert tuple(field.day for field in fields) == (date(2026, 11, 1), TODAY)
    seen.until_rows(3)
    return fields


def test_days_from_one_to_another(seen: Seen, range_fields: tuple[DateField, DateField]) -> None:
    first, last = range_fields
    last.set_day(date(2026, 11, 22))
    seen.qtbot.waitUntil(lambda: empty_words(seen) == "No payments in these days. Press Enter to look in all days.")
    last.set_day(TODAY)
    first.set_day(TODAY)
    seen.qtbot.waitUntil(lambda: not empty_words(seen))
    assert seen.table.model().rowCount() == 3


def test_days_are_typed_and_stepped_through(seen: Seen, range_fields: tuple[DateField, DateField]) -> None:
    first, _ = range_fields
    first.setFocus()
    first.setSelectedSection(DateField.Section.DaySection)
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert first.day == date(2026, 11, 2)
    first.setSelectedSection(DateField.Section.DaySection)
    QTest.keyClicks(first, "0510")
    assert first.day == date(2026, 10, 5)


def test_the_calendar_is_large_enough_to_be_touched(range_fields: tuple[DateField, DateField]) -> None:
    calendar = range_fields[0].calendarWidget()
    assert isinstance(calendar, QCalendarWidget)
    assert calendar.minimumWidth() >= 7 * 44
    assert range_fields[0].height() >= 44


def test_days_that_end_before_they_begin_are_said_and_not_looked_up(
    seen: Seen, harness: TillHarness, sold: list[Payment], range_fields: tuple[DateField, DateField]
) -> None:
    first, last = range_fields
    last.set_day(date(2026, 10, 31))
    seen.qtbot.waitUntil(lambda: "ends (31 Oct 2026) before it begins (1 Nov 2026)" in empty_words(seen))
    assert seen.text("footerCount") == ""
    pay(harness.till, sold[2], "UKN0000001")
    assert "before it begins" in empty_words(seen)
    first.set_day(date(2026, 10, 1))
    last.set_day(TODAY)
    seen.qtbot.waitUntil(lambda: not empty_words(seen))
    assert seen.column(PaymentColumn.STATE)[0] == "Paid"


def test_the_order_is_chosen_or_clicked(seen: Seen) -> None:
    choose(seen, "paymentsSort", "Oldest")
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.TIME) == ["14:00", "14:01", "14:02"])
    header = seen.table.horizontalHeader()
    assert header.sortIndicatorSection() == PaymentColumn.TIME
    assert header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder, "drawn as an arrow up: what is later is below"

    def click(column: PaymentColumn) -> None:
        at = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(PaymentColumn.AMOUNT)
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.AMOUNT) == ["50", "50", "30"])
    click(PaymentColumn.AMOUNT)
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.AMOUNT) == ["30", "50", "50"])
    assert seen.part(ChoiceButton, "paymentsSort").choice == "Lowest"
    click(PaymentColumn.STATE)
    assert header.sortIndicatorSection() == PaymentColumn.AMOUNT
    click(PaymentColumn.TIME)
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.TIME) == ["14:02", "14:01", "14:00"])


def test_who_charged_is_offered_where_there_is_more_than_one(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    operators = seen.part(ChoiceButton, "paymentsOperators")
    assert not operators.isVisible()
    assert not seen.part(ChoiceButton, "paymentsTills").isVisible()
    hire(harness.till)
    stand(harness.till, Role.OPERATOR)
    charge(harness.till, sold[0].lines[0].post_id, "0745345918")
    seen.page.hide()
    seen.page.show()
    seen.qtbot.waitUntil(operators.isVisible)
    operators.choose("Amina")
    seen.until_rows(1)
    assert seen.column(PaymentColumn.PHONE) == ["0745 ••• 918"]
    operators.choose("Brian")
    seen.qtbot.waitUntil(lambda: empty_words(seen) == "No payments today, Brian. Press Enter to look everywhere.")
    seen.page.hide()
    seen.page.show()
    assert operators.choice == "Brian"
    seen.part(QLineEdit, "paymentsFind").setFocus()
    seen.qtbot.waitUntil(lambda: empty_words(seen) != "")
    seen.press(Qt.Key.Key_Return)
    seen.until_rows(4)
    assert operators.choice == "All operators"


class SlowCount:
    """A reader that counts until somebody ends it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.counted: list[str] = []
        self.ended: list[str] = []
        self.begun = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def totals_found(self, search: Search, cancel: Cancel) -> Totals:
        if search.text:
            self.counted.append(search.text)
            return self._reader.totals_found(search)
        ended = threading.Event()
        try:
            with cancel.ending_by(ended.set):
                self.begun.set()
                ended.wait(10)
        except Cancelled:
            self.ended.append(search.text)
            raise
        raise AssertionError("nobody has ended it")


def test_a_newer_keystroke_ends_a_count_that_nobody_waits_for(
    harness: TillHarness, sold: list[Payment], events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    for place in range(102):
        charge(harness.till, sold[1].lines[0].post_id, f"0712345{place:03}")
    slow = SlowCount(harness.till.reader)
    trouble: list[str] = []
    tasks.trouble.connect(trouble.append)
    page = PaymentsPage(replace(harness.till, reader=cast("Reader", slow)), tasks, events)
    qtbot.addWidget(page)
    page.show()
    seen = Seen(page, qtbot)
    qtbot.waitUntil(slow.begun.is_set)
    assert seen.table.model().rowCount() == 100
    seen.type("tea")
    qtbot.waitUntil(lambda: seen.text("footerCount") == "103 payments")
    assert slow.ended
    assert slow.counted == ["tea"]
    assert not trouble
    page.hide()
