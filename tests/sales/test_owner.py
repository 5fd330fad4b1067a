"""The owner settles by hand: behind a passphrase, with a reason, marked for ever."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.kenya_time import NAIROBI, shop_day
from pos_app.domain.payment import Outcome, Payment, Remark, Source, State
from pos_app.domain.payment_event import ManualSettlement, Settlement, Unanswered
from pos_app.domain.typed_reason import MAX_WHY
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.attempts import LONGEST_WAIT, TRIES
from pos_app.sales.authority import Authority
from pos_app.sales.ledger import Ledger
from pos_app.sales.owner import Decision, MoneyBack, NotBack, Owner
from pos_app.sales.passphrase import OwnerPassphrase
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import (
    RECEIPT,
    BreakableStore,
    Watch,
    failure,
    flush,
    grant_of,
    prompt,
    said,
    sell,
    success,
    tell,
)
from tests.support.fakes import START, QuickPassphrases
from tests.support.till_harness import TillHarness

PASSPHRASE = "mama njeri 1987"
STATEMENT = "UKN9X7Q2ZA"
NOT_NOW = "This payment cannot be settled by hand now. Nothing was changed."
NO_REASON = "Type the reason, 200 characters at most. It stays with the payment. Nothing was changed."
NO_CODE = (
    "Type the code as the M-PESA statement has it: 10 letters and digits, for example UKN4X7Q2ZT. Nothing was changed."
)
PAY = Decision(settlement=Settlement.PAID, why="  the rest was paid\n in cash ", receipt=" ukn9 x7q2 za ", amount="60")
REFUSE = Decision(settlement=Settlement.DECLINED, why="too little")
CLOSE = Decision(settlement=Settlement.CLOSED, why="not on the statement")


@pytest.fixture
def waiting(harness: TillHarness) -> Payment:
    """Prompted; the owner has a passphrase."""
    post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    return prompt(harness, sell(harness, post))


@pytest.fixture
def held(harness: TillHarness, waiting: Payment) -> Payment:
    """The customer paid 60 of 100."""
    return tell(harness, waiting, success(waiting, amount=Decimal(60)))


def test_the_passphrase_is_chosen_once_and_sealed(harness: TillHarness) -> None:
    owner = harness.till.owner
    assert not owner.passphrase.chosen()
    with pytest.raises(BadInput, match="at least 8"):
        owner.passphrase.choose("  seven77  ")
    owner.passphrase.choose("eight888")
    assert owner.passphrase.chosen()
    with pytest.raises(BadInput, match=r"^The owner has chosen a passphrase already\. Nothing was saved\.$"):
        owner.passphrase.choose(PASSPHRASE)
    assert "eight888" not in str(harness.till.reader.setting("owner_passphrase"))


def test_rule_11_while_nothing_can_be_saved_the_owner_does_not_wait(harness: TillHarness, held: Payment) -> None:
    store = BreakableStore(harness.database)
    writer = GroupWriter(store, harness.clock, retry=3_600)
    ledger = Ledger(writer, harness.clock, Schedule(reaches=lambda _: True, random=lambda: 0.5))
    passphrase = OwnerPassphrase(harness.till.reader, writer, QuickPassphrases(), harness.clock)
    owner = Owner(ledger, harness.till.reader, writer, harness.clock, Authority(harness.till.reader, passphrase))
    writer.start()
    store.broken = True
    with pytest.raises(CannotSave):
        owner.passphrase.confirm(PASSPHRASE)  # finds out
    with pytest.raises(CannotSave):
        owner.settle(held, PASSPHRASE, PAY)
    store.broken = False
    writer.stop()
    assert harness.till.reader.payment(held.id) == held


def test_rule_9_paid_by_hand_grants_and_stays_marked(harness: TillHarness, held: Payment) -> None:
    paid = harness.till.owner.settle(held, PASSPHRASE, PAY)
    assert (paid.state, paid.receipt, paid.granted) == (State.PAID, STATEMENT, True)
    assert Remark.BY_OWNER in paid.remarks
    assert harness.till.reader.payment(held.id) == paid
    line = harness.till.reader.journal(held.id)[-1]
    assert (line.source, line.kind, line.code) == ("owner", "settled", "paid")
    assert line.detail == "the rest was paid in cash"
    assert any(line.text == "Settled by the owner" for line in harness.till.receipts.receipt(held.id).lines)


def test_rule_9_another_code_than_m_pesas_is_other_money_and_needs_its_own_amount(
    harness: TillHarness, held: Payment
) -> None:
    """What M-PESA named goes with its own code: it would count under both, once that one is bound to another sale."""
    with pytest.raises(BadInput, match="Type the amount"):
        harness.till.owner.settle(held, PASSPHRASE, replace(PAY, amount=""))
    assert harness.till.reader.payment(held.id) == held
    with_its_code = harness.till.owner.settle(held, PASSPHRASE, replace(PAY, receipt=held.receipt or "", amount=""))
    assert (with_its_code.amount_paid, with_its_code.receipt) == (60, held.receipt)


def test_rule_9_refused_by_hand_grants_nothing_and_a_success_is_reviewed_again(
    harness: TillHarness, held: Payment
) -> None:
    refused = harness.till.owner.settle(held, PASSPHRASE, REFUSE)
    assert (refused.state, refused.granted) == (State.DECLINED, False)
    assert harness.till.reader.journal(held.id)[-1].detail == "too little"
    again = tell(harness, refused, success(refused))
    assert (again.state, again.granted) == (State.REVIEW, False)
    assert harness.till.owner.settle(again, PASSPHRASE, PAY).granted


def test_rule_7_what_is_open_for_a_day_may_be_closed(harness: TillHarness, waiting: Payment) -> None:
    with pytest.raises(BadInput, match="cannot be settled by hand now"):
        harness.till.owner.settle(waiting, PASSPHRASE, CLOSE)
    harness.clock.advance(86_400)
    closed = harness.till.owner.settle(waiting, PASSPHRASE, CLOSE)
    assert (closed.state, closed.granted) == (State.EXPIRED, False)
    assert tell(harness, closed, success(closed)).granted


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(settlement=Settlement.PAID, why="seen", receipt="UKN"), NO_CODE),
        (Decision(settlement=Settlement.PAID, why="  ", receipt=STATEMENT), NO_REASON),
        (Decision(settlement=Settlement.DECLINED, why="x" * (MAX_WHY + 1)), NO_REASON),
        (CLOSE, NOT_NOW),
    ],
)
def test_what_cannot_be_used_changes_nothing(
    harness: TillHarness, held: Payment, decision: Decision, words: str
) -> None:
    before = harness.till.reader.journal(held.id)
    with pytest.raises(BadInput) as refused:
        harness.till.owner.settle(held, PASSPHRASE, decision)
    assert refused.value.user_text == words
    assert harness.till.reader.payment(held.id) == held
    assert harness.till.reader.journal(held.id) == before


def test_a_reason_may_fill_its_field(harness: TillHarness, held: Payment) -> None:
    harness.till.owner.settle(held, PASSPHRASE, Decision(settlement=Settlement.DECLINED, why="x" * MAX_WHY))
    assert harness.till.reader.journal(held.id)[-1].detail == "x" * MAX_WHY


def test_there_must_be_such_a_payment_and_a_passphrase(harness: TillHarness) -> None:
    payment = prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Tea", 30))))
    held = tell(harness, payment, success(payment, amount=Decimal(1)))
    with pytest.raises(BadInput, match="cannot be settled"):
        harness.till.owner.settle(replace(held, id=99), PASSPHRASE, PAY)
    with pytest.raises(BadInput, match=r"^Settling by hand is off until the owner has chosen a passphrase, in the"):
        harness.till.owner.settle(held, PASSPHRASE, PAY)


def test_rule_9_the_first_passphrase_is_the_owners_only_with_a_decision_that_can_be_used(
    harness: TillHarness,
) -> None:
    told: list[str] = []
    payment = prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Tea", 30))))
    held = tell(harness, payment, success(payment, amount=Decimal(1)))
    with pytest.raises(BadInput, match="Type the code"):
        harness.till.owner.settle(held, PASSPHRASE, replace(PAY, receipt=""), first=told.append)
    assert not harness.till.owner.passphrase.chosen()
    assert harness.till.owner.settle(held, PASSPHRASE, PAY, first=told.append).granted
    assert len(told) == 1
    harness.till.owner.passphrase.confirm(PASSPHRASE)


def test_rule_9_a_decision_about_what_the_owner_has_not_seen_changes_nothing(
    harness: TillHarness, unanswered: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    """The form was open on an unanswered payment; then M-PESA said that one shilling came in."""
    held = tell(harness, unanswered, success(unanswered, amount=Decimal(1)))
    for passphrase in (PASSPHRASE, "guess"):
        with pytest.raises(
            BadInput, match=r"^Something new has come about this payment\. Nothing was changed: look again\.$"
        ):
            harness.till.owner.settle(unanswered, passphrase, LINE)
    assert harness.till.reader.payment(held.id) == held
    assert "a wrong owner's passphrase" not in caplog.text, "refused before the passphrase is looked at"


def test_rule_10_a_code_that_another_payment_holds_settles_nothing(harness: TillHarness, held: Payment) -> None:
    other = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    tell(harness, other, success(other, receipt=STATEMENT))
    with pytest.raises(BadInput) as refused:
        harness.till.owner.settle(held, PASSPHRASE, PAY)
    assert refused.value.user_text == (
        "That code belongs to another payment or refund, or this one has just changed. Nothing was changed: look again."
    )
    assert harness.till.reader.payment(held.id) == held


def wrong(harness: TillHarness, payment: Payment) -> None:
    with pytest.raises(BadInput, match=r"^That is not the owner's passphrase\. Nothing was changed\.$"):
        harness.till.owner.settle(payment, "guess", PAY)


def must_wait(harness: TillHarness, payment: Payment, wait: str) -> None:
    """Even the right passphrase."""
    with pytest.raises(BadInput, match=rf"^Too many wrong tries\. Wait {wait}\. Nothing was changed\.$"):
        harness.till.owner.settle(payment, PASSPHRASE, PAY)


def test_wrong_passphrases_wait_longer_and_longer(harness: TillHarness, held: Payment) -> None:
    for _ in range(TRIES):
        wrong(harness, held)
    for wait in ("0:30", "1:00", "2:00", "4:00", "8:00", "15:00", "15:00"):
        must_wait(harness, held, wait)
        minutes, seconds = wait.split(":")
        harness.clock.advance(60 * int(minutes) + int(seconds) - 1)
        must_wait(harness, held, "0:01")
        harness.clock.advance(1)
        wrong(harness, held)
    harness.clock.jump(86_400)  # setting the clock helps nobody
    must_wait(harness, held, "15:00")
    harness.clock.advance(LONGEST_WAIT)
    assert harness.till.owner.settle(held, PASSPHRASE, PAY).granted


def test_enter_before_the_passphrase_was_typed_is_no_wrong_try(harness: TillHarness, held: Payment) -> None:
    for nothing in ["", "  "] * TRIES:
        with pytest.raises(BadInput, match=r"^Type the owner's passphrase\. Nothing was changed\.$"):
            harness.till.owner.settle(held, nothing, PAY)
    assert harness.till.owner.settle(held, PASSPHRASE, PAY).granted


def test_the_right_one_in_between_starts_the_count_again(harness: TillHarness, held: Payment) -> None:
    for _ in range(TRIES - 1):
        wrong(harness, held)
    refused = harness.till.owner.settle(held, PASSPHRASE, REFUSE)
    again = tell(harness, refused, success(refused))
    for _ in range(TRIES - 1):
        wrong(harness, again)
    assert harness.till.owner.settle(again, PASSPHRASE, PAY).granted


def test_the_log_has_what_was_done_but_neither_passphrase_nor_reason(
    harness: TillHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "pos_app.sales.passphrase")
    tea = harness.till.catalogue.add(draft_post("Tea", 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    waiting = prompt(harness, sell(harness, tea))
    held = tell(harness, waiting, success(waiting, amount=Decimal(1)))
    for _ in range(2):
        wrong(harness, held)
    harness.till.owner.settle(held, PASSPHRASE, PAY)
    assert said(caplog, "pos_app.sales.passphrase") == [
        "the owner chose a passphrase",
        "a wrong owner's passphrase, 1 in a row",
        "a wrong owner's passphrase, 2 in a row",
    ]
    assert PASSPHRASE not in caplog.text
    assert "in cash" not in caplog.text


# What cannot be asked about (rule 9) ---------------------------------------------------------------------------------

LINE = Decision(
    settlement=Settlement.PAID,
    why="on the statement",
    receipt=STATEMENT,
    amount=" 99.0 ",
    completed="23-11-2026 14:01:07",
)


@pytest.fixture
def unanswered(harness: TillHarness) -> Payment:
    """Its push was never answered, ten minutes ago; the owner has a passphrase."""
    post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    payment = sell(harness, post)
    unanswered = tell(harness, payment, Unanswered(detail="ReadTimeout"))
    harness.clock.advance(600)
    return unanswered


def test_rule_9_what_cannot_be_asked_about_is_settled_from_the_statement(
    harness: TillHarness, unanswered: Payment
) -> None:
    paid = harness.till.owner.settle(unanswered, PASSPHRASE, LINE)
    assert (paid.state, paid.amount, paid.amount_paid, paid.receipt) == (State.PAID, 100, 99, STATEMENT)
    assert paid.completed_at == START + timedelta(seconds=67)
    assert harness.till.reader.payment(paid.id) == paid
    line = harness.till.reader.journal(paid.id)[-1]
    assert (line.detail, line.body) == ("on the statement", "UKN9X7Q2ZA · KES 99 · 23 Nov 2026 14:01")
    assert harness.till.reader.totals(shop_day(START)).paid_amount == 99


@pytest.mark.parametrize("ahead", [7_200, -7_200])
def test_rule_9_the_statements_time_counts_also_where_the_computers_clock_is_wrong(
    harness: TillHarness, unanswered: Payment, ahead: int
) -> None:
    harness.clock.off = ahead
    there = START + timedelta(seconds=67 - ahead)
    line = replace(LINE, completed=f"{there.astimezone(NAIROBI):%d-%m-%Y %H:%M:%S}")
    assert harness.till.owner.settle(unanswered, PASSPHRASE, line).completed_at == there


def test_a_reason_with_half_a_character_is_refused_and_charging_goes_on(
    harness: TillHarness, unanswered: Payment
) -> None:
    with pytest.raises(BadInput, match=r"^The reason has a character in it that is none\. Nothing was changed"):
        harness.till.owner.settle(unanswered, PASSPHRASE, replace(LINE, why="on the statement \ud83d"))
    flush(harness.till.writer)
    assert harness.till.writer.saving
    assert harness.till.reader.journal(unanswered.id)[-1].source != "owner"


def test_rule_9_where_m_pesas_amount_cannot_be_kept_the_owner_names_it(
    harness: TillHarness, unanswered: Payment
) -> None:
    held = tell(harness, unanswered, success(unanswered, amount=Decimal("99.50")))
    with pytest.raises(BadInput, match="Type the amount"):
        harness.till.owner.settle(held, PASSPHRASE, replace(PAY, amount=""))
    assert harness.till.owner.settle(held, PASSPHRASE, replace(PAY, amount="99")).amount_paid == 99


def test_what_came_while_the_owner_looked_stays_on_the_list(harness: TillHarness, unanswered: Payment) -> None:
    paid = tell(harness, harness.till.owner.settle(unanswered, PASSPHRASE, LINE), failure(unanswered))
    looked = Decision(settlement=Settlement.SEEN, why="looked at")
    odd = tell(harness, paid, success(paid, amount=Decimal(7), receipt=None))
    with pytest.raises(
        BadInput, match=r"^Something new has come about this payment\. Nothing was changed: look again\.$"
    ):
        harness.till.owner.settle(paid, PASSPHRASE, looked)
    assert harness.till.reader.attention(9) == [odd]
    assert not harness.till.owner.settle(odd, PASSPHRASE, looked).needs_attention


def test_rule_9_not_before_ten_minutes_are_over(harness: TillHarness, unanswered: Payment) -> None:
    harness.clock.advance(-1)
    with pytest.raises(BadInput) as refused:
        harness.till.owner.settle(unanswered, PASSPHRASE, LINE)
    assert refused.value.user_text == NOT_NOW


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"receipt": "UKN9X7Q2Z"}, "Type the code"),
        ({"amount": ""}, "Type the amount"),
        ({"amount": "99.5"}, "Type the amount"),
        ({"completed": ""}, "Type day and time"),
        ({"completed": "14:01"}, "Type day and time"),
        ({"completed": "23-11-2026 14:10:01"}, "That time is still to come"),
        ({"completed": "23-11-2026 13:58:59"}, r"before this payment was asked for \(23 Nov 2026 14:00\)"),
    ],
)
def test_rule_9_a_line_that_cannot_be_this_ones_changes_nothing(
    harness: TillHarness, unanswered: Payment, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=rf"{words}.*Nothing was changed\."):
        harness.till.owner.settle(unanswered, PASSPHRASE, replace(LINE, **changes))
    assert harness.till.reader.payment(unanswered.id) == unanswered


def test_rule_9_a_code_by_hand_gives_way_to_m_pesas_word_about_another_payment(
    harness: TillHarness, unanswered: Payment
) -> None:
    """A typing error sends no genuine callback to review; who had the code stays paid, and is to be looked at."""
    watch = Watch(harness.till.ledger)
    settled = harness.till.owner.settle(unanswered, PASSPHRASE, LINE)
    other = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    paid = tell(harness, other, success(other, receipt=STATEMENT))
    assert (paid.state, paid.receipt, paid.granted) == (State.PAID, STATEMENT, True)
    lost = harness.till.reader.payment(settled.id)
    assert lost is not None
    assert (lost.state, lost.receipt, grant_of(lost)) == (State.PAID, None, grant_of(settled))
    assert lost.remarks == {Remark.BY_OWNER, Remark.CODE_LOST}
    assert watch.until(lambda payment: payment.id == settled.id and payment.receipt is None) == lost
    assert harness.till.reader.attention(9) == [lost]
    line = harness.till.reader.journal(settled.id)[-1]
    assert (line.source, line.kind, line.outcome) == ("till", "code lost", Outcome.CONFLICT)
    assert line.detail == f"M-PESA gave it to {other.number}"


def test_rule_9_the_same_for_the_code_of_a_review(harness: TillHarness, held: Payment) -> None:
    settled = harness.till.owner.settle(held, PASSPHRASE, PAY)
    other = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    assert tell(harness, other, success(other, receipt=STATEMENT)).granted
    lost = harness.till.reader.payment(settled.id)
    assert lost is not None
    assert Remark.CODE_LOST in lost.remarks


@pytest.mark.parametrize("back", [0, 40])
def test_rule_30_paid_by_hand_with_a_code_that_was_anothers_is_taken_back(
    harness: TillHarness, unanswered: Payment, back: int
) -> None:
    """Also where some of it went back: that refund is taken back before, and recorded with whose money it was."""
    owner, reader = harness.till.owner, harness.till.reader
    settled = owner.settle(unanswered, PASSPHRASE, LINE)
    if back:
        owner.refund(settled, PASSPHRASE, MoneyBack(amount=str(back), code="UKR0000001", why="the wrong room"))
    other = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    tell(harness, other, success(other, receipt=STATEMENT))
    lost = reader.payment(settled.id)
    assert lost is not None
    if back:
        with pytest.raises(
            BadInput, match=f"KES {back} of this payment is recorded as gone back.*Take that back first"
        ):
            owner.settle(lost, PASSPHRASE, REFUSE)
        kept = harness.till.ledger.record(ManualSettlement(Settlement.DECLINED, detail="kept beside"), lost).result(10)
        assert kept
        assert (kept.outcome, kept.after) == (Outcome.IGNORED, lost), "nor a word that was kept while nothing was saved"
        lost = owner.take_back(lost, PASSPHRASE, NotBack(code="ukr0000001", why="another's money"))
    undone = owner.settle(lost, PASSPHRASE, REFUSE)
    assert (undone.state, undone.amount_paid, undone.refunded, undone.receipt) == (State.DECLINED, None, 0, None)
    assert (undone.gives_access, undone.granted, undone.needs_attention) == (False, True, False)
    assert reader.attention(9) == []
    figures = reader.open_day(harness.clock.corrected()).figures
    assert (figures.paid, figures.received, figures.refunded) == (1, 100, 0)
    assert reader.wrong_movements() == []  # type: ignore[attr-defined]
    late = tell(harness, undone, success(undone, receipt="UKN0000003"))
    assert (late.state, late.remarks >= {Remark.LATE}) == (State.REVIEW, True), (
        "what the owner refused, the owner settles"
    )


def test_rule_30_what_m_pesa_has_named_itself_is_no_persons_to_take_back(harness: TillHarness, held: Payment) -> None:
    settled = harness.till.owner.settle(held, PASSPHRASE, replace(PAY, receipt=held.receipt or ""))
    assert settled.receipt_by is Source.MPESA
    with pytest.raises(BadInput, match=NOT_NOW):
        harness.till.owner.settle(settled, PASSPHRASE, REFUSE)


def test_rule_30_what_was_refused_by_mistake_is_paid_by_the_line_of_the_statement(
    harness: TillHarness, held: Payment
) -> None:
    refused = harness.till.owner.settle(held, PASSPHRASE, REFUSE)
    harness.clock.advance(600)
    line = replace(LINE, receipt=held.receipt or "", amount="60")
    paid = harness.till.owner.settle(refused, PASSPHRASE, line)
    assert (paid.state, paid.received, paid.receipt, paid.receipt_by) == (State.PAID, 60, held.receipt, Source.MPESA)
    assert paid.gives_access
    assert harness.till.reader.wrong_movements() == []  # type: ignore[attr-defined]


def test_rule_30_taken_back_and_settled_anew_it_gives_its_access_from_then_on(
    harness: TillHarness, unanswered: Payment
) -> None:
    owner = harness.till.owner
    undone = owner.settle(owner.settle(unanswered, PASSPHRASE, LINE), PASSPHRASE, REFUSE)
    harness.clock.advance(60)
    again = owner.settle(undone, PASSPHRASE, replace(LINE, receipt="UKN0000003"))
    assert (again.state, again.receipt, again.gives_access) == (State.PAID, "UKN0000003", True)
    assert grant_of(again).granted_at == harness.clock.corrected()


def test_rule_9_a_code_by_hand_that_another_one_has_by_hand_is_refused(
    harness: TillHarness, unanswered: Payment
) -> None:
    harness.till.owner.settle(unanswered, PASSPHRASE, LINE)
    other = tell(
        harness,
        sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"),
        Unanswered(detail="ReadTimeout"),
    )
    harness.clock.advance(600)
    with pytest.raises(BadInput, match="That code belongs to another payment"):
        harness.till.owner.settle(other, PASSPHRASE, replace(LINE, completed="23-11-2026 14:11:00"))


def test_rule_9_m_pesas_own_callback_for_it_takes_the_place_of_what_was_typed(
    harness: TillHarness, unanswered: Payment
) -> None:
    settled = harness.till.owner.settle(unanswered, PASSPHRASE, LINE)
    after = tell(harness, settled, success(settled, receipt=RECEIPT))
    assert (after.receipt, after.receipt_by, after.amount_paid) == (RECEIPT, Source.MPESA, 100)
    assert after.remarks == {Remark.BY_OWNER, Remark.AMOUNT_DIFFERS}
    assert harness.till.reader.payment(settled.id) == after


# What stands on the attention list -----------------------------------------------------------------------------------


def test_a_remark_is_worked_off_with_a_reason(harness: TillHarness, waiting: Payment) -> None:
    odd = tell(harness, waiting, success(waiting), failure(waiting))
    assert harness.till.reader.attention(9) == [odd]
    seen = harness.till.owner.settle(odd, PASSPHRASE, Decision(settlement=Settlement.SEEN, why="the statement has it"))
    assert (seen.needs_attention, seen.remarks) == (False, odd.remarks)
    assert harness.till.reader.attention(9) == []
    assert harness.till.reader.journal(odd.id)[-1].detail == "the statement has it"
    with pytest.raises(BadInput, match="cannot be settled by hand now"):
        harness.till.owner.settle(seen, PASSPHRASE, Decision(settlement=Settlement.SEEN, why="again"))
