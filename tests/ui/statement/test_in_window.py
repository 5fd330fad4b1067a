"""Money without a prompt in its window, where Enter presses what has the focus: no suggestion is taken by one Enter."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.attention import Concern
from pos_app.domain.catalogue import Post
from pos_app.domain.unprompted import MoneySearch, Standing
from pos_app.ui.attention.table import AttentionTable
from pos_app.ui.statement.money_model import MoneyTable
from pos_app.ui.statement.page import StatementPage
from tests.store.test_mpesa_record import FILE, ROW
from tests.support.staff import PASSPHRASE
from tests.ui.counter import Counter
from tests.ui.parts import part


def test_enter_takes_nothing_that_nobody_has_moved_to(counter: Counter, posts: list[Post], qtbot: QtBot) -> None:
    window, till = counter.window, counter.harness.till
    till.owner.passphrase.choose(PASSPHRASE)
    till.authority.begin_as_owner()
    with counter.harness.database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
    counter.harness.clock.advance(timedelta(hours=1).total_seconds())
    counter.function(Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(window.page, StatementPage))
    assert isinstance(window.page, StatementPage)
    window.page.open_unprompted()
    table = part(window, MoneyTable, "moneyTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    find = part(window, QLineEdit, "bindFind")
    qtbot.waitUntil(find.isVisible)
    find.setFocus()
    find.setText(posts[0].title)  # faster typing is a scan
    qtbot.waitUntil(lambda: window.findChild(QAbstractButton, "bindPosts0") is not None)
    QTest.keyClick(find, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.focusWidget() is part(window, QAbstractButton, "bindPosts0"))
    assert part(window, QLabel, "bindRest").text().endswith("Choose what was sold.")
    QTest.keyClick(part(window, QAbstractButton, "bindPosts0"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.focusWidget() is find)
    assert not part(window, QLabel, "bindRest").text().endswith("Choose what was sold.")
    QTest.keyClick(find, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.focusWidget() is part(window, QAbstractButton, "bindNow"))
    assert till.reader.unprompted(MoneySearch(standing=Standing.BOUND)) == []


def test_attention_leads_to_the_money_and_esc_leads_back(counter: Counter, posts: list[Post], qtbot: QtBot) -> None:
    window = counter.window
    with counter.harness.database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
    window.go("attention")
    attention = window.page
    table = part(window, AttentionTable, "attentionTable")
    qtbot.waitUntil(lambda: table.current is not None and table.current.concern is Concern.UNPROMPTED)
    QTest.keyClick(table, Qt.Key.Key_Return)
    money = part(window, MoneyTable, "moneyTable")
    qtbot.waitUntil(lambda: money.isVisible() and money.model().rowCount() == 1)
    back = part(window, QAbstractButton, "moneyBack")
    assert (back.text(), back.accessibleName()) == ("Attention", "Back to Attention")
    QTest.keyClick(money, Qt.Key.Key_Escape)
    assert window.page is attention
    window.go("statement")
    assert isinstance(window.page, StatementPage)
    window.page.open_unprompted()
    assert (back.text(), back.accessibleName()) == ("Statement", "Back to the statement")


def test_what_is_said_of_money_is_counted_at_once(counter: Counter, posts: list[Post], qtbot: QtBot) -> None:
    window, till = counter.window, counter.harness.till
    till.owner.passphrase.choose(PASSPHRASE)
    till.authority.begin_as_owner()
    with counter.harness.database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
    window.go("statement")
    page = window.page
    assert isinstance(page, StatementPage)
    page.open_unprompted()
    watch = window.attention
    assert watch is not None
    qtbot.waitUntil(lambda: watch.latest is not None and watch.latest.total == 1)
    table = part(window, MoneyTable, "moneyTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    part(window, QAbstractButton, "moneyName").click()
    qtbot.waitUntil(lambda: part(window, QAbstractButton, "moneyNameNow").isVisible())
    part(window, QLineEdit, "moneyNameWhy").setText("tried out")
    part(window, QAbstractButton, "moneyNameNow").click()
    qtbot.waitUntil(lambda: watch.latest is not None and watch.latest.total == 0)
    qtbot.waitUntil(lambda: window.focusWidget() is part(window, QAbstractButton, "moneyBack"))  # Esc still leads back
