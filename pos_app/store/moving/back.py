"""Taking a shop back from a server to the file that it came from, while nothing was sold there."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos_app.domain.shop_move import MoveProgress, MoveStep
from pos_app.domain.till_claim import SETTING as TILLS
from pos_app.domain.till_claim import read_claims
from pos_app.errors import BadInput
from pos_app.store import tables as t
from pos_app.store.migrate import HEAD
from pos_app.store.moving.lines import TableLines
from pos_app.store.moving.mark import CAME, SETTING, TAKEN_BACK, MoveMark, take_away, take_note
from pos_app.store.moving.move import Tell, count_of, held, mark_in_use
from pos_app.store.moving.server_side import STAYS_THERE, Differs, NotMoved, ServerSide, moved_tables, server_open
from pos_app.store.server_address import place_words

# What is written where nobody sells: who signed in, tries of PINs, which tills were there.
_COME_ALONG = (t.operator, t.setting, t.head, t.audit)
_UNCHANGED = "Nothing was changed."
_NOT_KNOWN = (
    "The server did not say that it let the shop go: it may have. No money moved, nothing is lost. When it is in order "
    "again, give the same command once more, which finds it out. Until then nothing is sold from the file here."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopBack:
    """A shop that is in its file again.

    Attributes:
        place: the server and its database that it was in, for people.
        payments: how many.
        audit: lines that the audit was given on the server, which came along.
    """

    place: str
    payments: int
    audit: int


def take_back(file: Path, url: sa.URL, *, tell: Tell) -> ShopBack:
    """Let the shop be in its file again; the server's database is emptied. The caller holds the data folder.

    Killed in between, nothing is sold from either, and taking it back again ends it.

    Args:
        url: of the database that it was moved to, as `server_address.typed_address` reads it.
        tell: told how far it is, on this thread.

    Raises:
        BadInput: it has not moved there, was sold there since, a till is open there, or another version was at work.
            Nothing was changed.
        NotMoved: the server, or the way to it, fails. It is still on the server, or that is not known.
        Occupied: another program has the file open.
        Damaged: the file cannot be read.
    """
    tell(MoveProgress(MoveStep.LOOKING))
    with held(file) as source:
        mark = mark_in_use(source, file)
        if mark is None:
            raise BadInput(f"The shop is in the file {file}. {_UNCHANGED} Open the till to use it.")
        if not mark.sure or not mark.is_to(place_words(url)):
            raise BadInput(f"{mark.words()} {_UNCHANGED}")
        given_up = False
        try:
            with server_open(url, STAYS_THERE) as server:
                audit = 0
                if server.setting(TAKEN_BACK) != mark.id:
                    audit = _taken_from(server, source, mark, tell)
                    given_up = True
        except NotMoved as error:
            if given_up:
                raise NotMoved(_NOT_KNOWN) from error
            raise
        take_note(file)  # killed right behind this the file still has its mark, and it is done once more
        take_away(source, mark)
        source.execute("COMMIT")
        return ShopBack(place=mark.place, payments=count_of(source, t.payment), audit=audit)


def _taken_from(server: ServerSide, source: sqlite3.Connection, mark: MoveMark, tell: Tell) -> int:
    """How many lines the audit has more. The file is written with the mark's end, and the server at its commit."""
    if server.came() != mark.id:
        raise BadInput(f"What is in {mark.place} now is not the shop that moved there. {_UNCHANGED} Call for help.")
    if not server.version() == mark.version == HEAD:
        raise BadInput(
            "Another version of Kaunta has been at work since the shop moved there: its file and the server's database "
            f"are not of one kind any more, and cannot be compared. {_UNCHANGED} Go on on the server."
        )
    now = server.now()
    there = [claim.computer for claim in read_claims(server.setting(TILLS)).values() if claim.is_there(now)]
    if there:
        raise BadInput(
            f"A till is open on the server, on the computer {there[0]}. {_UNCHANGED} Close it, then try again."
        )
    last = _last_audit(source)
    _compare(server, source, last, tell)
    tell(MoveProgress(MoveStep.ENDING))
    for table in _COME_ALONG:
        _write(source, table, server)
    lines = count_of(source, t.audit)
    source.execute("COMMIT")
    source.execute("BEGIN EXCLUSIVE")
    server.give_up(mark.id)
    return lines - last[1]


def _last_audit(source: sqlite3.Connection) -> tuple[int, int]:
    """The id of the last line, and how many there are."""
    last, lines = source.execute("SELECT COALESCE(max(id), 0), count(*) FROM audit").fetchone()
    return int(last), int(lines)


def _compare(server: ServerSide, source: sqlite3.Connection, last: tuple[int, int], tell: Tell) -> None:
    tables = [table for table in moved_tables() if table not in _COME_ALONG or table is t.audit]
    total, done = sum(count_of(source, table) for table in tables), 0
    tell(MoveProgress(MoveStep.COMPARING, 0, total))
    for table in tables:
        parts = TableLines(table).of(source)
        try:
            with closing(server.compare(table, parts, f"id <= {last[0]}" if table is t.audit else "")) as going:
                so_far = 0
                for so_far in going:
                    tell(MoveProgress(MoveStep.COMPARING, done + so_far, total))
                done += so_far
        except Differs as error:
            raise BadInput(
                f"On the server something was sold, learnt or changed since the shop moved there ({table.name}): gone "
                f"back, it would be lost. {_UNCHANGED} Go on on the server."
            ) from error


def _write(source: sqlite3.Connection, table: sa.Table, server: ServerSide) -> None:
    rows = [
        tuple(map(_stored, row))
        for row in server.rows(table)
        if table is not t.setting or row[0] not in (CAME, SETTING)
    ]
    names, places = ", ".join(f'"{column.name}"' for column in table.c), ", ".join("?" * len(table.c))
    how = "INSERT OR IGNORE" if table is t.audit else "INSERT OR REPLACE"  # a line of the audit is for ever
    source.executemany(f'{how} INTO "{table.name}" ({names}) VALUES ({places})', rows)


def _stored(value: Any) -> Any:
    """As a file has it."""
    return (
        value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        if isinstance(value, datetime)
        else value
    )
