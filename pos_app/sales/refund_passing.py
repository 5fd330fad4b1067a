"""What went back of a sale by a bind, once M-PESA has given its money to another payment, whose it is (rule 22)."""

from collections.abc import Callable
from datetime import datetime

from pos_app.domain.bind_event import RefundCame
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import EventKind
from pos_app.domain.refund import refundable
from pos_app.errors import BadInput
from pos_app.sales.bind_checks import NOTHING
from pos_app.sales.journal import till_line
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Transaction


def pass_refunds(
    transaction: Transaction, ledger: Ledger, sale: Payment, receipt: str, now: datetime
) -> list[Callable[[], None]]:
    """What went back of a sale that money was bound to is of the payment that M-PESA has given its code to since.

    Args:
        receipt: the code of that money.

    Returns:
        What tells of it: to be called after the commit.

    Raises:
        BadInput: nobody else has the code, or of who has it no such amount can have gone back.
    """
    holder = transaction.payment_of_code(receipt)
    if holder is None or holder.id == sale.id:
        raise BadInput(
            f"{kes(sale.refunded)} of this payment went back already: what was bound stays. {NOTHING} What did not go "
            "back the owner takes back first, under Refund."
        )
    if sale.refunded > refundable(holder):
        why = "is not settled yet" if holder.state.open else f"has {kes(refundable(holder))} that can have gone back"
        raise BadInput(
            f"{kes(sale.refunded)} of this payment went back, and M-PESA's code {receipt} is that of payment "
            f"{holder.number} now, which {why}. {NOTHING} Look at that one first; what did not go back, of either, the "
            "owner takes back under Refund."
        )
    tells = []
    for refund in transaction.refunds(sale.id):
        came = RefundCame(refund.amount, refund.code, sale.id, detail=f"counted with {sale.number} before")
        tells.append(ledger.enter(transaction, came, holder.id))
        detail = f"{refund.code} · {kes(refund.amount)} · to {holder.number}, whose money it was"
        transaction.add_line(sale.id, till_line(sale, EventKind.REFUND_PASSED, now, detail=detail))
    return tells
