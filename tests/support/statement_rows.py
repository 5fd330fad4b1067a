"""Rows of M-PESA's record, invented."""

from datetime import datetime
from decimal import Decimal

from pos_app.domain.statement_row import RowKind, StatementRow


def a_payment_row(at: datetime, amount: int = 100, phone: str = "") -> StatementRow:
    """Somebody has paid by a prompt of a till: when (UTC), how much (KES), and what can be seen of their number."""
    return StatementRow(
        line=8,
        receipt="UKN7H7OI90",
        at=at,
        within=0,
        kind=RowKind.PAYMENT,
        amount=Decimal(amount),
        incoming=True,
        details="Merchant Payment",
        reason="Pay Merchant",
        phone=phone,
    )
