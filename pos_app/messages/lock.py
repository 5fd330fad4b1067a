"""What the lock says."""

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.payment import Payment
from pos_app.messages.payments import state_words

LOCK = "Lock the till"
LOCKED = "Locked"
WHO = "Choose your name and type your PIN. Payments on their way go on."
PIN = "PIN"
OWNERS = "The owner's passphrase"
OWNER = "Owner's passphrase"
OWNER_SHORT = "Owner"
UNLOCK = "Sign in"
NO_OPERATORS = (
    "There are no operators to sign in again, so there is nothing to lock. The owner adds them: Settings (F10)."
)

BY_ITSELF = "The lock"
BY_ITSELF_LEAD = (
    "Where the shop has operators, this till locks when nobody has pressed a key or touched it for a while; whoever "
    "comes next signs in. Payments go on. F12 locks at once."
)
AFTER = "Locks by itself"
MINUTES = ("0", "1", "2", "5", "10")  # what is offered


def after(minutes: str) -> str:
    """When it locks by itself: `Never`, `After 5 minutes`."""
    if minutes == "0":
        return "Never"
    return f"After {minutes} minute{'' if minutes == '1' else 's'}"


def going_on(count: int) -> str:
    """How many payments wait for their customers."""
    if not count:
        return "No payment in progress."
    return f"{count:,} payment{'' if count == 1 else 's'} in progress."


def news(payment: Payment) -> str:
    """What has become of a payment, without whose it is and how much: `14:03  Paid`."""
    return f"{shop_time(payment.updated_at)[-5:]}  {state_words(payment)}"


def signed_in(name: str) -> str:
    """Who is signed in, and what a press does."""
    return f"{name} is signed in. Lock the till: F12"
