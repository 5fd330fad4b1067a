"""The AccountReference of a push: what it is for and for whom, in the twelve characters that Daraja documents.

One post, once: `POST_<post>_<customer>` while that fits, otherwise `P<post>_<customer>` in base 36. Anything else:
`S_<payment>` in base 36; the payment names its customer and its lines.
"""

import re
from dataclasses import dataclass

from pos_app.domain.payment import Payment
from pos_app.errors import BadInput

MAX_LENGTH = 12  # Daraja, M-PESA Express: AccountReference
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class PostReference:
    """One post, once, and the customer that it is for: their ids."""

    post_id: int
    customer_id: int

    def text(self) -> str:
        """The reference to send.

        Raises:
            BadInput: the numbers are too large for twelve characters (more than 60 million customers).
        """
        plain = f"POST_{self.post_id}_{self.customer_id}"
        return plain if len(plain) <= MAX_LENGTH else _fitting(f"P{_base36(self.post_id)}_{_base36(self.customer_id)}")


@dataclass(frozen=True, slots=True)
class SaleReference:
    """A payment with more than one post once: its id."""

    payment_id: int

    def text(self) -> str:
        """The reference to send. Raises BadInput as the other."""
        return _fitting(f"S_{_base36(self.payment_id)}")


def account_reference(payment: Payment) -> PostReference | SaleReference:
    """What a payment's push refers to."""
    first = payment.lines[0]
    if len(payment.lines) == 1 and first.quantity == 1:
        return PostReference(first.post_id, payment.customer_id)
    return SaleReference(payment.id)


def read_reference(text: str) -> PostReference | SaleReference:
    """What a reference says.

    Raises:
        ValueError: not one of ours.
    """
    if plain := re.fullmatch("POST_([0-9]+)_([0-9]+)", text):
        return PostReference(int(plain[1]), int(plain[2]))
    if sale := re.fullmatch("S_([0-9A-Z]+)", text):
        return SaleReference(int(sale[1], 36))
    if short := re.fullmatch("P([0-9A-Z]+)_([0-9A-Z]+)", text):
        return PostReference(int(short[1], 36), int(short[2], 36))
    raise ValueError("not a reference of ours")


def _fitting(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise BadInput("This post and customer have numbers too long for M-PESA's reference. Nothing was sent.")
    return text


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
