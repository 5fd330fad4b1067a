"""What needs a person in words, each with its next step. Plain text, no Qt."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pos_app.domain.attention import Attention, Concern, Waiting
from pos_app.domain.kenya_time import day_words, duration, shop_day, shop_time
from pos_app.domain.operators import RULES, Act, Need, Role
from pos_app.domain.payment import Payment, Remark
from pos_app.domain.transitions import Substate, substate
from pos_app.messages.payments import happened, reason_words
from pos_app.messages.remarks import unseen_words

ALL_CLEAR = "All clear: every payment has an answer, and nothing waits for you."
WORKED_OFF = "That one is worked off. Arrow down: the next one."
ASK, OPEN = "Ask M-PESA now", "Open it"
NOTHING_CHOSEN = "Choose one"
CANNOT_ASK = "M-PESA cannot be asked about that one: it has its answer, or M-PESA gave us no number to check by."
COPIED = "Copied. Phone numbers are masked."
_NAMES = {
    Concern.REVIEW: "Needs checking",
    Concern.REFUND_DUE: "Refund due",
    Concern.NOT_SURE: "Not sure yet",
    Concern.DIFFERS: "Differs",
    Concern.LOOK: "Look at it",
    Concern.UNPROMPTED: "No prompt",
    Concern.DAY_OPEN: "Day not closed",
    Concern.NO_RECORD: "Not compared",
}
_COUNTED = {
    Concern.REVIEW: "{} to check",
    Concern.REFUND_DUE: "{} to refund",
    Concern.NOT_SURE: "{} not sure",
    Concern.DIFFERS: "{} otherwise at M-PESA",
    Concern.LOOK: "{} to look at",
    Concern.UNPROMPTED: "{} without a prompt",
    Concern.DAY_OPEN: "the day not closed",
    Concern.NO_RECORD: "not compared with M-PESA",
}
_SHORT_REMARKS = {  # what is odd about a payment, where a list has a few words' room
    Remark.CONFLICT: "Paid, then not",
    Remark.AMOUNT_DIFFERS: "Other amount",
    Remark.RECEIPT_CLASH: "Code taken",
    Remark.IDS_DIFFER: "Other numbers",
    Remark.OTHER_PAID: "Both paid",
    Remark.CODE_LOST: "Code lost",
    Remark.REFUND_CLASH: "Refund's code",
    Remark.ERASED: "Erased, paid",
    Remark.UNRECORDED: "Unrecorded",
    Remark.REVERSED: "Sent back",
    Remark.RECORD_DIFFERS: "Differs",
}
_STEPS = {
    Concern.REVIEW: ("Settle...", Act.SETTLE),
    Concern.REFUND_DUE: ("Refund...", Act.REFUND),
    Concern.NOT_SURE: ("Settle...", Act.SETTLE),  # where M-PESA cannot be asked
    Concern.DIFFERS: ("Compare...", Act.SETTLE),
    Concern.LOOK: ("Look...", Act.SETTLE),
    Concern.UNPROMPTED: ("Bind or name...", Act.BIND),
    Concern.DAY_OPEN: ("Close the day...", Act.CLOSE),
    Concern.NO_RECORD: ("Statement...", Act.STATEMENT),
}


def name_of(item: Waiting) -> str:
    """What it is in a word or two: `Refund due`, `Code lost`."""
    if item.payment and item.concern in (Concern.DIFFERS, Concern.LOOK):
        return _SHORT_REMARKS[_gravest(item.payment)]
    return _NAMES[item.concern]


def counted_words(found: Attention) -> str:
    """How much there is of what, in one line: `2 to check · 1 to refund · the day not closed`."""
    counts = ((concern, found.counts.get(concern, 0)) for concern in Concern)
    return " · ".join(_COUNTED[concern].format(f"{count:,}") for concern, count in counts if count)


def total_words(count: int) -> str:
    """How much needs a person, as a heading has it, and as it is said aloud."""
    return "1 thing needs a person" if count == 1 else f"{count:,} things need a person"


def what_words(item: Waiting) -> str:
    """What happened and whether money moved, in a sentence or two."""
    payment = item.payment
    match item.concern:
        case Concern.REVIEW if payment:
            return f"{reason_words(payment)} M-PESA says that money moved. Nothing is given for it yet."
        case Concern.NOT_SURE if payment:
            return f"{happened(payment)} Money may or may not have moved. Do not send again."
        case Concern.UNPROMPTED:
            return (
                f"Money came that no prompt asked for ({item.many:,}). Whoever paid may wait for what it is for: bind "
                "it to a sale, or say what it is."
            )
        case Concern.DAY_OPEN:
            since = f"Money from {day_words(shop_day(item.since))} on is in no close yet."
            return since if item.counts else f"{since} A close (Z) ends a day and says what it came to."
        case Concern.NO_RECORD:
            return (
                f"What came since {shop_time(item.since)} is not held against M-PESA's own record. Its statement finds "
                "money that came without a prompt, and payments that went back."
            )
        case _:
            assert payment is not None
            return " ".join(unseen_words(payment))


def selected_words(item: Waiting) -> str:
    """The same of the one that is selected, with which payment it is."""
    payment = item.payment
    which = f"{payment.number}, {payment.post_title}. " if payment else ""
    return which + what_words(item)


def step_words(item: Waiting, needs: Mapping[Act, Need]) -> str:
    """What to do about it, in a few words; what is not for who stands here says whose it is: `Settle... (owner)`."""
    step, act = _step(item)
    if act is None or needs.get(act, Need.NOTHING) is Need.NOTHING:
        return step
    return f"{step} ({'supervisor' if Role.SUPERVISOR in RULES[act].roles else 'owner'})"


def button_words(item: Waiting, needs: Mapping[Act, Need]) -> str:
    """The same on the button that leads to where it is done; asking has one of its own."""
    step = step_words(item, needs)
    return OPEN if step == ASK else step


def _step(item: Waiting) -> tuple[str, Act | None]:
    waits = item.concern in (Concern.NOT_SURE, Concern.REVIEW)
    return (ASK, None) if waits and asks(item) else _STEPS[item.concern]


def asks(item: Waiting) -> bool:
    """Whether asking M-PESA about it can change anything."""
    payment = item.payment
    if payment is None or not payment.state.open or payment.query_id is None:
        return False
    return substate(payment) is not Substate.HELD


def age_words(item: Waiting, now: datetime) -> str:
    """How long it waits: `12:05`, `3 h 20 min`, `2 days`."""
    return duration(max(now - item.since, timedelta()).total_seconds())


def more_words(count: int, concern: Concern) -> str:
    """How many there are besides those that are listed: `and 1,972 more: needs checking`."""
    return f"and {count:,} more: {_NAMES[concern].lower()}"


def _gravest(payment: Payment) -> Remark:
    return min(payment.unseen & _SHORT_REMARKS.keys(), key=list(_SHORT_REMARKS).index)
