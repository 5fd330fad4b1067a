"""What the charge page says about keys, scans and what is still missing. Plain text; no Qt here."""

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask

TRY_SCANNER = "F1 tries it too, at any time. Whatever it reads never asks a customer for money."
TOO_FAST = "That came as fast as a scanner's. Press Enter to ask."
TOO_LONG = "That is too long for a phone number. The field is as it was, and nothing was sent."
NO_SUCH_CODE = "That code is no post's, and nobody's phone. Nothing was sent. F7 shows the posts and their barcodes."
HOW_TO_CHOOSE = "Ctrl and its digit, by name, or scan it"
CHOOSE_FIRST = "What does the customer pay for? Ctrl and its digit, or type its name. Nothing was sent."
TYPE_PHONE = "Type the customer's phone. Nothing was sent."
CHECK_PHONE = "Check the phone"
IS_A_BARCODE = "That is a post's barcode, so nobody is asked at this number. Nothing was sent."
NOT_PAID_NO_RECEIPT = "This payment is not paid, so it has no receipt."
NO_RECEIPT = NOT_PAID_NO_RECEIPT + " Esc leaves it; then F9 shows the last receipt."
NO_RECEIPT_YET = "Nobody has paid yet, so there is no receipt."
FINISHED = "M-PESA has answered for this payment. Esc leaves it; then F5 asks about the oldest one that is open."


def no_favourite(key: int) -> str:
    """For a key that no post has."""
    return f"No post has the key Ctrl {key}. F7 shows the posts and their keys."


def named(payment: Payment) -> str:
    """A payment in one line, to tell it from others: `A-20261123-0042, KES 250, 0712 ••• 678`."""
    return f"{payment.number}, {kes(payment.amount)}, {mask(payment.phone)}"


def last_receipt(payment: Payment) -> str:
    """Which receipt it is that F9 shows."""
    return f"Last receipt: {named(payment)}"


def asking_about_oldest(payment: Payment) -> str:
    """Which payment F5 asks about, where none is shown."""
    return f"Asking M-PESA about the oldest open payment: {named(payment)}."


def scan_came(text: str, slowest: int, *, fast: bool) -> str:
    """What a scanner that is tried sent, and what the till makes of it; `slowest` in ms."""
    came = f"{text} came: {len(text)} characters, {slowest} ms at most from one to the next."
    if fast:
        return f"{came} The till knows this for a scan."
    return f"{came} As slow as a quick person: set your scanner to send a character such as ~ before each code."


def scan_mark(prefix: str) -> str:
    """What marks a scan, however slow it is."""
    return f"What begins with {prefix} is a scan, however slow it is." if prefix else ""
