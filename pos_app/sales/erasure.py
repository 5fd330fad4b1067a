"""Erasing a customer (rule 21): the owner's act, in one transaction, and what is seen to afterwards."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_app.domain.audit import audit_line
from pos_app.domain.erasure import KEY_SETTING, QUIET, ErasableCustomer, Erased, ErasureKey, hindrance, read_reason
from pos_app.domain.operators import Act, Actor, Shift
from pos_app.domain.payment import Payment
from pos_app.domain.phone import erased_phone, shown
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.erasure_key import ShopKey
from pos_app.sales.kept_answers import KeptAnswers
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_SHOWN = timedelta(days=7)  # whose payments may stand on a page of the counter
NOBODY = "Nobody with this number is known here. Nothing was erased."
Sweep = Callable[[Collection[str]], bool | None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCustomer:
    """What erasing has done.

    Attributes:
        stored: what stands in the number's place, and `phone`: how that is shown.
        payments: how many payments stay with that.
        swept: whether the number is nowhere in the database's file any more, also not in unused room; None: nobody has
            looked into it, as it is a server's.
    """

    customer_id: int
    stored: str
    payments: int
    swept: bool | None = False

    @property
    def phone(self) -> str:
        """What is left of the number: `erased …678`."""
        return shown(self.stored)


class Erasure:
    """Erases customers, and tells whether a number was erased. Slow: call it on a thread.

    Args:
        key: finds the key for the hashes.
        sweep: takes what is left of numbers (MSISDNs) out of the database's file; gives whether nothing is left,
            and None where those files are a server's.
        kept: says whose payments have an answer that could not be saved yet.
        publish: tells whoever shows a payment that it is another one now.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        clock: Clock,
        authority: Authority,
        key: ShopKey,
        sweep: Sweep,
        kept: KeptAnswers,
        publish: Callable[[Payment], object],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._key = key
        self._sweep = sweep
        self._kept = kept
        self._publish = publish

    def erase(self, msisdn: str, reason: str, passphrase: str = "", *, first: ToldOnce | None = None) -> ErasedCustomer:
        """Erase whoever has this MSISDN: all of it, or nothing.

        Args:
            reason: why, as typed; the audit keeps it, so it must not name the customer.
            passphrase: the owner's; empty where an owner is signed in.
            first: as for `Owner.settle`.

        Raises:
            OwnerNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: nobody has that number, a payment of theirs stands in the way, no usable reason, or the key is
                not at hand.
            CannotSave: nothing was erased; or it hangs, and is done as soon as that can be.
        """
        self._writer.check_saving()
        shift = self._authority.shift
        by = self._authority.let_pass(Act.ERASE, passphrase, first=first)
        read_reason(reason, msisdn, None)  # before a key is made for it
        key, settle_key = self._key.find_or_make()

        def work(transaction: Transaction) -> ErasedCustomer:
            actor = self._authority.admit(transaction, Act.ERASE, shift, owner=by.owner)
            settle_key(transaction)
            now = self._clock.corrected()
            found = self._found(transaction, msisdn, now)
            why = read_reason(reason, msisdn, found.name)
            return erase_in(transaction, found, key, actor, why, now)

        erased = self._writer.run(work, after=self._tell)
        _log.info("customer %d was erased: %d payments stay without a number", erased.customer_id, erased.payments)
        return replace(erased, swept=self._sweep([msisdn]))

    def when_erased(self, msisdn: str, passphrase: str = "") -> list[Erased]:
        """When somebody with this MSISDN was erased, the last time first; empty: never.

        Raises:
            OwnerNeeded, BadInput: as `erase`.
        """
        self._authority.let_pass(Act.ERASE, passphrase)
        key = self._key.find()
        return self._reader.erased(key.hash(msisdn)) if key else []

    def show_key(self, passphrase: str) -> str:
        """The key of the hashes, for the owner to take it to another till; as the keys of M-PESA it is behind the
        passphrase, and that it was shown is recorded first.

        Raises:
            OwnerNeeded, BadInput: not the owner's passphrase; or there is no such key here.
            CannotSave: it cannot be recorded, so it is not shown.
        """
        shift = self._authority.shift
        owner = self._authority.let_pass(Act.KEYS, passphrase).owner
        key = self._key.show()
        self._writer.run(lambda transaction: self._note_key(transaction, shift, "shown", owner=owner))
        return key

    def take_key(self, text: str, passphrase: str) -> None:
        """Keep the key that another till has shown; that it was taken is recorded first.

        Raises as `show_key`, and where it is not the shop's.
        """
        shift = self._authority.shift
        owner = self._authority.let_pass(Act.KEYS, passphrase).owner
        key = "".join(text.split()).lower()
        self._key.check(key)
        self._writer.run(lambda transaction: self._note_key(transaction, shift, "taken", owner=owner))
        self._key.take(key)

    def _note_key(self, transaction: Transaction, shift: Shift, what: str, *, owner: bool) -> None:
        actor = self._authority.admit(transaction, Act.KEYS, shift, owner=owner)
        line = audit_line(actor, Act.KEYS, self._clock.corrected(), f"setting {KEY_SETTING}", what)
        transaction.add_audit([line])

    def _tell(self, erased: ErasedCustomer) -> None:
        """Whoever shows a payment of theirs shows it without the number from now on; on the writer's thread."""
        since = self._clock.corrected() - _SHOWN
        for payment in self._reader.of_phone(erased.stored, since):
            self._publish(payment)

    def _found(self, transaction: Transaction, msisdn: str, now: datetime) -> ErasableCustomer:
        found = transaction.erasable(msisdn, now - timedelta(seconds=QUIET))
        if found is None:
            raise BadInput(NOBODY)
        if number := self._kept.of_customers(transaction).get(found.id):
            raise BadInput(
                f"An answer of M-PESA about payment {number} could not be recorded yet, and waits in "
                f"{self._kept.place}. Nothing was erased. Try again once it is recorded."
            )
        for payment in found.payments:
            if words := hindrance(payment, now):
                raise BadInput(words)
        return found


def erase_in(
    transaction: Transaction, found: ErasableCustomer, key: ErasureKey, actor: Actor, why: str, now: datetime
) -> ErasedCustomer:
    """Erase a customer in whom nothing stands in the way, and record who did it."""
    payments = transaction.erase(found, key, now)
    transaction.add_audit([audit_line(actor, Act.ERASE, now, f"customer {found.id}", why)])
    return ErasedCustomer(customer_id=found.id, stored=erased_phone(found.phone, found.id), payments=payments)
