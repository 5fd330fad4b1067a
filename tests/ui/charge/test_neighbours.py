"""What is meant by "this payment" and "the last one": receipts, checks, warnings and asking again, by key or button."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result, Unanswered
from pos_app.messages import counter as words
from pos_app.ui.charge.guard_banner import GuardBanner
from pos_app.ui.payments.detail import ANSWERED
from pos_app.ui.payments.model import PaymentsModel
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.payments.table import PaymentsTable
from pos_app.ui.widgets.nav_button import NavButton
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.toast import Toast
from tests.ui.counter import Counter

PHONE = "0712345678"
OTHER = "0722333444"
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def until_shown(counter: Counter, panel: str) -> None:
    counter.qtbot.waitUntil(lambda: counter.shown() == panel)


def paid(counter: Counter, phone: str = PHONE) -> Payment:
    payment = counter.ask("2", phone)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F2)
    return payment


def receipts(counter: Counter) -> list[int]:
    """The receipts that are asked for from now on."""
    wanted: list[int] = []
    counter.page.receipt_wanted.disconnect(counter.window.show_receipt)
    counter.page.receipt_wanted.connect(wanted.append)
    return wanted


def toast(counter: Counter) -> str:
    return counter.part(Toast, "toast").words


def payments_page(counter: Counter, payment: Payment) -> PaymentsPage:
    """The page of payments, with one of them shown."""
    counter.window.go("payments")
    page = counter.part(PaymentsPage, "paymentsPage")
    table = counter.part(PaymentsTable, "paymentsTable")
    model = table.model()
    assert isinstance(model, PaymentsModel)
    counter.qtbot.waitUntil(lambda: model.row_of(payment) is not None)
    table.go_to_row(model.row_of(payment) or 0)
    return page


# --- receipts ------------------------------------------------------------------------------------------


def test_f9_on_a_payment_that_is_not_paid_opens_nobody_elses_receipt(counter: Counter) -> None:
    paid(counter)
    wanted = receipts(counter)
    mine = counter.ask("1", OTHER)
    assert counter.shown() == "progress"
    counter.function(Qt.Key.Key_F9)
    assert counter.part(Notice, "progressNotice").words == words.NO_RECEIPT
    counter.part(QTimer, "saidTimer").timeout.emit()  # what to tell the customer has its room again
    assert not counter.part(Notice, "progressNotice").isVisible()
    counter.hear(mine, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F9)
    assert counter.part(Notice, "resultNotice").words == words.NO_RECEIPT
    assert wanted == []


def test_f9_says_which_receipt_it_is_where_no_payment_is_shown(counter: Counter) -> None:
    wanted = receipts(counter)
    counter.function(Qt.Key.Key_F9)
    assert toast(counter) == words.NO_RECEIPT_YET
    payment = paid(counter)
    counter.function(Qt.Key.Key_F9)
    assert wanted == [payment.id]
    assert toast(counter) == f"Last receipt: {payment.number}, KES 250, 0712 ••• 678"


def test_f9_on_another_page_is_the_last_receipt_whatever_the_hidden_panel_shows(counter: Counter) -> None:
    first, last = paid(counter), paid(counter, OTHER)
    wanted = receipts(counter)
    counter.page.show_payment(counter.page.active.newest(first))
    counter.window.go("posts")
    counter.function(Qt.Key.Key_F9)
    assert wanted == [last.id]
    assert toast(counter).startswith(f"Last receipt: {last.number}")


def test_f9_among_the_payments_means_the_one_that_is_shown(counter: Counter) -> None:
    paid(counter)
    mine = counter.ask("1", OTHER)
    counter.hear(mine, Result.CANCELLED, "1032")
    wanted = receipts(counter)
    payments_page(counter, mine)
    for key, modifiers in ((Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_P, CONTROL)):
        counter.part(QLabel, "detailWords").clear()
        counter.press(key, modifiers=modifiers)
        assert counter.part(QLabel, "detailWords").text() == words.NOT_PAID_NO_RECEIPT
    assert wanted == []


def test_among_the_payments_the_keys_mean_the_one_that_is_shown_wherever_the_cursor_is(counter: Counter) -> None:
    """With the cursor on the navigation, F9 once showed another customer's receipt."""
    paid(counter)
    mine = counter.ask("1", OTHER)
    counter.hear(mine, Result.CANCELLED, "1032")
    wanted = receipts(counter)
    page = payments_page(counter, mine)
    place = next(button for button in counter.window.findChildren(NavButton) if button.isVisible())
    place.setFocus()
    assert not page.isAncestorOf(counter.window.focusWidget())
    said = counter.part(QLabel, "detailWords")
    counter.function(Qt.Key.Key_F9)
    assert said.text() == words.NOT_PAID_NO_RECEIPT
    counter.function(Qt.Key.Key_F5)
    assert said.text() == ANSWERED
    assert (wanted, toast(counter)) == ([], "")
    assert not counter.part(Notice, "resultNotice").isVisibleTo(counter.page.result)


def test_f5_on_a_finished_payment_asks_about_no_other_one(counter: Counter) -> None:
    counter.ask("1", OTHER)
    counter.function(Qt.Key.Key_F2)
    mine = counter.ask("2", PHONE)
    counter.hear(mine, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F5)
    assert counter.part(Notice, "resultNotice").words == words.FINISHED
    counter.harness.till.reconciler.step()
    assert counter.harness.gateway.queries == []


def test_f5_says_which_payment_it_asks_about(counter: Counter) -> None:
    first = counter.ask("1", OTHER)
    counter.function(Qt.Key.Key_F2)
    counter.write("0712")
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: toast(counter) == words.asking_about_oldest(first))
    assert counter.shown() == "form"


def test_alt_left_goes_through_what_is_in_progress_and_nothing_that_is_finished(counter: Counter) -> None:
    counter.function(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert (toast(counter), counter.shown()) == (words.NOBODY_PAYS, "form")
    first = counter.ask("1", OTHER)
    counter.next_customer()
    paid(counter)
    last = counter.ask("1", "0733111222")
    seen: list[int] = []
    for _ in range(3):
        counter.function(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert counter.page.shown is not None
        seen.append(counter.page.shown.id)
    assert seen == [first.id, last.id, first.id]


# --- asking again ----------------------------------------------------------------------------------------


def test_ask_again_has_a_key_that_only_fills_the_form(counter: Counter) -> None:
    mine = counter.ask("2", PHONE)
    counter.hear(mine, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.enter()
    assert counter.shown() == "result"
    counter.chord("r")
    until_shown(counter, "form")
    assert counter.page.form.retry_of is not None
    assert counter.page.form.phone.text() == "0712 345 678"
    assert len(counter.harness.gateway.pushes) == 1


def test_the_payments_page_asks_again_by_filling_the_form(counter: Counter) -> None:
    mine = counter.ask("2", PHONE)
    counter.hear(mine, Result.CANCELLED, "1032")
    page = payments_page(counter, mine)
    counter.qtbot.waitUntil(lambda: counter.button("detailAgain").isVisible())
    counter.button("detailAgain").click()
    until_shown(counter, "form")
    assert not page.isVisible()
    assert counter.page.form.retry_of is not None
    assert counter.button("ask").text() == "Ask for KES 250"
    assert len(counter.harness.gateway.pushes) == 1


def test_a_paid_or_open_payment_is_not_asked_for_again(counter: Counter) -> None:
    mine = paid(counter)
    payments_page(counter, mine)
    assert not counter.button("detailAgain").isVisible()
    counter.chord("r")
    assert not counter.page.isVisible()


# --- the guard -------------------------------------------------------------------------------------------


def warned(counter: Counter, phone: str = PHONE) -> None:
    counter.function(Qt.Key.Key_F2)
    counter.choose("1")
    counter.write(phone)
    counter.enter()
    counter.qtbot.waitUntil(counter.part(GuardBanner, "guard").isVisible)


def test_ask_anyway_has_a_key_and_neither_enter_nor_a_hasty_hand_is_it(counter: Counter) -> None:
    paid(counter)
    warned(counter)
    counter.enter()
    counter.chord("r", CONTROL | SHIFT, gap=100)
    assert len(counter.harness.gateway.pushes) == 1
    counter.chord("r", CONTROL | SHIFT)
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 2)


def test_the_guards_ago_and_wait_go_on(counter: Counter) -> None:
    paid(counter)
    warned(counter)
    guard = counter.part(GuardBanner, "guard")
    before = guard.words
    counter.harness.clock.advance(60)
    counter.part(QTimer, "guardTimer").timeout.emit()
    assert guard.words != before
    assert "1:0" in guard.words
    assert counter.button("askAnyway").isVisible()


def test_the_guard_hears_what_became_of_the_payment(counter: Counter) -> None:
    mine = counter.ask("2", PHONE)
    warned(counter)
    guard = counter.part(GuardBanner, "guard")
    assert "the answer is not known yet" in guard.words
    assert not counter.button("askAnyway").isVisible()
    counter.hear(mine, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: "and has paid" in guard.words)
    assert counter.button("askAnyway").isVisible()


def test_a_payment_the_guard_did_not_see_changes_nothing(counter: Counter) -> None:
    other = counter.ask("2", OTHER)
    counter.function(Qt.Key.Key_F2)
    counter.ask("2", PHONE)
    warned(counter)
    before = counter.part(GuardBanner, "guard").words
    counter.hear(other, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.active.newest(other).state is State.PAID)
    assert counter.part(GuardBanner, "guard").blocks
    assert counter.part(GuardBanner, "guard").words.split(")")[0] == before.split(")")[0]


def test_a_push_without_an_answer_is_said_as_not_known(counter: Counter, qtbot: QtBot) -> None:
    counter.harness.gateway.push_answers.append(Unanswered(detail="ReadTimeout"))
    counter.ask("2", PHONE)
    warned(counter)
    assert "the answer is not known yet" in counter.part(GuardBanner, "guard").words
