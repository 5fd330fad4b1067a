"""Adding, changing and importing posts, for whoever may (rule 16)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import FIELDS, TRIAL, Post, PostDraft, changes, is_trial
from pos_app.domain.operators import Act, Actor, Need, Shift
from pos_app.errors import BadInput, Clash
from pos_app.sales.authority import Authority, Staff
from pos_app.sales.passphrase import SETTING
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

UNLOCKED = 300.0  # seconds that posts stay open for changes after the passphrase
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Catalogue:
    """The shop's posts. Price changes apply to new charges only: a payment keeps what it was sold as.

    Who may sell at which price is the owner's to say: otherwise anybody at the till sells the year pass for a
    shilling. What was done stays in lines that nobody edits.

    Args:
        authority: who stands here, and whether they may.
        source: where changes are made, as their lines say it.
    """

    def __init__(
        self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, source: str = "window"
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._source = source
        self._open_until = float("-inf")  # on the monotonic clock
        self._open_for = Shift()  # whoever signs in next types it again
        self._open_by: str | None = None  # what the shop kept of the passphrase then: another one opens nothing

    @property
    def locked(self) -> bool:
        """Whether something is missing before anything is changed: another role, or the owner's passphrase."""
        return (
            not self._is_open(self._reader, self._authority.shift)
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
        self._open_for, self._open_by = shift, self._reader.setting(SETTING)
        self._open_until = self._clock.monotonic() + UNLOCKED

    def lock(self) -> None:
        """Ask for the passphrase again."""
        self._open_until = float("-inf")

    def posts(self) -> list[Post]:
        """Every post of the shop, also those switched off, by id. That of the set-up's test is none of them."""
        return [post for post in self._reader.posts() if post.active or not is_trial(post)]

    def trial(self) -> Post:
        """The post of the set-up's test, to be sold until it is switched off again. Raises as `add` does."""
        known = next(filter(is_trial, self._reader.posts()), None)
        return self.change(known.id, replace(known, active=True)) if known else self.add(TRIAL)

    def add(self, draft: PostDraft) -> Post:
        """Add a post.

        Raises:
            OwnerNeeded: it needs another role, or the owner's passphrase.
            SignInNeeded: the shop has operators, and nobody is signed in.
            BadInput: its favourite key or barcode belongs to another post.
            CannotSave: nothing was saved.
        """
        return self.add_all([draft])[0]

    def add_all(self, drafts: Sequence[PostDraft]) -> list[Post]:
        """Add posts, all or none. Raises as `add` does."""
        admitted = self._who()

        def work(transaction: Transaction) -> list[Post]:
            actor = admitted(transaction, all(draft == TRIAL for draft in drafts))
            return self._add(transaction, drafts, actor)

        return self._added(work)

    def seed(self, drafts: Sequence[PostDraft]) -> list[Post]:
        """Add what a new shop begins with, where there is no post at all: nobody's act. Raises `CannotSave`."""
        return [] if self._reader.posts() else self._added(lambda to: self._add(to, drafts, Actor()))

    def _added(self, work: Callable[[Transaction], list[Post]]) -> list[Post]:
        posts = self._save(work)
        for post in posts:
            _log.info("post %d: added at KES %d (%s)", post.id, post.price, self._source)
        return posts

    def _add(self, transaction: Transaction, drafts: Sequence[PostDraft], actor: Actor) -> list[Post]:
        posts = [transaction.add_post(draft) for draft in drafts]
        for post in posts:
            self._note(transaction, actor, None, post)
        if len(posts) > 1:
            line = audit_line(actor, Act.POSTS, self._clock.corrected(), "posts", f"{len(posts)} added together")
            transaction.add_audit([line])
        return posts

    def change(self, post_id: int, draft: PostDraft, *, seen: Post | None = None) -> Post:
        """Give a post new values. Raises as `add` does, and where there is no such post.

        Args:
            seen: the post as it was read before it was changed by hand. Where it is another one by now, nothing is
                saved: a price that somebody has set since is not written over by the one before.
        """
        admitted = self._who()

        def work(transaction: Transaction) -> tuple[Post, Post]:
            before = transaction.post(post_id)
            if before is None:
                raise BadInput(f"There is no post {post_id}. Nothing was saved.")
            if seen is not None and before != seen:
                raise BadInput(
                    f"Somebody has changed this post meanwhile: it is {before.title}, {before.price_words} now. "
                    "Nothing was saved. Cancel (Esc) and open it again."
                )
            after = Post(id=before.id, **{field: getattr(draft, field) for field in FIELDS})
            actor = admitted(transaction, is_trial(before) and is_trial(after))
            transaction.change_post(after)
            self._note(transaction, actor, before, after)
            return before, after

        before, after = self._save(work)
        _log.info("post %d: changed, KES %d, before KES %d (%s)", post_id, after.price, before.price, self._source)
        return after

    def _who(self) -> Callable[[Transaction, bool], Actor]:
        """Whoever stands here now; what it gives says in the transaction whether they may.

        What is done for the set-up's test (its second argument) needs nobody: the set-up has asked for the owner.
        """
        shift = self._authority.shift

        def admitted(transaction: Transaction, for_trial: bool) -> Actor:
            if for_trial:
                return self._authority.actor(transaction, shift)
            return self._authority.admit(transaction, Act.POSTS, shift, owner=self._is_open(transaction, shift))

        return admitted

    def _note(self, transaction: Transaction, actor: Actor, before: Post | None, after: Post) -> None:
        lines = changes(before, after, self._clock.now(), self._source)
        transaction.add_post_changes(lines)
        now = self._clock.corrected()
        transaction.add_audit(
            [audit_line(actor, Act.POSTS, now, f"post {after.id} {line.field}", line.new, line.old) for line in lines]
        )

    def _save(self, work: Callable[[Transaction], T]) -> T:
        try:
            return self._writer.run(work)
        except Clash as clash:
            raise BadInput(str(clash)) from None
