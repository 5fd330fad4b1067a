"""Which finding moves a payment where: a table of data. `moves` finds out what a news proves, and looks it up here."""

from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.payment import Outcome, Payment, Remark, State


class Standing(StrEnum):
    """A state, with `review` split by who may leave it, and `declined` by who said so (rule 9)."""

    REQUESTED = "requested"
    PROMPTED = "prompted"
    UNKNOWN = "unknown"
    CURABLE = "curable"  # review for ids or missing items: our own query's "0" settles it
    HELD = "held"  # review for amount or receipt code: only the owner settles it
    REFUSED = "refused"  # declined by the owner: a success is reviewed again
    PAID = "paid"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"


class Finding(StrEnum):
    """What a news proves about the payment it came for."""

    ACCEPTED = "accepted"
    ACCEPTED_OTHER = "accepted_other"  # an id that another payment holds, or not the ids we know
    NOT_SENT = "not_sent"
    UNANSWERED = "unanswered"
    SILENT = "silent"
    NOTHING = "nothing"  # in flight, no answer, an answer about something else
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"  # not paid, says a callback with ids that are not ours
    PAID = "paid"  # the evidence of rule 8
    PAID_CURABLE = "paid_curable"
    PAID_HELD = "paid_held"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    OWNER_PAID = "owner_paid"
    OWNER_DECLINED = "owner_declined"
    OWNER_CLOSED = "owner_closed"
    OWNER_REFUNDED = "owner_refunded"
    OWNER_MEANT = "owner_meant"
    OWNER_SEEN = "owner_seen"
    CODE_TAKEN = "code_taken"  # M-PESA gave the code that the owner had typed to another payment


class Move(NamedTuple):
    """Where a payment goes (None: it stays), and the remark it gets."""

    to: State | None = None
    outcome: Outcome = Outcome.APPLIED
    remark: Remark | None = None


RUNNING = (Standing.REQUESTED, Standing.PROMPTED, Standing.UNKNOWN)
_NOT_PAID = (Standing.CANCELLED, Standing.DECLINED, Standing.EXPIRED, Standing.NOT_SENT)
REVIEW = (Standing.CURABLE, Standing.HELD)
_FAILURES = {
    Finding.CANCELLED: State.CANCELLED,
    Finding.DECLINED: State.DECLINED,
    Finding.EXPIRED: State.EXPIRED,
}
_CURABLE_REASONS = frozenset({Remark.IDS_DIFFER, Remark.INCOMPLETE})
_STAYS_IN_CONFLICT = Move(None, Outcome.CONFLICT, Remark.CONFLICT)

MOVES: dict[tuple[Standing, Finding], Move] = {
    (Standing.REQUESTED, Finding.ACCEPTED): Move(State.PROMPTED),
    (Standing.UNKNOWN, Finding.ACCEPTED): Move(State.PROMPTED),
    **{(at, Finding.ACCEPTED_OTHER): Move(None, Outcome.CONFLICT) for at in Standing},
    (Standing.REQUESTED, Finding.ACCEPTED_OTHER): Move(State.UNKNOWN, Outcome.CONFLICT),
    (Standing.PAID, Finding.ACCEPTED_OTHER): Move(None, Outcome.CONFLICT, Remark.IDS_DIFFER),
    (Standing.REQUESTED, Finding.NOT_SENT): Move(State.NOT_SENT),
    (Standing.UNKNOWN, Finding.NOT_SENT): Move(State.NOT_SENT),
    (Standing.REQUESTED, Finding.UNANSWERED): Move(State.UNKNOWN),
    **{(at, Finding.SILENT): Move(State.UNKNOWN) for at in (Standing.REQUESTED, Standing.PROMPTED)},
    # Success wins, whoever says it and whenever (rule 6).
    **{(at, Finding.PAID): Move(State.PAID) for at in (*RUNNING, Standing.CURABLE)},
    **{(at, Finding.PAID): Move(State.PAID, remark=Remark.LATE) for at in _NOT_PAID},
    # Paid, but not as asked: the owner looks at it (rule 9).
    **{(at, odd): Move(State.REVIEW) for at in RUNNING for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)},
    **{
        (at, odd): Move(State.REVIEW, remark=Remark.LATE)
        for at in _NOT_PAID
        for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)
    },
    (Standing.CURABLE, Finding.PAID_HELD): Move(State.REVIEW),
    **{(Standing.PAID, odd): Move(None, Outcome.CONFLICT) for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)},
    # Only M-PESA's word closes a payment as not paid (rule 7), and nothing lowers a success (rule 6).
    **{(at, no): Move(state) for at in RUNNING for no, state in _FAILURES.items()},
    **{(at, no): _STAYS_IN_CONFLICT for at in (*REVIEW, Standing.PAID) for no in _FAILURES},
    **{(at, Finding.FOREIGN): Move(None, Outcome.CONFLICT) for at in Standing},
    # The owner settles what is in review or cannot be asked about, and closes what stayed open for a day (7 and 9).
    **{(at, Finding.OWNER_PAID): Move(State.PAID, remark=Remark.BY_OWNER) for at in (*RUNNING, *REVIEW)},
    **{(at, Finding.OWNER_DECLINED): Move(State.DECLINED, remark=Remark.BY_OWNER) for at in REVIEW},
    **{(at, Finding.OWNER_CLOSED): Move(State.EXPIRED, remark=Remark.BY_OWNER) for at in RUNNING},
    **{
        (Standing.REFUSED, yes): Move(State.REVIEW, remark=Remark.LATE)
        for yes in (Finding.PAID, Finding.PAID_CURABLE, Finding.PAID_HELD)
    },
    # What stands on the attention list is worked off; that moves no state and no money (rule 13).
    (Standing.PAID, Finding.OWNER_REFUNDED): Move(None, remark=Remark.REFUNDED),
    (Standing.PAID, Finding.OWNER_MEANT): Move(None, remark=Remark.BOTH_MEANT),
    **{(at, Finding.OWNER_SEEN): Move(None) for at in Standing if at not in REVIEW},
    (Standing.PAID, Finding.CODE_TAKEN): Move(None, Outcome.CONFLICT, Remark.CODE_LOST),
}
STAYS = Move(None, Outcome.IGNORED)


def standing(payment: Payment) -> Standing:
    """The payment's state, with `review` told apart by its reason, and `declined` by who said so."""
    if payment.state is State.REVIEW:
        return Standing.CURABLE if payment.reason in _CURABLE_REASONS else Standing.HELD
    if payment.state is State.DECLINED and payment.reason == Remark.BY_OWNER:
        return Standing.REFUSED
    return Standing(payment.state.value)
