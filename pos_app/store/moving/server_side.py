"""The server's database into which a shop moves: all of it in one transaction, so it is there whole or not at all."""

import json
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pos_app.errors import StoreError
from pos_app.store import record_tables as _record_tables  # noqa: F401 - its tables are among those of the shop
from pos_app.store import tables as t
from pos_app.store.migrate import KNOWN, make_tables
from pos_app.store.moving.lines import copy_in, copy_out
from pos_app.store.moving.mark import CAME, LEFT, TAKEN_BACK, MoveMark
from pos_app.store.server import LONG, be_alone, bounded_engine, database_time
from pos_app.store.server_words import fault_words

# What the server has of its own: the tills fetch an access token anew, and one of them takes the shop's address.
EMPTY = frozenset({t.access_token.name, t.public_address.name})
_PART = 20_000  # rows that the server takes and looks through at a time: no wait for it is long
_WAIT = "30s"  # for another program that brings the same database up to date
_STATEMENT = "3600s"  # comparing a table is one statement, which takes as long as it is large
_SILENT = "120s"  # of this program, before the server gives the transaction up
_AS_WRITTEN = {"datestyle": "ISO, YMD", "bytea_output": "hex", "extra_float_digits": "1"}
STAYS_THERE = "Nothing was changed: the shop is still on the server. Then try again."
_STAYS = "Nothing was moved: the shop is where it was, and the till goes on with it as before."
_NEW_ONE = f"{_STAYS} Make a new, empty database on the server (`createdb NAME`), and move the shop into that."
_COPY = "That server is a copy of another, which takes no changes, and what it has may be old."
_identity_can_be_read = sa.text("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
_identity = sa.text("SELECT CAST(system_identifier AS text) FROM pg_control_system()")
_things = sa.text(
    "SELECT count(*) FROM (SELECT oid, 'pg_class'::regclass AS kind FROM pg_class "
    "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') "
    "UNION ALL SELECT oid, 'pg_proc'::regclass FROM pg_proc WHERE pronamespace = current_schema()::regnamespace) made "
    "WHERE NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = kind AND objid = made.oid AND deptype = 'e')"
)
_stamp = sa.text("SELECT version_num FROM alembic_version")
_sequence = sa.text("SELECT pg_get_serial_sequence(:name, :column)")
_setting = sa.select(t.setting.c.value).where(t.setting.c.key == sa.bindparam("of_key"))
_functions = sa.text(
    "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS "
    "(SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')"
)
_leave = sa.text("UPDATE alembic_version SET version_num = :left")


class NotMoved(StoreError):
    """Nothing was moved; the shop is where it was."""


class Differs(Exception):
    """The server gives back another row than it was given."""


def moved_tables() -> list[sa.Table]:
    """Every table of a shop that is moved, each behind those that it points to."""
    return [table for table in t.metadata.sorted_tables if table.name not in EMPTY]


@contextmanager
def server_open(url: sa.URL, stays: str = f"{_STAYS} Then try again.") -> Iterator["ServerSide"]:
    """One transaction on the server, with the lock that one till at a time has.

    Args:
        stays: what is said where it fails: that nothing has changed, and what to do when it works.

    Raises:
        NotMoved: the server, or the way to it, fails; nothing of it stays.
    """
    try:
        engine = bounded_engine(url, LONG, isolation_level="READ COMMITTED", poolclass=sa.NullPool)
    except ImportError:
        raise NotMoved(f"The driver of the database server (psycopg) is not installed. {stays}") from None
    import psycopg  # there, by now

    try:
        with engine.connect() as connection, connection.begin():
            _set(connection, _AS_WRITTEN | {"statement_timeout": _STATEMENT})
            be_alone(connection, _WAIT, _WAIT, None)
            _set(connection, {"idle_in_transaction_session_timeout": _SILENT})
            if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
                raise NotMoved(f"{_COPY} Use the address of the one that takes them. {stays}")
            yield ServerSide(connection)
    except (psycopg.Error, DBAPIError) as error:
        raise NotMoved(f"{fault_words(getattr(error, 'orig', error))} {stays}") from error
    finally:
        engine.dispose()


def _set(connection: sa.Connection, values: dict[str, str]) -> None:
    connection.execute(sa.select(*(sa.func.set_config(name, value, True) for name, value in values.items())))


class ServerSide:
    """What is asked of it; everything raises the driver's errors."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection

    def end(self) -> None:
        """End what it does just now. Any thread; waits for nothing."""
        threading.Thread(target=self._driver.cancel_safe, name="cancel", daemon=True).start()

    def identity(self) -> str:
        """Which server it is, the same for as long as its data last; empty where that cannot be read."""
        if not self._connection.scalar(_identity_can_be_read):
            return ""
        return str(self._connection.scalar(_identity))

    def has_come(self, mark: MoveMark) -> bool:
        """Whether a moving has brought its shop here.

        Raises:
            NotMoved: that cannot be known, since this is another server by the same name.
        """
        if self.came() == mark.id:
            return True
        if mark.server and mark.server != self.identity():
            raise NotMoved(
                f"Under the address of {mark.place} answers another server than the one that the shop was being moved "
                "to, which may have everything. No money moved, nothing is lost. Nothing is sold from here until that "
                "is known: see that the address leads to the same server as then, and give the same command once more."
            )
        return False

    def came(self) -> str | None:
        """Which moving has brought the shop that is there; None where none has."""
        text = self.setting(CAME)
        return str(json.loads(text)["id"]) if text else None

    def setting(self, key: str) -> str | None:
        """A setting of the shop that is there; None also where there is none."""
        if not self._connection.dialect.has_table(self._connection, t.setting.name):
            return None
        text: str | None = self._connection.scalar(_setting, {"of_key": key})
        return text

    def version(self) -> str | None:
        """Of the schema of the shop that is there."""
        stamp: str | None = self._connection.scalar(_stamp)
        return stamp

    def now(self) -> float:
        """Seconds since 1970 by its clock."""
        return database_time(self._connection)

    def rows(self, table: sa.Table) -> list[sa.Row[*tuple[Any, ...]]]:
        """Every row, by the primary key."""
        return list(self._connection.execute(sa.select(table).order_by(*table.primary_key)))

    def give_up(self, moving: str) -> None:
        """Take the shop away; nobody sells here any more, and another moving may begin.

        Args:
            moving: its id.
        """
        for table in reversed(t.metadata.sorted_tables):
            if table is not t.setting:
                self._connection.exec_driver_sql(f'DROP TABLE "{table.name}" CASCADE')
        for name in self._connection.execute(_functions).scalars():
            self._connection.exec_driver_sql(f"DROP FUNCTION {name}")
        self._connection.execute(t.setting.delete())
        self._connection.execute(t.setting.insert().values(key=TAKEN_BACK, value=moving))
        self._connection.execute(_leave, {"left": LEFT})

    def make_tables(self) -> None:
        """Make every table in an empty database, none of whose triggers fires until `finish`.

        Raises:
            NotMoved: it is not empty, or keeps texts in another way than UTF-8.
        """
        if self._connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
            raise NotMoved(
                f"That database does not keep every character (its encoding is not UTF8). {_STAYS} Make a new one on "
                "the server (`createdb --encoding=UTF8 --template=template0 NAME`), and move the shop into that."
            )
        if self.setting(TAKEN_BACK) is not None:
            for name in (t.setting.name, "alembic_version"):
                self._connection.exec_driver_sql(f"DROP TABLE {name}")
        if self._connection.execute(_things).scalar_one():
            self._refuse_filled()
        make_tables(self._connection)
        self._triggers("DISABLE")

    def _refuse_filled(self) -> None:
        if not self._connection.dialect.has_table(self._connection, "alembic_version"):
            raise NotMoved(f"In that database are tables of another program. {_NEW_ONE}")
        stamp = self._connection.scalar(_stamp)
        if stamp not in KNOWN:
            raise NotMoved(f"In that database is a shop already, written by a newer Kaunta. {_NEW_ONE}")
        payments = self._connection.execute(sa.select(sa.func.count()).select_from(t.payment)).scalar_one()
        raise NotMoved(
            f"In that database is a shop already ({payments:,} payments): a till or a command was opened with its "
            f"address before. Two shops cannot be put together. {_NEW_ONE}"
        )

    def take(self, table: sa.Table, parts: Iterable[Sequence[bytes]]) -> Generator[int, None, None]:
        """Write lines; gives after each part how many there are by then."""
        done = 0
        waiting: list[bytes] = []
        for part in parts:
            waiting += part
            done += len(part)
            if len(waiting) >= _PART:
                self._copy(table, waiting)
                waiting = []
            yield done
        self._copy(table, waiting)

    def _copy(self, table: sa.Table, lines: Sequence[bytes]) -> None:
        with self._driver.cursor() as cursor, cursor.copy(copy_in(table)) as copy:
            copy.write(b"".join(lines))

    def compare(self, table: sa.Table, parts: Iterable[Sequence[bytes]], where: str = "") -> Generator[int, None, None]:
        """Hold every row against its line; gives after each part how many there were by then.

        Raises:
            Differs: one is another, is missing, or there is one too many.
        """
        done = 0
        with self._driver.cursor() as cursor, cursor.copy(copy_out(table, where)) as copy:
            there = iter(copy)
            for part in parts:
                for line in part:
                    if bytes(next(there, b"")) != line:
                        raise Differs(table.name)
                done += len(part)
                yield done
            if next(there, None) is not None:
                raise Differs(table.name)

    def finish(self, moving: str, at: str) -> None:
        """Let numbers and triggers go on, and write down which moving it was; what is left is the commit.

        Args:
            moving: its id.
        """
        for table in moved_tables():
            for column in table.primary_key:
                name = self._connection.scalar(_sequence, {"name": f'"{table.name}"', "column": column.name})
                last = self._connection.scalar(sa.select(sa.func.max(column))) if name else None
                if last:
                    self._connection.execute(sa.select(sa.func.setval(name, last)))
        self._connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # what the commit would say is said now
        self._triggers("ENABLE")
        self._connection.execute(t.setting.insert().values(key=CAME, value=json.dumps({"id": moving, "at": at})))
        for table in moved_tables():
            self._connection.exec_driver_sql(f'ANALYZE "{table.name}"')

    def _triggers(self, what: str) -> None:
        """What they would write is moved as well, and what they refuse is not to be refused here."""
        for table in t.metadata.sorted_tables:
            self._connection.exec_driver_sql(f'ALTER TABLE "{table.name}" {what} TRIGGER USER')
