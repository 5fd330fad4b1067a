"""Posts, as they are stored."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from pos_app.domain.catalogue import Post, PostChange, PostDraft
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import post_values, to_change, to_post
from pos_app.store.shared_keys import refuse_shared_keys


class PostsReading(Reading):
    """What is read of posts."""

    def posts(self) -> list[Post]:
        with reading(self._engine) as connection:
            return rows_of(connection.execute(t.post.select().order_by(t.post.c.id)), to_post)

    def post(self, post_id: int) -> Post | None:
        with reading(self._engine) as connection:
            found = rows_of(connection.execute(t.post.select().where(t.post.c.id == post_id)), to_post)
        return found[0] if found else None

    def post_changes(self, post_id: int, limit: int) -> list[PostChange]:
        lines = t.post_change
        statement = lines.select().where(lines.c.post_id == post_id).order_by(lines.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(statement), to_change)


class PostsWriting(Writing):
    """What a write transaction does to posts."""

    def post(self, post_id: int) -> Post | None:
        return self.posts([post_id]).get(post_id)

    def posts(self, post_ids: Collection[int]) -> dict[int, Post]:
        found = self._connection.execute(t.post.select().where(t.post.c.id.in_(sorted(post_ids))))
        return {post.id: post for post in map(to_post, found)}

    def add_post(self, draft: PostDraft) -> Post:
        refuse_shared_keys(self._connection, draft, None)
        post = self.post(self._insert(t.post, **post_values(draft)))
        assert post is not None
        return post

    def change_post(self, post: Post) -> None:
        refuse_shared_keys(self._connection, post, post.id)
        self._connection.execute(t.post.update().where(t.post.c.id == post.id).values(post_values(post)))

    def add_post_changes(self, lines: Sequence[PostChange]) -> None:
        if lines:
            self._connection.execute(t.post_change.insert(), [asdict(line) for line in lines])
