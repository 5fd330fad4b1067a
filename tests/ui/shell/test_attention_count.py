"""What needs a person is counted beside its place, said once, and worked off by Enter and Esc."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Result
from pos_app.sales.ports import Transaction
from pos_app.ui.attention.page import AttentionPage
from pos_app.ui.attention.table import AttentionTable
from pos_app.ui.attention.watch import AttentionWatch
from pos_app.ui.statement.money_part import MoneyPart
from pos_app.ui.widgets.nav_button import NavButton
from tests.store.test_mpesa_record import FILE, ROW
from tests.support.staff import hire
from tests.ui.accessible import POLITE, ScreenReader, screen_reader
from tests.ui.counter import Counter
from tests.ui.parts import part

ALICE, BRIAN = "0712345678", "0722000903"


@pytest.fixture
def reader() -> Iterator[ScreenReader]:
    with screen_reader() as listening:
        yield listening


def look(counter: Counter) -> None:
    """Look now, and wait for what is found."""
    watch = counter.window.attention
    told: list[object] = []
    assert watch is not None
    watch.told.connect(told.append)
    watch.look()
    counter.qtbot.waitUntil(lambda: bool(told) and not watch.looks)


def unsure(counter: Counter, *phones: str) -> list[Payment]:
    """So many payments that are open for long."""
    payments = [counter.ask("2", phone) for phone in phones]
    counter.harness.clock.advance(700)
    look(counter)
    return payments


def badge(counter: Counter) -> NavButton:
    return part(counter.window, NavButton, "go-attention")


def test_it_is_counted_and_said_as_it_becomes_more(counter: Counter, reader: ScreenReader) -> None:
    assert badge(counter).count == ""
    [payment] = unsure(counter, ALICE)
    assert (badge(counter).count, badge(counter).accessibleName()) == ("1", "Attention: 1 thing needs a person")
    look(counter)
    said = [(one.words, one.politeness) for one in reader.heard if "needs a person" in one.words]
    assert said == [("1 thing needs a person.", POLITE)]
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: badge(counter).count == "", timeout=10_000)
    assert badge(counter).accessibleName() == "Attention"


def test_nobody_is_told_while_the_till_is_locked(counter: Counter, reader: ScreenReader) -> None:
    hire(counter.harness.till, Role.OPERATOR)
    counter.harness.till.operators.sign_in(counter.harness.till.operators.all()[0], "1111")
    counter.ask("2", ALICE)
    counter.window.lock.lock()
    counter.harness.clock.advance(700)
    look(counter)
    assert badge(counter).count == "1"
    assert not any("needs a person" in words for words in reader.words)


def shown(counter: Counter) -> str:
    return counter.window.page.objectName()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)


def test_from_the_list_to_the_payment_and_back_to_the_next_row(counter: Counter) -> None:
    first, second = unsure(counter, ALICE, BRIAN)
    press(Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier)
    assert shown(counter) == "attentionPage"
    table = part(counter.window, AttentionTable, "attentionTable")
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 2 and table.hasFocus())
    press(Qt.Key.Key_Return)
    check = part(counter.window, QAbstractButton, "detailCheck")
    counter.qtbot.waitUntil(check.hasFocus)
    assert shown(counter) == "paymentsPage"
    assert part(counter.window, QAbstractButton, "detailBack").text() == "Back to Attention"
    counter.hear(first, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: not check.isVisible())
    part(counter.window, QAbstractButton, "detailCopy").setFocus()
    press(Qt.Key.Key_Escape)
    assert shown(counter) == "attentionPage"
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    assert table.hasFocus()
    assert table.current is not None
    assert table.current.payment is not None
    assert table.current.payment.id == second.id
    press(Qt.Key.Key_Escape)
    assert shown(counter) == "attentionPage", "nobody was led here"


def keep_money(transaction: Transaction) -> None:
    file_id = transaction.add_record_file(FILE)
    transaction.keep_rows(file_id, [ROW], [])


def test_money_without_a_prompt_leads_to_its_list(counter: Counter) -> None:
    counter.harness.till.writer.run(keep_money)
    counter.window.go("attention")
    table = part(counter.window, AttentionTable, "attentionTable")
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    counter.qtbot.waitUntil(lambda: badge(counter).count == "1")
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert shown(counter) == "statementPage"
    money = counter.window.page.findChild(MoneyPart)
    assert money is not None
    counter.qtbot.waitUntil(money.isVisible)
    counter.window.go("attention")
    counter.qtbot.waitUntil(table.hasFocus)


def test_a_look_from_before_that_ends_on_the_open_page_leaves_enter_alive(counter: Counter) -> None:
    watch = counter.window.findChild(AttentionWatch)
    assert watch is not None
    counter.qtbot.waitUntil(lambda: watch.latest is not None and not watch.looks)
    nothing = watch.latest
    counter.harness.till.writer.run(keep_money)
    counter.window.go("attention")
    watch.told.emit(nothing)
    table = part(counter.window, AttentionTable, "attentionTable")
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert shown(counter) == "statementPage"


def test_esc_leads_back_from_where_somebody_was_led_and_only_from_there(counter: Counter) -> None:
    window = counter.window
    window.go("attention")
    page = part(window, AttentionPage, "attentionPage")
    for wanted, name in ((page.day_wanted, "dayPage"), (page.statement_wanted, "statementPage")):
        wanted.emit()
        assert shown(counter) == name
        QTest.keyClick(part(window, QWidget, name), Qt.Key.Key_Escape)
        assert shown(counter) == "attentionPage"
    page.day_wanted.emit()
    window.go("takings")
    QTest.keyClick(window.page, Qt.Key.Key_Escape)
    assert shown(counter) == "takingsPage"
