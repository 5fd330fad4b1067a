"""A payment as JSON, for programs: the same names wherever one is printed or written."""

from datetime import datetime

from pos_app.domain.payment import Payment
from pos_app.domain.payment_line import PaymentLine
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.phone import shown


def payment_json(payment: Payment | PaymentRecord) -> dict[str, object]:
    """The fields of a payment; times are ISO 8601 UTC, missing is null."""
    return {
        "id": payment.id,
        "number": payment.number,
        "status": payment.state.value,
        "remark": ",".join(sorted(payment.remarks)) or None,
        "reason": payment.reason.word,
        "post_id": payment.post_id,
        "post_title": payment.lines[0].title if payment.post_id else payment.post_title,
        "phone": shown(payment.phone),
        "amount": payment.amount,
        "amount_paid": payment.amount_paid,
        "receipt": payment.receipt,
        "merchant_request_id": payment.merchant_request_id,
        "checkout_request_id": payment.checkout_request_id,
        "created_at": iso(payment.created_at),
        "updated_at": iso(payment.updated_at),
        "granted": payment.granted,
        "lines": [_line_json(line) for line in payment.lines],
        "operator": payment.operator,
        "refunded": payment.refunded,
    }


def iso(moment: datetime) -> str:
    """A moment (UTC) as programs read it: `2026-11-24T11:03:00.000Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line_json(line: PaymentLine) -> dict[str, object]:
    return {
        "post_id": line.post_id,
        "title": line.title,
        "price": line.price,
        "quantity": line.quantity,
        "amount": line.amount,
        "days": line.days,
    }
