"""What the window says about itself: opening, closing, its header, the practice phone. Plain text; no Qt here."""

from pos_app.domain.money import kes
from pos_app.domain.receipt import Mark

CANNOT_SAVE = (
    "This computer cannot save safely. Charging has stopped so no payment is lost. Call the owner: F1 shows the steps."
)
SERVER_CANNOT_SAVE = (
    "The shop's database server does not save. Charging has stopped so no payment is lost. Call the owner: F1 says why."
)
CANNOT_SAVE_TITLE = "This computer cannot save"
SERVER_CANNOT_SAVE_TITLE = "The shop's database server does not save"
CANNOT_SAVE_STEPS = (
    "See whether the disk is full, and free some space.",
    "See whether the disk or the network drive with the data is still connected.",
    "Charging starts again by itself as soon as saving works. Payments on their way are not lost.",
)
SERVER_STEPS = (
    "See whether that server is switched on, and whether the other tills can charge.",
    "See whether this computer's network works: its cable, its Wi-Fi, the router.",
    CANNOT_SAVE_STEPS[-1],
)
LETTER_LOST = "This till's letter is another till's now"
FORM_IS_OPEN = "Nothing was scanned: something is being typed here. Finish it, or press Esc, and scan again."
DAMAGED = "The database file is damaged. F1 shows what to do."
FAULT = "Something went wrong in the till. Money is not affected: every payment stays as it is shown."
FINISHING = "Finishing a request to M-PESA..."
FINISHING_MORE = "The till closes as soon as M-PESA has answered: at most 40 seconds."
CLOSED = "The till is closed"
CLOSE_WINDOW = "Close the window"
CANNOT_OPEN = "The till cannot open"
KEYS_LOCKED = "The M-PESA keys are locked"
KEYS_LOCKED_MORE = "They are in an encrypted file on this computer. Type its passphrase to open the till."
KEYS_FORGOTTEN = (
    "Nobody can read the keys without this passphrase, and the owner's recovery code does not open them. If it is "
    "lost, the owner sets M-PESA up again."
)
PHONE_IDLE = "The customer's phone"
PHONE_IDLE_MORE = "When you ask for money, the M-PESA prompt appears here. You play the customer."
PAY_BY_HAND = "Pay by hand"
BY_HAND_MORE = "Or pay the number on the wall, without a prompt. Only M-PESA's statement tells of it."
PAY_BY_HAND_SPOKEN = "Pay the shop's number by hand, without a prompt"
PHONE_HINT = "Any PIN pays. 0000 is a wrong PIN."
OPENING = "Opening the till"
UPGRADING = "Bringing your records up to date. Do not switch the computer off."
UPGRADING_MORE = (
    "Where many payments were taken this takes a minute or two. It is done once, for this version of Kaunta."
)
NOT_OPEN = "Not open"
CLOSING = "Closing"
STATUS_READY = "M-PESA ready"
STATUS_CONNECTING = "Connecting"
STATUS_ASKING_ONLY = "Asking only: receipt codes come later"
ASKING_ONLY_SHORT = "Asking only"  # where there is no room for the rest
STATUS_ROUTE_DOWN = "Results by asking: F1 says why"
ROUTE_DOWN_SHORT = "By asking: F1"
ADDRESS = "Where results come in"
STATUS_CANNOT_SAVE = "Cannot save"
STATUS_LETTER_LOST = "Sells nothing: F1 says why"
LETTER_LOST_SHORT = "Sells nothing: F1"
STATUS_DAMAGED = "Database damaged"
PRACTICE = "PRACTICE · not real money"
MARKS = {Mark.PRACTICE: PRACTICE, Mark.SANDBOX: "SANDBOX · test money"}


def cannot_save(*, server: bool) -> str:
    """Why nobody is charged, where nothing can be saved on this computer, or on the shop's database `server`."""
    return SERVER_CANNOT_SAVE if server else CANNOT_SAVE


def cannot_save_steps(*, server: bool) -> tuple[str, tuple[str, ...]]:
    """The same as a title, with what to do about it."""
    return (SERVER_CANNOT_SAVE_TITLE, SERVER_STEPS) if server else (CANNOT_SAVE_TITLE, CANNOT_SAVE_STEPS)


def address_at(till: str) -> str:
    """At which other till the shop's one public address is."""
    return f"The shop's public address is at till {till}: M-PESA's results come in there, and are here at once."


def paid_by_hand(amount: int, code: str) -> str:
    """What somebody has paid in practice, in KES, that no prompt asked for; only M-PESA's statement tells of it."""
    return f"{kes(amount)} paid by hand: {code}. Only M-PESA's statement tells of it."


def phone_pays_for(title: str) -> str:
    """What the practice phone says below the amount; empty where M-PESA was told nothing."""
    return f"For: {title}" if title else ""
