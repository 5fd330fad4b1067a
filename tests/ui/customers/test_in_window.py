"""The page of customers in its window: the key that leads there, and the way to a payment."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.ui.customers.page import CustomersPage
from pos_app.ui.customers.tables import CustomersTable, TheirPaymentsTable
from pos_app.ui.payments.table import PaymentsTable
from tests.ui.counter import Counter
from tests.ui.parts import part
from tests.ui.selling import pay, sell


def test_a_payment_of_a_customer_opens_among_the_payments(counter: Counter, posts: list[Post], qtbot: QtBot) -> None:
    window, till = counter.window, counter.harness.till
    first = pay(till, sell(till, posts[0], "0712345678"))
    sell(till, posts[0], "0722345999")
    counter.function(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(window.page, CustomersPage))
    customers = part(window, CustomersTable, "customersTable")
    qtbot.waitUntil(lambda: customers.model().rowCount() == 2)
    customers.go_to_row(1)
    theirs = part(window, TheirPaymentsTable, "customerPayments")
    qtbot.waitUntil(lambda: theirs.model().rowCount() == 1 and theirs.model().index(0, 3).data() == "Paid")
    theirs.go_to_row(0)
    QTest.keyClick(theirs, Qt.Key.Key_Return)
    table = part(window, PaymentsTable, "paymentsTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    assert part(window, QLabel, "narrowedWords").text() == f"Only payment {first.number}"
