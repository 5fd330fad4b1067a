"""The slip of money that went back: the same kind of lines as a receipt, and it names the payment that it is about."""

from collections.abc import Iterator, Sequence

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.receipt import Line, Shop, Style, framed
from pos_app.domain.refund import Refund
from pos_app.errors import BadInput

_NAMED = 4  # refunds whose codes a message names


def refund_slip(shop: Shop, payment: Payment, refunds: Sequence[Refund], copy: int = 1) -> list[Line]:
    """One slip about all that went back of a payment, oldest first.

    Args:
        copy: which print this is since the last of the refunds; from the second on the paper says so.

    Raises:
        BadInput: nothing went back of it.
    """
    if not refunds:
        raise BadInput("Nothing of this payment was given back, so there is no refund slip.")
    return framed(shop, "REFUND / PESA IMERUDISHWA", copy, list(_body(payment, refunds)))


def refund_message(shop: Shop, payment: Payment, refunds: Sequence[Refund]) -> str:
    """The same as a message to the customer, to be sent or read from a QR code: of many refunds the last ones."""
    told = [
        *([shop.mark] if shop.mark else []),
        shop.name,
        f"Refunded: {kes(sum(refund.amount for refund in refunds))}",
        *(f"M-PESA code: {refund.code}" for refund in refunds[-_NAMED:]),
        f"For payment: {payment.number}",
        "Not a tax invoice. Asante!",
    ]
    return "\n".join(told)


def _body(payment: Payment, refunds: Sequence[Refund]) -> Iterator[Line]:
    yield Line(Style.PAIR, "For payment", payment.number)
    yield Line(Style.PAIR, "Of", f"{shop_time(payment.closed_at or payment.created_at)} EAT")
    if payment.receipt:
        yield Line(Style.PAIR, "M-PESA code", payment.receipt)
    for line in payment.lines:
        yield Line(Style.PAIR, line.words, kes(line.amount))
    yield Line(Style.PAIR, "Paid", kes(payment.received))
    for refund in refunds:
        yield Line(Style.RULE)
        yield Line(Style.PAIR, "Refunded", f"{shop_time(refund.at)} EAT")
        yield Line(Style.PAIR, "M-PESA code", refund.code)
        if len(refunds) > 1:
            yield Line(Style.PAIR, "Amount", kes(refund.amount))
    if len(refunds) > 1:
        yield Line(Style.RULE)
    yield Line(Style.TOTAL, "REFUNDED", kes(sum(refund.amount for refund in refunds)))
    yield Line(Style.PAIR, "Phone", mask(payment.phone, "xxx"))
    if any(line.grant and line.grant.withdrawn_at for line in payment.lines):
        yield Line(Style.CENTRE, "Access withdrawn")
    yield Line(Style.CENTRE, "Recorded by the owner")
