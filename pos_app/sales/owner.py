"""The owner settles by hand what M-PESA left open or paid twice (rules 7, 9, 13, 16)."""

from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.manual_settlement import allowed_settlements, fits_push, needs_amount, needs_statement
from pos_app.domain.operators import Act
from pos_app.domain.payment import Outcome, Payment
from pos_app.domain.payment_event import ManualSettlement, Settlement
from pos_app.domain.receipt import typed_code
from pos_app.domain.statement import statement_amount, statement_time
from pos_app.domain.strict import is_text
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.ledger import Ledger
from pos_app.sales.patience import answer_of
from pos_app.sales.ports import Clock, Reader
from pos_app.sales.write_queue import GroupWriter

MAX_WHY = 200
CHANGED = "Something new has come about this payment. Nothing was changed: look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the owner decided, as typed.

    Attributes:
        why: the reason; the journal keeps it for ever.
        receipt: the code on the M-PESA statement, for `Settlement.PAID`; for `Settlement.REFUNDED` that of the
            reversal, if there is one.
        amount: as on the statement, and `completed`: the time there; for `Settlement.PAID` where M-PESA has not said
            them.
    """

    settlement: Settlement
    why: str
    receipt: str = ""
    amount: str = ""
    completed: str = ""


class Owner:
    """Lets the owner pass, and records what the owner decides as an event like any other.

    Attributes:
        passphrase: what says who the owner is.
    """

    def __init__(
        self,
        ledger: Ledger,
        reader: Reader,
        writer: GroupWriter,
        clock: Clock,
        authority: Authority,
    ) -> None:
        self.passphrase = authority.passphrase
        self._authority = authority
        self._ledger = ledger
        self._writer = writer
        self._reader = reader
        self._clock = clock

    def settle(self, seen: Payment, passphrase: str, decision: Decision, *, first: bool = False) -> Payment:
        """Settle a payment by hand; it stays marked for ever.

        Args:
            seen: the payment as the owner saw it. Where it is another one by now, nothing is done.
            passphrase: the owner's; empty where an owner is signed in.
            first: the passphrase was typed twice because the owner had none: it becomes the owner's.

        Raises:
            OwnerNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: wrong passphrase, or none was ever chosen; no reason, no usable code, amount or time; a payment
                that is not the owner's to settle, or one that has changed since.
            CannotSave: nothing is saved; or it hangs, and is saved as soon as that can be done.
        """
        self._writer.check_saving()
        now = self._clock.corrected()
        payment = self._reader.payment(seen.id)
        if payment is not None and payment.version != seen.version:
            raise BadInput(CHANGED)
        if payment is None or decision.settlement not in allowed_settlements(payment, now):
            raise BadInput("This payment cannot be settled by hand now. Nothing was changed.")
        word = _word(seen, decision, now, self._clock.now())
        actor = self._authority.let_pass(Act.SETTLE, passphrase, first=first)
        word = replace(word, operator_id=actor.operator_id, role=actor.role, owner=actor.owner)
        change = answer_of(self._ledger.record(word, payment))
        if change is None or change.outcome is not Outcome.APPLIED:
            raise BadInput(
                "That code belongs to another payment, or this one has just changed. Nothing was changed: look again."
            )
        return change.after


def _word(payment: Payment, decision: Decision, now: datetime, here: datetime) -> ManualSettlement:
    why = " ".join(decision.why.split())
    if not why or len(why) > MAX_WHY:
        raise BadInput(
            f"Type the reason, {MAX_WHY} characters at most. It stays with the payment. Nothing was changed."
        )
    if not is_text(why):
        raise BadInput("The reason has a character in it that is none. Nothing was changed: type it again.")
    match decision.settlement:
        case Settlement.PAID:
            return _paid(payment, decision, why, now, here)
        case Settlement.REFUNDED if decision.receipt.strip():
            return ManualSettlement(decision.settlement, _code(decision.receipt), detail=why, version=payment.version)
        case settlement:
            return ManualSettlement(settlement, detail=why, version=payment.version)


def _paid(payment: Payment, decision: Decision, why: str, now: datetime, here: datetime) -> ManualSettlement:
    """The line of the statement. Where M-PESA has told the amount itself, that counts."""
    code = _code(decision.receipt)
    needed = needs_statement(payment)
    amount = None
    if needs_amount(payment) or decision.amount.strip():
        amount = statement_amount(decision.amount)
    completed = statement_time(decision.completed) if needed or decision.completed.strip() else None
    if completed and completed > max(now, here):
        raise BadInput("That time is still to come. Type it as the M-PESA statement has it. Nothing was changed.")
    if completed and not fits_push(payment, completed, now, here):
        raise BadInput(
            f"That was completed before this payment was asked for ({shop_time(payment.created_at)}), so it is not "
            "this one's money. Nothing was changed."
        )
    return ManualSettlement(decision.settlement, code, amount, completed, payment.version, detail=why)


def _code(text: str) -> str:
    code = typed_code(text)
    if code is None:
        raise BadInput(
            "Type the code as the M-PESA statement has it: 10 letters and digits, for example UKN4X7Q2ZT. "
            "Nothing was changed."
        )
    return code
