"""From the keyboard to the grant and back to the screen, through everything that is real but M-PESA."""

import pytest

from pos_app.domain.payment import Outcome, Remark, State
from pos_app.simulator import Choice, Fault, Simulator
from tests.e2e.conftest import Operator, Shop

PHONE = "0712345678"
MSISDN = "254712345678"


def test_paid(operator: Operator, mpesa: Simulator) -> None:
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.sees("Paid")
    payment = operator.becomes(State.PAID)
    assert payment.granted
    assert payment.receipt is not None
    operator.sees(payment.receipt)
    assert mpesa.pushes == 1


@pytest.mark.parametrize(
    ("choice", "state", "words"),
    [
        (Choice.CANCEL, State.CANCELLED, "Customer cancelled"),
        (Choice.WRONG_PIN, State.DECLINED, "Wrong PIN"),
        (Choice.NO_MONEY, State.DECLINED, "Not enough balance"),
    ],
)
def test_not_paid(operator: Operator, mpesa: Simulator, choice: Choice, state: State, words: str) -> None:
    mpesa.script(MSISDN, choice)
    operator.charge("1", PHONE)
    payment = operator.becomes(state)
    assert not payment.granted
    operator.sees(words)
    operator.sees("No money moved")


@pytest.mark.parametrize("mpesa", [0.3], indirect=True)
def test_no_answer(operator: Operator) -> None:
    operator.charge("1", PHONE)
    payment = operator.becomes(State.EXPIRED)
    assert payment.reason.word == "1037"
    assert not payment.granted
    operator.sees("no answer")
    operator.sees("No money moved so far")


def test_late_success_lifts_what_was_shown_as_not_paid(operator: Operator, mpesa: Simulator) -> None:
    mpesa.hold_callbacks()
    mpesa.add_fault(Fault.QUERY_DISAGREES)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.becomes(State.PROMPTED)
    operator.sees("Waiting for customer's PIN")
    operator.press("checkNow")
    operator.becomes(State.EXPIRED)
    mpesa.release_callbacks()
    payment = operator.becomes(State.PAID)
    assert payment.remarks == {Remark.LATE}
    assert payment.granted
    operator.sees("Paid late")


def test_a_callback_that_comes_twice_counts_once(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.CALLBACK_TWICE)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.becomes(State.PAID)
    assert mpesa.wait_delivered(2, 10)
    operator.until(lambda: len([line for line in operator.journal() if line.source == "callback"]) == 2)
    outcomes = [line.outcome for line in operator.journal() if line.source == "callback"]
    assert outcomes == [Outcome.APPLIED, Outcome.DUPLICATE]
    assert operator.payments()[0].granted


def test_a_lost_push_answer_is_not_sure_until_the_callback_comes(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.PUSH_ANSWER_LOST)
    mpesa.hold_callbacks()
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.sees("do not send again")
    assert operator.becomes(State.UNKNOWN).checkout_request_id is None
    mpesa.release_callbacks()
    payment = operator.becomes(State.PAID)
    operator.sees("Paid")
    assert payment.checkout_request_id is not None
    assert mpesa.pushes == 1


def test_a_callback_before_the_push_answer(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.CALLBACK_FIRST)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.becomes(State.PAID)
    operator.until(lambda: {line.source for line in operator.journal()} == {"callback", "push"})
    assert operator.payments()[0].state is State.PAID


def test_a_stranger_s_callback_changes_nothing(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.CALLBACK_STRANGER)
    operator.charge("1", PHONE)
    assert mpesa.wait_delivered(1, 10)
    assert operator.payments()[0].state.open


def test_an_access_token_that_dies_early_costs_no_second_prompt(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.TOKEN_DIES_EARLY)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.becomes(State.PAID)
    assert mpesa.prompted == 1
    assert mpesa.tokens_issued >= 2


@pytest.mark.parametrize("fault", [Fault.PENDING_4999, Fault.PENDING_500])
def test_in_flight_is_not_a_failure(operator: Operator, mpesa: Simulator, fault: Fault) -> None:
    mpesa.add_fault(fault)
    operator.charge("1", PHONE)
    operator.becomes(State.PROMPTED)
    operator.press("checkNow")
    operator.until(lambda: any(line.source == "query" for line in operator.journal()))
    assert operator.payments()[0].state is State.PROMPTED
    mpesa.answer(mpesa.prompts()[0].checkout_request_id, Choice.PIN)
    operator.becomes(State.PAID)


def test_a_lost_callback_is_made_good_by_asking(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.CALLBACK_LOST)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    payment = operator.becomes(State.PAID)
    assert payment.granted
    assert payment.receipt is None
    operator.sees("coming")


def test_another_amount_needs_checking_and_gives_nothing(operator: Operator, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.AMOUNT_DIFFERS)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    payment = operator.becomes(State.REVIEW)
    assert not payment.granted
    operator.sees("The customer paid KES")


def test_an_open_payment_survives_a_restart_and_is_not_prompted_again(shop: Shop, mpesa: Simulator) -> None:
    mpesa.hold_callbacks()
    with shop.open() as operator:
        mpesa.script(MSISDN, Choice.PIN)
        operator.charge("1", PHONE)
        operator.becomes(State.PROMPTED)
    with shop.open() as operator:
        assert operator.window.charge is not None
        payment = operator.becomes(State.PAID)  # by asking, at once
        assert payment.granted
        mpesa.release_callbacks()
        operator.until(lambda: operator.payments()[0].receipt is not None)
    assert mpesa.pushes == 1


def test_the_next_customer_is_served_while_one_is_pending(operator: Operator, mpesa: Simulator) -> None:
    mpesa.hold_callbacks()
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    operator.sees("Waiting for customer's PIN")
    operator.press("serveNext")
    operator.sees("Choose a post")
    mpesa.script("254722345678", Choice.CANCEL)
    operator.charge("2", "0722345678")
    operator.until(lambda: len(operator.payments()) == 2)
    mpesa.release_callbacks()
    operator.until(lambda: {payment.state for payment in operator.payments()} == {State.PAID, State.CANCELLED})
