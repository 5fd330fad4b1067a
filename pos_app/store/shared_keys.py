"""What two posts must not share: a favourite key, a barcode."""

import sqlalchemy as sa

from pos_app.domain.catalogue import PostDraft, barcode_key, same_barcode
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.rows import select_posts, to_post


def lock_posts(connection: sa.Connection) -> None:
    """Nobody else changes a post until this transaction has ended: another till's would not be seen before its commit.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE post IN SHARE ROW EXCLUSIVE MODE"))


def refuse_shared_keys(connection: sa.Connection, draft: PostDraft, own_id: int | None) -> None:
    """SQL finds what may be the same barcode, the domain says whether it is.

    Args:
        own_id: of the post itself, where there is one already.

    Raises:
        Clash: in words, where another post has its favourite key or its barcode.
    """
    lock_posts(connection)
    column = t.post.c
    alike = sa.func.ltrim(sa.func.upper(column.barcode), "0") == barcode_key(draft.barcode or "").lstrip("0")
    found = select_posts.where(column.id != (own_id or 0), sa.or_(column.favourite == (draft.favourite or 0), alike))
    for other in map(to_post, connection.execute(found)):
        if draft.favourite and draft.favourite == other.favourite:
            raise Clash(f"Key {draft.favourite} already picks {other.title}. Nothing was saved.")
        if same_barcode(draft.barcode, other.barcode):
            raise Clash(f"{draft.barcode} is {other.title}'s code. Nothing was saved.")
