"""What the customer display says, in Kiswahili and English. Nothing of it names or shames anybody; no Qt here."""

from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark
from pos_app.messages.amounts import shown


class DisplayKind(StrEnum):
    """What it is about."""

    SUM = "sum"
    SENDING = "sending"
    WAITING = "waiting"
    PAID = "paid"
    ASK = "ask"  # whatever else became of it is said at the counter, not to the whole shop


class CustomerView(NamedTuple):
    """What one customer sees: an amount, and what to do in both languages."""

    kind: DisplayKind
    amount: str
    swahili: str
    english: str


MARKS = {
    Mark.PRACTICE: "MAZOEZI · si pesa halisi   |   PRACTICE · not real money",
    Mark.SANDBOX: "SANDBOX · pesa za majaribio   |   SANDBOX · test money",
}
_ASK = ("Tafadhali uliza kaunta", "Please ask at the counter")


def sum_view(amount: int) -> CustomerView:
    """What lies in the basket, before anybody is asked; KES."""
    return CustomerView(DisplayKind.SUM, kes(amount), "Jumla", "Total")


def payment_view(payment: Payment) -> CustomerView:
    """A payment of the customer who is served now: of the phone, the last three digits at most."""
    ending = f"..{payment.phone[-3:]}"
    match payment.state:
        case State.REQUESTED:
            kind = DisplayKind.SENDING
            words = f"Tunatuma ombi kwenye simu inayoishia {ending}", f"Sending request to the phone ending {ending}"
        case State.PROMPTED:
            kind = DisplayKind.WAITING
            words = (
                f"Weka PIN yako ya M-PESA kwenye simu inayoishia {ending}",
                f"Enter your M-PESA PIN on the phone ending {ending}",
            )
        case State.PAID if not payment.needs_attention:
            kind, words = DisplayKind.PAID, ("Imelipwa", "Paid")
        case _:
            kind, words = DisplayKind.ASK, _ASK
    return CustomerView(kind, kes(shown(payment)), *words)
