"""Seeing to it that an erased number is not left in unused room of the database file, nor in what is beside it."""

import logging
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

_CHUNK = 1_048_576  # bytes that are looked through at once
_WAIT = 5.0  # seconds for whoever reads or writes just now
_SMALL = 134_217_728  # bytes: a file that is written anew within a second or two
_REBUILT = ("customer", "payment")  # the tables whose indexes hold numbers; splitting a page leaves what it held
_log = logging.getLogger(__name__)


class Sweeper:
    """Looks through a database file for numbers that are erased from its rows. Slow: for a thread of its own.

    Args:
        database: the file; None on a server, whose files are not the till's to look into.
        small: bytes up to which the whole file is written anew where nothing else helps.
    """

    def __init__(self, database: Path | None, small: int = _SMALL) -> None:
        self._database = database
        self._small = small

    def sweep(self, phones: Collection[str], rest: Callable[[], object] = lambda: None) -> bool:
        """Write over what is left of these MSISDNs beside the rows.

        Args:
            rest: called between two looks at a part of the file.

        Returns:
            Whether nothing is left. Where something is, nobody finds it by the program, and a later sweep may.
        """
        if self._database is None or not phones:
            return True
        numbers = [phone[3:].encode() for phone in phones]
        try:
            with closing(sqlite3.connect(self._database, timeout=_WAIT, isolation_level=None)) as connection:
                return self._swept(connection, numbers, rest)
        except (sqlite3.Error, OSError) as error:
            _log.warning("what is left of erased numbers could not be looked for (%s)", type(error).__name__)
            return False

    def _swept(self, connection: sqlite3.Connection, numbers: list[bytes], rest: Callable[[], object]) -> bool:
        assert self._database is not None
        ways = [f"REINDEX {table}" for table in _REBUILT]
        if self._database.stat().st_size <= self._small:
            ways.append("VACUUM")
        connection.execute("PRAGMA secure_delete=ON").close()
        done = _emptied(connection)
        while self._holds(numbers, rest):
            if not ways:
                return False
            connection.execute(ways.pop(0)).close()
            done = _emptied(connection)
        return done

    def _holds(self, numbers: list[bytes], rest: Callable[[], object]) -> bool:
        """Whether the file has one of these anywhere."""
        assert self._database is not None
        before = b""
        with self._database.open("rb") as file:
            while part := file.read(_CHUNK):
                whole = before + part
                if any(number in whole for number in numbers):
                    return True
                before = whole[-16:]
                rest()
        return False


def _emptied(connection: sqlite3.Connection) -> bool:
    """Whether all that is committed is in the file itself, and the log beside it has nothing."""
    [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
