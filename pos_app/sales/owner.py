"""What only the owner may say of a payment: settled by hand (rules 7, 9, 13), refunded (19); either taken back (30).
Who may: rule 16.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.manual_settlement import (
    allowed_settlements,
    fits_push,
    goes_back_first,
    names_other_money,
    needs_amount,
    needs_statement,
)
from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Outcome, Payment, Source
from pos_app.domain.payment_event import ManualSettlement, Refunded, Settlement
from pos_app.domain.receipt import typed_code
from pos_app.domain.refund import Refund, is_anothers, refundable
from pos_app.domain.statement import refund_amount, statement_amount, statement_time
from pos_app.domain.typed_reason import read_why
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.ledger import Ledger
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.patience import answer_of
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

CHANGED = "Something new has come about this payment. Nothing was changed: look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the owner decided, as typed.

    Attributes:
        why: the reason; the journal keeps it for ever.
        receipt: the code on the M-PESA statement, for `Settlement.PAID`.
        amount: as on the statement, and `completed`: the time there; for `Settlement.PAID` where M-PESA has not said
            them.
    """

    settlement: Settlement
    why: str
    receipt: str = ""
    amount: str = ""
    completed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBack:
    """What the owner says went back to the customer, as typed.

    Attributes:
        amount: KES, and `code`: M-PESA's own of the reversal, as its portal or app has them.
        why: the reason; it stays with the payment for ever.
        withdraw: whether the access that the payment gave ends. None: it ends where all of the money is back.
    """

    amount: str
    code: str
    why: str
    withdraw: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBack:
    """A refund that the owner takes back, as typed: by its code, and `why`: the reason."""

    code: str
    why: str


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

    def settle(self, seen: Payment, passphrase: str, decision: Decision, *, first: ToldOnce | None = None) -> Payment:
        """Settle a payment by hand; it stays marked for ever.

        Args:
            seen: the payment as the owner saw it. Where it is another one by now, nothing is done.
            passphrase: the owner's; empty where an owner is signed in.
            first: the passphrase was typed twice because the owner had none: it becomes the owner's, and this gets the
                recovery code, on whichever thread this is.

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
        if goes_back_first(payment, decision.settlement):
            raise BadInput(
                f"{kes(payment.refunded)} of this payment is recorded as gone back. Nothing was changed. Take that "
                "back first, and record it with the payment whose money it was."
            )
        word = _word(seen, decision, now, self._clock.now())
        return self._record(word, payment, Act.SETTLE, passphrase, first=first)

    def refund(self, seen: Payment, passphrase: str, back: MoneyBack, *, first: ToldOnce | None = None) -> Payment:
        """Record that money of a payment went back (rule 19). That moves no money: M-PESA has done so before.

        Args:
            seen: the payment as the owner saw it. Where it is another one by now, nothing is done.
            passphrase, first: as for `settle`.

        Raises:
            OwnerNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: wrong passphrase, or none was ever chosen; no reason, no usable amount or code; more than was
                paid; a payment of which nothing can go back, or one that has changed since.
            CannotSave: nothing is saved; or it hangs, and is saved as soon as that can be done.
        """
        self._writer.check_saving()
        payment = self._reader.payment(seen.id)
        if payment is not None and payment.version != seen.version:
            raise BadInput(CHANGED)
        if payment is not None and is_anothers(payment):
            raise BadInput(
                "M-PESA has given its code away: its money is another payment's. Nothing was changed. Undo the bind, "
                "under Statement, and record there what goes back."
            )
        if payment is None or refundable(payment) < 1:
            raise BadInput("Of this payment nothing can go back: it is not paid, or all is back. Nothing was changed.")
        return self._record(_refunded(payment, back), payment, Act.REFUND, passphrase, first=first)

    def take_back(self, seen: Payment, passphrase: str, taken: NotBack, *, first: ToldOnce | None = None) -> Payment:
        """Say that money of a payment did not go back as it was recorded (rule 30): it counts no more. Access that was
        withdrawn with it stays so. Where M-PESA's record has it going back of another payment, it is that one's.

        Args:
            seen: the payment as the owner saw it. Where it is another one by now, nothing is done.
            passphrase, first: as for `settle`.

        Raises:
            OwnerNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: wrong passphrase, or none was ever chosen; no reason; nothing went back by that code, or M-PESA
                itself has it so; or the payment has changed since.
            CannotSave: nothing is saved; or it hangs, and is saved as soon as that can be done.
        """
        self._writer.check_saving()
        why, code = read_why(taken.why), _code(taken.code)
        payment = self._reader.payment(seen.id)
        if payment is not None and payment.version != seen.version:
            raise BadInput(CHANGED)
        refunds = self._reader.refunds(payment.id) if payment else []
        refund = next((each for each in refunds if each.code == code), None)
        if payment is None or refund is None:
            raise BadInput("By that code nothing of this payment went back. Nothing was changed.")
        word = RefundTakenBack(refund.amount, code, payment.version, detail=why)
        unless = partial(_check_not_mpesas, payment=payment, refund=refund)
        return self._record(word, payment, Act.REFUND, passphrase, first=first, unless=unless)

    def _record(
        self,
        word: ManualSettlement | Refunded | RefundTakenBack,
        payment: Payment,
        act: Act,
        passphrase: str,
        *,
        first: ToldOnce | None,
        unless: Callable[[Transaction], None] = lambda _: None,
    ) -> Payment:
        authority, shift = self._authority, self._authority.shift
        actor = authority.let_pass(act, passphrase, first=first)
        word = replace(word, operator_id=actor.operator_id, role=actor.role, owner=actor.owner)

        def admit(transaction: Transaction) -> None:
            authority.admit(transaction, act=act, shift=shift, owner=actor.owner)  # a role may go until it is saved
            unless(transaction)

        change = answer_of(self._ledger.record(word, payment, admit=admit))
        if change is None or change.outcome is not Outcome.APPLIED:
            raise BadInput(
                "That code belongs to another payment or refund, or this one has just changed. Nothing was changed: "
                "look again."
            )
        return change.after


def _check_not_mpesas(transaction: Transaction, *, payment: Payment, refund: Refund) -> None:
    """Raises BadInput where M-PESA's record has money of this payment going back by a code, or of another one of which
    it cannot have gone back: it would count with neither.
    """
    recorded = transaction.recorded_reversal(refund.code)
    if recorded is None and refund.source is not Source.MPESA:
        return
    holder = transaction.payment_of_code(recorded.undoes) if recorded and recorded.undoes else None
    if holder is None or holder.id == payment.id or recorded is None or recorded.amount is None:
        raise BadInput("M-PESA's own record has this money going back, so it did. Nothing was changed.")
    if recorded.amount > refundable(holder):
        why = "is not settled yet" if holder.state.open else f"has {kes(refundable(holder))} that can have gone back"
        raise BadInput(
            f"M-PESA's own record has this money going back of payment {holder.number}, which {why}: it would count "
            "nowhere. Nothing was changed. Look at that one first."
        )


def _refunded(payment: Payment, back: MoneyBack) -> Refunded:
    why, most = read_why(back.why), refundable(payment)
    amount, code = refund_amount(back.amount, most), _code(back.code)
    if code in (payment.receipt, payment.receipt_typed):
        raise BadInput(
            "That is the code of the payment itself. What went back has a code of its own: the M-PESA portal or app "
            "shows it with the reversal. Nothing was changed."
        )
    withdraw = amount == most if back.withdraw is None else back.withdraw
    return Refunded(amount, code, withdraw, payment.version, detail=why)


def _word(payment: Payment, decision: Decision, now: datetime, here: datetime) -> ManualSettlement:
    why = read_why(decision.why)
    if decision.settlement is Settlement.PAID:
        return _paid(payment, decision, why, now, here)
    return ManualSettlement(decision.settlement, detail=why, version=payment.version)


def _paid(payment: Payment, decision: Decision, why: str, now: datetime, here: datetime) -> ManualSettlement:
    """The line of the statement. Where M-PESA has told the amount itself, that counts."""
    code = _code(decision.receipt)
    needed = needs_statement(payment)
    amount = None
    if needs_amount(payment) or names_other_money(payment, code) or decision.amount.strip():
        amount = statement_amount(decision.amount)
    if amount is not None and amount < payment.refunded:
        raise BadInput(
            f"{kes(payment.refunded)} of this payment went back already, so that no less was paid. Nothing was changed."
        )
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
