"""The AccountReference of a push: which post and which customer it is for.

`POST_<post>_<customer>` while that fits into the twelve characters that Daraja documents, otherwise
`P<post>_<customer>` in base 36.
"""

import re

from pos_app.errors import BadInput

MAX_LENGTH = 12  # Daraja, M-PESA Express: AccountReference
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def account_reference(post_id: int, customer_id: int) -> str:
    """The reference to send.

    Raises:
        BadInput: the numbers are too large for twelve characters (more than 60 million customers).
    """
    plain = f"POST_{post_id}_{customer_id}"
    if len(plain) <= MAX_LENGTH:
        return plain
    short = f"P{_base36(post_id)}_{_base36(customer_id)}"
    if len(short) > MAX_LENGTH:
        raise BadInput("This post and customer have numbers too long for M-PESA's reference. Nothing was sent.")
    return short


def read_reference(text: str) -> tuple[int, int]:
    """(post id, customer id) of a reference.

    Raises:
        ValueError: not one of ours.
    """
    plain = re.fullmatch("POST_([0-9]+)_([0-9]+)", text)
    if plain:
        return int(plain[1]), int(plain[2])
    short = re.fullmatch("P([0-9A-Z]+)_([0-9A-Z]+)", text)
    if not short:
        raise ValueError("not a reference of ours")
    return int(short[1], 36), int(short[2], 36)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
