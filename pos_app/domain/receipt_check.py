"""The check value of a receipt: few letters by which the shop knows its own receipts from invented ones (rule 25)."""

import hmac
from datetime import datetime

from pos_app.domain.base32 import base32, from_base32
from pos_app.domain.links import moment_text
from pos_app.domain.payment import Payment, State
from pos_app.errors import BadInput

_BITS = 40  # eight letters: who guesses is right once in a million million
_BYTES = _BITS // 8
_HALF = 4  # letters


class ReceiptKey:
    """What check values are made with.

    Args:
        secret: 32 bytes, derived from the shop's key.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "ReceiptKey(...)"

    def value(self, payment: Payment) -> str | None:
        """What stands on a payment's receipt, `7K3F-9D2M`; None where it has none, as it is not paid."""
        if payment.state is not State.PAID or payment.closed_at is None:
            return None
        letters = base32(int.from_bytes(self._digest(payment, payment.closed_at, payment.receipt), "big"), _BITS)
        return f"{letters[:_HALF]}-{letters[_HALF:]}"

    def fits(self, payment: Payment, value: int) -> bool:
        """Whether a receipt of a payment has this value: as it would be printed now, or before M-PESA's code came."""
        if payment.state is not State.PAID or payment.closed_at is None:
            return False
        told = value.to_bytes(_BYTES, "big")
        found = [self._digest(payment, payment.closed_at, code) for code in (payment.receipt, None)]
        return any(hmac.compare_digest(told, one) for one in found)

    def _digest(self, payment: Payment, at: datetime, code: str | None) -> bytes:
        said = f"{payment.number}\0{payment.received}\0{moment_text(at)}\0{code or ''}"
        return hmac.digest(self._secret, said.encode(), "sha256")[:_BYTES]


def read_value(text: str) -> int:
    """A check value as somebody typed it from a receipt.

    Raises:
        BadInput: it is none.
    """
    letters = "".join(text.replace("-", " ").split())
    try:
        if letters.isascii() and len(letters) == 2 * _HALF:
            return from_base32(letters)
    except ValueError:
        pass
    raise BadInput(
        f"{text[:40]!r} is no check value: one has eight letters and digits, such as 7K3F-9D2M, and stands on the "
        "receipt behind Check. A receipt that was printed before there were check values has none."
    )
