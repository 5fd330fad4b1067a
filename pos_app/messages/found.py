"""What a search has found, as a command says it below the list."""

from pos_app.domain.money import kes
from pos_app.domain.search import Totals


def found_words(totals: Totals, listed: int, *, sums: bool) -> str:
    """How many there are and, where somebody may see sums, what came in (KES, after refunds) and what went back.

    Args:
        totals: of all that was found.
        listed: how many of them stand in the list.
    """
    count = "1 payment" if totals.payments == 1 else f"{totals.payments:,} payments"
    paid = f"{kes(totals.paid_amount)} paid" if sums else ""
    refunded = f"after {kes(totals.refunded)} refunded" if sums and totals.refunded else ""
    more = f"the newest {listed:,} are listed, --limit lists more" if totals.payments > listed else ""
    return f"{', '.join(filter(None, (count, ' '.join(filter(None, (paid, refunded))), more)))}."
