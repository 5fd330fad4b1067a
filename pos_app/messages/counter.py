"""What the charge page says: keys, scans, what is still missing, and the payments under way. Plain text; no Qt here."""

from datetime import datetime

from pos_app.domain.catalogue import Post
from pos_app.domain.kenya_time import duration
from pos_app.domain.money import kes
from pos_app.domain.payment import PROMPT_LIFE, Payment, State
from pos_app.domain.phone import mask
from pos_app.domain.receipt import Shop
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words

TRY_SCANNER = "F1 tries it too, at any time. Whatever it reads never asks a customer for money."
TOO_FAST = "That came as fast as a scanner's. Press Enter to ask."
TOO_LONG = "That is too long for a phone number. The field is as it was, and nothing was sent."
NO_SUCH_CODE = "That code is no post's, and nobody's phone. Nothing was sent. F7 shows the posts and their barcodes."
HOW_TO_CHOOSE = "Ctrl and its digit, by name, or scan it"
CHOOSE_FIRST = "What does the customer pay for? Ctrl and its digit, or type its name. Nothing was sent."
TYPE_PHONE = "Type the customer's phone. Nothing was sent."
IS_ASKED_NOW = "M-PESA is asked now. What it answers shows here."
SIGN_IN_FIRST = "Nothing was sent: somebody had to sign in first. Enter asks now."
CHECK_PHONE = "Check the phone"
IS_A_BARCODE = "That is a post's barcode, so nobody is asked at this number. Nothing was sent."
NOT_PAID_NO_RECEIPT = "This payment is not paid, so it has no receipt."
NO_RECEIPT = NOT_PAID_NO_RECEIPT + " Esc leaves it; then F9 shows the last receipt."
NO_RECEIPT_YET = "Nobody has paid yet, so there is no receipt."
FINISHED = "M-PESA has answered for this payment. Esc leaves it; then F5 asks about the oldest one that is open."
SLOW_SAVING = (
    "Saving takes longer than usual. Nothing was sent to the customer yet. "
    "Wait: the prompt leaves as soon as it is saved."
)
IS_BEING_SAVED = "This charge is being saved: it cannot be changed or taken back. What you just pressed was not taken."
NOTHING_TO_CHECK = "No payment waits for an answer that M-PESA could give now."
NOBODY_PAYS = "Nobody is paying right now."
NO_POSTS = "No posts yet. Add your first one (F7)."
ASKED_OWNER_SETTLES = "The till checks with M-PESA again. Whatever it says, only the owner can settle this payment."
POST_IS_OFF = "What was asked for is not all sold any more. Choose anew for another charge."
NO_OPEN_PRICE = "No post here has a price that is asked. F7 shows the posts."
STOP_WAITING = "The customer can still pay for up to two minutes. We keep checking and will tell you."
TROUBLE_ON_PHONE = "Nothing on the phone after 20 s? Phone on, signal, unlocked?"

MOST_TO_CHECK = 99


def no_favourite(key: int) -> str:
    """For a key that no post has."""
    return f"No post has the key Ctrl {key}. F7 shows the posts and their keys."


def nobody_at(key: int) -> str:
    """For a key that no customer who is offered has; 0 is the name of who stands there."""
    if key == 0:
        return "Alt 0 names a customer who was asked before, once their whole number is typed."
    return f"No customer is offered for Alt {key}: the last ones are while the phone is empty."


def taken_out(post: Post) -> str:
    """A post that lay in the basket is not sold any more."""
    return f"{post.title} is not sold any more, and was taken out. Nothing was sent."


def basket_title(count: int | None) -> str:
    """How many things lie in the basket: `3 items`; None while that is not known."""
    return "Items" if count is None else f"{count:,} item{'' if count == 1 else 's'}"


def in_basket(quantity: str) -> str:
    """How many of a post are chosen, as it was typed: `2 in basket`."""
    return f"{quantity} in basket" if quantity.strip().isdecimal() else "in basket"


def price_hints(post: Post) -> tuple[str, ...]:
    """What may be typed as a post's price, the longest words first: `150 to 2,000`."""
    return post.price_words.removeprefix("KES "), f"from {post.price:,}", "Price"


def named(payment: Payment) -> str:
    """A payment in one line, to tell it from others: `A-20261123-0042, KES 250, 0712 ••• 678`."""
    return f"{payment.number}, {amount_words(payment)}, {mask(payment.phone)}"


def attention_count(count: int) -> str:
    """How many payments need a look; more than two digits would be no figure that anybody works through."""
    return f"{min(count, MOST_TO_CHECK)}{'+' if count > MOST_TO_CHECK else ''}"


def to_check(count: int) -> str:
    """How many payments need a look, on the button that shows them."""
    return f"{attention_count(count)} to check"


def about(payment: Payment, text: str) -> str:
    """Something about a payment that is not the one in sight."""
    return f"{named(payment)}: {text}"


def not_asked(msisdn: str, text: str) -> str:
    """Why somebody is not asked who is not in the form that is in sight."""
    return f"{mask(msisdn)} is not asked. {text}"


def may_ask_again(payment: Payment) -> str:
    """What M-PESA's answer means for a payment that somebody wanted to ask for again, and has left since."""
    return about(payment, "it may be asked for again. Nothing was sent, and the form is as you left it.")


def last_receipt(payment: Payment) -> str:
    """Which receipt it is that F9 shows."""
    return f"Last receipt: {named(payment)}"


def asking_about(payment: Payment) -> str:
    """Which payment F5 asked about, where another one is in sight by then."""
    return f"Asking M-PESA about {named(payment)}."


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


def at_till(till: str) -> str:
    """Where a payment of another till is."""
    return f"Till {till}"


def at_other_tills(count: int) -> str:
    """The heading of the payments of other tills."""
    return f"At other tills · {count:,}"


def more_payments(count: int) -> str:
    """How many there are that are not shown."""
    return f"and {count:,} more: Payments (F6)"


def card_state(payment: Payment) -> str:
    """The state as the card of an active payment says it."""
    if payment.state is State.PAID and payment.receipt:
        return f"{words.state_words(payment)} · {payment.receipt}"
    return words.pill_words(payment) if payment.state is State.PROMPTED else words.state_words(payment)


def card_note(payment: Payment, now: datetime, callback_expected: bool) -> str:
    """The line below it: how old, and what happens next."""
    if payment.state is State.PROMPTED and (now - payment.created_at).total_seconds() <= PROMPT_LIFE:
        return waited(payment, now)
    following = words.next_words(payment, now, callback_expected)
    if payment.state.open:
        return f"{words.age(payment, now)} · {following}"
    return following or words.clock_time(payment.closed_at or payment.updated_at)


def waited(payment: Payment, now: datetime) -> str:
    """How much of the customer's time is over: "0:14 of about 1:30"."""
    return f"{words.age(payment, now)} of about {duration(PROMPT_LIFE)}"


def tell_customer(shop: Shop, amount: int) -> str:
    """What to say at the counter while the prompt is on the phone. M-PESA shows the name that it has registered."""
    name = shop.registered or f"{shop.name} or the name we are registered by"
    return f'"Unlock your phone. Check it says {name}, {kes(amount)}. Enter your M-PESA PIN."'
