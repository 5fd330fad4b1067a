"""The owner records that money went back (rule 19)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import Refunded, Settlement
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.search import Search
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.owner import Decision, MoneyBack, NotBack
from tests.support.builders import answer, grant_of, prompt, sell, success, tell
from tests.support.fakes import PHONE, START, FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness

PASSPHRASE = "mama njeri 1987"
WHOLE = MoneyBack(amount="100", code="ukr0000001", why="  wrong   room ")


@pytest.fixture
def post(harness: TillHarness) -> Post:
    post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    return post


def paid(harness: TillHarness, post: Post, code: str = "UKN4X7Q2ZT", token: str = "secret", **told: Any) -> Payment:
    payment = prompt(harness, sell(harness, post, token=token))
    return tell(harness, payment, success(payment, receipt=code, **told))


def refund(harness: TillHarness, payment: Payment, back: MoneyBack = WHOLE, **more: Any) -> Payment:
    return harness.till.owner.refund(payment, PASSPHRASE, back, **more)


def part(amount: int, code: str, **more: Any) -> MoneyBack:
    return MoneyBack(amount=str(amount), code=code, why="a part", **more)


def test_what_is_recorded(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    harness.clock.advance(60)
    refunded = refund(harness, payment)
    assert (refunded.state, refunded.refunded, refunded.receipt) == (State.PAID, 100, payment.receipt)
    assert refunded == harness.till.reader.payment(payment.id)
    assert harness.till.reader.refunds(payment.id) == [
        Refund(
            at=harness.clock.corrected(),
            amount=100,
            code="UKR0000001",
            reason="wrong room",
            source=Source.OWNER,
            status=RefundStatus.DONE,
            withdrawn=True,
        )
    ]
    line = harness.till.reader.journal(payment.id)[-1]
    assert (line.source, line.kind, line.code, line.detail) == ("owner", "refunded", "withdrawn", "wrong room")
    assert line.body == "UKR0000001 · KES 100"
    assert (line.before, line.after) == (State.PAID, State.PAID)


def test_all_of_it_ends_the_access_and_a_part_leaves_it_unless_the_owner_says_otherwise(
    harness: TillHarness, post: Post
) -> None:
    payment = paid(harness, post)
    left = refund(harness, payment, part(1, "UKR0000001"))
    assert grant_of(left).access
    again = refund(harness, left, part(99, "UKR0000002", withdraw=False))
    assert (again.refunded, grant_of(again).access) == (100, True)
    other = paid(harness, post, "UKN0000002", "other")
    assert not grant_of(refund(harness, other, part(1, "UKR0000003", withdraw=True))).access


def test_totals_are_less_by_it(harness: TillHarness, post: Post) -> None:
    reader, day = harness.till.reader, shop_day(START)
    payment = paid(harness, post)
    paid(harness, post, "UKN0000002", "other")
    refund(harness, payment, part(30, "UKR0000001"))
    totals = reader.totals(day)
    assert (totals.paid, totals.paid_amount, totals.refunded) == (2, 170, 30)
    assert reader.totals_found(Search()) == totals
    assert reader.totals_found(Search(text="UKN0000002")).refunded == 0


def test_it_is_found_by_its_code(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    refunded = refund(harness, payment)
    for text in ("UKR0000001", "ukr00", "reversal UKR0000001 of 100"):
        assert harness.till.reader.search(Search(text=text)) == [refunded]
    assert harness.till.reader.search(Search(text="UKR0000002")) == []


def test_access_that_waited_moves_forward(harness: TillHarness, post: Post) -> None:
    first = paid(harness, post)
    second = paid(harness, post, "UKN0000002", "other")
    held = harness.till.reader.held(PHONE, [post.id])[post.id]
    assert held.until == START + timedelta(days=60)
    published: list[Payment] = []
    harness.till.ledger.subscribe(published.append)
    harness.clock.advance(20 * 86_400)
    refund(harness, first)
    moved = harness.till.reader.payment(second.id)
    assert moved
    assert (grant_of(moved).starts_at, grant_of(moved).until) == (
        harness.clock.corrected(),
        START + timedelta(days=50),
    )
    assert moved.version == second.version + 1
    assert moved in published
    assert harness.till.reader.held(PHONE, [post.id])[post.id].until == START + timedelta(days=50)
    line = harness.till.reader.journal(second.id)[-1]
    assert (line.source, line.kind, line.detail) == ("till", "access moved", f"that of {first.number} was withdrawn")


def past(harness: TillHarness, post: Post, open_one: Payment, token: str = "again") -> Payment:
    """The same customer is asked anew while an answer is missing."""
    harness.clock.advance(200)
    return prompt(harness, sell(harness, post, token=token, despite=[open_one.id]))


@pytest.mark.parametrize("other_post", [False, True])
def test_what_is_paid_after_all_of_the_other_is_back_is_no_double(
    harness: TillHarness, post: Post, other_post: bool
) -> None:
    """The late one is all that the customer has paid: no money is due, and its access is given."""
    harness.till.catalogue.unlock(PASSPHRASE)
    wanted = harness.till.catalogue.add(draft_post("Day pass", 20, 1)) if other_post else post
    first = prompt(harness, sell(harness, post))
    second = past(harness, wanted, first)
    refund(harness, tell(harness, first, success(first)))
    late = tell(harness, second, success(second, receipt="UKN0000002"))
    assert (late.state, late.remarks, grant_of(late).access) == (State.PAID, frozenset(), True)


@pytest.mark.parametrize(
    ("money", "withdraw"), [("99", True), ("100", False)], ids=["a part is back", "access is left"]
)
def test_what_is_paid_while_the_other_counts_still_is_a_double(
    harness: TillHarness, post: Post, money: str, withdraw: bool
) -> None:
    first = prompt(harness, sell(harness, post))
    second = past(harness, post, first)
    refund(harness, tell(harness, first, success(first)), part(int(money), "UKR0000001", withdraw=withdraw))
    late = tell(harness, second, success(second, receipt="UKN0000002"))
    assert (late.remarks, grant_of(late).access) == (frozenset({Remark.DOUBLE}), False)


def test_another_customers_and_another_posts_access_stays(harness: TillHarness, post: Post) -> None:
    harness.till.catalogue.unlock(PASSPHRASE)
    week = harness.till.catalogue.add(draft_post("Wi-Fi week", 30, 7))
    first = paid(harness, post)
    hers = prompt(harness, sell(harness, post, "0712000003", "third"))
    others = [paid(harness, week, "UKN0000002", "other"), tell(harness, hers, success(hers, receipt="UKN0000003"))]
    refund(harness, first)
    assert [harness.till.reader.payment(each.id) for each in others] == others


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (MoneyBack(amount="101", code="UKR0000001", why="x"), "KES 100 can still go back"),
        (MoneyBack(amount="0", code="UKR0000001", why="x"), "in whole shillings"),
        (MoneyBack(amount="-5", code="UKR0000001", why="x"), "in whole shillings"),
        (MoneyBack(amount="1.5", code="UKR0000001", why="x"), "in whole shillings"),
        (MoneyBack(amount="1e2", code="UKR0000001", why="x"), "in whole shillings"),
        (MoneyBack(amount="", code="UKR0000001", why="x"), "in whole shillings"),
        (MoneyBack(amount="100", code="", why="x"), "Type the code"),
        (MoneyBack(amount="100", code="in cash", why="x"), "Type the code"),
        (MoneyBack(amount="100", code="UKN4X7Q2ZT", why="x"), "the code of the payment itself"),
        (MoneyBack(amount="100", code="UKN0000002", why="x"), "belongs to another payment or refund"),
        (MoneyBack(amount="100", code="UKR0000009", why="x"), "belongs to another payment or refund"),
        (MoneyBack(amount="100", code="UKR0000001", why=" "), "Type the reason"),
        (MoneyBack(amount="100", code="UKR0000001", why="x" * 201), "Type the reason"),
        (MoneyBack(amount="100", code="UKR0000001", why="\ud800"), "a character in it that is none"),
    ],
)
def test_what_is_refused_in_words(harness: TillHarness, post: Post, back: MoneyBack, words: str) -> None:
    payment = paid(harness, post)
    other = paid(harness, post, "UKN0000002", "other")
    refund(harness, other, part(1, "UKR0000009"))
    before = harness.till.reader.journal(payment.id)
    with pytest.raises(BadInput, match=words) as refused:
        refund(harness, payment, back)
    assert "Nothing was changed" in refused.value.user_text
    assert harness.till.reader.payment(payment.id) == payment
    assert harness.till.reader.refunds(payment.id) == []
    noted = harness.till.reader.journal(payment.id)[len(before) :]
    assert all(line.outcome == "ignored" for line in noted), "tried with a code that is another's"


def test_a_typed_code_of_the_payment_is_none_of_a_reversal(harness: TillHarness, post: Post) -> None:
    asked = prompt(harness, sell(harness, post))
    payment = tell(harness, asked, success(asked, receipt=None, amount=None))  # in review
    payment = tell(harness, payment, answer(payment))
    payment = harness.till.receipts.type_code(payment.id, "UKN4X7Q2ZT")
    with pytest.raises(BadInput, match="the code of the payment itself"):
        refund(harness, payment, part(100, "UKN4X7Q2ZT"))


def test_the_passphrase_is_asked_for_last_and_must_be_the_owners(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    for passphrase in ("", "somebody else's"):
        with pytest.raises(BadInput, match="owner's passphrase"):
            harness.till.owner.refund(payment, passphrase, WHOLE)
    assert harness.till.reader.refunds(payment.id) == []


def test_without_a_passphrase_it_is_off_until_the_owner_chooses_one(harness: TillHarness) -> None:
    payment = paid(harness, harness.till.catalogue.add(draft_post("Tea", 100, 0)))
    with pytest.raises(BadInput, match="off until the owner has chosen a passphrase"):
        refund(harness, payment)
    told: list[str] = []
    assert refund(harness, payment, first=told.append).refunded == 100
    harness.till.owner.passphrase.recover(told[0], "mama njeri 1988")


def test_of_what_is_not_paid_or_all_back_nothing_goes_back(harness: TillHarness, post: Post) -> None:
    waiting = prompt(harness, sell(harness, post))
    back = refund(harness, paid(harness, post, token="other"))
    for payment in (waiting, back, replace(back, id=999)):
        with pytest.raises(BadInput, match="nothing can go back"):
            refund(harness, payment, part(1, "UKR0000002"))


def test_two_owners_at_once_never_give_back_more_than_was_paid(
    tmp_path: Path, harness: TillHarness, post: Post
) -> None:
    """Two tills on one database: the second sees that the payment is another one by now."""
    payment = paid(harness, post)
    with open_harness(tmp_path / "practice.db", FakeClock(), FakeGateway()) as other:
        assert other.till.reader.payment(payment.id) == payment
        refund(harness, payment, part(60, "UKR0000001"))
        with pytest.raises(BadInput, match="Something new has come"):
            refund(other, payment, part(60, "UKR0000002"))
        seen = other.till.reader.payment(payment.id)
        assert seen
        with pytest.raises(BadInput, match="KES 40 can still go back"):
            refund(other, seen, part(60, "UKR0000002"))
        with pytest.raises(BadInput, match="belongs to another payment or refund"):
            refund(other, seen, part(40, "UKR0000001"))
    assert harness.till.reader.refunds(payment.id) == harness.till.reader.refunds(payment.id)[:1]


def test_an_owners_word_that_waited_counts_only_for_what_the_owner_saw(harness: TillHarness, post: Post) -> None:
    """The same word twice, as where the save hung and the owner typed it again."""
    payment = paid(harness, post)
    word = Refunded(60, "UKR0000001", withdraw=False, version=payment.version, detail="x")
    again = Refunded(40, "UKR0000002", withdraw=False, version=payment.version, detail="x")
    futures = [harness.till.ledger.record(each, payment) for each in (word, again, word)]
    outcomes = [change.outcome for future in futures if (change := future.result(10))]
    assert outcomes == ["applied", "ignored", "ignored"]
    assert [each.amount for each in harness.till.reader.refunds(payment.id)] == [60]


def test_what_cannot_be_saved_is_not_recorded(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    harness.till.writer.saving = False
    with pytest.raises(CannotSave):
        refund(harness, payment)
    harness.till.writer.saving = True
    assert harness.till.reader.payment(payment.id) == payment


def test_m_pesa_gives_the_code_of_a_refund_to_another_payment(harness: TillHarness, post: Post) -> None:
    """The owner took the wrong line of the portal: M-PESA's word counts, and somebody looks at the refund."""
    refunded = refund(harness, paid(harness, post))
    other = paid(harness, post, "UKR0000001", "other")
    assert (other.state, other.receipt, other.remarks) == (State.PAID, "UKR0000001", frozenset())
    clash = harness.till.reader.payment(refunded.id)
    assert clash
    assert (clash.remarks, clash.refunded) == (frozenset({Remark.REFUND_CLASH}), 100)
    assert harness.till.reader.attention(9) == [clash]
    line = harness.till.reader.journal(refunded.id)[-1]
    assert (line.kind, line.detail) == ("refund code lost", f"M-PESA gave it to {other.number}")
    assert line.body == "UKR0000001"


def test_each_code_of_a_refund_that_m_pesa_gives_away_asks_for_a_look_of_its_own(
    harness: TillHarness, post: Post
) -> None:
    first = refund(harness, paid(harness, post), part(10, "UKR0000001"))
    second = refund(harness, first, part(20, "UKR0000002"))
    paid(harness, post, "UKR0000001", "other")
    clash = harness.till.reader.payment(second.id)
    assert clash
    seen = harness.till.owner.settle(clash, PASSPHRASE, Decision(settlement=Settlement.SEEN, why="a slip"))
    assert not seen.needs_attention
    paid(harness, post, "UKR0000002", "another")
    anew = harness.till.reader.payment(second.id)
    assert anew
    assert anew.unseen == {Remark.REFUND_CLASH}


def test_m_pesa_names_late_what_was_typed_for_the_refund_of_the_same_payment(harness: TillHarness, post: Post) -> None:
    asked = prompt(harness, sell(harness, post))
    payment = tell(harness, asked, answer(asked))
    assert payment.receipt is None
    refunded = refund(harness, payment)
    late = tell(harness, refunded, success(refunded, receipt="UKR0000001"))
    assert late.receipt == "UKR0000001"
    stands = harness.till.reader.payment(payment.id)
    assert stands
    assert (stands.remarks, stands.refunded, stands.receipt) == (frozenset({Remark.REFUND_CLASH}), 100, "UKR0000001")
    assert [line.after for line in harness.till.reader.journal(payment.id)][-2:] == [State.PAID, State.PAID]


def test_a_phone_in_the_reason_is_masked(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    refund(harness, payment, MoneyBack(amount="1", code="UKR0000001", why="sent to 0712345678"))
    [record] = harness.till.reader.refunds(payment.id)
    assert "0712345678" not in record.reason


def test_what_was_refused_and_went_back_is_settled_for_no_less(harness: TillHarness, post: Post) -> None:
    """M-PESA says paid once more after the owner has refused it and given the money back."""
    asked = prompt(harness, sell(harness, post))
    held = tell(harness, asked, success(asked, amount=Decimal(60)))
    refused = harness.till.owner.settle(held, PASSPHRASE, Decision(settlement=Settlement.DECLINED, why="too little"))
    again = tell(harness, refund(harness, refused, part(60, "UKR0000001")), success(asked, receipt="UKN0000009"))
    assert (again.state, again.amount_paid, again.refunded) == (State.REVIEW, 60, 60)
    paid_less = Decision(settlement=Settlement.PAID, why="x", receipt="UKN0000008", amount="59")
    with pytest.raises(BadInput, match="KES 60 of this payment went back already"):
        harness.till.owner.settle(again, PASSPHRASE, paid_less)
    assert harness.till.reader.payment(again.id) == again


def test_rule_16_the_audit_says_who_recorded_it(harness: TillHarness, post: Post) -> None:
    refund(harness, refund(harness, paid(harness, post), part(30, "UKR0000001")), part(70, "UKR0000002"))
    rest, first = harness.till.reader.audit(2)
    assert (first.act, first.owner, first.old, first.new) == (Act.REFUND, True, "KES 0", "KES 30, access left")
    assert (rest.old, rest.new) == ("KES 30", "KES 100, access withdrawn")


# Taken back (rule 30) ------------------------------------------------------------------------------------------------


def take_back(harness: TillHarness, payment: Payment, code: str = "UKR0000001", why: str = "mistyped") -> Payment:
    return harness.till.owner.take_back(payment, PASSPHRASE, NotBack(code=code, why=why))


def test_rule_30_what_did_not_go_back_counts_no_more_and_its_code_is_free(harness: TillHarness, post: Post) -> None:
    reader = harness.till.reader
    back = refund(harness, paid(harness, post))
    other = paid(harness, post, "UKN0000002", "other")
    harness.clock.advance(60)
    taken = take_back(harness, back)
    assert (taken.state, taken.refunded, taken.gives_access) == (State.PAID, 0, False), "access is given by hand"
    assert taken == reader.payment(back.id)
    assert reader.refunds(back.id) == []
    totals = reader.totals(shop_day(START))
    assert (totals.paid_amount, totals.refunded) == (200, 0)
    assert reader.open_day(harness.clock.corrected()).figures.refunded == 0
    assert reader.wrong_movements() == reader.wrong_days() == []  # type: ignore[attr-defined]
    line = reader.journal(back.id)[-1]
    assert (line.source, line.kind, line.detail, line.body) == (
        "owner", "refund taken back", "mistyped", "UKR0000001 · KES 100"
    )  # fmt: skip
    first = reader.audit(9)[0]
    assert (first.act, first.old, first.new) == (Act.REFUND, "KES 100", "KES 0, UKR0000001 taken back")
    assert refund(harness, other).refunded == 100, "its code is free"
    assert refund(harness, taken, part(1, "UKR0000002")).refunded == 1


def test_rule_30_in_the_close_of_another_day_it_stays_as_it_was_counted(harness: TillHarness, post: Post) -> None:
    reader = harness.till.reader
    back = refund(harness, paid(harness, post))
    harness.till.days.close(1, PASSPHRASE)
    before = [sale for page in reader.close_sales(1) for sale in page]
    take_back(harness, back)
    figures = reader.open_day(harness.clock.corrected()).figures
    assert (figures.received, figures.refunded, figures.refunds) == (0, -100, -1)
    assert [sale for page in reader.close_sales(1) for sale in page] == before, "with its code"
    harness.till.days.close(2, PASSPHRASE)
    [sale] = [sale for page in reader.close_sales(2) for sale in page]
    assert (sale.total, sale.code, sale.refund) == (100, "UKR0000001", True)
    assert reader.wrong_closes() == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "why", "words"),
    [
        ("UKR0000009", "x", "By that code nothing of this payment went back"),
        ("UKN4X7Q2ZT", "x", "By that code nothing of this payment went back"),
        ("cash", "x", "Type the code"),
        ("UKR0000001", " ", "Type the reason"),
    ],
)
def test_rule_30_what_is_not_there_is_not_taken_back(
    harness: TillHarness, post: Post, code: str, why: str, words: str
) -> None:
    back = refund(harness, paid(harness, post))
    with pytest.raises(BadInput, match=f"{words}.*Nothing was changed"):
        take_back(harness, back, code, why)
    assert harness.till.reader.payment(back.id) == back


def test_rule_30_two_tills_take_it_back_once(harness: TillHarness, post: Post) -> None:
    back = refund(harness, paid(harness, post))
    take_back(harness, back)
    with pytest.raises(BadInput, match="Something new has come about this payment"):
        take_back(harness, back)


def test_rule_30_the_code_that_is_a_payments_asks_for_no_look_once_it_is_taken_back(
    harness: TillHarness, post: Post
) -> None:
    back = refund(harness, paid(harness, post))
    paid(harness, post, "UKR0000001", "other")
    clash = harness.till.reader.payment(back.id)
    assert clash is not None
    assert clash.unseen == {Remark.REFUND_CLASH}
    assert take_back(harness, clash).unseen == frozenset()
