"""Seeing to it that an erased number is not left in unused room of the database file, nor in what is beside it."""

import logging
import re
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

_CHUNK = 262_144  # bytes that are looked through at once: some milliseconds
_OVERLAP = 64  # bytes: a number, or the id around it, may begin in one part and end in the next
_FEW = 8  # numbers
_NUMBER = re.compile(rb"(?=([17][0-9]{8}))")  # at every place: one may stand behind other digits
# What a CheckoutRequestID has before its payer: of a million, some have in it what reads as anybody's number.
_ID_TIME = re.compile(rb"(?<=ws_CO_)[0-9]{17}(?=[0-9]{9}|\xe2\x80\xa6)")
_QUICKER = 4  # times as fast it is to look for few
_ANEW = "VACUUM"  # the whole file
_REST = 0.002  # seconds
_WAIT = 5.0  # seconds for whoever reads or writes just now
_HELD = 0.05  # seconds of these in which nobody can save: emptying the log keeps all writers out while it waits
_PAUSE = 0.2  # seconds between two tries at that
_SMALL = 134_217_728  # bytes: a file that is written anew within a second or two
_log = logging.getLogger(__name__)


class Sweeper:
    """Looks through a database file for numbers that are erased from its rows. Slow: for a thread of its own.

    Args:
        database: the file; None on a server, whose files are not the till's to look into.
        small: bytes up to which the whole file is written anew where nothing else helps.
        gently: nothing is done that keeps others from writing for a second or two.
        rest: between two looks at a part of the file.
    """

    def __init__(
        self,
        database: Path | None,
        small: int = _SMALL,
        *,
        gently: bool = False,
        rest: Callable[[], object] = lambda: time.sleep(_REST),
    ) -> None:
        self._database = database
        self._small = small
        self._gently = gently
        self._rest = rest

    def sweep(self, phones: Collection[str]) -> bool | None:
        """Write over what is left of these MSISDNs beside the rows; of none of them: of whatever was erased, unseen.

        Returns:
            Whether nothing is left. Where something is, nobody finds it by the program, and a later sweep may.
            None: nobody has looked, as the files are a server's.
        """
        if self._database is None:
            return None
        numbers = [phone[3:].encode() for phone in phones]
        try:
            with closing(sqlite3.connect(self._database, timeout=_WAIT, isolation_level=None)) as connection:
                return self._swept(connection, numbers)
        except (sqlite3.Error, OSError) as error:
            _log.warning("what is left of erased numbers could not be looked for (%s)", type(error).__name__)
            return False

    def _swept(self, connection: sqlite3.Connection, numbers: list[bytes]) -> bool:
        assert self._database is not None
        # Splitting a page of an index leaves in it what it held.
        ways = ["REINDEX customer"]
        if self._database.stat().st_size <= self._small:
            ways.append(_ANEW)
        elif not self._gently:
            ways += [f"REINDEX {index}" for index in _indexes_of_ids(connection)]
        connection.execute("PRAGMA secure_delete=ON").close()
        done = _emptied(connection)
        whole = False
        while self._holds(numbers) if numbers else not whole:
            if not ways:
                return False
            way = ways.pop(0)
            connection.execute(way).close()
            done, whole = _emptied(connection), way == _ANEW
        return done

    def _holds(self, numbers: list[bytes]) -> bool:
        """Whether the file has one of these anywhere. Gently: a day's run looks through all of it beside the till."""
        assert self._database is not None
        among, before = frozenset(numbers), b""
        size = _CHUNK * _QUICKER if len(numbers) <= _FEW else _CHUNK
        with self._database.open("rb") as file:
            while part := file.read(size):
                whole = before + part
                if _is_in(whole, among) and _is_in(_ID_TIME.sub(b"", whole), among):
                    return True
                before = whole[-_OVERLAP:]
                self._rest()
        return False


def _is_in(part: bytes, numbers: frozenset[bytes]) -> bool:
    if len(numbers) <= _FEW:  # a search for each, which is quicker than one for all
        return any(number in part for number in numbers)
    return not numbers.isdisjoint(_NUMBER.findall(part))


def _indexes_of_ids(connection: sqlite3.Connection) -> list[str]:
    """Those of the payments that hold CheckoutRequestIDs: all of them together take too long to build again."""
    indexes = [row[1] for row in connection.execute("PRAGMA index_list(payment)")]
    return [
        index
        for index in indexes
        if any(column[2] == "checkout_request_id" for column in connection.execute(f"PRAGMA index_info({index})"))
    ]


def _emptied(connection: sqlite3.Connection) -> bool:
    """Whether all that is committed is in the file itself, and the log beside it has nothing.

    Whoever reads a long time, as a copy or an export does, is waited for in short tries: a charge comes between them.
    What there is to write is written before, while others save.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
    ends = time.monotonic() + _WAIT
    while not (done := _try_to_empty(connection)) and time.monotonic() < ends:
        time.sleep(_PAUSE)
    return done


def _try_to_empty(connection: sqlite3.Connection) -> bool:
    connection.execute(f"PRAGMA busy_timeout={_HELD * 1_000:.0f}").close()
    try:
        [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout={_WAIT * 1_000:.0f}").close()
    return not busy
