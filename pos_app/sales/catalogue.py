"""Adding, changing and importing posts, for whoever may (rule 16)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from pos_app.domain.catalogue import FIELDS, TRIAL, Post, PostDraft, is_trial
from pos_app.domain.operators import Actor
from pos_app.domain.post_finder import Shelf
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.catalogue_door import CatalogueDoor
from pos_app.sales.categories import Categories
from pos_app.sales.favourites import Favourites
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.post_import import PostImport
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)


class Catalogue:
    """The shop's posts. Price changes apply to new charges only: a payment keeps what it was sold as.

    Who may sell at which price is the owner's to say: otherwise anybody at the till sells the year pass for a
    shilling. What was done stays in lines that nobody edits.

    Args:
        authority: who stands here, and whether they may.
        source: where changes are made, as their lines say it.

    Attributes:
        categories: what posts are sorted by.
        favourites: which post each favourite key picks.
        files: posts from a file and to one.
    """

    def __init__(
        self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, source: str = "window"
    ) -> None:
        self._reader = reader
        self._source = source
        self._shelf: tuple[object, Shelf] | None = None  # with the mark that was read before it
        self._door = door = CatalogueDoor(reader, writer, clock, authority, source)
        self.categories = Categories(door)
        self.favourites = Favourites(door)
        self.files = PostImport(door)

    @property
    def locked(self) -> bool:
        """Whether something is missing before anything is changed: another role, or the owner's passphrase."""
        return self._door.locked

    def unlock(self, passphrase: str) -> None:
        """Let the owner pass, for five minutes; see `CatalogueDoor.unlock`."""
        self._door.unlock(passphrase)

    def lock(self) -> None:
        """Ask for the passphrase again."""
        self._door.lock()

    def shelf(self) -> Shelf:
        """What the shop sells; the post of the set-up's test is none of it. Where nothing has changed since it was read
        last, that is seen by a few numbers, and nothing is read again.
        """
        mark = (self._reader.posts_mark(), self.categories.all())
        known = self._shelf
        if known is None or known[0] != mark:
            posts = [post for post in self._reader.posts() if post.active or not is_trial(post)]
            known = self._shelf = (mark, Shelf.of(posts, mark[1]))
        return known[1]

    def posts(self) -> list[Post]:
        """Every post of the shop, also those switched off, by id. That of the set-up's test is none of them."""
        return list(self.shelf().posts)

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
        admitted = self._door.who()

        def work(transaction: Transaction) -> list[Post]:
            actor = admitted(transaction, all(draft == TRIAL for draft in drafts))
            return self._add(transaction, drafts, actor)

        return self._added(work)

    def seed(self, drafts: Sequence[PostDraft]) -> list[Post]:
        """Add what a new shop begins with, where there is no post at all: nobody's act. Raises `CannotSave`."""
        return [] if self._reader.posts() else self._added(lambda to: self._add(to, drafts, Actor()))

    def _added(self, work: Callable[[Transaction], list[Post]]) -> list[Post]:
        posts = self._door.save(work)
        for post in posts:
            _log.info("post %d: added at KES %d (%s)", post.id, post.price, self._source)
        return posts

    def _add(self, transaction: Transaction, drafts: Sequence[PostDraft], actor: Actor) -> list[Post]:
        posts = [transaction.add_post(draft) for draft in drafts]
        for post in posts:
            self._door.note(transaction, actor, None, post)
        if len(posts) > 1:
            self._door.audit(transaction, actor, "posts", f"{len(posts)} added together")
        return posts

    def change(self, post_id: int, draft: PostDraft, *, seen: Post | None = None) -> Post:
        """Give a post new values. Raises as `add` does, and where there is no such post.

        Args:
            seen: the post as it was read before it was changed by hand. Where it is another one by now, nothing is
                saved: a price that somebody has set since is not written over by the one before.
        """
        admitted = self._door.who()

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
            self._door.note(transaction, actor, before, after)
            return before, after

        before, after = self._door.save(work)
        _log.info("post %d: changed, KES %d, before KES %d (%s)", post_id, after.price, before.price, self._source)
        return after
