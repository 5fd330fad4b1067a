"""Categories of posts, as they are stored."""

from collections.abc import Sequence

import sqlalchemy as sa

from pos_app.domain.category import Category, find_category
from pos_app.domain.operators import name_key
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import AnyRow

_in_order = sa.select(t.category.c.id, t.category.c.name, t.category.c.place).order_by(
    t.category.c.place, t.category.c.id
)


class CategoriesReading(Reading):
    """What is read of categories."""

    def categories(self) -> list[Category]:
        with reading(self._engine) as connection:
            return rows_of(connection.execute(_in_order), _to_category)


class CategoriesWriting(Writing):
    """What a write transaction does to categories."""

    def categories(self) -> list[Category]:
        if self._connection.dialect.name == "postgresql":  # another till's would not be seen before its commit
            self._connection.execute(sa.text("LOCK TABLE category IN SHARE ROW EXCLUSIVE MODE"))
        return list(map(_to_category, self._connection.execute(_in_order)))

    def add_category(self, name: str) -> Category:
        known = self.categories()
        _refuse_same(known, name, None)
        place = max((one.place for one in known), default=0) + 1
        return Category(
            id=self._insert(t.category, name=name, name_key=name_key(name), place=place), name=name, place=place
        )

    def rename_category(self, category_id: int, name: str) -> None:
        _refuse_same(self.categories(), name, category_id)
        row = t.category.update().where(t.category.c.id == category_id)
        self._connection.execute(row.values(name=name, name_key=name_key(name)))

    def place_categories(self, ids: Sequence[int]) -> None:
        for place, category_id in enumerate(ids, 1):
            self._connection.execute(t.category.update().where(t.category.c.id == category_id).values(place=place))

    def remove_category(self, category_id: int) -> None:
        inside = sa.select(sa.func.count()).where(t.post.c.category_id == category_id)
        count = self._connection.scalar(inside)
        if count:
            raise Clash(
                f"{count:,} {'post is' if count == 1 else 'posts are'} in it, also among those switched off: "
                "give them another category first. Nothing was saved."
            )
        self._connection.execute(t.category.delete().where(t.category.c.id == category_id))

    def _category_id(self, name: str | None) -> int | None:
        """The category of this name; None for none. Raises Clash where there is no such category."""
        if name is None:
            return None
        found: int | None = self._connection.scalar(
            sa.select(t.category.c.id).where(t.category.c.name_key == name_key(name))
        )
        if found is None:
            raise Clash(f"There is no category {name} any more. Nothing was saved.")
        return found


def _refuse_same(known: Sequence[Category], name: str, own_id: int | None) -> None:
    same = find_category(known, name)
    if same and same.id != own_id:
        raise Clash(f"There is a category {same.name} already. Nothing was saved.")


def _to_category(row: AnyRow) -> Category:
    return Category(**row._mapping)
