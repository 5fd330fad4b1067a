"""What is said of receipts and their printer. Plain text; no Qt here."""

from typing import TYPE_CHECKING

from pos_app.messages.counter import named

if TYPE_CHECKING:
    from pos_app.sales.printing import PrintTrouble

NOT_CERTAIN = "The printer has not said that it printed the receipt. Look at the paper. The next print says COPY."
WAITS = "F9 shows the receipt, and Enter prints it when the printer is ready."
SEE_PAPER = "The printer has not said that it printed the receipt. Look at the paper; F9 prints it again, as a copy."


def trouble_words(trouble: "PrintTrouble") -> str:
    """What is said where a receipt did not come out by itself: the payment is safe, whatever the printer does."""
    why = SEE_PAPER if trouble.why is None else f"{trouble.why} {WAITS}"
    return f"Paid and saved: {named(trouble.payment)}. {why}"
