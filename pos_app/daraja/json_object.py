"""Reading JSON that M-PESA or a stranger sends: strictly, and nothing raises.

A body is understood, or it is no evidence.
"""

import json
import re
from decimal import Decimal

from pos_app.domain import strict

_CODE = re.compile("-?[A-Za-z0-9_.]{1,32}")


def read_object(body: bytes) -> dict[str, object] | None:
    """A JSON object in UTF-8, with or without its mark, or None. Numbers with a point become Decimal: 250.00 is 250.

    A number in any other form (an exponent, `-0`, NaN) becomes None: nobody knows whether it was meant so.

    `json.loads` would take bytes in UTF-16 and UTF-32 as well, in which nobody else finds a phone number to mask.
    """
    try:
        text = body.decode("utf-8-sig")
        data = json.loads(
            text,
            parse_float=strict.plain,
            parse_int=_integer,
            parse_constant=lambda _: None,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):  # bad JSON, bad UTF-8, thousands of digits
        return None
    return data if isinstance(data, dict) else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; a name that comes twice with two values says nothing."""
    found: dict[str, object] = {}
    for name, value in pairs:
        found[name] = value if name not in found or same(found[name], value) else None
    return found


def same(one: object, other: object) -> bool:
    """Whether two values are one; to Python `true` would be 1."""
    return type(one) is type(other) and one == other


def _integer(digits: str) -> int | None:
    return int(digits) if digits != "-0" else None


def code_of(value: object) -> str | None:
    """A ResultCode as text: M-PESA sends numbers in callbacks, text in answers, and letters in some."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return plain_text(str(value) if whole else value, _CODE)


def plain_text(value: object, pattern: re.Pattern[str]) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    return text if pattern.fullmatch(text) else None


def number_of(value: object) -> Decimal | None:
    """A number, or text that says one in plain digits."""
    if isinstance(value, str):
        return strict.plain(value.strip())
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value if isinstance(value, Decimal) else None


def error_of(data: dict[str, object]) -> tuple[str | None, str]:
    """(errorCode, message in lower case) of an error body."""
    message = data.get("errorMessage")
    return code_of(data.get("errorCode")), message.lower() if isinstance(message, str) else ""
