"""The figures of what a search has found, in words: below the list of a window and of a command."""

from pos_app.domain.money import kes
from pos_app.domain.search import Totals


def count_words(totals: Totals) -> str:
    """How many there are."""
    return "1 payment" if totals.payments == 1 else f"{totals.payments:,} payments"


def paid_words(totals: Totals) -> str:
    """What came in (KES), after refunds."""
    return f"{kes(totals.paid_amount)} paid"


def refunded_words(totals: Totals) -> str:
    """What went back of it (KES); empty where nothing did."""
    return f"after {kes(totals.refunded)} refunded" if totals.refunded else ""


def found_words(totals: Totals, listed: int, *, sums: bool) -> str:
    """How many there are and, where somebody may see sums, how much; and whether the list has fewer.

    Args:
        totals: of all that was found.
        listed: how many of them stand in the list.
    """
    much = " ".join(filter(None, (paid_words(totals), refunded_words(totals)))) if sums else ""
    more = f"the newest {listed:,} are listed, --limit lists more" if totals.payments > listed else ""
    return f"{', '.join(filter(None, (count_words(totals), much, more)))}."
