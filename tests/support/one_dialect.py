"""SQLite as SQLAlchemy speaks it, so that a statement is compiled once for all tests.

Each test opens a database of its own, by engines of their own, and an engine keeps what it has compiled to itself: a
quarter of what the tests of the sales took was compiling the same thirty statements again.
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class OneDialect(SQLiteDialect_pysqlite):
    """Every one is the same as every other: they are all made with the same arguments."""

    supports_statement_cache = True
    compiled: ClassVar[dict[Any, Any]] = {}

    @classmethod
    def engine_created(cls, engine: sa.Engine) -> None:
        engine.update_execution_options(compiled_cache=cls.compiled)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


def speak_it() -> None:
    """From now on, in this process."""
    registry.register("sqlite", OneDialect.__module__, OneDialect.__name__)
