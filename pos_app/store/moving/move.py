"""Moving a shop from its file to a server: everything, compared row by row, and never to be sold from both."""

import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep, ShopMoved
from pos_app.errors import BadInput, Cancelled
from pos_app.store import tables as t
from pos_app.store.backups.restore import fold
from pos_app.store.integrity import UNREADABLE, damaged, faults
from pos_app.store.migrate import HEAD
from pos_app.store.moving.lines import TableLines, Unfit
from pos_app.store.moving.mark import CAME, MoveMark, make_sure, mark_of, noted, put_mark, put_note, take_away
from pos_app.store.moving.server_side import Differs, NotMoved, ServerSide, moved_tables, server_open
from pos_app.store.server_address import place_words

Tell = Callable[[MoveProgress], None]
_STAYS = "Nothing was moved: the shop is where it was, and the till goes on with it as before."
_PATIENCE = 5.0  # seconds for another program that has the file open


def _statement(query: "sa.Select[int]") -> str:
    return str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


_still_open = _statement(sa.select(sa.func.count()).select_from(t.payment).where(t.is_open))
_log = logging.getLogger(__name__)


def move(file: Path, url: sa.URL, *, now: Callable[[], datetime], tell: Tell, cancel: Cancel) -> ShopMoved:
    """Move the shop of a file, whose schema is this program's. The caller holds the data folder.

    Nobody reads or writes the file meanwhile. Whenever this is killed, the shop is in the file as before; or the file
    is marked, nothing is sold from it, and moving it again finds out whether the server has everything.

    Args:
        url: of an empty database, as `server_address.typed_address` reads it.
        now: UTC.
        tell: told how far it is, on this thread, at most once for each thousand rows.
        cancel: ends it from another thread, up to `MoveStep.ENDING`; from then on it has no effect.

    Raises:
        BadInput: it has moved already.
        NotMoved: nothing was moved, in words; also where it was cancelled.
        Occupied: another program has the file open.
        Damaged: the file cannot be read.
    """
    tell(MoveProgress(MoveStep.LOOKING))
    with held(file) as source:
        earlier = mark_in_use(source, file)
        if earlier and (ended := _ended(source, file, earlier, url)):
            return ended
        return _Moving(source, file, url, now, tell, cancel).run()


@contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, from which nobody else reads and into which nobody else writes.

    Raises:
        Occupied: another program has it open.
        Damaged: it cannot be read.
    """
    fold(file, _PATIENCE)
    try:
        with closing(sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)) as source:
            # With less, power that fails right behind a transaction may bring back the file from before it, which has
            # no mark, while the server has everything.
            source.execute("PRAGMA synchronous=EXTRA").close()
            source.execute("BEGIN EXCLUSIVE")
            yield source
    except UNREADABLE as error:
        raise damaged(file) from error


def mark_in_use(source: sqlite3.Connection, file: Path) -> MoveMark | None:
    """The mark of a file.

    Raises:
        BadInput: it has none, and is a copy from before its shop moved.
    """
    mark = mark_of(source)
    if mark is None and (note := noted(file, source)):
        raise BadInput(f"{note.words()} The file {file} is a copy from before that. Nothing was changed.")
    return mark


def _ended(source: sqlite3.Connection, file: Path, mark: MoveMark, url: sa.URL) -> ShopMoved | None:
    """What an earlier run has left: everything was moved, or, None, nothing, and the file is as it was before.

    Raises:
        BadInput: it was moved, or to another server.
        NotMoved: that server, or the way to it, fails.
    """
    if mark.sure or not mark.is_to(place_words(url)):
        raise BadInput(mark.words())
    with server_open(url, mark.words()) as server:
        came = server.has_come(mark)
    _settle(source, file, mark, came=came)
    if not came and mark.version != HEAD:
        raise NotMoved(f"The server has nothing of it. {_STAYS} Give the same command once more.")
    return _moved(source, mark, earlier=True) if came else None


def _settle(source: sqlite3.Connection, file: Path, mark: MoveMark, *, came: bool) -> None:
    if came:
        put_note(file, source, mark)
    (make_sure if came else take_away)(source, mark)
    source.execute("COMMIT")
    source.execute("BEGIN EXCLUSIVE")


def _moved(source: sqlite3.Connection, mark: MoveMark, *, left_out: int = 0, earlier: bool = False) -> ShopMoved:
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_master")}  # an older version may have moved it
    rows = {table.name: count_of(source, table) for table in moved_tables() if table.name in there}
    rows[t.setting.name] -= 1  # the mark
    (still_open,) = source.execute(_still_open).fetchone()
    return ShopMoved(
        place=mark.place,
        payments=rows[t.payment.name],
        still_open=still_open,
        rows=rows,
        left_out=left_out,
        ended_earlier=earlier,
    )


def count_of(source: sqlite3.Connection, table: sa.Table) -> int:
    (count,) = source.execute(_statement(sa.select(sa.func.count()).select_from(table))).fetchone()
    return int(count)


class _Moving:
    """One moving."""

    def __init__(
        self,
        source: sqlite3.Connection,
        file: Path,
        url: sa.URL,
        now: Callable[[], datetime],
        tell: Tell,
        cancel: Cancel,
    ) -> None:
        self._source = source
        self._file = file
        self._url = url
        self._tell = tell
        self._cancel = cancel
        moment = now().astimezone(UTC).isoformat(timespec="seconds")
        self._mark = MoveMark(id=secrets.token_hex(16), place=place_words(url), at=moment, version=HEAD)
        self._marked = False
        self._left_out = 0

    def run(self) -> ShopMoved:
        if found := faults(self._source):
            _log.error("the database file is damaged: %s", "; ".join(found))
            raise damaged(self._file)
        try:
            with server_open(self._url) as server:
                with self._cancel.ending_by(server.end):
                    self._fill(server)
                    self._tell(MoveProgress(MoveStep.ENDING))
                self._put_mark(server.identity())
        except Unfit as error:
            raise NotMoved(
                f"In the table {error} of the file stands what no till has written there. {_STAYS} Call for help: it "
                "must be put right first."
            ) from error
        except Differs as error:
            raise NotMoved(
                f"What the server gave back of the table {error} was not what it was given. {_STAYS} Another program "
                "writes into that database, or the server is damaged."
            ) from error
        except (Cancelled, NotMoved) as error:
            if self._marked:
                self._find_out()
            elif self._cancel.cancelled:
                raise NotMoved(f"The moving was stopped. {_STAYS}") from error
            else:
                raise
        else:
            _settle(self._source, self._file, self._mark, came=True)
        _log.info("the shop has moved to %s", self._mark.place)
        return _moved(self._source, self._mark, left_out=self._left_out)

    def _fill(self, server: ServerSide) -> None:
        server.make_tables()
        tables = moved_tables()
        counts = {table.name: count_of(self._source, table) for table in tables}
        total = sum(counts.values())
        for step in (MoveStep.COPYING, MoveStep.COMPARING):
            before = 0
            self._tell(MoveProgress(step, 0, total))
            for table in tables:
                lines = TableLines(table)
                parts = lines.of(self._source)
                if step is MoveStep.COPYING:
                    going = server.take(table, parts)
                else:
                    going = server.compare(table, parts, f"key <> '{CAME}'" if table is t.setting else "")
                done = 0
                with closing(going):  # what is read half keeps the connection for itself
                    for done in going:
                        if self._cancel.cancelled:
                            raise Cancelled
                        self._tell(MoveProgress(step, before + done, total))
                if done != counts[table.name]:
                    raise damaged(self._file)  # its index and its rows are two different things
                before += done
                self._left_out += lines.left_out if step is MoveStep.COPYING else 0
        server.finish(self._mark.id, self._mark.at)

    def _put_mark(self, server: str) -> None:
        """From here on nothing is sold from the file, whatever becomes of the commit on the server."""
        self._mark = replace(self._mark, server=server)
        put_mark(self._source, self._mark)
        self._source.execute("COMMIT")
        self._marked = True
        self._source.execute("BEGIN EXCLUSIVE")

    def _find_out(self) -> None:
        """The server's answer to the commit was lost, or it has refused."""
        try:
            with server_open(self._url) as server:
                came = server.has_come(self._mark)
        except NotMoved as error:
            raise NotMoved(
                "The server did not say that it saved the last of it: it may have everything. No money moved, nothing "
                "is lost. Nothing is sold from here until it is known: when the server is in order again, do the same "
                "once more, which finds it out."
            ) from error
        _settle(self._source, self._file, self._mark, came=came)
        if not came:
            raise NotMoved(f"The server did not save it. {_STAYS} Then try again.")
