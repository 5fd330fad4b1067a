"""A line of M-PESA's statement as a person types it: code, amount, completion time. Each in one strict form."""

import re
from datetime import UTC, datetime

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.money import kes, parse_price
from pos_app.errors import BadInput

TIME_SHAPE = "24-11-2026 14:03:09"
_CLOCK = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2}))?"
_DAY_FIRST = re.compile(f"(?P<day>[0-9]{{2}})[-/](?P<month>[0-9]{{2}})[-/](?P<year>[0-9]{{4}}) +{_CLOCK}")
_YEAR_FIRST = re.compile(f"(?P<year>[0-9]{{4}})[-/](?P<month>[0-9]{{2}})[-/](?P<day>[0-9]{{2}})[ T]+{_CLOCK}")


def statement_amount(text: str) -> int:
    """The amount in KES: `799`, `1,250`, `799.0` and `799.00` as the statement prints them.

    Raises:
        BadInput: nothing of the kind, or not an amount that M-PESA moves at once.
    """
    try:
        return _shillings(text)
    except BadInput:
        raise BadInput(
            "Type the amount that the M-PESA statement shows under Paid In, in whole shillings from 1 to 250,000. "
            "Nothing was changed."
        ) from None


def refund_amount(text: str, most: int) -> int:
    """What went back, in KES, in the same forms.

    Args:
        most: what still can go back of the payment, in KES.

    Raises:
        BadInput: nothing of the kind, or more than that.
    """
    try:
        amount = _shillings(text)
    except BadInput:
        raise BadInput("Type what went back, in whole shillings, for example 250. Nothing was changed.") from None
    if amount > most:
        raise BadInput(
            f"Of this payment {kes(most)} can still go back, and {kes(amount)} are more. Nothing was changed: look at "
            "the code, it may be another payment's."
        )
    return amount


def _shillings(text: str) -> int:
    typed = text.strip()
    bare = typed.removesuffix(".0")
    return parse_price(bare if bare.replace(",", "").isdecimal() else typed)


def statement_time(text: str) -> datetime:
    """The completion time (UTC): day, month, year and the time in Kenya, as the statement prints them.

    Raises:
        BadInput: in another form, or there is no such day or time.
    """
    typed = text.strip()
    found = _DAY_FIRST.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed)
    try:
        if found is None:
            raise ValueError
        part = {name: int(figures or 0) for name, figures in found.groupdict().items()}
        there = datetime(part["year"], part["month"], part["day"], part["hour"], part["minute"], part["second"])
        return there.replace(tzinfo=NAIROBI).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(
            f"Type day and time as the M-PESA statement has them, for example {TIME_SHAPE}. Nothing was changed."
        ) from None
