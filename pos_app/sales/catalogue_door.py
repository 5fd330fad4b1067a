"""Who may change posts, and how each change is written down (rule 16)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import Post, changes
from pos_app.domain.operators import Act, Actor, Need, Shift
from pos_app.errors import BadInput, Clash
from pos_app.sales.authority import Authority, Staff
from pos_app.sales.passphrase import SETTING
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

UNLOCKED = 300.0  # seconds that posts stay open for changes after the passphrase
T = TypeVar("T")


class CatalogueDoor:
    """What everything that changes posts goes through.

    Args:
        authority: who stands here, and whether they may.
        source: where changes are made, as their lines say it.
    """

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, source: str) -> None:
        self.reader = reader
        self.source = source
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._open_until = float("-inf")  # on the monotonic clock
        self._open_for = Shift()  # whoever signs in next types it again
        self._open_by: str | None = None  # what the shop kept of the passphrase then: another one opens nothing

    @property
    def locked(self) -> bool:
        """Whether something is missing before anything is changed: another role, or the owner's passphrase."""
        return (
            not self._is_open(self.reader, self._authority.shift)
            and self._authority.need(Act.POSTS) is not Need.NOTHING
        )

    def _is_open(self, staff: Staff, shift: Shift) -> bool:
        """Whether the owner has typed the passphrase in this shift, not long ago."""
        open_here = shift == self._open_for and self._clock.monotonic() < self._open_until
        return open_here and staff.setting(SETTING) == self._open_by

    def unlock(self, passphrase: str) -> None:
        """Let the owner pass, for five minutes. Slow on purpose: call it on a thread.

        Raises:
            BadInput: it is not the owner's, or it is too early for another try.
        """
        shift = self._authority.shift
        self._authority.passphrase.confirm(passphrase)
        self._open_for, self._open_by = shift, self.reader.setting(SETTING)
        self._open_until = self._clock.monotonic() + UNLOCKED

    def lock(self) -> None:
        """Ask for the passphrase again."""
        self._open_until = float("-inf")

    def who(self) -> Callable[[Transaction, bool], Actor]:
        """Whoever stands here now; what it gives says in the transaction whether they may.

        What is done for the set-up's test (its second argument) needs nobody: the set-up has asked for the owner.
        """
        shift = self._authority.shift

        def admitted(transaction: Transaction, for_trial: bool = False) -> Actor:
            if for_trial:
                return self._authority.actor(transaction, shift)
            return self._authority.admit(transaction, Act.POSTS, shift, owner=self._is_open(transaction, shift))

        return admitted

    def change(self, work: Callable[[Transaction, Actor], T]) -> T:
        """Do something to the catalogue in one transaction, if whoever stands here may.

        Raises:
            OwnerNeeded: it needs another role, or the owner's passphrase.
            SignInNeeded: the shop has operators, and nobody is signed in.
            BadInput: something else is there that cannot be twice.
            CannotSave: nothing was saved.
        """
        admitted = self.who()
        return self.save(lambda transaction: work(transaction, admitted(transaction, False)))

    def save(self, work: Callable[[Transaction], T]) -> T:
        """One transaction. Raises as `change` does."""
        try:
            return self._writer.run(work)
        except Clash as clash:
            raise BadInput(str(clash)) from None

    def now(self) -> datetime:
        """When a change is made, for the history of posts; UTC."""
        return self._clock.now()

    def note(self, transaction: Transaction, actor: Actor, before: Post | None, after: Post) -> None:
        """Write down what was done to a post: in its history, and in the audit."""
        lines = changes(before, after, self.now(), self.source, actor)
        transaction.add_post_changes(lines)
        for line in lines:
            self.audit(transaction, actor, f"post {after.id} {line.field}", line.new, line.old)

    def audit(
        self, transaction: Transaction, actor: Actor, subject: str, new: str | None, old: str | None = None
    ) -> None:
        """Write a line about the catalogue into the audit."""
        transaction.add_audit([audit_line(actor, Act.POSTS, self._clock.corrected(), subject, new, old)])


def in_order(ids: Sequence[int], moved: int, by: int) -> list[int]:
    """The same in another order: one has gone so many places down, or up; as far as there are places."""
    others = [one for one in ids if one != moved]
    at = min(max(0, ids.index(moved) + by), len(others))
    return [*others[:at], moved, *others[at:]]
