"""Reading very many rows as the database has them, a part in memory at once."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import sqlalchemy as sa

from pos_app.domain.links import moment_text

_BATCH = 2_000  # rows in memory at once
Row = tuple[Any, ...]


def streamed_batches(connection: sa.Connection, statement: "sa.Select[Any]") -> Iterator[list[Row]]:
    """Of a file as its driver has them: what SQLAlchemy makes of a row takes longer than verifying it."""
    if connection.dialect.name == "sqlite":
        with closing(connection.execute(statement)) as result:
            while rows := list(result.cursor.fetchmany(_BATCH)):
                yield rows
        return
    with closing(connection.execute(statement.execution_options(stream_results=True))) as streamed:
        for part in streamed.partitions(_BATCH):
            yield [tuple(row) for row in part]


def streamed_rows(connection: sa.Connection, statement: "sa.Select[Any]") -> Iterator[Row]:
    """The same, one after the other."""
    for batch in streamed_batches(connection, statement):
        yield from batch


def stored_moment(stored: Any) -> str:
    """A time as links have it: so a file has it, too; a server gives a time."""
    return stored if isinstance(stored, str) else moment_text(stored)
