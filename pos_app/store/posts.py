"""Posts, as they are stored."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.audit import Doer
from pos_app.domain.catalogue import Post, PostChange, PostDraft
from pos_app.domain.post_import import PostBatch
from pos_app.store import tables as t
from pos_app.store.categories import CategoriesReading, CategoriesWriting
from pos_app.store.integrity import reading, rows_of
from pos_app.store.post_batch import write_batch
from pos_app.store.rows import change_values, post_values, select_changes, select_posts, to_change, to_post
from pos_app.store.shared_keys import lock_posts, refuse_shared_keys
from pos_app.store.words import add_post_words

_last_change = sa.select(sa.func.coalesce(sa.func.max(t.post_change.c.id), 0))


class PostsReading(CategoriesReading):
    """What is read of posts."""

    def posts(self) -> list[Post]:
        with reading(self._engine) as connection:
            return rows_of(connection.execute(select_posts.order_by(t.post.c.id)), to_post)

    def post(self, post_id: int) -> Post | None:
        with reading(self._engine) as connection:
            found = rows_of(connection.execute(select_posts.where(t.post.c.id == post_id)), to_post)
        return found[0] if found else None

    def post_changes(self, post_id: int, limit: int) -> list[PostChange]:
        lines = t.post_change.c
        statement = select_changes.where(lines.post_id == post_id).order_by(lines.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(statement), to_change)

    def posts_mark(self) -> tuple[object, ...]:
        posts = t.post.c
        marks = sa.select(
            _last_change.scalar_subquery(),
            sa.func.max(posts.id),
            sa.func.sum(posts.price),
            sa.func.sum(sa.case((posts.active, posts.id), else_=0)),
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(marks).one())

    def last_post_change(self) -> int:
        with reading(self._engine) as connection:
            return int(connection.scalar(_last_change) or 0)


class PostsWriting(CategoriesWriting):
    """What a write transaction does to posts."""

    def post(self, post_id: int) -> Post | None:
        return self.posts([post_id]).get(post_id)

    def posts(self, post_ids: Collection[int]) -> dict[int, Post]:
        found = self._connection.execute(select_posts.where(t.post.c.id.in_(sorted(post_ids))))
        return {post.id: post for post in map(to_post, found)}

    def add_post(self, draft: PostDraft) -> Post:
        refuse_shared_keys(self._connection, draft, None)
        post = self.post(self._insert(t.post, **post_values(draft, self._category_id(draft.category))))
        assert post is not None
        add_post_words(self._connection, post.id, post.title)
        return post

    def change_post(self, post: Post) -> None:
        refuse_shared_keys(self._connection, post, post.id)
        values = post_values(post, self._category_id(post.category))
        self._connection.execute(t.post.update().where(t.post.c.id == post.id).values(values))
        add_post_words(self._connection, post.id, post.title)

    def import_posts(self, batch: PostBatch, at: datetime, source: str, by: Doer) -> Sequence[int]:
        return write_batch(self._connection, batch, at, source, by)

    def favourites(self) -> dict[int, Post]:
        lock_posts(self._connection)
        found = self._connection.execute(select_posts.where(t.post.c.favourite.is_not(None)))
        return {post.favourite: post for post in map(to_post, found) if post.favourite}

    def last_post_change(self) -> int:
        lock_posts(self._connection)
        return int(self._connection.scalar(_last_change) or 0)

    def add_post_changes(self, lines: Sequence[PostChange]) -> None:
        if lines:
            self._connection.execute(t.post_change.insert(), list(map(change_values, lines)))
