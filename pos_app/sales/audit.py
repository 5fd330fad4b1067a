"""The audit as a till keeps it: written in the transaction of what it tells of, read by the owner."""

import logging
from collections.abc import Mapping

from pos_app.domain.audit import AuditLine, audit_line
from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.operators import Act, Actor, Need
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import ManualSettlement, Refunded
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)


class Audit:
    """Reads the audit for whoever may, and records what changes nothing else."""

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority

    def newest(self, limit: int, passphrase: str = "", *, owner: bool = False) -> list[AuditLine]:
        """The newest lines, newest first. Slow where a passphrase is given: call it on a thread.

        Args:
            owner: whoever calls has let the owner pass.

        Raises:
            BadInput: it is the owner's to read.
        """
        if not owner:
            self._authority.let_pass(Act.AUDIT, passphrase)
        return self._reader.audit(limit)

    def may_reveal(self) -> bool:
        """Whether who stands here may see phone numbers in full, by the database as it is now."""
        return self._authority.need(Act.REVEAL) is Need.NOTHING

    def reveal(self, what: str, passphrase: str = "") -> None:
        """Somebody is about to see a phone number in full: it is recorded first.

        Args:
            what: whose, by the number of a payment.
            passphrase: the owner's, where it was typed for it; slow then: call it on a thread.

        Raises:
            BadInput: nobody is signed in, or the owner leaves that to those above; or it is not the owner's passphrase.
            CannotSave: it cannot be recorded, so it must not be shown.
        """
        owner = bool(passphrase) and self._authority.prove(Act.REVEAL, passphrase)
        self._record(Act.REVEAL, what, "shown", owner=owner)
        _log.info("the phone number of payment %s was shown", what)

    def settings_changed(self, act: Act, changes: Mapping[str, tuple[str | None, str]], *, owner: bool) -> None:
        """Record settings by their names: the value before and after.

        Args:
            act: `Act.SETTINGS` or `Act.KEYS`.
            owner: the owner's passphrase was typed for it.

        Raises:
            BadInput: it is not for whoever is signed in.
            CannotSave: nothing was recorded.
        """
        shift = self._authority.shift

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, act, shift, owner=owner)
            now = self._clock.corrected()
            lines = [audit_line(actor, act, now, f"setting {name}", new, old) for name, (old, new) in changes.items()]
            transaction.add_audit(lines)

        self._writer.run(work)

    def _record(self, act: Act, subject: str, new: str, *, owner: bool) -> None:
        shift = self._authority.shift

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, act, shift, owner=owner)
            transaction.add_audit([audit_line(actor, act, self._clock.corrected(), subject, new)])

        self._writer.run(work)


def charged(payment: Payment, actor: Actor) -> AuditLine:
    """A payment was opened."""
    return audit_line(actor, Act.CHARGE, payment.created_at, payment.number, f"KES {payment.amount}")


def refunded(before: Payment, after: Payment, event: Refunded) -> AuditLine:
    """The owner recorded that money of a payment went back."""
    new, old = f"KES {after.refunded}, access {event.code}", f"KES {before.refunded}"
    return audit_line(event, Act.REFUND, after.updated_at, after.number, new, old)


def refund_taken_back(before: Payment, after: Payment, event: RefundTakenBack) -> AuditLine:
    """The owner said that money of a payment did not go back as it was recorded."""
    new, old = f"KES {after.refunded}, {event.reversal} taken back", f"KES {before.refunded}"
    return audit_line(event, Act.REFUND, after.updated_at, after.number, new, old)


def settled(before: Payment, after: Payment, event: ManualSettlement) -> AuditLine:
    """The owner settled a payment by hand."""
    return audit_line(event, Act.SETTLE, after.updated_at, after.number, event.settlement.value, before.state.value)
