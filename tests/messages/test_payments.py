"""Every state, code and remark has words, and they say what rule 13 and the error pattern ask for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.receipt import Shop
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.messages.remarks import remark_words
from pos_app.ui.style.state_style import state_style
from tests.conftest import NOW
from tests.support.builders import GRANT, a_line, a_post

DECLINED = (
    *("1", "2", "3", "4", "8", "11", "15", "17", "18", "20", "21", "24", "25", "26", "29", "1001", "1025"),
    *("2001", "2006", "2028", "2040", "8006", "9999", "SFC_IC0003"),
)
Make = Callable[..., Payment]


@pytest.mark.parametrize(
    ("state", "full", "short"),
    [
        (State.REQUESTED, "Sending request", "Sending"),
        (State.PROMPTED, "Waiting for customer's PIN", "Waiting for PIN"),
        (State.UNKNOWN, "Not sure yet - do not send again", "Not sure yet"),
        (State.REVIEW, "Needs checking", "Needs checking"),
        (State.PAID, "Paid", "Paid"),
        (State.CANCELLED, "Not paid: customer cancelled", "Cancelled"),
        (State.EXPIRED, "Not paid: no answer", "No answer"),
        (State.NOT_SENT, "Not sent", "Not sent"),
    ],
)
def test_state_words(make_payment: Make, state: State, full: str, short: str) -> None:
    payment = make_payment(state=state)
    assert words.state_words(payment) == full
    assert words.pill_words(payment) == short
    assert state_style(payment).icon


def test_paid_late_has_its_own_word_and_icon(make_payment: Make) -> None:
    payment = make_payment(state=State.PAID, remarks=frozenset({Remark.LATE}))
    assert words.state_words(payment) == words.pill_words(payment) == "Paid late"
    assert state_style(payment).icon == "clock-check"


@pytest.mark.parametrize("code", DECLINED)
def test_every_declined_code_has_a_reason_and_something_to_do(make_payment: Make, code: str) -> None:
    payment = make_payment(state=State.DECLINED, reason=code)
    assert words.state_words(payment).startswith("Not paid: ")
    assert "code" not in words.reason_words(payment)
    assert words.advice(payment)
    assert words.code_words(payment) == f"M-PESA {code}"


def test_reasons_keep_the_name_of_mpesa(make_payment: Make) -> None:
    assert words.state_words(make_payment(state=State.DECLINED, reason="2001")) == "Not paid: wrong PIN"
    assert words.state_words(make_payment(state=State.DECLINED, reason="26")) == "Not paid: M-PESA is busy"


@pytest.mark.parametrize("code", ["1019", "1036", "1037", "unheard"])
def test_no_answer(make_payment: Make, code: str) -> None:
    payment = make_payment(state=State.EXPIRED, reason=code)
    assert words.reason_words(payment)
    assert words.money_moved(payment).startswith("No money moved so far")


def test_code_17_does_not_promise_that_no_money_moved(make_payment: Make) -> None:
    assert "first one may" in words.money_moved(make_payment(state=State.DECLINED, reason="17"))


@pytest.mark.parametrize("reason", [*words.NOT_SENT_REASONS, "500.003.03", None])
def test_not_sent_says_that_nothing_was_sent(make_payment: Make, reason: str | None) -> None:
    payment = make_payment(state=State.NOT_SENT, reason=reason)
    assert words.happened(payment).endswith(".")
    assert words.money_moved(payment) == "Nothing was sent. No money moved."
    assert words.advice(payment)


def test_an_unknown_code_is_shown(make_payment: Make) -> None:
    assert "500.003.03" in words.reason_words(make_payment(state=State.NOT_SENT, reason="500.003.03"))
    assert "4711" in words.reason_words(make_payment(state=State.DECLINED, reason="4711"))


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_has_words(remark: Remark) -> None:
    assert remark_words(remark).endswith(".")


@pytest.mark.parametrize("state", State)
def test_every_state_says_what_happened_and_whether_money_moved(make_payment: Make, state: State) -> None:
    payment = make_payment(state=state, reason="amount_differs" if state is State.REVIEW else "1")
    assert words.happened(payment)
    assert words.money_moved(payment)


def test_review_is_the_owners_or_mpesas(make_payment: Make) -> None:
    held = make_payment(state=State.REVIEW, reason=Remark.AMOUNT_DIFFERS.value, next_check_at=None)
    curable = make_payment(state=State.REVIEW, reason=Remark.IDS_DIFFER.value)
    assert words.advice(held).endswith("Call the owner.")
    assert words.next_words(held, NOW, True) == "Call the owner"
    assert "checks with M-PESA" in words.advice(curable)
    assert words.next_words(curable, NOW, True) == "Checking in 0:48"


def test_no_wait_is_longer_than_its_rule_although_a_wrong_clock_wrote_it(make_payment: Make) -> None:
    later = NOW + timedelta(days=400)
    future = make_payment(created_at=later, next_check_at=later + timedelta(seconds=20))
    assert words.next_words(future, NOW, True) == "Checking in 2:30"


def test_what_happens_next(make_payment: Make) -> None:
    assert words.next_words(make_payment(), NOW, True) == "Checking in 0:48"
    assert words.next_words(make_payment(next_check_at=NOW), NOW, True) == "Checking with M-PESA now"
    assert words.next_words(make_payment(next_check_at=None), NOW, True) == "Waiting for M-PESA's result"
    lost = make_payment(state=State.UNKNOWN, checkout_request_id=None)
    nothing_to_check_by = "M-PESA gave us no number to check by: look at the statement."
    assert words.next_words(lost, NOW, True) == "M-PESA may still tell us by itself: wait two minutes."
    assert words.next_words(lost, NOW, False) == nothing_to_check_by
    assert words.next_words(lost, lost.created_at + timedelta(seconds=150), True) == nothing_to_check_by
    assert words.happened(lost) == "We sent the request to M-PESA but got no answer."
    assert words.next_words(make_payment(state=State.CANCELLED), NOW, True) == ""


def test_more_than_anybody_counts_is_said_as_more() -> None:
    assert [counter_words.to_check(count) for count in (1, 99, 100)] == ["1 to check", "99 to check", "99+ to check"]


def test_a_payment_in_one_line_has_what_was_paid_of_what_was_asked(make_payment: Make) -> None:
    paid = make_payment(state=State.PAID, amount_paid=249)
    assert counter_words.last_receipt(paid) == f"Last receipt: {paid.number}, KES 249 of KES 250, 0712 ••• 678"
    assert counter_words.named(make_payment()) == f"{paid.number}, KES 250, 0712 ••• 678"


def test_what_was_paid_twice_says_what_to_do_until_the_owner_has_seen_to_it(make_payment: Make) -> None:
    grant = Grant(granted_at=NOW, access=False, until=None)
    double = make_payment(
        state=State.PAID, grant=grant, receipt="UKN4X7Q2ZT", remarks=frozenset({Remark.DOUBLE, Remark.LATE})
    )
    assert (words.state_words(double), words.pill_words(double)) == ("Paid twice: refund due", "Refund due")
    assert words.next_words(double, NOW, True) == "Call the owner"
    assert counter_words.card_state(double) == "Paid twice: refund due · UKN4X7Q2ZT"
    refunded = replace(double, remarks=double.remarks | {Remark.REFUNDED}, seen=frozenset({Remark.DOUBLE}))
    assert (words.state_words(refunded), words.pill_words(refunded)) == ("Paid late", "Paid late")
    assert words.next_words(refunded, NOW, True) == "Paid twice: its access is not added"
    tea = replace(double, remarks=frozenset())
    assert words.next_words(tea, NOW, True) == "No access with this post"


def test_the_card_counts_the_customers_time_first(make_payment: Make) -> None:
    assert counter_words.card_note(make_payment(), NOW, True) == "0:14 of about 1:30"
    later = NOW + timedelta(seconds=90)
    assert counter_words.card_note(make_payment(), later, True) == "1:44 · Checking with M-PESA now"


def test_access(make_payment: Make) -> None:
    week = Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7))
    assert words.access_given(make_payment(state=State.PAID, grant=week)) == "Access until 30 Nov 2026 14:03"
    for_ever = Grant(granted_at=NOW, access=True, until=None)
    assert words.access_given(make_payment(state=State.PAID, grant=for_ever)) == "Access for ever"
    none = Grant(granted_at=NOW, access=False, until=None)
    assert words.access_given(make_payment(state=State.PAID, grant=none)) == "No access with this post"


def test_the_code_of_a_paid_payment(make_payment: Make) -> None:
    paid = make_payment(state=State.PAID)
    assert words.code_or_why_not(make_payment(receipt="UKN4X7Q2ZT"), True) == "UKN4X7Q2ZT"
    assert words.code_or_why_not(paid, True) == "coming"
    assert "SMS" in words.code_or_why_not(paid, False)
    assert "not checked" in words.code_or_why_not(make_payment(receipt_typed="UKN4X7Q2ZT"), True)


def test_a_double_asks_for_a_refund(make_payment: Make) -> None:
    double = make_payment(state=State.PAID, remarks=frozenset({Remark.DOUBLE}))
    assert "refund" in words.money_moved(double)
    assert words.advice(double) == "Call the owner."


def test_times_are_the_shops(make_payment: Make) -> None:
    assert words.since(NOW, NOW + timedelta(hours=1)) == "14:03"
    assert words.since(NOW, NOW + timedelta(days=1)) == "23 Nov 14:03"


def test_what_the_owner_settles(make_payment: Make) -> None:
    refused = make_payment(state=State.DECLINED, reason="by_owner", remarks=frozenset({Remark.BY_OWNER}))
    assert words.state_words(refused) == "Not paid: settled by the owner"
    assert words.money_moved(refused).startswith("M-PESA's statement shows what moved")
    assert words.code_words(refused) == ""
    closed = make_payment(state=State.EXPIRED, reason="by_owner")
    assert words.happened(closed) == "Settled by the owner."
    again = make_payment(state=State.REVIEW, reason="by_owner")
    assert words.happened(again) == "M-PESA says paid, and the owner had said not paid."
    less = make_payment(state=State.REVIEW, reason="amount_differs", amount_paid=200)
    assert words.happened(less) == "The customer paid KES 200, we asked KES 250."


def test_the_customer_is_told_the_name_that_the_phone_shows() -> None:
    registered = Shop("Mama Njeri", registered="NJERI WANJIRU ENTERPRISES")
    assert "Check it says NJERI WANJIRU ENTERPRISES, KES 250." in counter_words.tell_customer(registered, 250)
    unknown = counter_words.tell_customer(Shop("Mama Njeri"), 250)
    assert "Check it says Mama Njeri or the name we are registered by, KES 250." in unknown


def test_the_access_of_a_basket_is_told_line_by_line(make_payment: Make) -> None:
    week = Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7))
    none = Grant(granted_at=NOW, access=False, until=None)
    tea = a_line(a_post(id=4, title="Tea", days=0), grant=none)
    basket = make_payment(
        state=State.PAID,
        receipt="UKN4X7Q2ZT",
        lines=(tea, a_line(a_post(id=2, title="Week pass"), grant=week), a_line(a_post(title="Key"), grant=GRANT)),
    )
    assert words.access_given(basket) == "Week pass until 30 Nov 2026 14:03\nKey for ever"
    assert words.next_words(basket, NOW, True) == "Access given 14:03"
    without = replace(basket, lines=(tea, replace(tea, post_id=5)))
    assert words.access_given(without) == words.next_words(without, NOW, True) == "No access with these posts"


def test_what_went_back_is_said_beside_the_state(make_payment: Make) -> None:
    paid = make_payment(state=State.PAID, amount=250, grant=GRANT)
    part, all_of_it = replace(paid, refunded=50), replace(paid, refunded=250)
    assert words.state_words(part) == "Paid, part refunded"
    assert (words.pill_words(part), words.pill_words(all_of_it)) == ("Part refunded", "Refunded")
    assert words.money_moved(part) == "KES 50 went back."
    assert words.money_moved(all_of_it) == "All of it went back: KES 250."
    assert state_style(part) != state_style(all_of_it) != state_style(paid)
    assert counter_words.card_state(part)
    due = replace(part, remarks=frozenset({Remark.DOUBLE}))
    assert (words.state_words(due), words.pill_words(due)) == ("Paid twice: refund due", "Refund due")
    refused = make_payment(state=State.DECLINED, reason="by_owner", amount_paid=20, refunded=20)
    assert (words.state_words(refused), words.pill_words(refused)) == ("Not paid: settled by the owner", "Refunded")


def test_what_all_went_back_is_not_asked_to_be_given_back_again(make_payment: Make) -> None:
    refused = make_payment(state=State.DECLINED, reason="by_owner", amount_paid=20)
    to_do = "M-PESA's statement shows what moved: give back what the customer paid."
    assert words.money_moved(refused) == to_do
    assert words.money_moved(replace(refused, refunded=5)) == f"{to_do} KES 5 went back."
    assert words.money_moved(replace(refused, refunded=20)) == "All of it went back: KES 20."
    again = make_payment(state=State.REVIEW, amount_paid=20, refunded=20)
    assert words.money_moved(again).endswith("Access is not given yet. All of it went back: KES 20.")


def test_withdrawn_access_is_told_with_its_day(make_payment: Make) -> None:
    grant = replace(GRANT, access=False, withdrawn_at=NOW)
    assert words.access_given(make_payment(state=State.PAID, grant=grant)) == "Access withdrawn 23 Nov 2026 14:03"


def test_what_was_added_to_a_double_after_all_is_not_said_to_be_missing(make_payment: Make) -> None:
    meant = frozenset({Remark.DOUBLE, Remark.BOTH_MEANT})
    withdrawn, none = (
        make_payment(state=State.PAID, remarks=meant, grant=replace(GRANT, access=False, withdrawn_at=at))
        for at in (NOW, None)
    )
    assert words.access_given(withdrawn) == "Access withdrawn 23 Nov 2026 14:03"
    assert words.access_given(none) == "No access with this post"
    due = make_payment(state=State.PAID, remarks=frozenset({Remark.DOUBLE}), grant=replace(GRANT, access=False))
    assert words.access_given(due) == "Paid twice: its access is not added"
