"""What is said about a receipt code that a customer reads out: never that it is paid by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import State
from pos_app.domain.receipt_code import CodeFound, CodeStanding
from pos_app.domain.statement_row import Period
from pos_app.domain.unprompted import RowWord
from pos_app.messages.codes import code_words
from tests.domain.test_receipt_code import CODE, ROW
from tests.support.builders import a_payment
from tests.support.fakes import START

PAID = a_payment(State.PAID, receipt=CODE)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (CodeFound("UKN4X7Q2Z", CodeStanding.NO_CODE), "That is no M-PESA code: one has 10 letters and digits."),
        (CodeFound(CODE, CodeStanding.UNKNOWN), "This code is not in M-PESA's word to us yet. Please wait"),
        (
            CodeFound(CODE, CodeStanding.NOT_THERE, record=Period(START - timedelta(hours=6), START)),
            "M-PESA's record of 23 Nov 2026 08:00 to 14:00 has no such code.",
        ),
        (
            CodeFound(CODE, CodeStanding.NOT_THERE, record=Period(START - timedelta(days=1), START)),
            "M-PESA's record of 22 Nov 2026 14:00 to 23 Nov 2026 14:00 has no such code.",
        ),
        (CodeFound(CODE, CodeStanding.SALE, payment=PAID), "This code belongs to another sale."),
        (CodeFound(CODE, CodeStanding.SALE, payment=a_payment(State.REVIEW)), "call the owner"),
        (CodeFound(CODE, CodeStanding.TYPED, payment=PAID), "was typed from an SMS"),
        (CodeFound(CODE, CodeStanding.REFUND, payment=PAID), "money that went back"),
        (CodeFound(CODE, CodeStanding.REFUND, row=ROW), "went out, or of a fee"),
        (CodeFound(CODE, CodeStanding.UNPROMPTED, row=replace(ROW, cents=25_050)), "KES 250.50, 23 Nov 2026"),
        (CodeFound(CODE, CodeStanding.UNPROMPTED, row=ROW), "Your money is here"),
        (CodeFound(CODE, CodeStanding.UNPROMPTED, row=ROW, word=RowWord.REVERSED), '"That money went back."'),
        (CodeFound(CODE, CodeStanding.UNPROMPTED, row=ROW, word=RowWord.REFUNDED), '"That money went back."'),
        (CodeFound(CODE, CodeStanding.UNPROMPTED, row=ROW, word=RowWord.TEST), "already what it is"),
    ],
)
def test_what_to_read_aloud(found: CodeFound, told: str) -> None:
    words = code_words(found)
    assert told in words
    assert "\n" not in words
    assert len(words) < 200
