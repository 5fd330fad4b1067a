"""Answers that come late: whoever is served by then is asked for nothing that an older question meant."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Answer, Result, Unanswered
from pos_app.messages import counter as words
from pos_app.messages import payments as payment_words
from pos_app.sales.checkout import Caution, Guarded
from pos_app.ui.charge.guard_banner import GuardBanner
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.toast import Toast
from tests.ui.counter import Counter

PHONE = "0712345678"
OTHER = "0722333444"
ALT = Qt.KeyboardModifier.AltModifier


class Late:
    """M-PESA's answers to questions, which come when the test says so."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._heard: list[object] = []
        counter.page.flow.may_ask.connect(self._heard.append)
        counter.page.flow.may_not_ask.connect(lambda *heard: self._heard.append(heard))
        self.free = threading.Event()

    def will_say(self, result: Result, code: str) -> None:
        """The next question is answered with this, late."""

        def answer(checkout_request_id: str) -> Answer:
            assert self.free.wait(20), "the test never let the answer come"
            return Answer(result, code, checkout_request_id)

        self._counter.harness.gateway.query_answers.append(answer)

    def come(self) -> None:
        """Let it come, and wait until the window has it."""
        self.free.set()
        self._counter.qtbot.waitUntil(lambda: bool(self._heard))


@pytest.fixture
def late(counter: Counter) -> Iterator[Late]:
    made = Late(counter)
    yield made
    made.free.set()


def until_shown(counter: Counter, panel: str) -> None:
    counter.qtbot.waitUntil(lambda: counter.shown() == panel)


def toast(counter: Counter) -> str:
    shown = counter.part(Toast, "toast")
    return shown.words if shown.isVisible() else ""


def expired(counter: Counter) -> Payment:
    """A customer did not answer, long enough ago to be asked again, and is shown."""
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.EXPIRED, "1037")
    until_shown(counter, "result")
    counter.harness.clock.advance(125)
    counter.page.active.ticked.emit()
    return payment


def in_form(counter: Counter) -> tuple[str, str, Payment | None]:
    form = counter.page.form
    return counter.chosen(), form.phone.text(), form.retry_of


def asks_again(counter: Counter) -> None:
    """Press Ctrl+R, and be asking M-PESA."""
    counter.chord("r")
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.queries) == 1)


def test_an_answer_about_somebody_fills_no_form_that_serves_the_next_customer(counter: Counter, late: Late) -> None:
    payment = expired(counter)
    late.will_say(Result.EXPIRED, "1037")
    asks_again(counter)
    counter.choose("1")
    counter.write(OTHER)
    late.come()
    counter.qtbot.waitUntil(lambda: toast(counter) == words.may_ask_again(payment))
    assert in_form(counter) == ("Day pass", "0722 333 444", None)
    counter.enter()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 2)
    push = counter.harness.gateway.pushes[1]
    assert (push.phone, push.amount) == ("254722333444", 50)


def test_a_panel_that_was_left_and_came_back_fills_nothing_by_itself(counter: Counter, late: Late) -> None:
    payment = expired(counter)
    late.will_say(Result.EXPIRED, "1037")
    asks_again(counter)
    counter.choose("1")
    counter.write(OTHER)
    counter.page.show_payment(payment)
    assert counter.button("askAgain").text() == "Ask again"
    assert counter.button("askAgain").isEnabled()
    late.come()
    counter.qtbot.waitUntil(lambda: toast(counter) == words.may_ask_again(payment))
    assert counter.shown() == "result"
    assert in_form(counter) == ("Day pass", "0722 333 444", None)


def test_an_answer_that_comes_while_another_page_is_shown_is_said_there(counter: Counter, late: Late) -> None:
    payment = expired(counter)
    late.will_say(Result.EXPIRED, "1037")
    asks_again(counter)
    counter.window.go("payments")
    late.come()
    counter.qtbot.waitUntil(lambda: toast(counter) == words.may_ask_again(payment))
    assert in_form(counter) == ("", "", None)


def test_why_somebody_may_not_be_asked_again_stands_on_no_other_panel(counter: Counter, late: Late) -> None:
    payment = expired(counter)
    late.will_say(Result.PENDING, "4999")
    asks_again(counter)
    other = counter.ask("1", OTHER)
    counter.hear(other, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    late.come()
    counter.qtbot.waitUntil(lambda: words.named(payment) in toast(counter))
    assert "M-PESA is still working on the last prompt" in toast(counter)
    assert not counter.part(Notice, "resultNotice").isVisible()
    assert counter.page.shown is not None
    assert counter.page.shown.id == other.id


def test_what_m_pesa_says_meanwhile_is_shown_and_no_form_is_filled(counter: Counter, late: Late) -> None:
    payment = expired(counter)
    late.will_say(Result.EXPIRED, "1037")
    asks_again(counter)
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.active.newest(payment).state is State.PAID)
    late.come()
    assert counter.shown() == "result"
    assert in_form(counter) == ("", "", None)
    assert toast(counter) == ""


def test_a_message_about_something_else_leaves_the_question_open(counter: Counter, late: Late) -> None:
    expired(counter)
    late.will_say(Result.EXPIRED, "1037")
    asks_again(counter)
    counter.function(Qt.Key.Key_F9)
    assert counter.part(Notice, "resultNotice").words == words.NO_RECEIPT
    assert not counter.button("askAgain").isEnabled()
    late.come()
    until_shown(counter, "form")
    assert in_form(counter)[:2] == ("Week pass", "0712 345 678")


def test_after_asking_again_its_panel_can_ask_once_more(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.CANCELLED, "1032")
    until_shown(counter, "result")
    counter.chord("r")
    until_shown(counter, "form")
    counter.page.show_payment(payment)
    assert counter.button("askAgain").text() == "Ask again"
    assert counter.button("askAgain").isEnabled()


def test_why_m_pesa_cannot_be_asked_is_said_of_its_payment(counter: Counter) -> None:
    """F5, and before its answer is there the next customer is served."""
    counter.harness.gateway.push_answers.append(Unanswered(detail="ReadTimeout"))
    payment = counter.ask("2", PHONE)
    until_shown(counter, "result")
    counter.function(Qt.Key.Key_F5)
    counter.choose("1")
    counter.qtbot.waitUntil(lambda: toast(counter) == words.about(payment, payment_words.NO_NUMBER))
    assert not counter.part(Notice, "chargeTrouble").isVisible()
    assert in_form(counter)[0] == "Day pass"


def test_that_m_pesa_is_asked_about_somebody_is_said_by_name_to_who_has_left(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_F5)
    counter.function(Qt.Key.Key_Escape)
    counter.qtbot.waitUntil(lambda: toast(counter) == words.asking_about(payment))
    assert counter.shown() == "form"


def test_nothing_to_ask_about_is_no_trouble_of_the_customer_s(counter: Counter) -> None:
    counter.choose("1")
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: toast(counter) == words.NOTHING_TO_CHECK)
    assert not counter.part(Notice, "chargeTrouble").isVisible()


def test_f5_on_another_page_asks_about_the_oldest_and_changes_no_panel(counter: Counter) -> None:
    payment = counter.ask("2", PHONE)
    counter.function(Qt.Key.Key_Escape)
    counter.window.go("posts")
    counter.function(Qt.Key.Key_F5)
    counter.qtbot.waitUntil(lambda: toast(counter) == words.asking_about_oldest(payment))
    assert counter.page.shown is None
    find = counter.window.focusWidget()
    assert isinstance(find, QLineEdit)


# --- while a charge is being saved -----------------------------------------------------------------------


@pytest.fixture
def writer_held(counter: Counter) -> Iterator[threading.Event]:
    """Another program holds the database until this is set."""
    free = threading.Event()
    counter.harness.till.writer.submit(lambda _: free.wait(20))
    yield free
    free.set()


def entered(counter: Counter, favourite: str = "2", phone: str = PHONE) -> ChargeRequest:
    """Press Enter for a customer; gives what the form asks for."""
    sent: list[ChargeRequest] = []
    counter.page.form.send.connect(sent.append)
    counter.choose(favourite)
    counter.write(phone)
    counter.enter()
    counter.page.form.send.disconnect(sent.append)
    return sent[0]


def held(counter: Counter) -> bool:
    hint = counter.part(Notice, "chargeHint")
    said = hint.isVisible() and hint.words == words.IS_BEING_SAVED
    counter.page.form.dismiss()
    return said


def test_what_is_being_saved_is_neither_withdrawn_nor_changed_by_any_key(
    counter: Counter, writer_held: threading.Event
) -> None:
    """Esc three times once left an empty form, and the customer was asked all the same."""
    counter.page.form.customer.show_recent(["254722333444"])
    entered(counter)
    before = in_form(counter)
    phone = counter.page.form.phone.edit
    acts: dict[str, Callable[[], object]] = {
        "Esc": lambda: counter.function(Qt.Key.Key_Escape),
        "F2": lambda: counter.function(Qt.Key.Key_F2),
        "another post": lambda: counter.choose("1"),
        "a digit": lambda: counter.write("0"),
        "the keypad": counter.button("key7").click,
        "a customer from before": lambda: counter.chord("1", ALT),
        "a scan": lambda: counter.scan("4006381333931"),
        "a scan nobody knows": lambda: counter.scan("2000000000008"),
    }
    for name, act in acts.items():
        act()
        assert in_form(counter) == before, name
        assert held(counter) or name == "a scan nobody knows", name
        phone.setFocus()
    counter.press(Qt.Key.Key_Backspace, "\b")
    counter.enter()
    assert in_form(counter) == before
    writer_held.set()
    until_shown(counter, "progress")
    counter.next_customer()
    assert in_form(counter) == ("", "", None)
    counter.write("0722")
    assert counter.page.form.phone.text() == "0722"
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)


def test_what_was_saved_takes_no_panel_from_another_payment(counter: Counter, writer_held: threading.Event) -> None:
    first = counter.page.active
    entered(counter)
    writer_held.set()
    until_shown(counter, "progress")
    payment = first.payments()[0]
    counter.next_customer()
    free = threading.Event()
    counter.harness.till.writer.submit(lambda _: free.wait(20))
    entered(counter, "1", OTHER)
    counter.page.show_payment(payment)
    free.set()
    counter.qtbot.waitUntil(lambda: len(first.payments()) == 2 and not counter.page.form.busy)
    assert counter.page.shown is not None
    assert counter.page.shown.id == payment.id
    assert in_form(counter) == ("", "", None)


def test_who_is_not_asked_is_named_where_the_form_is_out_of_sight(
    counter: Counter, writer_held: threading.Event
) -> None:
    writer_held.set()
    counter.hear(counter.ask("2", PHONE), Result.SUCCESS)
    until_shown(counter, "result")
    counter.next_customer()
    free = threading.Event()
    counter.harness.till.writer.submit(lambda _: free.wait(20))
    entered(counter, "1")
    counter.window.go("posts")
    free.set()
    counter.qtbot.waitUntil(lambda: toast(counter).startswith("0712 ••• 678 is not asked. This phone was asked for"))
    assert counter.part(GuardBanner, "guard").isVisibleTo(counter.page.form)


def test_a_post_that_is_off_by_the_time_of_saving_is_said_on_the_page_in_sight(
    counter: Counter, writer_held: threading.Event
) -> None:
    post = next(post for post in counter.harness.till.catalogue.posts() if post.favourite == 2)
    counter.harness.till.writer.submit(lambda transaction: transaction.change_post(replace(post, active=False)))
    entered(counter)
    counter.window.go("payments")
    writer_held.set()
    counter.qtbot.waitUntil(lambda: toast(counter).startswith("0712 ••• 678 is not asked. "))
    assert counter.harness.gateway.pushes == []


def test_what_became_of_another_request_changes_no_form(counter: Counter) -> None:
    request = entered(counter)
    until_shown(counter, "progress")
    counter.next_customer()
    counter.choose("1")
    counter.write(OTHER)
    before, flow = in_form(counter), counter.page.flow
    flow.guarded.emit(request, Guarded([Caution(counter.page.active.payments()[0], None)], counter.page.active.now()))
    assert not counter.part(GuardBanner, "guard").isVisible()
    assert toast(counter).startswith("0712 ••• 678 is not asked. ")
    flow.refused.emit(request, "Why not.")
    assert not counter.part(Notice, "chargeTrouble").isVisible()
    assert toast(counter) == words.not_asked("254712345678", "Why not.")
    flow.charged.emit(request, counter.page.active.payments()[0])
    assert (in_form(counter), counter.shown()) == (before, "form")


def test_asking_somebody_again_waits_for_what_is_being_saved(counter: Counter, late: Late) -> None:
    payment = counter.page.active.newest(expired(counter))
    free = threading.Event()
    counter.page.serve_next()
    counter.harness.till.writer.submit(lambda _: free.wait(20))
    entered(counter, "1", OTHER)
    counter.page.show_payment(payment)
    counter.page.flow.may_ask.emit(payment)
    counter.page.result.press_again()
    counter.page.flow.may_ask.emit(payment)
    assert toast(counter) == words.may_ask_again(payment)
    assert in_form(counter) == ("Day pass", "0722 333 444", None)
    free.set()
