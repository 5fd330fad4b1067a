"""Categories of posts, in the owner's order, for whoever may change posts (rule 16)."""

from collections.abc import Sequence

from pos_app.domain.category import MAX_CATEGORIES, Category, category_name
from pos_app.domain.operators import Actor
from pos_app.errors import BadInput
from pos_app.sales.catalogue_door import CatalogueDoor, in_order
from pos_app.sales.ports import Transaction

MEANWHILE = "Somebody has changed the categories meanwhile. Nothing was saved. Look at them again."


class Categories:
    """What the shop's posts are sorted by. Each change raises as `CatalogueDoor.change` does."""

    def __init__(self, door: CatalogueDoor) -> None:
        self._door = door

    def all(self) -> list[Category]:
        """Every category, in the owner's order."""
        return self._door.reader.categories()

    def add(self, name: str) -> Category:
        """Add one behind the others."""
        typed = category_name(name)

        def work(transaction: Transaction, actor: Actor) -> Category:
            if len(transaction.categories()) >= MAX_CATEGORIES:
                raise BadInput(f"A shop has {MAX_CATEGORIES} categories at most. Nothing was saved.")
            added = transaction.add_category(typed)
            self._door.audit(transaction, actor, f"category {added.id} name", added.name)
            return added

        return self._door.change(work)

    def rename(self, seen: Category, name: str) -> None:
        """Give a category another name; its posts stay in it.

        Args:
            seen: as it was shown; where another till has given it another name since, nothing is done.
        """
        typed = category_name(name)

        def work(transaction: Transaction, actor: Actor) -> None:
            _find(transaction.categories(), seen)
            transaction.rename_category(seen.id, typed)
            self._door.audit(transaction, actor, f"category {seen.id} name", typed, seen.name)

        self._door.change(work)

    def move(self, seen: Sequence[Category], category_id: int, by: int) -> None:
        """Move a category so many places down in the order, or up where that is negative.

        Args:
            seen: all of them as they were shown; where they stand in another order by now, nothing is done.
        """
        ids = [one.id for one in seen]
        wanted = in_order(ids, category_id, by)

        def work(transaction: Transaction, actor: Actor) -> None:
            if [one.id for one in transaction.categories()] != ids:
                raise BadInput(MEANWHILE)
            if wanted != ids:
                transaction.place_categories(wanted)
                self._door.audit(transaction, actor, "categories order", _told(wanted), _told(ids))

        self._door.change(work)

    def remove(self, seen: Category) -> None:
        """Take away a category that no post is in. Args: see `rename`."""

        def work(transaction: Transaction, actor: Actor) -> None:
            _find(transaction.categories(), seen)
            transaction.remove_category(seen.id)
            self._door.audit(transaction, actor, f"category {seen.id} name", "", seen.name)

        self._door.change(work)


def _find(there: Sequence[Category], seen: Category) -> None:
    if not any(one.id == seen.id and one.name == seen.name for one in there):
        raise BadInput(MEANWHILE)


def _told(ids: Sequence[int]) -> str:
    return " ".join(map(str, ids))
