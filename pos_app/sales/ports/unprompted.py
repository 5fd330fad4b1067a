"""Money without a prompt in the store: looked up by anybody, written in a transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pos_app.domain.payment import Payment
from pos_app.domain.unprompted import MoneySearch, RowWord, Unprompted


class _UnpromptedLookup(Protocol):
    def unprompted_money(self, row_id: int) -> Unprompted | None:
        """One row of it."""
        ...

    def bound_money(self, payment_id: int) -> Unprompted | None:
        """The row that is bound to a payment."""
        ...

    def prompts_near(self, amount: int, at: datetime, phone: str = "") -> list[Payment]:
        """The newest payments of an amount (KES) that were asked for within a day before a moment (UTC), or right
        behind it, and are not paid or have no code of M-PESA's; open ones however old they are.

        Args:
            phone: only of numbers with its last three digits, where these can be seen.
        """
        ...


class UnpromptedReader(_UnpromptedLookup, Protocol):
    """Looking it up."""

    def unprompted(self, search: MoneySearch) -> list[Unprompted]:
        """A page of it, newest first."""
        ...

    def unprompted_waiting(self) -> int:
        """How many rows of it wait for a person."""
        ...

    def payers_like(self, phone: str) -> list[tuple[str, str | None]]:
        """The newest customers, by MSISDN and name, whose number may be one of which few digits can be seen; nobody
        where the last three cannot.
        """
        ...


class UnpromptedTransaction(_UnpromptedLookup, Protocol):
    """What a write transaction does to it."""

    def word_money(self, row_id: int, word: RowWord, note: str, at: datetime, operator_id: int | None) -> None:
        """Write what somebody says of it, at a moment (UTC); `RowWord.NONE`: it waits again."""
        ...

    def bind_money(self, row_id: int, payment_id: int, at: datetime, operator_id: int | None) -> None:
        """It is this payment's, says somebody. Raises Clash: that payment has other money."""
        ...

    def bound_past(self, payment_id: int, past: Iterable[Payment]) -> None:
        """A sale that money is bound to went past payments that had ended not paid."""
        ...

    def may_be_bound(self, payment: Payment) -> bool:
        """Whether money that may be a payment's (its amount, its digits as far as they are seen, within a day behind
        it) is bound to a sale that is paid by it.
        """
        ...

    def payment_of_code(self, receipt: str) -> Payment | None:
        """The payment that has a receipt code."""
        ...

    def unbind_money(self, payment_id: int) -> None:
        """The money of a payment waits again, or is that of whom M-PESA has given its code to since."""
        ...
