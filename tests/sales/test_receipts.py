"""Receipts, their copies, and typed codes."""

from pathlib import Path

import pytest

from pos_app.domain.callback_route import RouteState
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, State
from pos_app.errors import BadInput
from pos_app.sales.receipts import Receipts
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import (
    RECEIPT,
    BreakableStore,
    Saving,
    Watch,
    end,
    flush,
    prompt,
    said,
    sell,
    success,
    tell,
)
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness

TYPED = "AAA1112223"


@pytest.fixture
def paid(harness: TillHarness) -> Payment:
    """Paid by our own query: M-PESA's code has not come yet."""
    return end(harness, sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))), "0")


def test_the_receipt_of_a_paid_payment(harness: TillHarness, paid: Payment) -> None:
    receipt = harness.till.receipts.receipt(paid.id)
    assert (receipt.payment, receipt.copy) == (paid, 1)
    assert any(line.text == "Mama Njeri Shop" for line in receipt.lines)


def test_a_till_that_only_asks_promises_no_code_on_paper(harness: TillHarness, paid: Payment) -> None:
    def code() -> list[str]:
        return [line.value for line in harness.till.receipts.receipt(paid.id).lines if line.text == "M-PESA code"]

    assert code() == ["coming"]
    harness.route.become(RouteState.NONE)
    assert code() == ["in your SMS"]


def test_a_print_that_is_not_remembered_yet_counts_for_who_knows_of_it(harness: TillHarness, paid: Payment) -> None:
    assert harness.till.receipts.receipt(paid.id, at_least=2).copy == 2


def test_rule_12_what_is_not_paid_has_no_receipt(harness: TillHarness, paid: Payment) -> None:
    waiting = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    with pytest.raises(BadInput, match="not paid"):
        harness.till.receipts.receipt(waiting.id)
    with pytest.raises(BadInput, match="no such payment"):
        harness.till.receipts.receipt(99)


def test_each_print_makes_the_next_one_a_copy(harness: TillHarness, paid: Payment) -> None:
    for copy in (1, 2, 3):
        receipt = harness.till.receipts.receipt(paid.id)
        assert receipt.copy == copy
        assert any(line.text == f"COPY {copy}" for line in receipt.lines) == (copy > 1)
        harness.till.receipts.printed(paid.id)
        flush(harness.till.writer)
    line = harness.till.reader.journal(paid.id)[-1]
    assert (line.source, line.kind, line.before, line.after) == ("till", "printed", State.PAID, State.PAID)


def test_prints_and_typed_codes_leave_a_line_in_the_log_without_the_code(
    harness: TillHarness, paid: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.receipts")
    harness.till.receipts.printed(paid.id)
    flush(harness.till.writer)
    harness.till.receipts.type_code(paid.id, TYPED)
    assert said(caplog, "pos_app.sales.receipts") == [
        f"payment {paid.number}: receipt printed",
        f"payment {paid.number}: a code was typed from the customer's SMS",
    ]


def test_rule_8_a_typed_code_has_a_field_of_its_own(harness: TillHarness, paid: Payment) -> None:
    watch = Watch(harness.till.ledger)
    typed = harness.till.receipts.type_code(paid.id, " aaa 111 2223 ")
    assert (typed.receipt_typed, typed.receipt, typed.state) == (TYPED, None, State.PAID)
    assert typed == harness.till.reader.payment(paid.id)
    assert watch.seen == [typed]
    assert harness.till.reader.journal(paid.id)[-1].kind == "code typed"


def test_rule_8_a_typed_code_is_not_under_the_unique_key(harness: TillHarness, paid: Payment) -> None:
    other = end(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"), "0")
    harness.till.receipts.type_code(paid.id, TYPED)
    assert harness.till.receipts.type_code(other.id, TYPED).receipt_typed == TYPED
    genuine = tell(harness, other, success(other, receipt=TYPED))
    assert (genuine.receipt, genuine.remarks) == (TYPED, frozenset())


def test_a_typed_code_may_be_corrected_until_mpesas_own_comes(harness: TillHarness, paid: Payment) -> None:
    harness.till.receipts.type_code(paid.id, "ZZZ0000000")
    harness.till.receipts.type_code(paid.id, TYPED)
    assert tell(harness, paid, success(paid)).receipt == RECEIPT
    with pytest.raises(BadInput, match="code has not come"):
        harness.till.receipts.type_code(paid.id, TYPED)


def test_the_audit_has_a_typed_code_and_the_one_before_it_and_a_print_has_none(
    harness: TillHarness, paid: Payment
) -> None:
    for code in ("ZZZ0000000", TYPED):
        harness.till.receipts.type_code(paid.id, code)
    harness.till.receipts.printed(paid.id)
    flush(harness.till.writer)
    printed, second, first = harness.till.reader.audit(3)
    assert [(line.act, line.old, line.new) for line in (first, second)] == [
        (Act.CODE, None, "ZZZ0000000"),
        (Act.CODE, "ZZZ0000000", TYPED),
    ]
    assert (printed.act, printed.subject, printed.old, printed.new) == (Act.PRINT, paid.number, None, None)


@pytest.mark.parametrize("text", ["", "UKN4X7Q2Z", "UKN4X7Q2ZTT", "UKN4X7Q2Z!", "ÜKN4X7Q2ZT"])
def test_what_has_not_the_shape_of_a_code_is_refused(harness: TillHarness, paid: Payment, text: str) -> None:
    with pytest.raises(BadInput, match="10 letters and digits"):
        harness.till.receipts.type_code(paid.id, text)


def test_rule_12_a_typed_code_pays_nothing(harness: TillHarness, paid: Payment) -> None:
    waiting = prompt(harness, sell(harness, harness.till.catalogue.posts()[0], "0712345678", "other"))
    for payment_id in (waiting.id, 99):
        with pytest.raises(BadInput, match="Only a paid payment"):
            harness.till.receipts.type_code(payment_id, TYPED)
    assert harness.till.reader.payment(waiting.id) == waiting


def test_a_print_is_told_and_is_remembered_even_where_it_could_not_be_saved_at_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    """Its journal line waits in memory like an event: the next paper must say COPY."""
    with open_harness(tmp_path / "till.db", clock, FakeGateway()) as harness:
        paid = end(harness, sell(harness, harness.till.catalogue.add(draft_post("Tea", 30))), "0")
        watch = Watch(harness.till.ledger)
        store, saving = BreakableStore(harness.database), Saving()
        writer = GroupWriter(store, clock, saving, retry=0.001)
        writer.start()
        receipts = Receipts(
            harness.till.shop,
            harness.till.reader,
            writer,
            harness.till.ledger,
            clock,
            lambda _: True,
            harness.till.authority,
        )
        store.broken = True
        receipts.printed(paid.id)
        saving.until(False)
        store.broken = False
        saving.until(False, True)
        writer.stop()
        assert receipts.receipt(paid.id).copy == 2
        assert watch.seen == [paid]


def test_a_typed_code_is_dated(harness: TillHarness, paid: Payment) -> None:
    harness.clock.advance(60)
    assert harness.till.receipts.type_code(paid.id, TYPED).updated_at == harness.clock.now()


def test_what_is_refused_says_whether_anything_was_saved(harness: TillHarness, paid: Payment) -> None:
    receipts = harness.till.receipts
    for payment_id, code, words in [
        (paid.id, "?", "An M-PESA code has 10 letters and digits, for example UKN4X7Q2ZT. Nothing was saved."),
        (99, TYPED, "Only a paid payment whose code has not come takes a typed code. Nothing was saved."),
    ]:
        with pytest.raises(BadInput) as raised:
            receipts.type_code(payment_id, code)
        assert str(raised.value) == words
    with pytest.raises(BadInput) as raised:
        receipts.receipt(99)
    assert str(raised.value) == "There is no such payment."
