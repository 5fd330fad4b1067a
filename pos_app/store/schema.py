"""What the tables of every room have in common."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment in UTC; refuses times without a zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With the zone."""
        return value.replace(tzinfo=UTC) if value else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """A file has times as text, nine to a payment: one step that gives the zone, too, takes half of the time."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class utc_hour(GenericFunction[int]):  # noqa: N801 - as SQLAlchemy names functions
    """The hour (0 to 23, UTC) of a stored time."""

    type = sa.Integer()
    inherit_cache = True


@compiles(utc_hour)
def _extracted(hour: utc_hour, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(sa.extract("hour", *hour.clauses), **more)


@compiles(utc_hour, "sqlite")
def _cut_out(hour: utc_hour, compiler: SQLCompiler, **more: Any) -> str:
    """Of the text: reading it as a time takes a fifth of what a sum over all payments does."""
    return compiler.process(sa.cast(sa.func.substr(*hour.clauses, 12, 2), sa.Integer), **more)


metadata = sa.MetaData()
