"""The raw evidence behind a payment, masked."""

from collections.abc import Callable
from datetime import timedelta

from pos_app.domain.payment import JournalLine, Outcome, Payment, State
from pos_app.messages.payment_evidence import evidence_text
from tests.conftest import NOW


def test_ids_and_each_line_as_it_came_without_a_full_number(make_payment: Callable[..., Payment]) -> None:
    payment = make_payment(merchant_request_id="29115-1", checkout_request_id="ws_CO_23112026140209113708374149")
    told = JournalLine(
        at=NOW + timedelta(milliseconds=113),
        source="callback",
        kind="result",
        outcome=Outcome.APPLIED,
        before=State.PROMPTED,
        after=State.PAID,
        code="0",
        body='{"PhoneNumber": 254708374149}',
    )
    asked = JournalLine(
        at=NOW, source="query", kind="no_answer", outcome=Outcome.IGNORED, before=State.PAID, after=State.PAID
    )
    text = evidence_text(payment, [told, asked])
    assert "708374149" not in text
    assert text.split("\n\n") == [
        "MerchantRequestID: 29115-1\nCheckoutRequestID: ws_CO_23112026140209113•••",
        '2026-11-23 14:03:00.113  callback result  code 0  prompted -> paid  applied\n{"PhoneNumber": 708•••149}',
        "2026-11-23 14:03:00.000  query no_answer  paid  ignored",
    ]


def test_nothing_is_known_yet(make_payment: Callable[..., Payment]) -> None:
    assert evidence_text(make_payment(merchant_request_id=None, checkout_request_id=None), []) == ""
