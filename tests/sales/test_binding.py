"""Money without a prompt: bound to a sale once, undone, named; never by itself, and never twice for one shilling."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.charge_request import ChargeLine, ChargeRequest, PostChanged
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import EventKind, Settlement
from pos_app.domain.phone import parse_phone
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import StatementRow
from pos_app.domain.unprompted import NAMES, MoneySearch, RowWord, Standing, Unprompted
from pos_app.errors import BadInput
from pos_app.messages.unprompted import state_of
from pos_app.sales.bind_checks import PromptSeen
from pos_app.sales.checkout import Guarded
from pos_app.sales.owner import Decision, MoneyBack, NotBack
from tests.sales.test_recording import DAY, DIGEST, Scene, a_row, code, of, reversal
from tests.support.builders import Watch, charge, end, grant_of, success, tell
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

CAME = START + timedelta(minutes=1)


class Money(Scene):
    """The same shop, whose record has money that nobody was asked for."""

    def __init__(self, harness: TillHarness) -> None:
        self.tea = harness.till.catalogue.add(draft_post("Tea", 50, 0))
        super().__init__(harness)

    def came(self, number: int, amount: int = 100, **changes: Any) -> Unprompted:
        """Money that is recorded: the row with the number."""
        self.recording.record(of(self.listed(number, amount, **changes), covered=None), DIGEST, PASSPHRASE)
        return self.waits(number)

    def listed(self, number: int, amount: int = 100, **changes: Any) -> StatementRow:
        return replace(a_row(CAME, number), amount=Decimal(amount), **changes)

    def all(self, standing: Standing = Standing.WAITING) -> list[Unprompted]:
        return self.till.reader.unprompted(MoneySearch(standing=standing))

    def waits(self, number: int) -> Unprompted:
        [found] = [each for each in self.all() if each.receipt == code(number)]
        return found

    def waiting(self) -> list[str]:
        found = [each.receipt for each in self.all()]
        assert self.till.reader.unprompted_waiting() == len(found)
        return found

    def sale(self, number: int, *lines: ChargeLine, despite: frozenset[int] = frozenset()) -> ChargeRequest:
        msisdn = parse_phone(self.phone(number))
        return ChargeRequest(lines=lines or (ChargeLine(self.post),), msisdn=msisdn, despite=despite)

    def bind(self, money: Unprompted, number: int, *lines: ChargeLine, **more: Any) -> Payment:
        return self.till.binding.bind(money, self.sale(number, *lines, **more), PASSPHRASE)

    def unbind(self, payment: Payment, why: str = "the wrong customer") -> Payment:
        return self.till.binding.unbind(self.now(payment), why, PASSPHRASE)

    def audit(self) -> list[tuple[str, str | None, str | None]]:
        return [(one.subject, one.old, one.new) for one in self.till.reader.audit(99) if one.act is Act.BIND][::-1]

    def in_closes(self) -> int:
        """What the open day has, in KES: paid less what went back."""
        figures = self.till.reader.open_day(self.harness.clock.corrected()).figures
        assert self.till.reader.wrong_movements() == []  # type: ignore[attr-defined]
        return figures.received - figures.refunded


class Lost:
    """A prompt that ended unpaid, and a sale that its money was bound to: M-PESA has yet to tell whose it was."""

    def __init__(self, scene: Money, customer: int = 7) -> None:
        self.scene = scene
        self.asked = scene.sold(7, State.CANCELLED)
        at = self.asked.created_at + timedelta(minutes=6)
        self.row = scene.listed(17, phone="071****007" if customer == 7 else "", at=at)
        scene.record(self.row)
        self.sale = scene.bind(scene.waits(17), customer, despite=frozenset({self.asked.id}))

    def give_back(self, amount: int, code: str = "UKR0000001") -> Payment:
        back = MoneyBack(amount=str(amount), code=code, why="asked for it back")
        return self.scene.till.owner.refund(self.scene.now(self.sale), PASSPHRASE, back)

    def take_back(self, code: str) -> Payment:
        seen = self.scene.now(self.sale)
        return self.scene.till.owner.take_back(seen, PASSPHRASE, NotBack(code=code, why="not so"))

    def claim(self) -> Payment:
        return tell(self.scene.harness, self.asked, success(self.asked, receipt=code(17)))

    def in_all_closes(self) -> int:
        """What all closes and the open day have, in KES: paid less what went back."""
        closes = self.scene.till.reader.day_closes(9)
        closed = sum(each.report.figures.received - each.report.figures.refunded for each in closes)
        return closed + self.scene.in_closes()


@pytest.fixture
def scene(harness: TillHarness) -> Money:
    return Money(harness)


# Bound ---------------------------------------------------------------------------------------------------------------


def test_money_is_bound_to_a_sale_which_is_paid_by_it_and_gives_its_access_from_now_on(scene: Money) -> None:
    money = scene.came(7)
    scene.harness.clock.advance(3_600)
    watch = Watch(scene.till.ledger)
    paid = scene.bind(money, 7)
    now = scene.harness.clock.corrected()
    assert (paid.state, paid.receipt, paid.receipt_by, paid.received) == (State.PAID, code(7), Source.OWNER, 100)
    assert (paid.completed_at, paid.created_at, paid.remarks) == (CAME, now, frozenset({Remark.BOUND}))
    assert (paid.phone, paid.checkout_request_id, paid.next_check_at) == (scene.phone(7), None, None)
    assert not paid.needs_attention
    grant = grant_of(paid)
    assert (grant.granted_at, grant.until) == (now, now + timedelta(days=30))
    assert watch.seen[-1] == paid
    assert scene.lines(paid) == ["person bound"]
    assert scene.harness.gateway.pushes == []
    assert scene.waiting() == []
    [bound] = scene.all(Standing.BOUND)
    assert (bound.word, bound.payment_id, bound.number, bound.by) == (RowWord.BOUND, paid.id, paid.number, None)
    assert scene.kept() == {f"{code(7)} payment": (RowOutcome.AGREES, paid.id)}
    assert scene.audit() == [(f"M-PESA code {code(7)}", None, f"bound to {paid.number}, KES 100 of 100")]
    assert scene.in_closes() == 100


def test_rule_16_who_has_bound_it_is_told_for_ever(scene: Money) -> None:
    hire(scene.till)
    brian = stand(scene.till, Role.SUPERVISOR)
    assert brian
    paid = scene.till.binding.bind(scene.came(7), scene.sale(7))
    assert paid.operator == "Brian"
    [bound] = scene.all(Standing.BOUND)
    assert bound.by == "Brian"
    by_owner = scene.bind(scene.came(8), 8)  # a supervisor may without more: the passphrase is not looked at
    assert by_owner.operator == "Brian"
    stand(scene.till, Role.OPERATOR)
    assert scene.bind(scene.came(9), 9).operator is None  # the owner, whoever is signed in


def test_access_adds_up(scene: Money) -> None:
    first = scene.held(7)
    second = scene.bind(scene.came(17, phone="071****007"), 7)
    assert grant_of(second).starts_at == grant_of(first).until


def test_several_posts_and_what_is_left_is_a_refund_due_until_it_went_back(scene: Money) -> None:
    paid = scene.bind(scene.came(7, 210), 7, ChargeLine(scene.post), ChargeLine(scene.tea, 2))
    assert (paid.amount, paid.received, paid.rest) == (200, 210, 10)
    assert paid.unseen == {Remark.REST_DUE}
    assert [line.grant is not None for line in paid.lines] == [True, True]
    assert scene.till.reader.attention(9) == [paid]
    refund = scene.till.owner.refund
    part = refund(paid, PASSPHRASE, MoneyBack(amount="4", code="UKR0000001", why="some of it"))
    assert part.unseen == {Remark.REST_DUE}
    rest = refund(part, PASSPHRASE, MoneyBack(amount="6", code="UKR0000002", why="the rest of it"))
    assert (rest.unseen, rest.refunded, rest.gives_access) == (frozenset(), 10, True)
    assert scene.in_closes() == 200


def test_the_rest_may_go_back_in_cash_which_the_owner_has_seen(scene: Money) -> None:
    paid = scene.bind(scene.came(7, 110), 7)
    seen = scene.till.owner.settle(paid, PASSPHRASE, Decision(settlement=Settlement.SEEN, why="given in cash"))
    assert not seen.needs_attention
    assert scene.in_closes() == 110


def test_all_of_it_back_leaves_nothing_due(scene: Money) -> None:
    paid = scene.bind(scene.came(7, 110), 7)
    back = MoneyBack(amount="110", code="UKR0000001", why="sent back", withdraw=False)
    assert scene.till.owner.refund(paid, PASSPHRASE, back).unseen == frozenset()


def test_more_than_came_is_refused(scene: Money) -> None:
    money = scene.came(7, 99)
    with pytest.raises(BadInput, match="costs KES 100, and KES 99 came"):
        scene.bind(money, 7)
    assert scene.waiting() == [code(7)]


@pytest.mark.parametrize(
    ("seen", "fits"), [("071****007", True), ("071****008", False), ("072****007", False), ("", True)]
)
def test_the_phone_must_fit_every_digit_that_can_be_seen(scene: Money, seen: str, fits: bool) -> None:
    money = scene.came(7, phone=seen)
    if fits:
        assert scene.bind(money, 7).state is State.PAID
        return
    with pytest.raises(BadInput, match=r"as the payer's number, and .* is another"):
        scene.bind(money, 7)


def test_cents_are_no_sale(scene: Money) -> None:
    scene.record(replace(scene.listed(7), amount=Decimal("100.50")))
    with pytest.raises(BadInput, match="There are cents in it"):
        scene.bind(scene.waits(7), 7)
    assert scene.till.binding.hints(scene.waits(7)) == scene.till.binding.hints(scene.waits(7)).__class__()


def test_a_post_that_changes_meanwhile_binds_nothing(scene: Money) -> None:
    money, sale = scene.came(7), scene.sale(7)
    scene.till.catalogue.unlock(PASSPHRASE)
    scene.till.catalogue.change(scene.post.id, draft_post("Wi-Fi month", 90, 30))
    with pytest.raises(PostChanged):
        scene.till.binding.bind(money, sale, PASSPHRASE)
    assert scene.waiting() == [code(7)]


def test_two_tills_that_bind_the_same_bind_it_once(scene: Money) -> None:
    money = scene.came(7)
    paid = scene.bind(money, 7)
    with pytest.raises(BadInput, match=f"It is bound already, to payment {paid.number}"):
        scene.bind(money, 7)
    [bound] = scene.all(Standing.BOUND)
    with pytest.raises(BadInput, match="It is bound already"):
        scene.bind(bound, 7)
    assert scene.in_closes() == 100


def test_a_code_that_a_payment_has_meanwhile_is_no_other_sale(scene: Money) -> None:
    money = scene.came(7)
    asked = scene.sold(8)
    tell(scene.harness, asked, success(asked, receipt=code(7)))
    assert scene.waiting() == []  # a callback has said whose it is
    with pytest.raises(BadInput, match="is that of another payment or refund"):
        scene.bind(money, 7)
    assert scene.in_closes() == 100


def test_money_of_which_the_record_has_since_said_whose_it_is_is_not_bound(scene: Money) -> None:
    asked = scene.sold(7)
    row = scene.row(asked, 7, phone="")
    scene.record(row)
    money = scene.waits(7)
    scene.record(replace(row, phone="071****007"), digest="cd" * 32)
    assert scene.now(asked).receipt == code(7)
    with pytest.raises(BadInput, match="Something new is known of this money"):
        scene.bind(money, 7)
    told = scene.till.reader.unprompted_money(money.id)
    assert told
    with pytest.raises(BadInput, match="has since shown whose this money is"):
        scene.bind(told, 7)


def test_who_was_erased_is_sold_nothing(scene: Money) -> None:
    scene.held(7)
    money = scene.came(17, phone="071****007")
    scene.harness.clock.advance(600)
    scene.till.erasure.erase(scene.phone(7), "asked by letter", PASSPHRASE)
    forgotten = scene.waits(17)
    assert (forgotten.forgotten, forgotten.phone, forgotten.name) == (True, "", "")
    for seen in (money, forgotten):
        with pytest.raises(BadInput, match="Who paid it was erased"):
            scene.bind(seen, 7)
    assert scene.till.binding.name(forgotten, RowWord.NOT_SALE, "", PASSPHRASE).word is RowWord.NOT_SALE


def test_who_was_taken_away_with_the_time_comes_back_by_no_other_record(scene: Money) -> None:
    money = scene.came(7)
    scene.till.writer.run(lambda transaction: transaction.forget_payers(CAME + timedelta(days=1)))
    scene.record(scene.listed(7, 60), digest="cd" * 32)
    again = scene.waits(7)
    assert money.name
    assert (again.forgotten, again.phone, again.name, again.account) == (True, "", "", "")


@pytest.mark.parametrize("told", [60, 1_000])
def test_money_that_two_records_tell_with_two_amounts_is_bound_at_neither(scene: Money, told: int) -> None:
    money = scene.came(7)
    scene.record(scene.listed(7, told), digest="cd" * 32)
    told_twice = scene.waits(7)
    assert (told_twice.otherwise, told_twice.cents) == (True, 10_000)
    with pytest.raises(BadInput, match=r"Something new is known.*two amounts"):
        scene.bind(money, 7)
    with pytest.raises(BadInput, match=r"two amounts.*It can be named here\. Nothing was changed"):
        scene.bind(told_twice, 7)
    assert scene.till.binding.name(told_twice, RowWord.OTHER_TILL, "", PASSPHRASE).word is RowWord.OTHER_TILL
    assert scene.in_closes() == 0


# What was asked for --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.PROMPTED, State.PAID])
def test_money_of_a_prompt_that_waits_or_counts_it_is_never_a_second_sale(scene: Money, state: State) -> None:
    asked = scene.sold(7, state)
    money = scene.came(17, phone="071****007", at=asked.created_at + timedelta(minutes=6))
    with pytest.raises(BadInput, match=f"{asked.number} asked this phone for the same amount 6:00 from"):
        scene.bind(money, 7)
    assert scene.bind(scene.came(18, phone="071****008", at=asked.created_at + timedelta(minutes=6)), 8).receipt


@pytest.mark.parametrize("state", [State.CANCELLED, State.DECLINED, State.EXPIRED])
def test_money_of_a_prompt_that_ended_is_bound_once_somebody_has_looked(scene: Money, state: State) -> None:
    asked = scene.sold(7, state)
    money = scene.came(17, phone="071****007", at=asked.created_at + timedelta(minutes=6))
    with pytest.raises(PromptSeen, match=f"payment {asked.number}, which is not paid") as seen:
        scene.bind(money, 7)
    assert [payment.id for payment in seen.value.payments] == [asked.id]
    assert scene.bind(money, 7, despite=frozenset({asked.id})).state is State.PAID
    assert scene.now(asked).state is state


@pytest.mark.parametrize("back", [False, True])
def test_a_prompt_that_was_gone_past_and_is_paid_after_all_waits_for_a_look(scene: Money, back: bool) -> None:
    asked = scene.sold(7, State.EXPIRED)
    money = scene.came(17, phone="071****007", at=asked.created_at + timedelta(minutes=6))
    bound = scene.bind(money, 7, despite=frozenset({asked.id}))
    if back:
        scene.unbind(bound)
    paid = end(scene.harness, asked, "0")  # by a query, which names no code: that of the money may be its own
    assert (paid.state, grant_of(paid).access) == (State.PAID, True)
    assert paid.unseen == (frozenset() if back else {Remark.OTHER_PAID})
    assert scene.in_closes() == (100 if back else 200)


@pytest.mark.parametrize("hours", [0.1, 5, 23])
def test_a_prompt_of_another_phone_or_long_before_that_may_yet_be_paid_is_told_and_counts_twice_unseen_never(
    scene: Money, hours: float
) -> None:
    asked = scene.sold(8, State.EXPIRED)
    money = scene.came(17, phone="", at=asked.created_at + timedelta(hours=hours))
    with pytest.raises(
        PromptSeen, match=rf"may be this money: {asked.number} \(0712 ••• 008, .* before, not paid\)"
    ) as seen:
        scene.bind(money, 7)
    assert scene.waiting() == [code(17)]
    bound = scene.bind(money, 7, despite=frozenset(each.id for each in seen.value.payments))
    paid = end(scene.harness, asked, "0")  # by a query, which names no code
    assert paid.unseen == {Remark.OTHER_PAID}
    assert scene.till.reader.attention(9) == [paid]
    scene.unbind(bound)
    assert scene.in_closes() == 100


def test_what_is_open_for_days_is_told_too(scene: Money) -> None:
    asked = scene.sold(8)
    money = scene.came(17, phone="071****008", at=asked.created_at + timedelta(days=3))
    with pytest.raises(PromptSeen, match="still open"):
        scene.bind(money, 8)


def test_who_is_paid_without_a_code_right_before_is_told(scene: Money) -> None:
    asked = scene.sold(8, State.PAID)
    money = scene.came(17, phone="", at=asked.created_at + timedelta(minutes=6))
    with pytest.raises(PromptSeen, match="paid, no code yet"):
        scene.bind(money, 7)
    later = scene.came(18, phone="", at=asked.created_at + timedelta(hours=6))
    assert scene.bind(later, 7).state is State.PAID


def test_many_that_may_be_meant_are_counted(scene: Money) -> None:
    asked = [scene.sold(number, State.EXPIRED) for number in range(20, 26)]
    money = scene.came(17, phone="", at=asked[-1].created_at + timedelta(minutes=20))
    with pytest.raises(PromptSeen, match="; and 2 more") as seen:
        scene.bind(money, 7)
    assert {payment.id for payment in seen.value.payments} == {payment.id for payment in asked}


@pytest.mark.parametrize(
    ("phone", "hours", "told"), [("071****008", 1, True), ("", 1, True), ("071****009", 1, False), ("", 25, False)]
)
def test_a_query_that_pays_what_a_bind_may_have_covered_is_looked_at_at_once(
    scene: Money, phone: str, hours: float, told: bool
) -> None:
    """Also where nobody was told of the prompt as it was bound, by an older version or while it was thought ended."""
    asked = scene.sold(8, State.CANCELLED)
    money = scene.came(17, phone=phone, at=asked.created_at + timedelta(hours=hours))
    scene.bind(money, 9 if phone.endswith("9") or not phone else 8)
    paid = end(scene.harness, asked, "0")
    assert (Remark.OTHER_PAID in paid.unseen) is told


def test_a_code_of_its_own_tells_that_it_is_other_money(scene: Money) -> None:
    asked = scene.sold(8, State.CANCELLED)
    scene.bind(scene.came(17, phone="", at=asked.created_at + timedelta(hours=1)), 9)
    paid = tell(scene.harness, asked, success(asked, receipt=code(3)))
    assert paid.unseen == frozenset()


def test_what_was_asked_for_long_before_stands_in_nobodys_way(scene: Money) -> None:
    asked = scene.sold(7, State.CANCELLED)
    money = scene.came(17, phone="071****007", at=asked.created_at + timedelta(hours=5))
    assert scene.bind(money, 7).state is State.PAID


def test_rule_13_the_guard_says_what_was_bound_and_not_what_was_undone(scene: Money) -> None:
    paid = scene.bind(scene.came(7), 7)
    with pytest.raises(Guarded, match=r"This phone paid KES 100 .* ago without a prompt, as") as seen:
        charge(scene.till, scene.post, scene.phone(7))
    assert not seen.value.cautions[0].blocks
    scene.unbind(paid)
    assert charge(scene.till, scene.post, scene.phone(7)).state is State.REQUESTED


# M-PESA's own word ---------------------------------------------------------------------------------------------------


def test_rule_9_a_callback_that_gives_the_code_to_another_payment_counts(scene: Money) -> None:
    asked = scene.sold(7, State.CANCELLED)
    money = scene.came(17, phone="071****007", at=asked.created_at + timedelta(minutes=6))
    bound = scene.bind(money, 7, despite=frozenset({asked.id}))
    paid = tell(scene.harness, asked, success(asked, receipt=code(17)))
    assert (paid.state, paid.receipt, paid.receipt_by) == (State.PAID, code(17), Source.MPESA)
    lost = scene.now(bound)
    assert (lost.state, lost.receipt, lost.unseen) == (State.PAID, None, frozenset({Remark.CODE_LOST}))
    [row] = scene.all(Standing.BOUND)
    assert row.lost
    undone = scene.unbind(lost)
    assert (undone.state, undone.needs_attention) == (State.DECLINED, False)
    assert scene.all(Standing.BOUND) == []
    assert scene.waiting() == []
    assert scene.kept()[f"{code(17)} payment"] == (RowOutcome.AGREES, asked.id)
    assert scene.in_closes() == 100


def test_a_later_statement_agrees_and_takes_nothing_bound_for_anything_else(scene: Money) -> None:
    money = scene.came(7)
    scene.harness.clock.advance(6 * 3_600)
    paid = scene.bind(money, 7)
    # another row of the same phone and amount right when it was bound is none of it
    late = scene.listed(8, phone="071****007", at=scene.harness.clock.corrected() + timedelta(seconds=20))
    found = scene.record(scene.listed(7), late, digest="cd" * 32)
    assert (found.agrees, found.counts[RowOutcome.UNPROMPTED]) == (1, 1)
    assert scene.waiting() == [code(8)]
    assert not scene.now(paid).needs_attention
    undone = scene.unbind(paid)
    again = scene.record(scene.listed(7), late, digest="ef" * 32)
    assert again.counts == {RowOutcome.UNPROMPTED: 2}
    assert scene.now(undone).state is State.DECLINED


def test_a_day_that_is_covered_without_its_money_is_not_the_day_it_was_bound(scene: Money) -> None:
    money = scene.came(7)
    scene.harness.clock.advance(24 * 3_600)
    paid = scene.bind(money, 7)
    tomorrow = type(DAY)(DAY.first + timedelta(days=1), DAY.last + timedelta(days=1))
    assert scene.record(digest="cd" * 32, covered=tomorrow).lines == ()
    assert not scene.now(paid).needs_attention
    assert [line.payment_id for line in scene.record(digest="ef" * 32).lines] == [paid.id]  # where its money should be
    assert scene.now(paid).unseen == {Remark.RECORD_DIFFERS}


def test_money_that_goes_back_by_the_record_becomes_the_refund_of_its_sale(scene: Money) -> None:
    paid = scene.bind(scene.came(7), 7)
    scene.record(scene.listed(7), reversal(scene.listed(7)), digest="cd" * 32)
    back = scene.now(paid)
    assert (back.refunded, back.unseen) == (100, frozenset({Remark.REVERSED}))
    with pytest.raises(BadInput, match="KES 100 of this payment went back already"):
        scene.unbind(back)
    assert scene.in_closes() == 0


@pytest.mark.parametrize("first", [True, False])
def test_money_that_went_back_waits_for_nobody(scene: Money, first: bool) -> None:
    row = scene.listed(7)
    back = reversal(row)
    scene.record(back if first else row)
    scene.record(row if first else back, digest="cd" * 32)
    assert scene.waiting() == []
    [named] = scene.all(Standing.NAMED)
    assert named.word is RowWord.REVERSED
    with pytest.raises(BadInput, match="has this money going back"):
        scene.bind(named, 7)
    for word in (RowWord.TEST, RowWord.NONE):
        with pytest.raises(BadInput, match="It cannot be named"):
            scene.till.binding.name(named, word, "", PASSPHRASE)


def test_of_a_part_that_went_back_the_part_is_named(scene: Money) -> None:
    row = scene.listed(7)
    scene.record(row, reversal(row, amount=Decimal("40.50")))
    [money] = scene.all(Standing.NAMED)
    assert (money.word, money.cents, money.back) == (RowWord.REVERSED, 10_000, 4_050)
    assert state_of(money) == "M-PESA took KES 40.50 back"
    with pytest.raises(BadInput, match=r"has KES 40\.50 of this money going back, and KES 59\.50 of it is left"):
        scene.bind(money, 7)


# Another's money that went back ------------------------------------------------------------------------------------


@pytest.fixture
def lost(scene: Money) -> Lost:
    return Lost(scene)


@pytest.mark.parametrize(("back", "closed"), [(100, 0), (100, 1), (100, 2), (100, 3), (40, 0), (40, 2)])
def test_what_went_back_passes_to_whose_money_it_is_and_every_close_is_right(
    scene: Money, lost: Lost, back: int, closed: int
) -> None:
    """The gravest case: the money of one prompt was bound to a sale and given back, then M-PESA told of the prompt."""
    if closed == 1:
        scene.till.days.close(1, PASSPHRASE)
    lost.give_back(back)
    if closed == 2:
        scene.till.days.close(1, PASSPHRASE)
    lost.claim()
    if closed == 3:
        scene.till.days.close(1, PASSPHRASE)
    undone = scene.unbind(lost.sale)
    asked = scene.now(lost.asked)
    assert (undone.state, undone.amount_paid, undone.refunded, undone.needs_attention) == (
        State.DECLINED, None, 0, False
    )  # fmt: skip
    assert (asked.state, asked.receipt, asked.refunded, asked.gives_access) == (State.PAID, code(17), back, True)
    assert Remark.REVERSED in asked.unseen  # the access is left until a person has decided
    assert [(refund.code, refund.withdrawn) for refund in scene.till.reader.refunds(asked.id)] == [
        ("UKR0000001", False)
    ]
    assert scene.till.reader.refunds(undone.id) == []
    assert lost.in_all_closes() == 100 - back
    assert scene.till.reader.wrong_closes() == []  # type: ignore[attr-defined]
    totals = scene.till.reader.totals(START.date())
    assert (totals.paid_amount, totals.refunded) == (100 - back, back)
    assert "till refund came" in scene.lines(asked)
    assert scene.lines(undone)[-2:] == ["till refund passed", "person unbound"]
    assert scene.audit()[-1] == (
        f"M-PESA code {code(17)}", f"bound to {undone.number}", f"unbound, KES {back} that went back passed on"
    )  # fmt: skip


def test_of_what_is_anothers_nothing_more_is_recorded_as_gone_back(scene: Money, lost: Lost) -> None:
    lost.give_back(40)
    lost.claim()
    with pytest.raises(BadInput, match=r"its money is another payment's.*Undo the bind"):
        lost.give_back(60, "UKR0000002")
    scene.unbind(lost.sale)
    asked = scene.now(lost.asked)
    whole = scene.till.owner.refund(asked, PASSPHRASE, MoneyBack(amount="60", code="UKR0000002", why="the rest"))
    assert (whole.refunded, lost.in_all_closes()) == (100, 0)


@pytest.mark.parametrize("first", [True, False])
def test_a_reversal_in_the_record_is_found_with_whose_money_it_is(scene: Money, lost: Lost, first: bool) -> None:
    back = reversal(lost.row)
    if first:
        scene.record(back, digest="cd" * 32)
        assert scene.now(lost.sale).refunded == 100
    lost.claim()
    if not first:
        scene.record(back, digest="cd" * 32)
    scene.unbind(lost.sale)
    asked = scene.now(lost.asked)
    assert (asked.refunded, lost.in_all_closes()) == (100, 0)
    assert scene.kept()[f"{back.receipt} reversal"] == (RowOutcome.REVERSAL, asked.id)
    again = scene.record(back, digest="ef" * 32)
    assert [(line.payment_id, line.asks) for line in again.lines if line.row] == [(asked.id, False)]
    assert scene.now(asked).refunded == 100


def test_the_code_of_a_refund_that_is_a_payments_asks_for_a_look_wherever_it_passes(scene: Money, lost: Lost) -> None:
    lost.give_back(40)
    other = scene.sold(9)
    tell(scene.harness, other, success(other, receipt="UKR0000001"))
    lost.claim()
    scene.unbind(lost.sale)
    assert {Remark.REFUND_CLASH, Remark.REVERSED} <= scene.now(lost.asked).unseen


def test_what_cannot_have_gone_back_of_it_stays_and_says_where_to_look(scene: Money, lost: Lost) -> None:
    lost.give_back(60)
    lost.claim()
    asked = scene.till.owner.refund(
        scene.now(lost.asked), PASSPHRASE, MoneyBack(amount="60", code="UKR0000009", why="again")
    )
    with pytest.raises(BadInput, match=f"payment {asked.number} now, which has KES 40 that can have gone back") as told:
        scene.unbind(lost.sale)
    assert "Nothing was changed" in told.value.user_text
    assert (scene.now(asked), scene.now(lost.sale).refunded) == (asked, 60)


def test_while_it_is_not_settled_nothing_passes_to_it(scene: Money, lost: Lost) -> None:
    lost.give_back(40)
    tell(scene.harness, lost.asked, success(lost.asked, amount=Decimal(90), receipt=code(17)))
    assert scene.now(lost.asked).state is State.REVIEW
    with pytest.raises(BadInput, match="is not settled yet"):
        scene.unbind(lost.sale)
    word = Decision(settlement=Settlement.PAID, why="looked", receipt=code(17), amount="90")
    scene.till.owner.settle(scene.now(lost.asked), PASSPHRASE, word)
    scene.unbind(lost.sale)
    assert (scene.now(lost.asked).refunded, lost.in_all_closes()) == (40, 50)


def test_what_was_written_about_one_customer_does_not_stay_with_another(scene: Money) -> None:
    lost = Lost(scene, customer=8)
    lost.give_back(40)
    lost.claim()
    scene.unbind(lost.sale)
    assert [refund.reason for refund in scene.till.reader.refunds(lost.asked.id)] == [""]


def test_two_tills_that_undo_it_pass_it_on_once(scene: Money, lost: Lost) -> None:
    lost.give_back(40)
    lost.claim()
    seen = scene.now(lost.sale)
    scene.unbind(lost.sale)
    with pytest.raises(BadInput, match="Something new has come about this payment"):
        scene.till.binding.unbind(seen, "the same at the other till", PASSPHRASE)
    assert scene.now(lost.asked).refunded == 40


@pytest.mark.parametrize("closed", [False, True])
def test_rule_30_a_mistyped_refund_of_what_is_anothers_is_taken_back_and_the_bind_undone(
    scene: Money, lost: Lost, closed: bool
) -> None:
    lost.give_back(60, "UKR00000O1")
    if closed:
        scene.till.days.close(1, PASSPHRASE)
    lost.claim()
    kept = lost.take_back("UKR00000O1")
    assert (kept.state, kept.refunded) == (State.PAID, 0)
    assert scene.unbind(lost.sale).state is State.DECLINED
    assert (scene.now(lost.asked).refunded, lost.in_all_closes()) == (0, 100)
    assert scene.till.reader.wrong_closes() == []  # type: ignore[attr-defined]
    right = MoneyBack(amount="60", code="UKR0000001", why="as the portal has it")
    assert scene.till.owner.refund(scene.now(lost.asked), PASSPHRASE, right).refunded == 60
    assert lost.in_all_closes() == 40


@pytest.mark.parametrize("side", ["sale", "asked"])
def test_rule_30_where_more_went_back_on_both_sides_than_came_the_false_one_is_taken_back(
    scene: Money, lost: Lost, side: str
) -> None:
    lost.give_back(60)
    asked = lost.claim()
    scene.till.owner.refund(asked, PASSPHRASE, MoneyBack(amount="60", code="UKR0000009", why="again"))
    with pytest.raises(BadInput, match="of either, the owner takes back under Refund"):
        scene.unbind(lost.sale)
    if side == "sale":
        lost.take_back("UKR0000001")
    else:
        scene.till.owner.take_back(scene.now(asked), PASSPHRASE, NotBack(code="UKR0000009", why="it was the same"))
    scene.unbind(lost.sale)
    assert (scene.now(asked).refunded, scene.now(lost.sale).refunded, lost.in_all_closes()) == (60, 0, 40)


def test_rule_30_what_m_pesas_record_has_going_back_is_no_persons_to_take_back(scene: Money, lost: Lost) -> None:
    """But of another payment, whose code it undoes, it is that one's."""
    back = reversal(lost.row)
    lost.give_back(100, back.receipt)
    scene.record(back, digest="cd" * 32)
    with pytest.raises(BadInput, match="M-PESA's own record has this money going back"):
        lost.take_back(back.receipt)
    lost.claim()
    assert (lost.take_back(back.receipt).refunded, scene.now(lost.asked).refunded) == (0, 100)
    scene.unbind(lost.sale)
    assert (scene.now(lost.asked).unseen, lost.in_all_closes()) == (frozenset({Remark.REVERSED}), 0)
    again = scene.record(back, digest="ef" * 32)
    assert [(line.payment_id, line.asks) for line in again.lines if line.row] == [(lost.asked.id, False)]


def test_rule_30_what_m_pesa_has_going_back_is_never_of_nobody(scene: Money, lost: Lost) -> None:
    """Of who has the code now not so much can have gone back: taken back, it would count nowhere."""
    back = reversal(lost.row)
    lost.give_back(100, back.receipt)
    scene.record(back, digest="cd" * 32)
    asked = lost.claim()
    scene.till.owner.refund(asked, PASSPHRASE, MoneyBack(amount="60", code="UKR0000009", why="again"))
    with pytest.raises(BadInput, match=f"payment {asked.number}, which has KES 40 that can have gone back") as told:
        lost.take_back(back.receipt)
    assert "Nothing was changed" in told.value.user_text
    assert (scene.now(lost.sale).refunded, scene.now(asked).refunded) == (100, 60)
    scene.till.owner.take_back(scene.now(asked), PASSPHRASE, NotBack(code="UKR0000009", why="it was the same"))
    assert (lost.take_back(back.receipt).refunded, scene.now(asked).refunded) == (0, 100)


def test_rule_30_what_m_pesa_has_going_back_is_as_much_as_m_pesa_has(scene: Money, lost: Lost) -> None:
    """Never what the owner had typed with its code."""
    back = reversal(lost.row, amount=Decimal(40))
    lost.give_back(100, back.receipt)
    scene.record(back, digest="cd" * 32)
    asked = lost.claim()
    scene.till.owner.refund(asked, PASSPHRASE, MoneyBack(amount="60", code="UKR0000009", why="the rest"))
    assert lost.take_back(back.receipt).refunded == 0
    assert [each.amount for each in scene.till.reader.refunds(asked.id)] == [60, 40]
    assert (scene.unbind(lost.sale).state, lost.in_all_closes()) == (State.DECLINED, 0)


# Undone --------------------------------------------------------------------------------------------------------------


def test_what_was_bound_can_be_undone(scene: Money) -> None:
    money = scene.came(7, 110)
    scene.harness.clock.advance(60)
    paid = scene.bind(money, 7)
    scene.harness.clock.advance(60)
    undone = scene.unbind(paid, "it was 0712 345 678's")
    assert (undone.state, undone.receipt, undone.amount_paid, undone.completed_at) == (State.DECLINED, None, None, None)
    assert undone.remarks == {Remark.BOUND, Remark.REST_DUE, Remark.UNBOUND}
    assert (undone.needs_attention, undone.reason.by_owner, undone.gives_access) == (False, True, False)
    assert grant_of(undone).withdrawn_at == scene.harness.clock.corrected()
    line = scene.till.reader.journal(undone.id)[-1]
    assert (line.event_kind, line.body) == (EventKind.UNBOUND, "the owner")
    assert line.detail
    assert "345 678" not in line.detail
    assert scene.waits(7) == money
    assert scene.audit()[-1] == (f"M-PESA code {code(7)}", f"bound to {paid.number}", "unbound")
    assert scene.in_closes() == 0
    again = scene.bind(scene.waits(7), 7)
    assert (again.receipt, again.id != paid.id, scene.in_closes()) == (code(7), True, 110)


def test_days_that_waited_behind_it_move_forward(scene: Money) -> None:
    bound = scene.bind(scene.came(17, phone="071****007"), 7)
    later = scene.held(7)
    assert grant_of(later).starts_at == grant_of(bound).until
    watch = Watch(scene.till.ledger)
    undone = scene.unbind(bound)
    moved = scene.now(later)
    assert grant_of(moved).starts_at == scene.harness.clock.corrected()
    assert [payment.id for payment in watch.seen] == [undone.id, moved.id]


def test_of_another_days_close_it_is_taken_from_the_next(scene: Money) -> None:
    paid = scene.bind(scene.came(7), 7)
    scene.till.days.close(1, PASSPHRASE)
    assert scene.in_closes() == 0
    scene.unbind(paid)
    assert scene.in_closes() == -100


def test_only_what_is_bound_is_undone_as_it_was_seen(scene: Money) -> None:
    with pytest.raises(BadInput, match="No money without a prompt is bound"):
        scene.unbind(scene.held(6))
    paid = scene.bind(scene.came(7), 7)
    with pytest.raises(BadInput, match="Type the reason"):
        scene.unbind(paid, "  ")
    scene.till.access.withdraw_of(paid, PASSPHRASE, "meanwhile")
    with pytest.raises(BadInput, match="Something new has come about this payment"):
        scene.till.binding.unbind(paid, "wrong", PASSPHRASE)
    undone = scene.unbind(paid)
    with pytest.raises(BadInput, match="No money without a prompt is bound"):
        scene.unbind(undone)


def test_what_was_undone_gets_no_money_back_and_no_code(scene: Money) -> None:
    undone = scene.unbind(scene.bind(scene.came(7), 7))
    with pytest.raises(BadInput, match="nothing can go back"):
        scene.till.owner.refund(undone, PASSPHRASE, MoneyBack(amount="1", code="UKR0000001", why="no"))
    assert scene.till.reader.totals(START.date()).paid_amount == 0


# Named ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", NAMES)
def test_money_that_is_no_sale_is_named_and_that_can_be_taken_back(scene: Money, word: RowWord) -> None:
    hire(scene.till)
    stand(scene.till, Role.SUPERVISOR)
    money = scene.came(7)
    named = scene.till.binding.name(money, word, "a loan of 0712 345 678")
    assert (named.word, named.by, named.worded_at) == (word, "Brian", scene.harness.clock.corrected())
    assert "345 678" not in named.note
    assert scene.waiting() == []
    assert scene.all(Standing.NAMED) == [named]
    with pytest.raises(BadInput, match="Somebody has named what it is"):
        scene.bind(named, 7)
    scene.record(scene.listed(7), digest="cd" * 32)  # read again, it stays named
    assert scene.all(Standing.NAMED) == [named]
    back = scene.till.binding.name(named, RowWord.NONE)
    assert (back.word, back.note, scene.waiting()) == (RowWord.NONE, "", [code(7)])
    assert [(old, new) for _, old, new in scene.audit()] == [
        ("waits", f"{word}, noted"), (word.value, "waits")
    ]  # fmt: skip


def test_rule_21_the_audit_has_nothing_of_what_was_noted_about_who_paid(scene: Money) -> None:
    note = "Amina Otieno's deposit"
    named = scene.till.binding.name(scene.came(7), RowWord.NOT_SALE, note, PASSPHRASE)
    assert named.note == note
    scene.till.binding.name(named, RowWord.TEST, "", PASSPHRASE)
    assert [(old, new) for _, old, new in scene.audit()] == [("waits", "not_sale, noted"), ("not_sale", "test")]


def test_bound_money_is_not_named(scene: Money) -> None:
    money = scene.came(7)
    scene.bind(money, 7)
    [bound] = scene.all(Standing.BOUND)
    for seen, words in ((money, "Something new is known"), (bound, "It is bound already.* cannot be named")):
        with pytest.raises(BadInput, match=words):
            scene.till.binding.name(seen, RowWord.TEST, "", PASSPHRASE)
    with pytest.raises(BadInput, match="cannot be named"):
        scene.till.binding.name(scene.came(8), RowWord.BOUND, "", PASSPHRASE)


def test_money_that_is_gone_from_the_record_is_no_ones(scene: Money) -> None:
    with pytest.raises(BadInput, match="Something new is known of this money"):
        scene.bind(replace(scene.came(7), id=99), 7)


# Hints ---------------------------------------------------------------------------------------------------------------


def test_hints_say_what_may_be_meant_and_take_nothing(scene: Money) -> None:
    near = scene.sold(7, State.CANCELLED)
    other = scene.sold(8, State.CANCELLED)
    scene.till.customers.give_name(scene.phone(7), "Amina Wanjiru")
    money = scene.came(17, phone="071****007", at=near.created_at + timedelta(minutes=6))
    hints = scene.till.binding.hints(money)
    assert [(hint.payment.id, hint.fits, hint.stops, hint.close) for hint in hints.prompts] == [
        (near.id, True, False, True)
    ]
    assert [(hint.phone, hint.named) for hint in hints.payers] == [(scene.phone(7), True)]
    assert [hint.lines for hint in hints.posts] == [((scene.post, 1),), ((scene.tea, 2),)]
    assert scene.waiting() == [code(17)]
    unseen = scene.till.binding.hints(scene.came(18, phone="", at=near.created_at + timedelta(minutes=6)))
    assert {hint.payment.id for hint in unseen.prompts} == {near.id, other.id}
    assert not any(hint.fits for hint in unseen.prompts)
    assert unseen.payers == []
