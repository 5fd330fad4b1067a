"""Adding, changing and importing posts, which is the owner's where the owner has a passphrase."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pos_app.domain.catalogue import FIELDS, TRIAL, Post, PostDraft, changes, is_trial
from pos_app.errors import BadInput, Clash, OwnerNeeded
from pos_app.sales.passphrase import OwnerPassphrase
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
        owner: says whether there is a passphrase, and whether it is the right one.
        source: where changes are made, as their lines say it.
    """

    def __init__(
        self, reader: Reader, writer: GroupWriter, clock: Clock, owner: OwnerPassphrase, source: str = "window"
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._owner = owner
        self._source = source
        self._open_until = float("-inf")  # on the monotonic clock

    @property
    def locked(self) -> bool:
        """Whether the owner's passphrase is needed before anything is changed."""
        return self._clock.monotonic() >= self._open_until and self._owner.chosen()

    def unlock(self, passphrase: str) -> None:
        """Let the owner pass, for five minutes. Slow on purpose: call it on a thread.

        Raises:
            BadInput: it is not the owner's, or it is too early for another try.
        """
        self._owner.confirm(passphrase)
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
            OwnerNeeded: the owner has a passphrase, and it was not given.
            BadInput: its favourite key or barcode belongs to another post.
            CannotSave: nothing was saved.
        """
        return self.add_all([draft])[0]

    def add_all(self, drafts: Sequence[PostDraft]) -> list[Post]:
        """Add posts, all or none. Raises as `add` does."""
        if self.locked and not all(draft == TRIAL for draft in drafts):
            raise OwnerNeeded

        def work(transaction: Transaction) -> list[Post]:
            posts = [transaction.add_post(draft) for draft in drafts]
            for post in posts:
                self._note(transaction, None, post)
            return posts

        posts = self._save(work)
        for post in posts:
            _log.info("post %d: added at KES %d (%s)", post.id, post.price, self._source)
        return posts

    def change(self, post_id: int, draft: PostDraft, *, seen: Post | None = None) -> Post:
        """Give a post new values. Raises as `add` does, and where there is no such post.

        Args:
            seen: the post as it was read before it was changed by hand. Where it is another one by now, nothing is
                saved: a price that somebody has set since is not written over by the one before.
        """
        locked = self.locked

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
            if locked and not (is_trial(before) and is_trial(after)):
                raise OwnerNeeded
            transaction.change_post(after)
            self._note(transaction, before, after)
            return before, after

        before, after = self._save(work)
        _log.info("post %d: changed, KES %d, before KES %d (%s)", post_id, after.price, before.price, self._source)
        return after

    def _note(self, transaction: Transaction, before: Post | None, after: Post) -> None:
        transaction.add_post_changes(changes(before, after, self._clock.now(), self._source))

    def _save(self, work: Callable[[Transaction], T]) -> T:
        try:
            return self._writer.run(work)
        except Clash as clash:
            raise BadInput(str(clash)) from None
