"""Reading numbers and codes in one form only: plain ASCII digits, as people write them.

Python's own readers take far more: underscores (`1_000`), exponents (`1e3`), signs, the digits of every script (`٢٥٠`,
`１２`), and letters that become others in upper case (`ı`, `ß`, the Kelvin sign). Where money is read, each of these
is another way to be misunderstood.
"""

import re
import string
from decimal import Decimal

_WHOLE = re.compile("0|[1-9][0-9]*")
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_MOST_DIGITS = 18  # more than anything that is counted here has


def whole(text: str) -> int | None:
    """The whole number that a text says: `0`, `7`, `1250`; None for everything else, also `007`, `+7` and `1,250`."""
    return int(text) if len(text) <= _MOST_DIGITS and _WHOLE.fullmatch(text) else None


def plain(text: str) -> Decimal | None:
    """The number that a text says, with or without a decimal point: `6`, `0.5`, `250.00`; None for everything else."""
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def is_text(text: str) -> bool:
    """Whether every character is one: half of a pair of surrogates, as a broken paste leaves it, is kept nowhere."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def upper(text: str) -> str:
    """In upper case; characters beyond ASCII stay as they are, so that none of them becomes another one."""
    return text.translate(_UPPER)
