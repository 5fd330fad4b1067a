"""Refund slips, and which print is a copy."""

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment
from pos_app.errors import BadInput
from pos_app.sales.owner import MoneyBack
from tests.support.builders import flush, prompt, sell, success, tell
from tests.support.till_harness import TillHarness

PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def paid(harness: TillHarness) -> Payment:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    harness.till.catalogue.unlock(PASSPHRASE)
    payment = prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))))
    return tell(harness, payment, success(payment))


def refund(harness: TillHarness, payment: Payment, amount: int, code: str) -> Payment:
    back = MoneyBack(amount=str(amount), code=code, why="a part")
    return harness.till.owner.refund(payment, PASSPHRASE, back)


def test_a_reprint_is_a_copy_and_a_further_refund_makes_a_new_slip(harness: TillHarness, paid: Payment) -> None:
    slips = harness.till.refund_slips
    with pytest.raises(BadInput, match="no refund slip"):
        slips.receipt(paid.id)
    harness.till.receipts.printed(paid.id)
    part = refund(harness, paid, 30, "UKR0000001")
    assert slips.receipt(paid.id).copy == 1, "the receipt's prints are its own"
    slips.printed(paid.id)
    flush(harness.till.writer)
    assert slips.receipt(paid.id).copy == 2
    assert any(line.text == "COPY 2" for line in slips.receipt(paid.id).lines)
    assert slips.receipt(paid.id, at_least=3).copy == 3
    assert harness.till.receipts.receipt(paid.id).copy == 2, "and its prints are not the receipt's"
    with pytest.raises(BadInput):
        refund(harness, part, 71, "UKR0000002")
    with pytest.raises(BadInput):
        refund(harness, part, 70, "UKR0000001")
    assert slips.receipt(paid.id).copy == 2, "what does not count makes no new slip"
    refund(harness, part, 70, "UKR0000002")
    again = slips.receipt(paid.id)
    assert again.copy == 1
    assert [line.value for line in again.lines if line.text == "Amount"] == ["KES 30", "KES 70"]
