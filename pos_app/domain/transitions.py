"""The legal moves of a payment: one matrix, every state against every kind of evidence (`RULES.md`).

`classify` says which evidence an event is; `apply` looks the payment's cell up here and carries it out.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.payment import Outcome, Payment, Remark, State


class Substate(StrEnum):
    """A state, with `review` split by who may leave it, and `declined` by who said so (rule 9).

    The columns of the matrix, in its order.
    """

    REQUESTED = "requested"
    PROMPTED = "prompted"
    UNKNOWN = "unknown"
    CURABLE = "curable"  # review for ids or missing items: our own query's "0" settles it
    HELD = "held"  # review for amount or receipt code: only the owner settles it
    PAID = "paid"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"
    REFUSED = "refused"  # declined by the owner: a success is reviewed again


class Evidence(StrEnum):
    """What an event proves about the payment it came for: the rows of the matrix. Stored by name, in counts."""

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
    OTHER_BACK = "other_back"  # of two that were paid the other one went back, with its access
    MONEY_BACK = "money_back"  # the owner says so, with M-PESA's code of it
    REFUND_TAKEN_BACK = "refund_taken_back"  # and that this was wrong (rule 30)
    REFUND_CLASH = "refund_clash"  # M-PESA gave that code to a payment
    RECORDED = "recorded"  # M-PESA's record has it (rule 22)
    REVERSED = "reversed"  # that has its money going back
    RECORD_DIFFERS = "record_differs"  # that does not say what we have
    BOUND = "bound"  # a person says that money without a prompt is this sale's (rule 22)
    UNBOUND = "unbound"  # and takes that back
    IDENTIFIED = "identified"  # a person says that such money is this payment's, which was asked for (rule 28)
    UNIDENTIFIED = "unidentified"  # and takes that back: M-PESA's word counts as before
    CODE_TAKEN = "code_taken"  # M-PESA gave the code that the owner had typed to another payment


class Move(NamedTuple):
    """A cell of the matrix: what becomes of a payment.

    Attributes:
        to: where it goes; None: it stays.
        outcome: of the event, as its journal line says. What stays and learns something all the same is applied.
        remark: what the payment is marked with.
        flagged: whether what is odd about the event becomes a remark of the payment too.
    """

    to: State | None = None
    outcome: Outcome = Outcome.APPLIED
    remark: Remark | None = None
    flagged: bool = False


RUNNING = frozenset({Substate.REQUESTED, Substate.PROMPTED, Substate.UNKNOWN})
IN_REVIEW = frozenset({Substate.CURABLE, Substate.HELD})
_CURABLE = frozenset({Remark.IDS_DIFFER, Remark.INCOMPLETE})

# The cells. It stays; where the event says the very ResultCode that stands, `apply` calls that known:
_ = Move(outcome=Outcome.IGNORED)
known = Move(outcome=Outcome.DUPLICATE)
clash = Move(outcome=Outcome.CONFLICT)  # the journal alone has it
# It goes where the evidence says; "late" where it was closed as not paid before (rule 6):
prompt, unsure, unsent = Move(State.PROMPTED), Move(State.UNKNOWN), Move(State.NOT_SENT)
doubt = Move(State.UNKNOWN, Outcome.CONFLICT)
paid, p_late = Move(State.PAID), Move(State.PAID, remark=Remark.LATE)
review, r_late = Move(State.REVIEW), Move(State.REVIEW, remark=Remark.LATE)
cancel, declin, expire = Move(State.CANCELLED), Move(State.DECLINED), Move(State.EXPIRED)
# It stays, and is marked:
contra = Move(outcome=Outcome.CONFLICT, remark=Remark.CONFLICT)
other = Move(outcome=Outcome.CONFLICT, remark=Remark.IDS_DIFFER)
odd = Move(outcome=Outcome.CONFLICT, flagged=True)
lost = Move(outcome=Outcome.CONFLICT, remark=Remark.CODE_LOST)
r_clash = Move(outcome=Outcome.CONFLICT, remark=Remark.REFUND_CLASH)
differs = Move(outcome=Outcome.CONFLICT, remark=Remark.RECORD_DIFFERS)
# The owner settles it:
o_paid, o_decl, o_clos = (Move(to, remark=Remark.BY_OWNER) for to in (State.PAID, State.DECLINED, State.EXPIRED))
refund, meant, seen = Move(remark=Remark.REFUNDED), Move(remark=Remark.BOTH_MEANT), Move()
bind, unbind = Move(State.PAID, remark=Remark.BOUND), Move(State.DECLINED, remark=Remark.UNBOUND)
unsaid = Move(State.EXPIRED, remark=Remark.UNIDENTIFIED)
back, counts, went = Move(), Move(remark=Remark.OTHER_BACK), Move(remark=Remark.REVERSED)

# fmt: off
E = Evidence
_ROWS: Mapping[Evidence, tuple[Move, ...]] = {
    #                  reques- promp-  unknown curable held    paid    cancel- decli-  expired not_    refused
    #                  ted     ted                                     led     ned             sent
    E.ACCEPTED:       (prompt, known,  prompt, known,  known,  known,  known,  known,  known,  known,  known),
    E.ACCEPTED_OTHER: (doubt,  clash,  clash,  clash,  clash,  other,  clash,  clash,  clash,  clash,  clash),
    E.NOT_SENT:       (unsent, _,      unsent, _,      _,      _,      _,      _,      _,      _,      _),
    # Only M-PESA's word closes a payment; our own clock makes it unknown (rule 7).
    E.UNANSWERED:     (unsure, _,      _,      _,      _,      _,      _,      _,      _,      _,      _),
    E.SILENT:         (unsure, unsure, _,      _,      _,      _,      _,      _,      _,      _,      _),
    E.NOTHING:        (_,      _,      _,      _,      _,      _,      _,      _,      _,      _,      _),
    E.UNREADABLE:     (_,      _,      _,      _,      _,      _,      _,      _,      _,      _,      _),
    E.FOREIGN:        (clash,  clash,  clash,  clash,  clash,  clash,  clash,  clash,  clash,  clash,  clash),
    # Success wins, whoever says it and whenever (rule 6); what is odd about it, the owner looks at (rule 9).
    E.PAID:           (paid,   paid,   paid,   paid,   _,      known,  p_late, p_late, p_late, p_late, r_late),
    E.PAID_CURABLE:   (review, review, review, _,      _,      odd,    r_late, r_late, r_late, r_late, r_late),
    E.PAID_HELD:      (review, review, review, review, _,      odd,    r_late, r_late, r_late, r_late, r_late),
    # Nothing lowers a success, and of two codes that say "not paid" the first stays (rule 6).
    E.CANCELLED:      (cancel, cancel, cancel, contra, contra, contra, _,      _,      _,      _,      _),
    E.DECLINED:       (declin, declin, declin, contra, contra, contra, _,      _,      _,      _,      _),
    E.EXPIRED:        (expire, expire, expire, contra, contra, contra, _,      _,      _,      _,      _),
    # The owner settles what is in review or cannot be asked about, and closes what was open for a day (7 and 9).
    # Either is the owner's to take back, too, by saying the other (rule 30).
    E.OWNER_PAID:     (o_paid, o_paid, o_paid, o_paid, o_paid, _,      _,      _,      _,      _,      o_paid),
    E.OWNER_DECLINED: (_,      _,      _,      o_decl, o_decl, o_decl, _,      _,      _,      _,      _),
    E.OWNER_CLOSED:   (o_clos, o_clos, o_clos, _,      _,      _,      _,      _,      _,      _,      _),
    # What stands on the attention list is worked off; that moves no state and no money (rule 13).
    E.OWNER_REFUNDED: (_,      _,      _,      _,      _,      refund, _,      _,      _,      _,      _),
    E.OWNER_MEANT:    (_,      _,      _,      _,      _,      meant,  _,      _,      _,      _,      _),
    E.OWNER_SEEN:     (seen,   seen,   seen,   _,      _,      seen,   seen,   seen,   seen,   seen,   seen),
    E.OTHER_BACK:     (_,      _,      _,      _,      _,      counts, _,      _,      _,      _,      _),
    # A refund stands beside the state, which stays (rule 19).
    E.MONEY_BACK:     (_,      _,      _,      _,      _,      back,   _,      _,      _,      _,      back),
    E.REFUND_TAKEN_BACK: (_,   _,      _,      _,      _,      back,   _,      _,      _,      _,      back),
    E.REFUND_CLASH:   (_,      _,      _,      _,      _,      r_clash, _,     _,      _,      _,      r_clash),
    # M-PESA's record: what never left, and what the owner decides, is left to a person (rule 22).
    E.RECORDED:       (paid,   paid,   paid,   _,      _,      known,  p_late, p_late, p_late, _,      _),
    E.REVERSED:       (_,      _,      _,      _,      _,      went,   _,      _,      _,      _,      went),
    E.RECORD_DIFFERS: (differs,) * 11,
    # Money without a prompt: what was never asked for, and a person's word alone, which that person may take back.
    E.BOUND:          (bind,   _,      _,      _,      _,      _,      _,      _,      _,      _,      _),
    E.UNBOUND:        (_,      _,      _,      _,      _,      unbind, _,      _,      _,      _,      _),
    E.IDENTIFIED:     (_,      _,      paid,   _,      _,      _,      p_late, p_late, p_late, p_late, _),
    E.UNIDENTIFIED:   (_,      _,      _,      _,      _,      unsaid, _,      _,      _,      _,      _),
    E.CODE_TAKEN:     (_,      _,      _,      _,      _,      lost,   _,      _,      _,      _,      _),
}
# fmt: on

MATRIX: Mapping[tuple[Substate, Evidence], Move] = {
    (substate, evidence): move for evidence, row in _ROWS.items() for substate, move in zip(Substate, row, strict=True)
}


def substate(payment: Payment) -> Substate:
    """The payment's state, with `review` told apart by its reason, and `declined` by who said so."""
    if payment.state is State.REVIEW:
        return Substate.CURABLE if payment.reason.review in _CURABLE else Substate.HELD
    if payment.state is State.DECLINED and payment.reason.by_owner:
        return Substate.REFUSED
    return Substate(payment.state.value)
