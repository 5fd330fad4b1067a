"""Serving customers with the keyboard, on a real till."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_event import NotSent, Result, Settlement, Unanswered
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.messages import window as window_words
from pos_app.messages.remarks import remark_words
from pos_app.sales.owner import Decision
from pos_app.ui.charge.active_card import ActiveCard
from pos_app.ui.charge.active_payments import KEEP
from pos_app.ui.charge.guard_banner import GuardBanner
from pos_app.ui.charge.page import PAID_SHOWN
from pos_app.ui.charge.slow_saving import SLOW
from pos_app.ui.main_window import SMALLEST
from pos_app.ui.payments.filter import TO_LOOK_AT
from pos_app.ui.payments.model import PaymentsModel
from pos_app.ui.payments.table import PaymentsTable
from pos_app.ui.style.state_style import state_style
from pos_app.ui.tasks import Lane
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.payment_head import PaymentHead
from pos_app.ui.widgets.steps import Steps
from tests.ui.counter import Counter
from tests.ui.parts import part

PHONE = "0712345678"
CONTROL = Qt.KeyboardModifier.ControlModifier


def until_shown(counter: Counter, panel: str) -> None:
    counter.qtbot.waitUntil(lambda: counter.shown() == panel)


def head(counter: Counter) -> str:
    return counter.part(PaymentHead, "resultHead").words


# --- typing ------------------------------------------------------------------------------------------


def test_a_charge_takes_a_key_a_number_and_enter(counter: Counter) -> None:
    counter.choose("2")
    assert counter.page.form.phone.edit.hasFocus()
    counter.write(PHONE)
    assert counter.page.form.phone.text() == "0712 345 678"
    assert counter.button("ask").text() == "Ask for KES 250"
    counter.enter()
    until_shown(counter, "progress")
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)
    push = counter.harness.gateway.pushes[0]
    assert (push.phone, push.amount, push.title) == ("254712345678", 250, "Week pass")


def test_letters_find_a_post_wherever_the_cursor_is(counter: Counter) -> None:
    counter.choose("2")
    counter.write("tea")
    assert counter.page.grid.search.edit.text() == "tea"
    counter.enter()
    assert counter.chosen() == "Week pass + Tea"
    assert counter.page.grid.search.edit.text() == ""


def test_the_key_of_no_post_is_told(counter: Counter) -> None:
    counter.choose("9")
    assert counter.chosen() == ""
    assert counter.page.grid.search.edit.text() == counter.page.form.phone.text() == ""
    assert "Ctrl 9" in counter.part(Notice, "chargeHint").words


def test_t21_a_scan_goes_to_the_post_whatever_has_the_focus(counter: Counter) -> None:
    counter.choose("2")
    counter.write("0712 345 67")
    counter.scan("4006381333931")
    assert counter.chosen() == "Week pass + Tea"
    assert counter.page.form.phone.text() == "0712 345 67"
    assert counter.harness.gateway.pushes == []


@pytest.mark.parametrize("code", ["2000000000008", "1234567890128", "0712345678901", "9990001112223"])
@pytest.mark.parametrize("phone", ["", PHONE])
@pytest.mark.parametrize("focus", ["phone", "findPost", "ask"])
def test_t21_a_scan_of_an_unknown_code_changes_neither_the_post_nor_the_phone(
    counter: Counter, code: str, phone: str, focus: str
) -> None:
    """Its first digit may be another post's key: whoever does not look would ask for another price."""
    counter.choose("4")
    counter.write(phone)
    counter.part(QWidget, focus).setFocus()
    before = (counter.button("ask").text(), counter.page.form.phone.text())
    counter.scan(code)
    assert (counter.button("ask").text(), counter.page.form.phone.text()) == before
    assert counter.page.grid.search.edit.text() == code
    counter.enter()
    assert counter.shown() == "form"
    assert counter.harness.gateway.pushes == []


def test_a_scan_does_not_forget_who_is_asked_again(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.button("askAgain").click()
    until_shown(counter, "form")
    counter.page.grid.search.setFocus()
    counter.scan("4000000000008")
    assert counter.page.form.retry_of is not None
    assert counter.button("ask").text() == "Ask for KES 250"


def test_t21_the_enter_of_a_scan_never_presses_the_button(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.scan("4006381333931")
    assert counter.shown() == "form"
    assert counter.page.form.phone.text() == "0712 345 678"
    assert counter.harness.till.reader.open_payments("A") == []


def test_an_unknown_code_is_shown_as_not_found(counter: Counter) -> None:
    counter.scan("5012345678900")
    assert counter.page.grid.search.edit.text() == "5012345678900"
    assert counter.chosen() == ""


def test_t21_held_and_repeated_enter_charge_once(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.enter(repeat=True)
    assert counter.shown() == "form"
    counter.enter()
    counter.press(Qt.Key.Key_Return, "\r")
    until_shown(counter, "progress")
    counter.press(Qt.Key.Key_Return, "\r")
    counter.enter()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)
    assert len(counter.harness.till.reader.open_payments("A")) == 1


def test_control_enter_asks_from_any_field(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.page.grid.search.setFocus()
    counter.page.grid.search.edit.setText("tea")
    counter.harness.clock.advance(1)
    counter.press(Qt.Key.Key_Return, "\r", modifiers=CONTROL)
    until_shown(counter, "progress")


def test_an_incomplete_number_is_told_and_nothing_leaves(counter: Counter) -> None:
    counter.choose("2")
    counter.write("071234")
    counter.enter()
    assert "not complete" in counter.part(Notice, "chargeTrouble").words
    assert not counter.button("ask").isEnabled()
    counter.write("5")
    assert not counter.part(Notice, "chargeTrouble").isVisible()


def test_recent_customers_are_masked_and_fill_the_phone(counter: Counter) -> None:
    counter.ask("1", PHONE)
    counter.qtbot.waitUntil(lambda: counter.button("recent1").text() == "0712 ••• 678")
    counter.function(Qt.Key.Key_F2)
    counter.choose("1")
    counter.chord("1", Qt.KeyboardModifier.AltModifier)
    assert counter.page.form.phone.msisdn() == "254712345678"


# --- results -----------------------------------------------------------------------------------------


def test_paid_takes_the_panel_over_and_makes_room_by_itself(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    assert counter.shown() == "progress"
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    assert head(counter) == "Paid"
    assert PAID_SHOWN == 6_000
    counter.part(QTimer, "paidTimer").start(1)
    until_shown(counter, "form")
    assert counter.page.form.pristine


@pytest.mark.parametrize("key", ["\r", "x", "2"])
def test_any_key_after_paid_serves_the_next_customer(counter: Counter, key: str) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.press(Qt.Key.Key_Return if key == "\r" else Qt.Key(ord(key.upper())), key)
    assert counter.shown() == "form"
    assert len(counter.harness.gateway.pushes) == 1
    assert counter.page.grid.search.edit.text() == ("x" if key == "x" else "")
    assert counter.page.form.phone.text() == ("2" if key == "2" else "")
    assert counter.chosen() == ""


def test_who_serves_the_next_customer_sees_every_post_again(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.page.grid.search.edit.setText("nothing of that name")
    counter.page.form.press()
    until_shown(counter, "progress")
    counter.function(Qt.Key.Key_Escape)
    assert counter.shown() == "form"
    assert counter.page.grid.search.edit.text() == ""


def test_a_result_does_not_interrupt_the_next_customer(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_Escape)
    assert counter.shown() == "form"
    counter.choose("1")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.active.payments()[0].state is State.PAID)
    assert counter.shown() == "form"


def test_a_result_comes_back_while_nobody_types(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_Escape)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    assert head(counter) == "Not paid: customer cancelled"


def test_a_payment_nobody_waits_for_stays_in_progress(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.button("stopWaiting").click()
    assert counter.part(Notice, "progressNotice").words == counter_words.STOP_WAITING
    assert counter.shown() == "progress"
    counter.button("stopWaitingNow").click()
    counter.hear(payment, Result.CANCELLED, "1032")
    counter.qtbot.waitUntil(lambda: counter.page.active.payments()[0].state is State.CANCELLED)
    assert counter.shown() == "form"


def test_no_panel_takes_enter(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.enter()
    assert counter.shown() == "result"
    assert len(counter.harness.gateway.pushes) == 1


def test_an_unanswered_push_is_not_sure(counter: Counter) -> None:
    counter.harness.gateway.push_answers.append(Unanswered(detail="ReadTimeout"))
    counter.ask("2", PHONE)
    until_shown(counter, "result")
    assert head(counter) == "Not sure yet - do not send again"
    assert not counter.button("checkResult").isEnabled()
    assert not counter.button("askAgain").isVisible()
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: counter.part(Notice, "resultNotice").words == words.NO_NUMBER)


def test_another_amount_needs_checking(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS, amount=200)
    until_shown(counter, "result")
    assert head(counter) == "Needs checking"
    counter.qtbot.waitUntil(lambda: counter.button("attention").isVisible())
    assert counter.button("attention").text() == "1 to check"
    counter.function(Qt.Key.Key_F2)
    counter.button("attention").click()
    assert counter.shown() == "result"
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: counter.part(Notice, "resultNotice").words == counter_words.ASKED_OWNER_SETTLES)


def test_stop_waiting_hands_the_focus_to_what_it_offers(counter: Counter) -> None:
    counter.ask("2", PHONE)
    stop = counter.button("stopWaiting")
    stop.setFocus()
    counter.press(Qt.Key.Key_Space, " ")
    stop.click()
    assert counter.window.focusWidget() is counter.button("stopWaitingNow")
    assert counter.shown() == "progress"


def test_check_now_asks_mpesa(counter: Counter) -> None:
    counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: counter.part(Notice, "progressNotice").words == counter_words.IS_ASKED_NOW)

    def asked() -> bool:
        counter.harness.till.reconciler.step()
        return len(counter.harness.gateway.queries) == 1

    counter.qtbot.waitUntil(asked)


# --- asking again ------------------------------------------------------------------------------------


def test_asking_again_fills_the_form_and_leaves_the_sending_to_the_button(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.button("askAgain").click()
    until_shown(counter, "form")
    assert counter.page.form.retry_of is not None
    assert counter.page.form.phone.msisdn() == "254712345678"
    assert len(counter.harness.gateway.pushes) == 1
    counter.enter()
    counter.qtbot.waitUntil(lambda: len(counter.page.active.payments()) == 2)
    assert counter.page.active.payments()[0].retry_of == payment.id


def test_another_phone_is_not_the_same_customer_again(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.button("askAgain").click()
    until_shown(counter, "form")
    counter.press(Qt.Key.Key_Backspace, "\b")
    counter.write("9")
    assert counter.page.form.retry_of is None


def test_after_no_answer_asking_again_waits_and_then_asks_mpesa(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.EXPIRED, "1037")
    until_shown(counter, "result")
    again = counter.button("askAgain")
    assert not again.isEnabled()
    assert again.text().startswith("Ask again in ")
    counter.harness.clock.advance(125)
    counter.page.active.ticked.emit()
    assert again.isEnabled()
    again.click()
    counter.qtbot.waitUntil(lambda: "still working" in counter.part(Notice, "resultNotice").words)
    assert counter.harness.gateway.queries == [payment.checkout_request_id]
    assert counter.shown() == "result"


def test_not_sent_may_be_asked_again_at_once(counter: Counter) -> None:
    counter.harness.gateway.push_answers.append(NotSent("unreachable"))
    counter.ask("2", PHONE)
    until_shown(counter, "result")
    assert head(counter) == "Not sent"
    counter.button("askAgain").click()
    until_shown(counter, "form")


# --- the day's figures ----------------------------------------------------------------------------------


def today(counter: Counter) -> str:
    return counter.part(QLabel, "todayAmount").text()


def test_the_figures_are_the_new_day_s_before_anything_is_sold_in_it(counter: Counter) -> None:
    counter.hear(counter.ask("2", PHONE), Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: today(counter) == "KES 250")
    counter.part(QTimer, "dayTimer").timeout.emit()
    counter.harness.clock.advance(24 * 3_600)
    assert today(counter) == "KES 250"
    counter.part(QTimer, "dayTimer").timeout.emit()
    counter.qtbot.waitUntil(lambda: today(counter) == "KES 0")
    assert counter.part(QTimer, "dayTimer").isActive()


def test_whoever_comes_back_to_the_counter_sees_what_others_sold(counter: Counter) -> None:
    counter.qtbot.waitUntil(lambda: today(counter) == "KES 0")
    counter.window.go("posts")
    read: list[object] = []
    counter.page.flow.totals.connect(read.append)
    counter.window.go("charge")
    counter.qtbot.waitUntil(lambda: bool(read))


# --- what was paid twice ------------------------------------------------------------------------------


def paid_twice(counter: Counter) -> Payment:
    """Asked for again after the customer had cancelled, and then both are paid: the later one is shown."""
    first = counter.ask("2", PHONE)
    counter.hear(first, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.chord("r")
    until_shown(counter, "form")
    counter.enter()
    counter.qtbot.waitUntil(lambda: counter.page.active.payments()[0].state is State.PROMPTED)
    second = counter.page.active.payments()[0]
    counter.hear(first, Result.SUCCESS)
    counter.hear(second, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.active.newest(second).refund_due)
    return counter.page.active.newest(second)


def test_what_was_paid_twice_looks_like_no_other_payment_and_stays(counter: Counter) -> None:
    double = paid_twice(counter)
    until_shown(counter, "result")
    assert head(counter) == "Paid twice: refund due"
    assert not counter.part(QTimer, "paidTimer").isActive()
    card = counter.part(ActiveCard, f"activeCard{double.id}")
    assert f"Paid twice: refund due · {double.receipt}" in [label.text() for label in card.findChildren(QLabel)]
    assert "Call the owner" in [label.text() for label in card.findChildren(QLabel)]
    assert state_style(double) != state_style(replace(double, remarks=frozenset()))
    assert words.pill_words(double) == "Refund due"
    counter.press(Qt.Key.Key_X, "x")
    assert counter.shown() == "form"


def test_what_was_paid_twice_is_reached_from_a_small_screen_and_among_the_payments(counter: Counter) -> None:
    double = paid_twice(counter)
    counter.window.resize(*SMALLEST)
    counter.qtbot.waitUntil(counter.part(QAbstractButton, "count-attention").isVisible)
    counter.next_customer()
    counter.part(QAbstractButton, "count-attention").click()
    assert counter.page.shown is not None
    assert counter.page.shown.id == double.id
    counter.window.go("payments")
    counter.part(ChoiceButton, "paymentsStates").choose(TO_LOOK_AT)
    model = counter.part(PaymentsTable, "paymentsTable").model()
    assert isinstance(model, PaymentsModel)
    counter.qtbot.waitUntil(lambda: [payment.id for payment in model.payments] == [double.id])


def test_a_paid_panel_stays_where_it_turns_out_that_somebody_must_look(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    assert counter.part(QTimer, "paidTimer").isActive()
    counter.hear(payment, Result.CANCELLED, "1032")
    counter.qtbot.waitUntil(lambda: counter.page.active.newest(payment).needs_attention)
    counter.qtbot.waitUntil(lambda: not counter.part(QTimer, "paidTimer").isActive())
    assert counter.shown() == "result"


def test_a_refund_that_is_worked_off_much_later_is_called_for_no_longer(counter: Counter) -> None:
    """The payment has left those just finished by then."""
    double = paid_twice(counter)
    counter.qtbot.waitUntil(lambda: counter.button("attention").isVisible())
    counter.harness.clock.advance(KEEP.total_seconds() + 1)
    part(counter.page, QTimer, "tick").timeout.emit()
    assert counter.page.active.payments() == []
    assert counter.shown() == "result"
    owner = counter.harness.till.owner
    owner.passphrase.choose("mama njeri 1987")
    owner.settle(double, "mama njeri 1987", Decision(settlement=Settlement.REFUNDED, why="given back"))
    counter.qtbot.waitUntil(lambda: not counter.button("attention").isVisible())
    assert remark_words(Remark.REFUNDED) in counter.part(QLabel, "resultRemarks").text()
    assert "a refund is due" not in " ".join(label.text() for label in counter.page.result.findChildren(QLabel))


# --- the guard ---------------------------------------------------------------------------------------


def test_the_guard_blocks_while_a_prompt_can_still_be_answered(counter: Counter) -> None:
    counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_F2)
    counter.choose("1")
    counter.write(PHONE)
    counter.enter()
    guard = counter.part(GuardBanner, "guard")
    counter.qtbot.waitUntil(guard.isVisible)
    assert "could charge twice" in guard.words
    assert not counter.button("ask").isEnabled()
    assert not counter.button("askAnyway").isVisible()
    counter.harness.clock.advance(200)
    counter.qtbot.waitUntil(lambda: not guard.isVisible(), timeout=3_000)
    assert counter.button("ask").isEnabled()
    assert len(counter.harness.gateway.pushes) == 1


def test_past_the_guard_leads_a_button_of_its_own(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F2)
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    guard = counter.part(GuardBanner, "guard")
    counter.qtbot.waitUntil(guard.isVisible)
    assert not counter.button("ask").isEnabled()
    counter.enter()
    assert guard.isVisible()
    assert len(counter.harness.gateway.pushes) == 1
    counter.button("askAnyway").click()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 2)


# --- active payments -----------------------------------------------------------------------------------


def test_the_card_brings_back_what_is_open_and_shows_it(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_F2)
    counter.function(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert counter.shown() == "progress"
    card: Any = counter.part(ActiveCard, f"activeCard{payment.id}")
    assert card.isChecked()
    counter.function(Qt.Key.Key_F2)
    card.click()
    assert counter.shown() == "progress"


def test_f9_shows_the_last_receipt(counter: Counter, qtbot: QtBot) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.page.receipt_wanted.disconnect(counter.window.show_receipt)
    with qtbot.waitSignal(counter.page.receipt_wanted) as signal:
        counter.function(Qt.Key.Key_F9)
    assert signal.args == [payment.id]


def test_typing_on_the_panel_of_a_payment_in_progress_serves_the_next_customer(counter: Counter) -> None:
    counter.ask("2", PHONE)
    counter.write("t")
    assert counter.shown() == "form"
    assert counter.page.grid.search.edit.text() == "t"


def test_a_late_success_says_so(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: head(counter) == "Paid late")
    assert remark_words(Remark.LATE) in counter.part(QLabel, "resultRemarks").text()


def test_t05_a_charge_that_is_long_in_saving_is_explained(counter: Counter) -> None:
    """Another program holds the database: nothing else on the screen would say why nothing happens."""
    gate, form = threading.Event(), counter.page.form
    counter.harness.till.writer.submit(lambda _: gate.wait(20))
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    assert not counter.part(Notice, "slowSaving").isVisible()
    assert counter.part(QTimer, "slowTimer").remainingTime() > SLOW / 2
    counter.part(QTimer, "slowTimer").start(1)
    counter.qtbot.waitUntil(counter.part(Notice, "slowSaving").isVisible)
    assert counter.part(Notice, "slowSaving").words == counter_words.SLOW_SAVING
    assert counter.harness.gateway.pushes == []
    gate.set()
    until_shown(counter, "progress")
    assert not counter.part(Notice, "slowSaving").isVisibleTo(form)
    assert not counter.part(QTimer, "slowTimer").isActive()


def test_where_charging_has_stopped_nothing_says_that_it_goes_on(counter: Counter) -> None:
    gate = threading.Event()
    counter.harness.till.writer.submit(lambda _: gate.wait(20))
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    counter.part(QTimer, "slowTimer").start(1)
    counter.qtbot.waitUntil(counter.part(Notice, "slowSaving").isVisible)
    counter.page.set_saving(False)
    assert not counter.part(Notice, "slowSaving").isVisible()
    assert counter.part(Notice, "chargeTrouble").words == window_words.CANNOT_SAVE
    gate.set()
    until_shown(counter, "progress")


def test_charging_stops_while_nothing_can_be_saved(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.page.set_saving(False)
    assert not counter.button("ask").isEnabled()
    assert counter.part(Notice, "chargeTrouble").words == window_words.CANNOT_SAVE
    counter.enter()
    counter.page.set_saving(True)
    assert counter.button("ask").isEnabled()
    assert counter.harness.gateway.pushes == []


def test_a_payment_is_drawn_once_for_each_state_that_it_has(counter: Counter) -> None:
    """It is heard of in one way, when it is saved, and when it changes."""
    drawn: list[State] = []
    counter.page.active.changed.connect(lambda payment: drawn.append(payment.state))
    payment = counter.ask("2", PHONE)
    counter.harness.till.ledger.publish(payment)  # told again, and nothing is new
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: State.PAID in drawn)
    assert drawn == [State.REQUESTED, State.PROMPTED, State.PAID]


def test_a_price_that_changed_meanwhile_is_shown_before_anybody_is_asked(counter: Counter) -> None:
    counter.choose("2")
    counter.write(PHONE)
    reprice(counter, 300)
    counter.enter()
    counter.qtbot.waitUntil(lambda: counter.button("ask").text() == "Ask for KES 300")
    assert counter.part(Notice, "postChanged").isVisible()
    assert counter.part(Notice, "postChanged").words == WEEK_CHANGED
    assert not counter.part(Notice, "chargeTrouble").isVisible(), "said once"
    counter.enter()  # perhaps it was on its way already when the new price appeared
    assert not counter.part(Notice, "postChanged").isVisible()
    assert counter.harness.gateway.pushes == []
    counter.enter()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)
    assert counter.harness.gateway.pushes[0].amount == 300


WEEK_CHANGED = "Week pass has just been changed. Nothing was sent. Look at the new price, then ask."


def reprice(counter: Counter, price: int, *, active: bool = True, title: str = "Week pass", days: int = 7) -> None:
    """Somebody else changes the week pass, by a command."""
    catalogue = counter.harness.till.catalogue
    post = next(post for post in catalogue.posts() if post.favourite == 2)
    catalogue.change(post.id, draft_post(title, price, days, 2, active=active))


def read_posts(counter: Counter, act: Callable[[], object]) -> None:
    """Do what makes the page read the posts, and wait until it has."""
    read: list[object] = []
    counter.page.flow.posts.connect(read.append)
    act()
    counter.qtbot.waitUntil(lambda: bool(read))


def scan_unknown(counter: Counter) -> None:
    """What reads the posts again at the counter: a code that nobody knows."""
    read_posts(counter, lambda: counter.scan("2000000000008"))


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CONTROL])
def test_a_price_that_changes_under_the_operator_is_said_and_the_next_enter_asks_nobody(
    counter: Counter, modifiers: Qt.KeyboardModifier
) -> None:
    counter.choose("2")
    counter.write(PHONE[:-1])
    reprice(counter, 5_000)
    scan_unknown(counter)
    changed = counter.part(Notice, "postChanged")
    assert (changed.isVisible(), changed.words) == (True, WEEK_CHANGED)
    counter.page.form.phone.setFocus()
    counter.write(PHONE[-1])
    assert changed.isVisible(), "typing on is no sign that it was read"
    assert counter.button("ask").text() == "Ask for KES 5,000"
    for _ in range(2):
        assert counter.harness.gateway.pushes == []
        counter.harness.clock.advance(1)
        counter.press(Qt.Key.Key_Return, "\r", modifiers=modifiers)
        assert not changed.isVisible()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)
    assert counter.harness.gateway.pushes[0].amount == 5_000


def test_a_changed_post_is_seen_also_by_a_click_by_esc_and_by_choosing_it(counter: Counter) -> None:
    changed = counter.part(Notice, "postChanged")
    acts = (
        counter.button("ask").click,
        lambda: counter.function(Qt.Key.Key_Escape),
        lambda: counter.choose("2"),
        lambda: counter.choose("1"),
        counter.next_customer,
    )
    for number, act in enumerate(acts):
        counter.choose("2")
        counter.write(PHONE if number == 0 else "")
        reprice(counter, 300 + number)
        scan_unknown(counter)
        assert changed.isVisible()
        act()
        assert not changed.isVisible()
    assert counter.harness.gateway.pushes == []


@pytest.mark.parametrize("name", ["ask", "keyEnter"])
def test_a_double_tap_only_takes_away_that_the_price_has_changed(counter: Counter, name: str) -> None:
    counter.choose("2")
    counter.write(PHONE)
    reprice(counter, 300)
    scan_unknown(counter)
    button = counter.button(name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert not counter.part(Notice, "postChanged").isVisible()
    assert counter.page.form.ready
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)


@pytest.mark.parametrize("change", [{"title": "Week ticket"}, {"days": 6}])
def test_another_title_or_access_is_another_thing_to_pay_for(counter: Counter, change: dict[str, Any]) -> None:
    counter.choose("2")
    reprice(counter, 250, **change)
    scan_unknown(counter)
    assert counter.part(Notice, "postChanged").isVisible()


def test_another_key_of_the_post_changes_nothing_for_the_customer(counter: Counter) -> None:
    counter.choose("2")
    catalogue = counter.harness.till.catalogue
    post = next(post for post in catalogue.posts() if post.favourite == 2)
    catalogue.change(post.id, draft_post("Week pass", 250, 7, 5))
    scan_unknown(counter)
    assert not counter.part(Notice, "postChanged").isVisible()
    assert [chosen.post.favourite for chosen in counter.page.form.basket] == [5]


def test_a_warning_goes_where_the_price_is_another_and_nobody_goes_past_it_unseen(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F2)
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    counter.qtbot.waitUntil(counter.part(GuardBanner, "guard").isVisible)
    reprice(counter, 5_000)
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(counter.part(Notice, "postChanged").isVisible)
    assert not counter.part(GuardBanner, "guard").isVisible()
    counter.chord("r", CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert len(counter.harness.gateway.pushes) == 1


def test_ask_anyway_without_a_post_asks_nobody_and_leaves_the_form_alive(counter: Counter) -> None:
    """The post went while the warning stood there: once a traceback, and a form that was dead until the next start."""
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F2)
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    counter.qtbot.waitUntil(counter.part(GuardBanner, "guard").isVisible)
    reprice(counter, 250, active=False)
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: not counter.page.form.basket)
    assert not counter.part(GuardBanner, "guard").isVisible()
    counter.chord("r", CONTROL | Qt.KeyboardModifier.ShiftModifier)
    counter.part(GuardBanner, "guard").despite.emit(frozenset({payment.id}))
    assert not counter.page.form.busy
    assert counter.part(Notice, "chargeHint").words == counter_words.CHOOSE_FIRST
    counter.choose("1")
    counter.next_customer()
    counter.ask("1", "0722333444")
    assert len(counter.harness.gateway.pushes) == 2


def test_who_is_asked_again_for_another_price_is_told(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    reprice(counter, 5_000)
    read_posts(counter, counter.page.flow.read_posts)
    counter.button("askAgain").click()
    until_shown(counter, "form")
    assert counter.button("ask").text() == "Ask for KES 5,000"
    assert counter.part(Notice, "postChanged").isVisible()
    counter.enter()
    assert len(counter.harness.gateway.pushes) == 1


def test_a_price_that_changes_while_the_charge_waits_to_be_saved_charges_nobody(counter: Counter) -> None:
    free, till = threading.Event(), counter.harness.till
    post = next(post for post in till.catalogue.posts() if post.favourite == 2)
    counter.choose("2")
    counter.write(PHONE)
    till.writer.submit(lambda _: free.wait(20))
    till.writer.submit(lambda transaction: transaction.change_post(replace(post, price=300)))
    counter.enter()
    looked: list[object] = []
    for _ in range(2 * Lane.LOOK.threads):  # by now the charge waits behind them
        counter.tasks.run(lambda: None, looked.append)
    counter.qtbot.waitUntil(lambda: len(looked) == 2 * Lane.LOOK.threads)
    free.set()
    counter.qtbot.waitUntil(lambda: counter.button("ask").text() == "Ask for KES 300")
    assert counter.harness.gateway.pushes == []
    assert till.reader.open_payments("A") == []


def test_a_post_that_was_switched_off_is_no_longer_chosen(counter: Counter) -> None:
    counter.choose("2")
    catalogue = counter.harness.till.catalogue
    post = next(post for post in catalogue.posts() if post.favourite == 2)
    catalogue.change(post.id, draft_post("Week pass", 250, 7, 2, active=False))
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: not counter.page.form.basket)
    assert counter.button("ask").text() == "Ask"
    assert counter.part(Notice, "postChanged").words == (
        "Week pass is not sold any more, and was taken out. Nothing was sent."
    )
    assert counter.part(Notice, "postChanged").isVisible()


def test_the_window_stays_alive_while_the_push_hangs(counter: Counter) -> None:
    counter.harness.gateway.hold()
    counter.choose("2")
    counter.write(PHONE)
    counter.enter()
    until_shown(counter, "progress")
    assert counter.part(Steps, "progressSteps").accessibleName().startswith("Sent to M-PESA")
    counter.choose("1")
    assert counter.shown() == "form"
    counter.harness.gateway.release()
    assert threading.active_count() > 1


def test_a_connection_is_made_ready_while_the_phone_is_typed(counter: Counter) -> None:
    assert counter.harness.gateway.warmed == 0
    counter.choose("1")
    counter.write("0712")
    counter.qtbot.waitUntil(lambda: counter.harness.gateway.warmed == 1)
