"""Money without a prompt that is said to be that of a payment which we asked for and which ended unpaid (rule 28)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attention import Concern
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import EventKind, Settlement, Silence
from pos_app.domain.payment_line import PaymentLine
from pos_app.domain.receipt import Shop, receipt_lines, receipt_text
from pos_app.domain.unprompted import RowWord, Standing, Unprompted
from pos_app.errors import BadInput
from pos_app.messages.payment_history import steps
from pos_app.messages.remarks import remarks_words
from pos_app.sales.owner import Decision, MoneyBack
from tests.sales.test_binding import Money
from tests.sales.test_recording import code
from tests.support.builders import end, failure, grant_of, prompt, sell, success, tell
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

SIX = timedelta(minutes=6)


@pytest.fixture
def scene(harness: TillHarness) -> Money:
    return Money(harness)


def came(scene: Money, asked: Payment, number: int = 17, after: timedelta = SIX, **changes: object) -> Unprompted:
    phone = f"071****{asked.phone[-3:]}"
    return scene.came(number, **{"phone": phone, "at": asked.created_at + after} | changes)  # type: ignore[arg-type]


def identify(scene: Money, money: Unprompted, asked: Payment) -> Payment:
    return scene.till.binding.identify(money, asked, PASSPHRASE)


@pytest.mark.parametrize("state", [State.CANCELLED, State.DECLINED, State.EXPIRED])
def test_it_is_paid_by_that_money_with_its_access_from_now_on_and_by_name(scene: Money, state: State) -> None:
    asked = scene.sold(7, state)
    money = came(scene, asked)
    hire(scene.till)
    stand(scene.till, Role.SUPERVISOR)
    scene.harness.clock.advance(3_600)
    paid = scene.till.binding.identify(money, asked)
    now = scene.harness.clock.corrected()
    assert (paid.id, paid.state, paid.receipt, paid.receipt_by) == (asked.id, State.PAID, code(17), Source.OWNER)
    assert (paid.received, paid.completed_at, paid.remarks) == (
        100, money.at, frozenset({Remark.LATE, Remark.IDENTIFIED})
    )  # fmt: skip
    assert (grant_of(paid).granted_at, grant_of(paid).until) == (now, now + timedelta(days=30))
    assert not paid.needs_attention
    assert scene.lines(paid)[-1] == "person identified"
    assert "Found by Brian to be paid by money that came without a prompt." in remarks_words(paid)
    assert "Money found by Brian" in receipt_text(receipt_lines(Shop("Maji"), paid))
    told = steps(paid, scene.till.reader.journal(paid.id))
    assert any(step.title == "Its money was found by Brian" for step in told)
    assert scene.waiting() == []
    [bound] = scene.all(Standing.BOUND)
    assert (bound.payment_id, bound.by) == (paid.id, "Brian")
    assert scene.audit() == [(f"M-PESA code {code(17)}", None, f"is that of {paid.number}")]
    assert scene.in_closes() == 100


def test_an_operator_may_not(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    money = came(scene, asked)
    hire(scene.till)
    stand(scene.till, Role.OPERATOR)
    with pytest.raises(BadInput, match="Type the owner's passphrase"):
        scene.till.binding.identify(money, asked)
    assert identify(scene, money, asked).found_by is None  # the owner, by passphrase
    assert "Found by the owner" in " ".join(remarks_words(scene.now(asked)))


def test_what_is_not_sure_is_settled_by_it(scene: Money) -> None:
    asked = scene.sold(7)
    money = came(scene, asked)
    with pytest.raises(BadInput, match="is not one that ended unpaid"):
        identify(scene, money, asked)  # the customer may still type the PIN
    unsure = tell(scene.harness, asked, Silence())
    paid = identify(scene, money, unsure)
    assert (paid.state, paid.remarks) == (State.PAID, frozenset({Remark.IDENTIFIED}))


def test_it_has_to_fit_in_everything_that_is_seen(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    other = scene.sold(8, State.EXPIRED)
    held = scene.held(9)
    for number, (money, payment, words) in enumerate(
        (
            (came(scene, asked, 17, amount=99), asked, "asked for another amount than came"),
            (came(scene, asked, 18), other, "asked another"),
            (came(scene, asked, 19, after=timedelta(minutes=11)), asked, "within 10 minutes of its prompt"),
            (came(scene, asked, 20, after=-timedelta(minutes=2)), asked, "within 10 minutes of its prompt"),
            (came(scene, asked, 21, account=f"POST_1_{other.customer_id}"), asked, "which is another payment"),
            (came(scene, held, 22), held, "is not one that ended unpaid"),
        )
    ):
        with pytest.raises(BadInput, match=words):
            identify(scene, money, payment)
        assert len(scene.waiting()) == number + 1 or scene.waiting()
    assert scene.now(asked) == asked


def test_its_own_account_and_free_words_stand_in_nobodys_way(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    own = f"POST_{asked.lines[0].post_id}_{asked.customer_id}"
    for number, account in ((17, own), (18, "TEA")):
        money = came(scene, asked, number, account=account)
        paid = identify(scene, money, scene.now(asked))
        scene.unbind(paid)


def test_two_tills_say_it_once_and_as_it_was_seen(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    money = came(scene, asked)
    with pytest.raises(BadInput, match="Something new has come about this payment"):
        identify(scene, money, replace(asked, version=asked.version - 1))
    identify(scene, money, asked)
    with pytest.raises(BadInput, match="It is bound already"):
        identify(scene, money, scene.now(asked))
    assert scene.in_closes() == 100


def test_a_code_that_anybody_holds_is_not_its(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    paid = scene.held(9)
    money = came(scene, asked)
    scene.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="10", code=code(17), why="mistyped"))
    with pytest.raises(BadInput, match="is that of another payment or refund"):
        identify(scene, money, asked)


def test_money_that_is_bound_or_named_is_not_its(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    named = scene.till.binding.name(came(scene, asked), RowWord.TEST, "", PASSPHRASE)
    with pytest.raises(BadInput, match="Somebody has named what it is"):
        identify(scene, named, asked)


def test_a_sale_that_a_person_bound_is_no_prompt(scene: Money) -> None:
    undone = scene.unbind(scene.bind(scene.came(7), 7))
    with pytest.raises(BadInput, match="Nobody was asked"):
        identify(scene, scene.waits(7), undone)


def test_past_another_of_its_chain_that_is_paid_it_is_a_double(scene: Money) -> None:
    first = scene.sold(7, State.EXPIRED)
    again = scene.sold(7, address="f" * 64, retry_of=first.id)
    tell(scene.harness, again, success(again, receipt=code(3)))
    paid = identify(scene, came(scene, first, after=timedelta(minutes=3)), scene.now(first))
    assert (Remark.DOUBLE in paid.unseen, grant_of(paid).access) == (True, False)


def second(scene: Money, customer: int, **changes: object) -> Payment:
    """Another prompt for the same amount, a minute later."""
    return prompt(scene.harness, sell(scene.harness, scene.post, scene.phone(customer), "second", **changes))


@pytest.mark.parametrize("customer", [7, 8])
@pytest.mark.parametrize("is_open", [True, False])
def test_while_another_waits_for_such_money_or_counts_it_already_it_is_not_its(
    scene: Money, customer: int, is_open: bool
) -> None:
    """One amount that M-PESA moved counted twice: the other one is paid by asking, and its code has not come."""
    asked, other = scene.sold(7, State.CANCELLED), second(scene, customer)
    if not is_open:
        end(scene.harness, other, "0")
    money = came(scene, asked, phone="071****007" if customer == 7 else "")
    became = "still open" if is_open else "paid, and has no code yet"
    with pytest.raises(BadInput, match=f"{other.number} asked for the same amount.*{became}.*Nothing was changed"):
        identify(scene, money, asked)
    assert (scene.now(asked), scene.waiting()) == (asked, [code(17)])
    tell(scene.harness, scene.now(other), success(other, receipt=code(4)))
    assert identify(scene, money, asked).state is State.PAID


def test_who_surely_paid_something_else_stands_in_nobodys_way(scene: Money) -> None:
    asked, other = scene.sold(7, State.CANCELLED), second(scene, 8)
    assert other.state.open
    assert identify(scene, came(scene, asked), asked).state is State.PAID


# M-PESA's own word ---------------------------------------------------------------------------------------------------


def test_m_pesa_confirms_it(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    paid = identify(scene, came(scene, asked), asked)
    sure = tell(scene.harness, paid, success(paid, receipt=code(17)))
    assert (sure.receipt_by, sure.amount_paid) == (Source.MPESA, 100)
    with pytest.raises(BadInput, match="M-PESA itself has since said that this is its money"):
        scene.unbind(sure)
    assert (scene.in_closes(), scene.waiting()) == (100, [])


def test_rule_9_m_pesas_own_code_takes_its_place_and_the_money_waits_again(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    paid = identify(scene, came(scene, asked), asked)
    sure = tell(scene.harness, paid, success(paid, receipt=code(4)))
    assert (sure.receipt, sure.receipt_by, sure.found_by) == (code(4), Source.MPESA, None)
    assert (scene.in_closes(), scene.waiting()) == (100, [code(17)])


def test_rule_9_its_code_can_be_another_prompts(scene: Money) -> None:
    asked, other = scene.sold(7, State.EXPIRED), scene.sold(7, State.CANCELLED, address="f" * 64)
    paid = identify(scene, came(scene, other), scene.now(asked))
    back = scene.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="40", code="UKR0000001", why="some"))
    tell(scene.harness, other, success(other, receipt=code(17)))
    lost = scene.now(back)
    assert (lost.receipt, Remark.CODE_LOST in lost.unseen) == (None, True)
    undone = scene.unbind(lost)
    assert (undone.state, undone.refunded, scene.now(other).refunded) == (State.EXPIRED, 0, 40)
    assert scene.in_closes() == 60


# Undone --------------------------------------------------------------------------------------------------------------


def test_undone_it_is_as_if_nobody_had_said_so_and_m_pesas_word_counts(scene: Money) -> None:
    asked = scene.sold(7, State.CANCELLED)
    paid = identify(scene, came(scene, asked), asked)
    undone = scene.unbind(paid, "the wrong one")
    assert (undone.state, undone.receipt, undone.amount_paid, undone.gives_access) == (State.EXPIRED, None, None, False)
    assert undone.next_check_at is not None  # M-PESA is asked about it again
    assert (scene.waiting(), scene.in_closes()) == ([code(17)], 0)
    line = scene.till.reader.journal(undone.id)[-1]
    assert (line.event_kind, line.body) == (EventKind.UNBOUND, "the owner")
    told = steps(undone, scene.till.reader.journal(undone.id))
    assert told[-1].title == "Taken back by the owner"
    scene.harness.clock.advance(60)
    late = tell(scene.harness, undone, success(undone, receipt=code(5)))
    line_now: PaymentLine = late.lines[0]
    assert (late.state, line_now.gives_access, grant_of(late).withdrawn_at) == (State.PAID, True, None)
    assert grant_of(late).granted_at == scene.harness.clock.corrected()
    assert scene.in_closes() == 100


def test_undone_what_was_a_double_beside_it_counts_and_nothing_is_given_back(scene: Money) -> None:
    """Its customer paid once: they had no access, and the till told the owner to give the money back."""
    asked = scene.sold(7, State.CANCELLED)
    money = came(scene, asked)
    paid = identify(scene, money, asked)
    again = second(scene, 7, retry_of=asked.id)
    double = tell(scene.harness, again, success(again, receipt=code(4)))
    assert (double.refund_due, double.gives_access) == (True, False)
    scene.unbind(paid, "the wrong one")
    counts = scene.now(double)
    assert (counts.refund_due, counts.gives_access, counts.needs_attention) == (False, True, False)
    assert (scene.in_closes(), scene.waiting()) == (100, [code(17)])


@pytest.fixture
def codeless(scene: Money) -> tuple[Payment, Payment]:
    """The money of the second prompt was said to be the first one's; then M-PESA says by asking that it is paid."""
    asked = scene.sold(7, State.CANCELLED)
    again = end(scene.harness, second(scene, 7, retry_of=asked.id), "1037")
    paid = identify(scene, came(scene, asked), asked)
    return paid, end(scene.harness, again, "0")


def test_what_a_query_says_is_paid_may_be_the_same_money_and_is_no_refund_due(
    scene: Money, codeless: tuple[Payment, Payment]
) -> None:
    """Its customer paid once, and the till told the owner to give that back."""
    paid, again = codeless
    assert (again.state, again.refund_due, again.gives_access) == (State.PAID, False, False)
    assert again.unseen == {Remark.DOUBLE, Remark.OTHER_PAID}
    assert "Compare the statement before anything goes back" in " ".join(remarks_words(again))
    [item] = [each for each in scene.till.attention.look().items if each.payment == again]
    assert item.concern is Concern.LOOK
    scene.unbind(paid, "it was the other one's")
    counts = scene.now(again)
    assert (counts.gives_access, counts.needs_attention, scene.in_closes()) == (True, False, 100)


def test_it_is_due_once_its_own_code_tells_other_money(scene: Money, codeless: tuple[Payment, Payment]) -> None:
    _, again = codeless
    due = tell(scene.harness, again, success(again, receipt=code(4)))
    assert (due.refund_due, due.unseen) == (True, frozenset({Remark.DOUBLE}))


def test_its_code_can_be_the_very_one_that_was_named(scene: Money, codeless: tuple[Payment, Payment]) -> None:
    paid, again = codeless
    same = tell(scene.harness, again, success(again, receipt=code(17)))
    assert (same.receipt, same.refund_due, Remark.CODE_LOST in scene.now(paid).unseen) == (code(17), False, True)
    scene.unbind(paid)
    counts = scene.now(again)
    assert (counts.gives_access, counts.needs_attention, scene.in_closes()) == (True, False, 100)


def test_looked_at_and_other_money_it_is_due(scene: Money, codeless: tuple[Payment, Payment]) -> None:
    _, again = codeless
    owner = scene.till.owner
    looked = owner.settle(again, PASSPHRASE, Decision(settlement=Settlement.SEEN, why="two rows in the statement"))
    assert (looked.refund_due, looked.unseen) == (True, frozenset({Remark.DOUBLE}))


def test_undone_once_its_code_was_lost_what_m_pesa_says_of_it_can_go_back(scene: Money) -> None:
    asked, other = scene.sold(7, State.EXPIRED), scene.sold(7, State.CANCELLED, address="f" * 64)
    paid = identify(scene, came(scene, other), scene.now(asked))
    tell(scene.harness, other, success(other, receipt=code(17)))
    scene.unbind(paid)
    mine = end(scene.harness, scene.now(asked), "0")
    assert (mine.state, mine.receipt) == (State.PAID, None)
    back = scene.till.owner.refund(mine, PASSPHRASE, MoneyBack(amount="100", code="UKR0000001", why="all of it"))
    assert (back.refunded, scene.in_closes()) == (100, 100)


def test_undone_and_said_again_it_gives_its_access_again(scene: Money) -> None:
    asked = scene.sold(7, State.CANCELLED)
    money = came(scene, asked)
    undone = scene.unbind(identify(scene, money, asked))
    again = identify(scene, scene.waits(17), undone)
    assert (again.gives_access, scene.in_closes()) == (True, 100)


def test_a_late_no_changes_nothing(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    paid = identify(scene, came(scene, asked), asked)
    after = tell(scene.harness, paid, failure(paid, "1032"))
    assert (after.state, after.unseen) == (State.PAID, frozenset({Remark.CONFLICT}))
    assert end(scene.harness, after, "0").state is State.PAID


# Offered -------------------------------------------------------------------------------------------------------------


def test_what_it_may_be_is_offered_with_it(scene: Money) -> None:
    asked = scene.sold(7, State.EXPIRED)
    long = scene.sold(7, State.EXPIRED, address="f" * 64)
    money = came(scene, long, after=timedelta(minutes=3))
    offered = {hint.payment.id: hint.may_be_its for hint in scene.till.binding.hints(money).prompts}
    assert offered == {asked.id: True, long.id: True}
    far = came(scene, long, 18, after=timedelta(minutes=30))
    assert not any(hint.may_be_its for hint in scene.till.binding.hints(far).prompts)
