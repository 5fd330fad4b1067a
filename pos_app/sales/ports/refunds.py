"""Money that went back, in one write transaction."""

from typing import Protocol

from pos_app.domain.refund import RecordedReversal, Refund


class RefundsTransaction(Protocol):
    """What a write transaction does to refunds."""

    def add_refund(self, payment_id: int, refund: Refund) -> None:
        """Write down money that went back.

        Raises:
            Clash: another refund or a payment has its code, or all together are more than was paid.
        """
        ...

    def refunds(self, payment_id: int) -> list[Refund]:
        """What went back of a payment, oldest first."""
        ...

    def pass_refund(self, of: int, code: str, to: int) -> None:
        """A refund of one payment, by its code, is that of another from now on: its money was that one's.

        Raises:
            Clash: the first one still has its money, or of the other more would have gone back than was paid.
        """
        ...

    def take_back_refund(self, payment_id: int, code: str) -> None:
        """A refund of a payment, by its code, counts no more, and its code is free. It stays written down.

        Raises:
            Clash: there is none.
        """
        ...

    def recorded_reversal(self, code: str) -> RecordedReversal | None:
        """What M-PESA's record has going back by a code; None where nobody has recorded that."""
        ...
