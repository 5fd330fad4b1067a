"""Renewing the shop's key where it is lost (rules 21 and 24): another one, and a seal on all lines from before."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from pos_app.domain.audit import audit_line
from pos_app.domain.erasure import KEY_SETTING
from pos_app.domain.links import LastLines
from pos_app.domain.operators import Act, Shift
from pos_app.domain.renewal_seal import BEGINNING, RenewalSeal, SealBlock, SealSum, renewal_text
from pos_app.errors import BadInput, PosError
from pos_app.sales.authority import Authority
from pos_app.sales.erasure_key import NewKey, ShopKey
from pos_app.sales.patience import answer_of
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_TRIES = 3
SUBJECT = f"setting {KEY_SETTING}"


class _Changed(BadInput):
    """What was added up until now is not what is there any more."""

    def __init__(self) -> None:
        super().__init__(
            "Customers are just being erased, or the key is just being renewed elsewhere, so the lines from before "
            "could not be sealed. The shop's key is as it was; nothing was changed. Try again in a few minutes."
        )


class _Added:
    """The blocks that were added up, and those that the renewal's own transaction adds.

    Attributes:
        name: of the seal.
        place: up to which lines.
        erased: how many customers were erased by then: whose texts go meanwhile makes another sum of it.
    """

    def __init__(self, erased: int) -> None:
        self.name = secrets.token_hex(8)
        self.sum = SealSum()
        self.place: LastLines = BEGINNING
        self.erased = erased


class KeyRenewal:
    """Makes another key for the shop, where its own is lost.

    The lines from before are read, stamped with the new key and kept a few blocks at a time, beside the tills that go
    on: only the last ones, and the line of the renewal itself, are written while nobody else writes. Until then the
    shop has its key from before; what a renewal has left that was ended in the middle is taken away by the next.
    """

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, key: ShopKey) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._key = key

    def renew(self, passphrase: str, told: Callable[[int], object] = lambda _: None) -> int:
        """Renew it; gives how many lines are sealed. Takes some seconds for each hundred thousand.

        Args:
            passphrase: the owner's.
            told: how many are sealed until now, on the calling thread, where it may be ended by an exception.

        Raises:
            OwnerNeeded, BadInput: not the owner's passphrase; the key cannot be kept here; somebody else has changed
                too much meanwhile.
            CannotSave: it is as it was; or it hangs, and is done as soon as that can be.
        """
        self._writer.check_saving()
        shift = self._authority.shift
        owner = self._authority.let_pass(Act.KEYS, passphrase).owner
        new = self._key.renewing()
        try:
            for _ in range(_TRIES - 1):
                with suppress(_Changed):
                    return self._try(new, shift, told, owner=owner)
            return self._try(new, shift, told, owner=owner)
        except BaseException:
            self._writer.submit(_drop)  # behind the renewal itself, where that hangs: what it names stays
            raise

    def _try(self, new: NewKey, shift: Shift, told: Callable[[int], object], *, owner: bool) -> int:
        added = self._add_up(new, told)
        new.set_aside()

        def work(transaction: Transaction) -> int:
            actor = self._authority.admit(transaction, Act.KEYS, shift, owner=owner)
            new.settle(transaction)  # the line by the new key: the one before may be lost
            seal = self._finish(transaction, new, added)
            line = renewal_text(seal, transaction.heads())
            transaction.add_audit([audit_line(actor, Act.KEYS, self._clock.corrected(), SUBJECT, line)])
            transaction.note_renewal()
            return seal.lines

        saving = self._writer.submit(work)
        try:
            lines = answer_of(saving)
        except PosError:  # it may be saved yet: whether it was is known once it ends
            saving.add_done_callback(lambda ended: None if ended.exception() else new.keep())
            raise
        new.keep()
        return lines

    def _add_up(self, new: NewKey, told: Callable[[int], object]) -> _Added:
        """All blocks to which nobody adds a line any more."""
        self._writer.run(_drop)
        added = _Added(self._reader.erased_customers())
        while True:
            blocks, place = self._reader.seal_blocks(new.key.links, added.place)
            if place == added.place:
                return added
            added.place = place
            if blocks:
                self._writer.run(partial(_keep, added.name, blocks))
                for block in blocks:
                    added.sum.add(block)
                told(added.sum.lines)

    @staticmethod
    def _finish(transaction: Transaction, new: NewKey, added: _Added) -> RenewalSeal:
        """The seal of all lines that there are, none of which anybody can add to now."""
        kept = transaction.kept_seal_blocks(added.name)
        if (transaction.erased_customers(), kept) != (added.erased, added.sum.blocks):
            raise _Changed
        rest, last = transaction.rest_of_seal(new.key.links, added.place)
        transaction.add_seal_blocks(added.name, rest)
        whole = added.sum.copy()
        for block in rest:
            whole.add(block)
        return RenewalSeal(added.name, last, whole.lines, whole.hexdigest())


def _drop(transaction: Transaction) -> None:
    transaction.drop_seal_blocks()


def _keep(name: str, blocks: Sequence[SealBlock], transaction: Transaction) -> None:
    transaction.add_seal_blocks(name, blocks)
