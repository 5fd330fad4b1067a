"""Amounts: whole Kenyan shillings (KES), as integers."""

import re
from decimal import Decimal, InvalidOperation

from pos_app.errors import BadInput

MIN_AMOUNT = 1
MAX_AMOUNT = 250_000  # M-PESA's ceiling for one transaction (Daraja, M-PESA Express FAQ 5)
DEFAULT_PRICE = 100
_THOUSANDS = re.compile("[0-9]{1,3}(,[0-9]{3})+")  # "1,250"; but "1,25" may be meant as 1.25


def parse_price(text: str | int) -> int:
    """Read a price in KES as a person types it ("250", "1,250", "KES 50").

    Raises:
        BadInput: not a whole number of shillings between 1 and 250,000.
    """
    cleaned = str(text).upper().replace("KES", "").strip()
    if _THOUSANDS.fullmatch(cleaned):
        cleaned = cleaned.replace(",", "")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise BadInput(f"{str(text)[:40]!r} is not a price. Type whole shillings, for example 250.") from None
    if not value.is_finite() or value != value.to_integral_value():
        raise BadInput(f"A price is in whole shillings: {str(text)[:40]} is not. Nothing was saved.")
    if not MIN_AMOUNT <= value <= MAX_AMOUNT:
        raise BadInput(f"A price is between KES 1 and KES 250,000 (M-PESA's limit): {str(text)[:40]} is not.")
    return int(value)


def kes(amount: int) -> str:
    """The amount as people read it: `KES 1,250`."""
    return f"KES {amount:,}"
