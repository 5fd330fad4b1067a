"""The words of names, by which payments are found; written with each name that changes."""

import sqlalchemy as sa

from pos_app.domain.search import name_words
from pos_app.store import tables as t

_add_of_post, _add_of_customer = t.post_word.insert(), t.customer_word.insert()


def add_post_words(connection: sa.Connection, post_id: int, title: str) -> None:
    """Keep the words of a post's title; those that it had went with its title before, by a trigger."""
    if words := name_words(title):
        connection.execute(_add_of_post, [{"word": word, "post_id": post_id} for word in words])


def add_customer_words(connection: sa.Connection, customer_id: int, name: str | None) -> None:
    """Keep the words of a customer's name; those that it had went with the name before, by a trigger."""
    if words := name_words(name or ""):
        connection.execute(_add_of_customer, [{"word": word, "customer_id": customer_id} for word in words])
