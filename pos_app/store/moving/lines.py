"""Rows of a file in the one form that PostgreSQL itself writes them in (COPY's text), so that both can be compared."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pos_app.store.schema import UtcDateTime

_SQLITE: Any = sqlite.dialect()
_POSTGRESQL: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
_BATCH = 1_000  # rows in memory at once
_NULL = "\\N"
_ESCAPED = re.compile("[\\\\\b\f\n\r\t\v]")
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)
_WHOLE = len("2026-11-23 11:03:00.000000")
Encode = Callable[[Any], str]


class Unfit(Exception):
    """A value of the file is of another kind than its column."""


class TableLines:
    """The lines of one table.

    Attributes:
        left_out: texts of all lines so far that had a NUL.
    """

    def __init__(self, table: sa.Table) -> None:
        self.table = table
        self.left_out = 0
        self._encoders = [self._encoder(column) for column in table.c]

    def of(self, file: sqlite3.Connection) -> Iterator[list[bytes]]:
        """By the primary key, a part at a time.

        Raises:
            Unfit: names the table.
            sqlite3.Error: the file cannot be read.
        """
        rows = file.execute(str(_sorted(self.table, "").compile(dialect=_SQLITE)))
        encoders = self._encoders
        try:
            while part := rows.fetchmany(_BATCH):
                yield [
                    "\t".join(
                        [_NULL if value is None else encode(value) for encode, value in zip(encoders, row, strict=True)]
                    ).encode()
                    + b"\n"
                    for row in part
                ]
        except (ValueError, TypeError) as error:
            raise Unfit(self.table.name) from error

    def _encoder(self, column: sa.Column[Any]) -> Encode:
        for kind, encode in (
            (sa.Boolean, _boolean),
            (sa.Integer, _integer),
            (UtcDateTime, _moment),
            (sa.Date, _same),
            (sa.Text, self._text),
            (sa.LargeBinary, _binary),
        ):
            if isinstance(column.type, kind):
                return encode
        raise TypeError(f"nobody has said how {column} is moved")

    def _text(self, value: str) -> str:
        if "\0" in value:
            self.left_out += 1
            value = value.replace("\0", "")
        return value.translate(_ESCAPES) if _ESCAPED.search(value) else value


def _integer(value: int) -> str:
    if type(value) is not int:
        raise TypeError
    return str(value)


def _boolean(value: int) -> str:
    return {0: "f", 1: "t"}[_known(value)]


def _known(value: int) -> int:
    if value not in (0, 1):
        raise ValueError
    return value


def _moment(value: str) -> str:
    if len(value) != _WHOLE:
        value = datetime.fromisoformat(value).isoformat(" ", "microseconds")
    return value.rstrip("0").rstrip(".")


def _same(value: str) -> str:
    return value[:]


def _binary(value: bytes) -> str:
    return "\\\\x" + value.hex()


def _sorted(table: sa.Table, collation: str) -> "sa.Select[Any]":
    keys = [
        column.collate(collation) if collation and isinstance(column.type, sa.Text) else column
        for column in table.primary_key
    ]
    return sa.select(*table.c).order_by(*keys)


def copy_in(table: sa.Table) -> str:
    """The statement that takes lines."""
    quote = _POSTGRESQL.identifier_preparer.quote
    return f"COPY {quote(table.name)} ({', '.join(quote(column.name) for column in table.c)}) FROM STDIN"


def copy_out(table: sa.Table, where: str = "") -> str:
    """The statement that gives them, in the order in which a file has them.

    Args:
        where: a condition in SQL, for some of them.
    """
    rows = _sorted(table, "C")
    if where:
        rows = rows.where(sa.text(where))
    return f"COPY ({rows.compile(dialect=_POSTGRESQL)}) TO STDOUT"
