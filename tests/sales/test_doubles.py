"""Two prompts and both paid: what the operator went past decides what that means (rule 13)."""

from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_event import Settlement, Unanswered
from pos_app.sales.checkout import GUARD
from pos_app.sales.owner import Decision, MoneyBack, NotBack
from tests.support.builders import Watch, end, grant_of, prompt, sell, success, tell
from tests.support.builders import charge as ask
from tests.support.fakes import PHONE
from tests.support.till_harness import TillHarness

PASSPHRASE = "mama njeri 1987"
LATER = GUARD + 1


@pytest.fixture
def post(harness: TillHarness) -> Post:
    post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    return post


@pytest.fixture
def unsure(harness: TillHarness, post: Post) -> Payment:
    """Nobody knows what became of its push, and the guard lets an operator go past it."""
    payment = tell(harness, sell(harness, post), Unanswered(detail="ReadTimeout"))
    harness.clock.advance(LATER)
    return payment


def charge(harness: TillHarness, post: Post, *past: Payment) -> Payment:
    """The operator asks, past these; M-PESA accepts."""
    watch = Watch(harness.till.ledger)
    payment = ask(harness.till, post, PHONE, despite=[other.id for other in past])
    return watch.until(lambda each: each.id == payment.id and each.state is State.PROMPTED)


def pay(harness: TillHarness, payment: Payment) -> Payment:
    """M-PESA's own word that it was paid."""
    ids = payment.checkout_request_id or f"ws_CO_{payment.id}", f"UKN4X7Q2Z{payment.id}"
    return tell(harness, payment, success(payment, checkout_request_id=ids[0], receipt=ids[1]))


@pytest.mark.parametrize("first_paid", [0, 1])
def test_the_same_asked_for_past_an_open_one_is_a_double_whichever_is_paid_first(
    harness: TillHarness, post: Post, unsure: Payment, first_paid: int
) -> None:
    both = [unsure, charge(harness, post, unsure)]
    first = pay(harness, both[first_paid])
    second = pay(harness, both[1 - first_paid])
    assert (grant_of(first).access, first.remarks) == (True, frozenset())
    assert (grant_of(second).access, second.remarks) == (False, frozenset({Remark.DOUBLE}))
    assert harness.till.reader.attention(9) == [second]
    assert harness.till.reader.held(PHONE, [post.id])


def test_past_one_that_ended_unpaid_and_is_paid_after_all(harness: TillHarness, post: Post) -> None:
    cancelled = end(harness, sell(harness, post), "1032")
    again = charge(harness, post, cancelled)
    assert pay(harness, again).remarks == frozenset()
    assert pay(harness, cancelled).remarks == {Remark.DOUBLE, Remark.LATE}


def test_past_a_paid_one_is_a_second_sale_and_its_access_is_added(harness: TillHarness, post: Post) -> None:
    first = pay(harness, prompt(harness, sell(harness, post)))
    second = pay(harness, charge(harness, post, first))
    assert second.remarks == frozenset()
    assert grant_of(second).starts_at == grant_of(first).until


@pytest.mark.parametrize("first_paid", [0, 1])
def test_something_else_past_an_open_one_asks_for_a_look_and_gives_access(
    harness: TillHarness, post: Post, unsure: Payment, first_paid: int
) -> None:
    harness.till.catalogue.unlock(PASSPHRASE)
    both = [unsure, charge(harness, harness.till.catalogue.add(draft_post("Wi-Fi week", 30, 7)), unsure)]
    first = pay(harness, both[first_paid])
    second = pay(harness, both[1 - first_paid])
    assert first.remarks == frozenset()
    assert second.remarks == {Remark.OTHER_PAID}
    assert grant_of(second).access
    assert harness.till.reader.attention(9) == [second]


def command(harness: TillHarness, post: Post) -> Payment:
    """`charge` asks, with nobody there to be warned; M-PESA accepts."""
    watch = Watch(harness.till.ledger)
    payment = ask(harness.till, post, PHONE, past_ended=True)
    return watch.until(lambda each: each.id == payment.id and each.state is State.PROMPTED)


@pytest.mark.parametrize("first_paid", [0, 1])
def test_a_command_goes_past_what_ended_unpaid_and_both_paid_is_a_double(
    harness: TillHarness, post: Post, first_paid: int
) -> None:
    both = [end(harness, sell(harness, post), "1032"), command(harness, post)]
    assert Remark.DOUBLE not in pay(harness, both[first_paid]).remarks
    second = pay(harness, both[1 - first_paid])
    assert Remark.DOUBLE in second.remarks
    assert harness.till.reader.attention(9) == [second]


def test_a_command_past_a_paid_one_is_a_second_sale_and_nothing_else(harness: TillHarness, post: Post) -> None:
    first = pay(harness, command(harness, post))
    second = pay(harness, command(harness, post))
    assert second.remarks == frozenset()
    assert grant_of(second).starts_at == grant_of(first).until


def test_a_command_does_not_go_past_an_open_one(harness: TillHarness, post: Post, unsure: Payment) -> None:
    with pytest.raises(Exception, match="answer is not known yet"):
        ask(harness.till, post, PHONE, past_ended=True)


@pytest.fixture
def double(harness: TillHarness, post: Post, unsure: Payment) -> Payment:
    again = charge(harness, post, unsure)
    pay(harness, unsure)
    return pay(harness, again)


def settle(harness: TillHarness, payment: Payment, settlement: Settlement) -> Payment:
    return harness.till.owner.settle(payment, PASSPHRASE, Decision(settlement=settlement, why="seen"))


def test_money_given_back_in_cash_works_it_off(harness: TillHarness, post: Post, double: Payment) -> None:
    before = harness.till.reader.held(PHONE, [post.id])
    refunded = settle(harness, double, Settlement.REFUNDED)
    assert (refunded.state, grant_of(refunded), refunded.receipt) == (State.PAID, grant_of(double), double.receipt)
    assert harness.till.reader.attention(9) == []
    assert harness.till.reader.held(PHONE, [post.id]) == before
    line = harness.till.reader.journal(double.id)[-1]
    assert (line.code, line.detail, line.body) == ("refunded", "seen", None)


def test_both_were_meant_adds_the_access(harness: TillHarness, post: Post, double: Payment) -> None:
    before = harness.till.reader.held(PHONE, [post.id])[post.id]
    meant = settle(harness, double, Settlement.BOTH_MEANT)
    assert before.until
    assert grant_of(meant).until == before.until + timedelta(days=30)
    assert harness.till.reader.payment(double.id) == meant
    assert harness.till.reader.attention(9) == []


def give_back(harness: TillHarness, payment: Payment, code: str, **more: Any) -> Payment:
    told = MoneyBack(amount=str(payment.received - payment.refunded), code=code, why="asked once", **more)
    return harness.till.owner.refund(payment, PASSPHRASE, told)


def standing(harness: TillHarness, payment: Payment) -> Payment:
    found = harness.till.reader.payment(payment.id)
    assert found is not None
    return found


def test_where_the_other_one_went_back_the_double_counts_and_gives_its_access(
    harness: TillHarness, post: Post, unsure: Payment, double: Payment
) -> None:
    published = Watch(harness.till.ledger)
    give_back(harness, standing(harness, unsure), "UKR0000001")
    counts = published.until(lambda each: each.id == double.id)
    assert counts == standing(harness, double)
    assert counts.remarks == {Remark.DOUBLE, Remark.OTHER_BACK}
    assert harness.till.reader.attention(9) == []
    assert grant_of(counts).starts_at == harness.clock.corrected()
    assert harness.till.reader.held(PHONE, [post.id])[post.id].until == grant_of(counts).until
    line = harness.till.reader.journal(double.id)[-1]
    assert (line.source, line.kind, line.detail) == ("till", "other refunded", unsure.number)


def test_a_part_of_the_other_or_its_money_without_its_access_leaves_the_double(
    harness: TillHarness, post: Post, unsure: Payment, double: Payment
) -> None:
    part = MoneyBack(amount="1", code="UKR0000001", why="a part")
    first = harness.till.owner.refund(standing(harness, unsure), PASSPHRASE, part)
    assert standing(harness, double).refund_due
    give_back(harness, first, "UKR0000002", withdraw=False)
    assert standing(harness, double).refund_due


@pytest.mark.parametrize("by_payment", [True, False])
def test_where_its_access_is_withdrawn_by_hand_after_its_money_went_back_the_double_counts_too(
    harness: TillHarness, post: Post, unsure: Payment, double: Payment, by_payment: bool
) -> None:
    till = harness.till
    first = give_back(harness, standing(harness, unsure), "UKR0000001", withdraw=False)
    assert standing(harness, double) == double
    if by_payment:
        till.access.withdraw_of(first, PASSPHRASE, "its money is back")
    else:
        till.access.withdraw(till.access.look(PHONE, post.id)[1], "its money is back", PASSPHRASE)
    counts = standing(harness, double)
    assert counts.remarks == {Remark.DOUBLE, Remark.OTHER_BACK}
    assert not counts.refund_due
    assert counts.gives_access
    assert till.reader.audit(1)[0].new != "nothing", "what the double gives now is told"


def test_rule_30_the_other_one_did_not_go_back_after_all(
    harness: TillHarness, post: Post, unsure: Payment, double: Payment
) -> None:
    """Both count again: money is due, wherever the access is now."""
    give_back(harness, standing(harness, unsure), "UKR0000001")
    assert grant_of(standing(harness, double)).access
    mistaken = NotBack(code="UKR0000001", why="the wrong payment")
    first = harness.till.owner.take_back(standing(harness, unsure), PASSPHRASE, mistaken)
    assert (first.refund_due, first.refunded, first.gives_access) == (True, 0, False)
    assert harness.till.reader.attention(9) == [first]
    give_back(harness, first, "UKR0000001")
    assert harness.till.reader.attention(9) == []


def test_rule_30_a_double_whose_money_did_not_go_back_is_due_again(
    harness: TillHarness, unsure: Payment, double: Payment
) -> None:
    back = give_back(harness, double, "UKR0000001")
    assert not back.refund_due
    due = harness.till.owner.take_back(back, PASSPHRASE, NotBack(code="UKR0000001", why="mistyped"))
    assert (due.refund_due, due.remarks) == (True, double.remarks)
    assert not standing(harness, unsure).needs_attention


def test_the_double_that_went_back_itself_changes_nothing_of_the_other(
    harness: TillHarness, post: Post, unsure: Payment, double: Payment
) -> None:
    before = standing(harness, unsure)
    assert give_back(harness, double, "UKR0000001").remarks == {Remark.DOUBLE, Remark.REFUNDED}
    assert standing(harness, unsure) == before


def test_of_three_that_were_paid_the_last_that_is_left_counts(
    harness: TillHarness, post: Post, unsure: Payment
) -> None:
    """While two of them are paid, one of the two is too many."""
    more = [charge(harness, post, unsure)]
    harness.clock.advance(LATER)
    more.append(charge(harness, post, unsure, more[0]))
    pay(harness, unsure)
    second, third = (pay(harness, each) for each in more)
    give_back(harness, standing(harness, unsure), "UKR0000001")
    assert standing(harness, second).refund_due
    assert standing(harness, third).refund_due
    give_back(harness, standing(harness, second), "UKR0000002")
    assert standing(harness, third).remarks == {Remark.DOUBLE, Remark.OTHER_BACK}
    assert grant_of(standing(harness, third)).access
