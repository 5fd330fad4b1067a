"""Adding, changing and importing posts."""

from collections.abc import Sequence
from dataclasses import replace

from pos_app.domain.catalogue import TRIAL, Post, PostDraft, is_trial
from pos_app.errors import BadInput, Clash
from pos_app.sales.ports import Reader, Transaction
from pos_app.sales.writer import GroupWriter


class Catalogue:
    """The shop's posts. Price changes apply to new charges only: a payment keeps what it was sold as."""

    def __init__(self, reader: Reader, writer: GroupWriter) -> None:
        self._reader = reader
        self._writer = writer

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
            BadInput: its favourite key or barcode belongs to another post.
            CannotSave: nothing was saved.
        """
        return self.add_all([draft])[0]

    def add_all(self, drafts: Sequence[PostDraft]) -> list[Post]:
        """Add posts, all or none. Raises as `add` does."""

        def work(transaction: Transaction) -> list[Post]:
            return [transaction.add_post(draft) for draft in drafts]

        try:
            return self._writer.submit(work).result()
        except Clash as clash:
            raise BadInput(str(clash)) from None

    def change(self, post_id: int, draft: PostDraft) -> Post:
        """Give a post new values. Raises as `add` does, and where there is no such post."""

        def work(transaction: Transaction) -> Post:
            before = transaction.post(post_id)
            if before is None:
                raise BadInput(f"There is no post {post_id}. Nothing was saved.")
            after = replace(
                before,
                title=draft.title,
                price=draft.price,
                days=draft.days,
                favourite=draft.favourite,
                barcode=draft.barcode,
                active=draft.active,
            )
            transaction.change_post(after)
            return after

        try:
            return self._writer.submit(work).result()
        except Clash as clash:
            raise BadInput(str(clash)) from None
