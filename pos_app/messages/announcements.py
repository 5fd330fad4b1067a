"""What is said aloud of a payment's state, for whoever hears the till instead of looking at it. No Qt here."""

from collections.abc import Sequence

from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark
from pos_app.domain.unprompted import by_a_person
from pos_app.messages.amounts import amount_words
from pos_app.messages.payments import state_words

SAID_AT_ONCE = 5  # payments of one moment that are said one by one; more would be heard for minutes
_MARKS = {Mark.PRACTICE: "Practice, not real money.", Mark.SANDBOX: "Sandbox, test money."}


def said_anew(before: Payment | None, after: Payment) -> bool:
    """Whether the state is in other words than before, so that it is news to whoever hears it."""
    if by_a_person(after):
        return False  # whoever has said so, or undone that, sees it: no customer has paid just now
    return before is None or state_words(before) != state_words(after)


def announcement(payment: Payment) -> str:
    """The state, and whose payment it is: "Paid. KES 250, Week pass, phone ending 678."."""
    return f"{state_words(payment)}. {amount_words(payment)}, {payment.post_title}, phone ending {payment.phone[-3:]}."


def announcements(payments: Sequence[Payment], mark: Mark, *, locked: bool = False) -> str:
    """What is said of all that changed in one moment: paid ones first; the last word is that the money is not real.

    Args:
        locked: nobody is signed in: only what became of them is said, not whose they are.
    """
    ordered = sorted(payments, key=lambda payment: payment.state is not State.PAID)
    words = (lambda payment: f"{state_words(payment)}.") if locked else announcement
    said = [words(payment) for payment in ordered[:SAID_AT_ONCE]]
    more = len(ordered) - len(said)
    if more:
        said.append("1 more payment changed." if more == 1 else f"{more:,} more payments changed.")
    return " ".join([*said, *([_MARKS[mark]] if mark else [])])
