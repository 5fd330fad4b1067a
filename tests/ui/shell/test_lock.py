"""The lock: who serves signs in, what lies below is hidden and takes no key, and payments go on."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Operator, Role
from pos_app.domain.payment_event import Result
from pos_app.domain.receipt import Mark
from pos_app.errors import PosError
from pos_app.messages.announcements import announcements
from pos_app.messages.counter import SIGN_IN_FIRST
from pos_app.ui.main_window import MainWindow
from pos_app.ui.receipt.dialog import ReceiptDialog
from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.recovery.forgotten import RecoverDialog
from pos_app.ui.statement.money_model import MoneyTable
from pos_app.ui.statement.page import StatementPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.toast import Toast
from tests.store.test_mpesa_record import FILE, ROW
from tests.support.builders import charge
from tests.support.staff import NAMES, PASSPHRASE, PINS, hire
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter, open_counter
from tests.ui.parts import part

PHONE = "0712345678"
PATIENCE = 5  # seconds


class Locked:
    """Somebody before the lock."""

    def __init__(self, counter: Counter, qtbot: QtBot) -> None:
        self.counter, self.window, self.qtbot = counter, counter.window, qtbot
        self.till = counter.harness.till

    def wait(self) -> "Locked":
        """Until it stands there, with somebody to choose."""
        self.qtbot.waitUntil(lambda: self.window.lock.locked and bool(self.page.findChildren(QWidget, "lockOwner")))
        return self

    @property
    def page(self) -> QWidget:
        assert self.window.lock.page is not None
        return self.window.lock.page

    @property
    def field(self) -> QLineEdit:
        return part(self.page, QLineEdit, "lockPin")

    def said(self) -> str:
        assert self.window.lock.page is not None
        return self.window.lock.page.trouble

    def type(self, text: str) -> None:
        """Type it and press Enter."""
        QTest.keyClicks(self.field, text)
        QTest.keyClick(self.field, Qt.Key.Key_Return)

    def type_without_enter(self, text: str) -> None:
        """Type it, and press nothing."""
        QTest.keyClicks(self.field, text)

    def sign_in(self, role: Role) -> None:
        """By touch: the name, the digits, the button."""
        operator = self.till.operators.named(NAMES[role])
        part(self.page, QWidget, f"lockOperator{operator.id}").click()  # type: ignore[attr-defined]
        for digit in PINS[role]:
            self.counter.button(f"lock{digit}").click()
        self.counter.button("lockOpen").click()
        self.qtbot.waitUntil(lambda: not self.window.lock.locked)


@pytest.fixture
def staff(harness: TillHarness) -> list[Operator]:
    return hire(harness.till)


@pytest.fixture
def locked(
    harness: TillHarness, posts: list[Post], staff: list[Operator], theme: ThemeManager, tasks: Tasks,
    events: TillEvents, qtbot: QtBot,
) -> Iterator[Locked]:  # fmt: skip
    """The till of a shop with operators has just opened."""
    with open_counter(harness, tasks, events, qtbot) as counter:
        yield Locked(counter, qtbot).wait()


def test_an_owner_who_has_forgotten_the_passphrase_finds_a_way_out_at_the_lock(locked: Locked, qtbot: QtBot) -> None:
    forgotten = locked.counter.button("lockForgotten")
    assert not forgotten.isVisible()
    locked.counter.button("lockOwner").click()
    assert forgotten.isVisible()
    code = locked.till.owner.passphrase.renew_code(PASSPHRASE)
    forgotten.click()
    dialog = locked.window.findChildren(RecoverDialog)[0]
    for name, text in (("recoverCode", code), ("recoverNew", "a long one"), ("recoverAgain", "a long one")):
        part(dialog, QLineEdit, name).setText(text)
    part(dialog, QAbstractButton, "recoverSet").click()
    qtbot.waitUntil(lambda: bool(locked.window.findChildren(RecoveryCodeDialog)))
    locked.counter.button("recoveryWritten").click()
    assert locked.window.lock.locked
    locked.type("a long one")
    qtbot.waitUntil(lambda: not locked.window.lock.locked)


def test_a_shop_without_operators_is_never_locked(counter: Counter) -> None:
    counter.function(Qt.Key.Key_F12)
    counter.qtbot.waitUntil(lambda: "no operators" in counter.part(Toast, "toast").words)
    assert not counter.window.lock.locked
    assert not counter.button("who").isVisible()
    payment = counter.ask("1", PHONE)
    assert payment.operator is None


def test_whoever_serves_signs_in_first_and_is_seen(locked: Locked) -> None:
    assert not locked.counter.page.isVisible()
    locked.type(PINS[Role.OPERATOR])
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)
    assert locked.counter.button("who").text() == "Amina"
    payment = locked.counter.ask("1", PHONE)
    assert payment.operator == "Amina"


@pytest.mark.parametrize("key", [Qt.Key.Key_F12, Qt.Key.Key_L])
def test_the_next_one_is_served_by_who_signs_in_next(locked: Locked, key: Qt.Key) -> None:
    locked.sign_in(Role.OPERATOR)
    control = Qt.KeyboardModifier.ControlModifier
    none = Qt.KeyboardModifier.NoModifier
    locked.counter.function(key, control if key is Qt.Key.Key_L else none)
    locked.wait()
    assert locked.till.authority.signed_in() is None
    locked.sign_in(Role.SUPERVISOR)
    assert locked.counter.button("who").text() == "Brian"
    assert locked.counter.ask("1", PHONE).operator == "Brian"


def test_a_wrong_pin_says_how_many_tries_are_left_and_keeps_nothing(locked: Locked) -> None:
    locked.type("9999")
    locked.qtbot.waitUntil(lambda: "Wrong PIN. 4 tries left." in locked.said())
    assert locked.field.text() == ""
    locked.type("99")
    locked.qtbot.waitUntil(lambda: "4 to 8 digits" in locked.said())
    locked.type("9999")
    locked.qtbot.waitUntil(lambda: "3 tries left" in locked.said())
    assert locked.window.lock.locked


def test_up_and_down_choose_who_and_the_last_is_the_owner_by_the_passphrase(locked: Locked) -> None:
    QTest.keyClick(locked.field, Qt.Key.Key_Up)
    assert locked.field.placeholderText() == "The owner's passphrase"
    locked.type("a guess")
    locked.qtbot.waitUntil(lambda: "not the owner's passphrase" in locked.said())
    locked.type(PASSPHRASE)
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)
    assert locked.counter.button("who").text() == "Owner"
    QTest.keyClick(locked.window, Qt.Key.Key_F12)
    locked.wait()
    QTest.keyClick(locked.field, Qt.Key.Key_Down)
    locked.type(PINS[Role.SUPERVISOR])
    locked.qtbot.waitUntil(lambda: locked.counter.button("who").text() == "Brian")


KEYS = [
    *((key, "") for key in (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F9)),
    *((key, "") for key in (Qt.Key.Key_F10, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab)),
    *((Qt.Key(ord(digit)), digit) for digit in "0712345678"),
    (Qt.Key.Key_W, "w"),
]


def test_no_key_reaches_what_lies_below(locked: Locked) -> None:
    locked.sign_in(Role.OPERATOR)
    locked.counter.choose("1")
    locked.counter.write("0712")
    locked.counter.function(Qt.Key.Key_F12)
    locked.wait()
    for key, text in KEYS:
        locked.counter.press(key, text)
        QTest.keyClick(locked.window, key)
    for digit in "12":
        locked.counter.chord(digit)
    locked.counter.scan("4006381333931")
    assert locked.window.lock.locked
    assert locked.window.page is locked.counter.page
    assert not [dialog for dialog in locked.window.findChildren(QWidget, "helpPanel") if dialog.isVisible()]
    locked.field.clear()
    locked.sign_in(Role.OPERATOR)
    assert locked.counter.chosen() == "Day pass"  # as it was left
    assert locked.counter.page.form.phone.edit.text().replace(" ", "") == "0712"
    assert locked.counter.harness.gateway.pushes == []


def test_a_form_that_the_lock_has_closed_leaves_the_keyboard_to_its_page(locked: Locked) -> None:
    locked.sign_in(Role.SUPERVISOR)
    with locked.counter.harness.database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
    locked.window.go("statement")
    page = locked.window.page
    assert isinstance(page, StatementPage)
    page.open_unprompted()
    table = part(page, MoneyTable, "moneyTable")
    locked.qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    locked.counter.button("moneyBind").click()
    locked.qtbot.waitUntil(lambda: part(page, QLineEdit, "bindFind").isVisible())
    part(page, QLineEdit, "bindFind").setFocus()
    locked.window.lock.lock()
    locked.wait()
    locked.sign_in(Role.SUPERVISOR)
    assert locked.window.focusWidget() is table


def test_payments_go_on_and_are_told_without_name_number_or_amount(locked: Locked) -> None:
    locked.sign_in(Role.OPERATOR)
    payment = locked.counter.ask("2", PHONE)
    locked.counter.function(Qt.Key.Key_F12)
    locked.wait()
    going_on, news = (part(locked.page, QLabel, name) for name in ("lockGoingOn", "lockNews"))
    assert going_on.text() == "1 payment in progress."
    locked.counter.hear(payment, Result.SUCCESS)
    locked.qtbot.waitUntil(lambda: going_on.text() == "No payment in progress.")
    assert news.text().endswith("Paid")
    shown = " ".join(label.text() for label in locked.window.findChildren(QLabel) if label.isVisible())
    for hidden in ("712", "678", "250", payment.number, "Week pass"):
        assert hidden not in shown, shown


def test_receipts_and_menus_go_when_it_locks(locked: Locked) -> None:
    locked.sign_in(Role.OPERATOR)
    payment = locked.counter.ask("2", PHONE)
    locked.counter.hear(payment, Result.SUCCESS)
    locked.window.show_receipt(payment.id)
    locked.qtbot.waitUntil(lambda: bool(locked.window.findChildren(ReceiptDialog)))
    [receipt] = locked.window.findChildren(ReceiptDialog)
    receipt.activateWindow()
    locked.qtbot.waitUntil(lambda: QApplication.activeWindow() is receipt)
    QTest.keyClick(receipt, Qt.Key.Key_F12)
    locked.wait()
    locked.qtbot.waitUntil(
        lambda: not [dialog for dialog in locked.window.findChildren(ReceiptDialog) if dialog.isVisible()]
    )


def press(window: QWidget, key: Qt.Key) -> None:
    """A key as the system hands it to a window."""
    QTest.keyClick(window.windowHandle(), key)


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)],
)
def test_it_locks_from_a_dialog_that_keeps_keys_from_the_window(
    locked: Locked, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    locked.sign_in(Role.OPERATOR)
    files = QDialog(locked.window)
    files.setModal(True)
    files.show()
    locked.qtbot.waitUntil(lambda: QApplication.activeWindow() is files)
    QTest.keyClick(files.windowHandle(), key, modifier)
    locked.wait()
    assert not files.isVisible()


def test_it_locks_by_itself_when_nobody_touches_it(locked: Locked) -> None:
    locked.window.lock.lock_after(0.2)
    locked.sign_in(Role.OPERATOR)
    locked.wait()


def test_who_has_a_new_pin_while_signed_in_signs_in_again_at_the_next_act(
    locked: Locked, staff: list[Operator]
) -> None:
    locked.sign_in(Role.OPERATOR)
    locked.till.operators.set_pin(staff[0], "9999", PASSPHRASE)
    locked.counter.choose("1")
    locked.counter.write(PHONE)
    locked.counter.enter()
    locked.wait()
    assert locked.counter.harness.gateway.pushes == []
    locked.type("9999")
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)
    locked.counter.enter()  # what was typed is found again
    locked.qtbot.waitUntil(lambda: bool(locked.counter.page.active.payments()))


def test_who_is_switched_off_while_signed_in_is_locked_out_at_the_next_act(
    locked: Locked, staff: list[Operator]
) -> None:
    locked.sign_in(Role.OPERATOR)
    locked.till.operators.change(staff[0], PASSPHRASE, active=False)
    locked.counter.choose("1")
    locked.counter.write(PHONE)
    locked.counter.enter()
    locked.wait()
    assert locked.counter.harness.gateway.pushes == []
    locked.qtbot.waitUntil(lambda: not locked.page.findChildren(QWidget, f"lockOperator{staff[0].id}"))


def test_operators_that_are_added_meanwhile_lock_the_till_at_the_next_act(counter: Counter, qtbot: QtBot) -> None:
    hire(counter.harness.till)
    counter.choose("1")
    counter.write(PHONE)
    counter.enter()
    Locked(counter, qtbot).wait().sign_in(Role.OPERATOR)
    assert counter.part(Notice, "chargeTrouble").words == SIGN_IN_FIRST  # in its place, and nowhere else
    assert not counter.part(Toast, "toast").isVisible()
    counter.enter()
    qtbot.waitUntil(lambda: bool(counter.page.active.payments()))
    assert counter.page.active.payments()[0].operator == "Amina"


def test_where_the_last_operator_is_switched_off_nobody_is_locked_out(locked: Locked, staff: list[Operator]) -> None:
    for operator in staff:
        locked.till.operators.change(operator, PASSPHRASE, active=False)
    locked.type("1111")
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)
    assert charge(locked.till, 1, PHONE).operator is None


def test_a_till_that_closes_while_it_is_locked_says_what_is_left(locked: Locked) -> None:
    locked.window.show_closed(["1 payment waits."])
    assert not locked.window.lock.locked
    assert not locked.counter.page.isVisible()


def test_an_answer_that_comes_while_the_till_closes_is_no_fault(locked: Locked) -> None:
    locked.sign_in(Role.OPERATOR)
    payment = locked.counter.ask("2", PHONE)
    locked.window.lock.end()
    locked.counter.hear(payment, Result.SUCCESS)
    locked.qtbot.waitUntil(lambda: locked.counter.page.shown is not None and not locked.counter.page.shown.state.open)


def test_a_screen_reader_hears_what_became_of_a_payment_and_not_whose(locked: Locked) -> None:
    locked.sign_in(Role.OPERATOR)
    payment = locked.counter.ask("2", PHONE)
    assert announcements([payment], Mark.NONE, locked=True) == "Waiting for customer's PIN."
    assert "678" in announcements([payment], Mark.NONE)


def test_a_till_that_slept_all_night_is_locked_at_the_first_touch(locked: Locked) -> None:
    locked.window.lock.lock_after(600)
    locked.sign_in(Role.OPERATOR)
    locked.counter.harness.clock.sleep(8 * 3_600)
    press(locked.window, Qt.Key.Key_F6)
    locked.wait()
    assert locked.window.page is locked.counter.page  # the key went nowhere


def test_whoever_works_is_not_locked_out_also_in_a_window_of_its_own(locked: Locked) -> None:
    locked.window.lock.lock_after(600)
    locked.sign_in(Role.OPERATOR)
    payment = locked.counter.ask("2", PHONE)
    locked.counter.hear(payment, Result.SUCCESS)
    locked.window.show_receipt(payment.id)
    locked.qtbot.waitUntil(lambda: bool(locked.window.findChildren(ReceiptDialog)))
    [receipt] = locked.window.findChildren(ReceiptDialog)

    def work_in(window: QWidget) -> None:
        window.activateWindow()
        locked.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        for _ in range(2):
            locked.counter.harness.clock.sleep(400)
            press(window, Qt.Key.Key_Shift)

    work_in(receipt)
    work_in(locked.window)
    assert not locked.window.lock.locked


def test_an_operator_who_is_added_at_another_till_can_sign_in_where_it_is_locked(locked: Locked) -> None:
    locked.window.lock._look.setInterval(50)
    locked.window.lock._look.start()
    locked.type_without_enter("11")
    locked.till.operators.add("Zawadi", Role.OPERATOR, "4444", PASSPHRASE)
    locked.qtbot.waitUntil(lambda: bool(locked.page.findChildren(QWidget, "lockOperator4")))
    assert locked.field.text() == "11"  # what somebody types meanwhile stays
    part(locked.page, QAbstractButton, "lockOwner").click()
    locked.type_without_enter("mama")
    locked.till.operators.add("Zuhura", Role.OPERATOR, "5555", PASSPHRASE)
    locked.qtbot.waitUntil(lambda: bool(locked.page.findChildren(QWidget, "lockOperator5")))
    assert locked.field.placeholderText() == "The owner's passphrase"
    locked.type(PASSPHRASE.removeprefix("mama"))
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)


@pytest.mark.parametrize("staffed", [True, False])
def test_while_it_is_not_known_who_serves_nothing_is_shown(
    harness: TillHarness, posts: list[Post], theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch, staffed: bool,
) -> None:  # fmt: skip
    def fail() -> list[Operator]:
        raise PosError("The database does not answer.")

    if staffed:
        hire(harness.till)
    with monkeypatch.context() as broken:
        broken.setattr(harness.till.operators, "all", fail)
        with open_counter(harness, tasks, events, qtbot) as counter:
            locked = Locked(counter, qtbot)
            qtbot.waitUntil(lambda: locked.window.lock.locked and "does not answer" in locked.said())
            assert not counter.page.isVisible()
            broken.undo()
            locked.window.lock._read_operators()
            if staffed:
                locked.wait().sign_in(Role.OPERATOR)
            qtbot.waitUntil(counter.page.isVisible)


def test_a_database_that_cannot_be_read_is_said_and_read_again(locked: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[Operator]:
        raise PosError("The database does not answer.")

    locked.sign_in(Role.OPERATOR)
    with monkeypatch.context() as broken:
        broken.setattr(locked.till.operators, "all", fail)
        locked.window.lock.lock()
        locked.qtbot.waitUntil(lambda: "does not answer" in locked.said())
    locked.window.lock._read_operators()
    locked.wait().type(PINS[Role.OPERATOR])
    locked.qtbot.waitUntil(lambda: not locked.window.lock.locked)


def test_a_pin_that_is_typed_while_the_till_still_opens_stands_nowhere(
    harness: TillHarness, posts: list[Post], staff: list[Operator], theme: ThemeManager, tasks: Tasks,
    events: TillEvents, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked, may_answer, read = threading.Event(), threading.Event(), harness.till.operators.all

    def slow() -> list[Operator]:
        asked.set()
        may_answer.wait(PATIENCE)
        return read()

    def type_early(window: MainWindow) -> None:
        qtbot.waitUntil(asked.is_set)
        QTest.keyClicks(QApplication.focusWidget() or window, PINS[Role.OPERATOR])
        may_answer.set()

    monkeypatch.setattr(harness.till.operators, "all", slow)
    with open_counter(harness, tasks, events, qtbot, type_early) as counter:
        locked = Locked(counter, qtbot).wait()
        fields = counter.page.findChildren(QLineEdit)
        assert [field.objectName() for field in fields if field.text()] == []
        locked.sign_in(Role.OPERATOR)
        assert counter.page.isVisible()
