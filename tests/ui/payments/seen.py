"""The page of payments as a person finds it."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.payments.table import PaymentsTable

Part = TypeVar("Part", bound=QWidget)
PHONES = ("0712345678", "0722345903", "0733345120")


class Seen:
    """The page as a person finds it: by the names of its parts."""

    def __init__(self, page: PaymentsPage, qtbot: QtBot) -> None:
        self.page = page
        self.qtbot = qtbot
        self.table = self.part(PaymentsTable, "paymentsTable")

    def part(self, kind: type[Part], name: str) -> Part:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def column(self, column: PaymentColumn) -> list[str]:
        model = self.table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount())]

    def text(self, name: str) -> str:
        return self.part(QLabel, name).text()

    def who(self) -> str:
        return f"{self.text('detailWhat')} · {self.text('detailPhone')}"

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.page.focusWidget() or self.page, key, modifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.part(QLineEdit, "paymentsFind"), text)

    def until_rows(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.table.model().rowCount() == count)

    def steps(self) -> list[str]:
        timeline = self.part(QWidget, "timeline")
        return [row.accessibleName() for row in timeline.findChildren(QWidget) if row.accessibleName()]


def fill(seen: Seen, **texts: str) -> None:
    """Type into the fields with these names, in place of what stood there."""
    for name, text in texts.items():
        field = seen.part(QLineEdit, name)
        field.clear()
        QTest.keyClicks(field, text)
