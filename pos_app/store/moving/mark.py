"""What a database says that a shop has left: nothing is sold from it any more, by whichever version of the program."""

import json
import logging
import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from pos_app.domain.kenya_time import shop_time
from pos_app.errors import CannotSave, StoreError
from pos_app.private_files import replace_file
from pos_app.store import tables as t
from pos_app.store.files import beside
from pos_app.store.integrity import SHOP, header_is_right
from pos_app.store.server_address import PORT

LEFT = "9990"  # in the place of the schema's version: a program that knows of no moving takes it for a newer's
SETTING = "moved"  # of the file that was left
CAME = "moved_here"  # of the server: which moving has brought the shop
TAKEN_BACK = "taken_back"  # of a server: which moving was undone
_log = logging.getLogger(__name__)
NOTE = ".moved"  # ends the name of what stays beside a file that was left, whatever becomes of that
_of_key = sa.select(t.setting.c.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMark:
    """Where the shop of a file has moved.

    Attributes:
        id: of this moving; the server has it, too, from the moment on in which it has everything.
        place: the server and its database, for people.
        at: when.
        version: of the schema, which the file has again where the moving comes to nothing or is undone.
        sure: whether the server is known to have everything.
        server: which server it is, whatever it is called; empty where it does not say so.
    """

    id: str
    place: str
    at: str
    version: str
    sure: bool = False
    server: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """From the text that `text` has made."""
        return cls(**json.loads(text))

    def text(self) -> str:
        """As the file keeps it."""
        return json.dumps(asdict(self))

    def is_to(self, place: str) -> bool:
        """Whether that is the server and its database; marks of an earlier version name the usual port, too."""
        return place in (self.place, self.place.removesuffix(f" (port {PORT})"))

    def words(self) -> str:
        """What is said instead of opening it."""
        when = shop_time(datetime.fromisoformat(self.at))
        if not self.sure:
            return (
                f"This shop was being moved to {self.place} ({when}), and it is not known here whether it arrived. No "
                "money moved, nothing is lost. Nothing is sold from here until it is known: give the command `shop "
                "move` once more, with the address of the same server, which finds it out."
            )
        return (
            f"This shop has moved to {self.place} ({when}) and is sold from there. Nothing was sent: two databases "
            "would give payments the same numbers. Give this till that server's address (Settings, Several tills, or "
            "POS_DATABASE_URL). While nothing was sold there, the command `shop back` takes it back."
        )


class ShopLeft(StoreError):
    """The shop of this database is on a server now."""

    server_helps = True


class LeftMeanwhile(CannotSave):
    """The shop has moved to a server while this program had the database open."""

    def __init__(self) -> None:
        super().__init__(
            "This shop has moved to a database server. Nothing was saved here, nothing was sent. Close this, open it "
            "again, and give it the address of that server (Settings, Several tills, or POS_DATABASE_URL)."
        )


def left_words(engine: sa.Engine) -> str:
    """What to say of a database that is stamped as left; empty where it does not say where to."""
    with engine.connect() as connection:
        if found := connection.scalar(_of_key.where(t.setting.c.key == SETTING)):
            return MoveMark.read(found).words()
        if connection.scalar(_of_key.where(t.setting.c.key == TAKEN_BACK)) is None:
            return ""
    return (
        "The shop that was in this database was taken back to the computer that it came from. Nothing was sent. Open "
        "it there, without a server's address (database_url in settings.toml, or POS_DATABASE_URL), or move it here "
        "again."
    )


def mark_of(file: sqlite3.Connection) -> MoveMark | None:
    """The mark of a file, None where its shop has not moved."""
    row = file.execute("SELECT value FROM setting WHERE key = ?", (SETTING,)).fetchone()
    return MoveMark.read(row[0]) if row else None


def mark_in(database: Path) -> MoveMark | None:
    """The same of a file that nobody has open; None also where nothing can be read. A copy from before the shop moved
    has no mark, and where it lies in the place of the one that was left the note beside it counts.

    It is opened for writing, though nothing is: a look that may only read leaves files beside it.
    """
    if not header_is_right(database):  # SQLite would write what lies beside it into any file
        return None
    try:
        connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)
        try:
            return mark_of(connection) or noted(database, connection)
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def _shop_of(file: sqlite3.Connection) -> str | None:
    row = file.execute("SELECT value FROM setting WHERE key = ?", (SHOP,)).fetchone()
    return str(row[0]) if row else None


def noted(database: Path, file: sqlite3.Connection) -> MoveMark | None:
    """The mark that a note keeps of the shop in a file; None also where it cannot be read.

    Args:
        database: beside which the note is, and where the file is, or is to be.
    """
    try:
        note = json.loads(beside(database, NOTE).read_text(encoding="utf-8"))
        return MoveMark.read(note["mark"]) if note["shop"] == _shop_of(file) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def put_note(database: Path, file: sqlite3.Connection, mark: MoveMark) -> None:
    """Note beside a file that its shop has moved; where the note cannot be written, the mark in the file is all."""
    note = json.dumps({"shop": _shop_of(file), "mark": replace(mark, sure=True).text()}).encode()
    try:
        replace_file(beside(database, NOTE), note)
    except OSError as error:
        _log.warning("no note stands beside the file that was left: %s", error.strerror)


def take_note(database: Path) -> None:
    """Its shop is in the file again, or was never elsewhere.

    Raises:
        OSError: the note cannot be taken away.
    """
    beside(database, NOTE).unlink(missing_ok=True)


def put_mark(file: sqlite3.Connection, mark: MoveMark) -> None:
    """Mark a file, in the transaction that has begun."""
    file.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (SETTING, mark.text()))
    file.execute("UPDATE alembic_version SET version_num = ?", (LEFT,))


def make_sure(file: sqlite3.Connection, mark: MoveMark) -> None:
    """The server has everything: that is known from now on."""
    file.execute("UPDATE setting SET value = ? WHERE key = ?", (replace(mark, sure=True).text(), SETTING))


def take_away(file: sqlite3.Connection, mark: MoveMark) -> None:
    """The shop is in the file as before."""
    file.execute("DELETE FROM setting WHERE key = ?", (SETTING,))
    file.execute("UPDATE alembic_version SET version_num = ?", (mark.version,))
