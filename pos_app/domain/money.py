"""Amounts: whole Kenyan shillings (KES), as integers."""

import re

from pos_app.domain.strict import plain, whole
from pos_app.errors import BadInput

MIN_AMOUNT = 1
MAX_AMOUNT = 250_000  # M-PESA's ceiling for one transaction (Daraja, M-PESA Express FAQ 5)
NO_AMOUNT = 1_000_000_000  # KES: nobody pays so much at once, and a database server has no room for twice as much
DEFAULT_PRICE = 100
_CURRENCY = re.compile("[Kk][Ee][Ss] *")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.00)?")  # "1,250"; but "1,25" may be meant as 1.25
_NO_CENTS = ".00"  # spreadsheets write it; "1.000" may be meant as 1,000


def parse_price(text: str | int) -> int:
    """Read a price in KES as a person types it: "250", "1,250", "KES 1,250", and each with ".00" behind.

    Raises:
        BadInput: not a whole number of shillings between 1 and 250,000, or written in another way.
    """
    typed = str(text).strip()
    price = text if isinstance(text, int) else _shillings(typed)
    if price is None and plain(typed) is not None:
        raise BadInput(f"A price is in whole shillings: {typed[:40]} is not. Nothing was saved.")
    if price is None:
        raise BadInput(f"{str(text)[:40]!r} is not a price. Type whole shillings, for example 250.")
    if not MIN_AMOUNT <= price <= MAX_AMOUNT:
        raise BadInput(f"A price is between KES 1 and KES 250,000 (M-PESA's limit): {typed[:40]} is not.")
    return price


def _shillings(typed: str) -> int | None:
    """The whole shillings that a text says, None where it says none."""
    bare = typed[found.end() :] if (found := _CURRENCY.match(typed)) else typed
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    return whole(bare.removesuffix(_NO_CENTS))


def kes(amount: int) -> str:
    """The amount as people read it: `KES 1,250`."""
    return f"KES {amount:,}"
