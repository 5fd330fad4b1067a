"""Hearing of what others have written into the same database: told with each commit, and looked up in any case.

What is told is only that something was written. What it was stands in journal and audit, which are only appended to,
by one till at a time: the numbers of their lines are in the order of the commits, and a look from the last known
number on misses nothing, whatever was told and lost meanwhile.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pos_app.domain.shop_changes import ShopChanges
from pos_app.store import tables as t
from pos_app.store.engine import cannot_save, translated
from pos_app.store.rows import select_payments, to_payments
from pos_app.store.server import bounded_engine

CHANNEL = "kaunta"
MOST = 500  # lines in one look
_SECONDS = 5.0  # for one statement
_notify = sa.select(sa.func.pg_notify(CHANNEL, sa.bindparam("origin")))
_e, _a = t.payment_event.c, t.audit.c
_marks = sa.select(
    *(sa.select(sa.func.coalesce(sa.func.max(line.id), 0)).scalar_subquery() for line in (_e, _a)),
)
_lines = sa.select(_e.id, _e.payment_id).where(_e.id > sa.bindparam("last")).order_by(_e.id).limit(MOST)
_acts = sa.select(_a.id, _a.act).where(_a.id > sa.bindparam("last")).order_by(_a.id).limit(MOST)
_payments = select_payments.where(t.payment.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(t.payment.c.id)


def tell_others(connection: sa.Connection, origin: str) -> None:
    """Tell the other tills, once this transaction is committed, that something was written; a file has no others.

    Args:
        origin: whose transaction it is, which need not hear of it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_notify, {"origin": origin})


class _Changes:
    """What journal and audit have behind the last lines that were looked at; over a connection of its own.

    Args:
        engine: makes that connection, which begins no transaction.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None
        self._marks: tuple[int, int] | None = None

    def open(self) -> None:
        """Listen from now on, where it does not yet. Raises CannotSave."""
        if self._connection:
            return
        with translated():
            connection = self._engine.connect()
            try:
                self._begin(connection)
                if self._marks is None:
                    lines, acts = connection.execute(_marks).one()
                    self._marks = lines, acts
            except BaseException:
                connection.close()
                raise
        self._connection = connection

    def _begin(self, connection: sa.Connection) -> None:
        """What a connection needs, before anything is looked at."""

    def look(self) -> ShopChanges:
        """What was written since the last look, or since it was opened for the first time. Raises CannotSave."""
        assert self._connection is not None
        assert self._marks is not None
        last_line, last_act = self._marks
        with translated():
            lines = self._connection.execute(_lines, {"last": last_line}).all()
            acts = self._connection.execute(_acts, {"last": last_act}).all()
            ids = sorted({line.payment_id for line in lines})
            payments = to_payments(self._connection.execute(_payments, {"ids": ids}).all()) if ids else []
        self._marks = (lines[-1].id if lines else last_line, acts[-1].id if acts else last_act)
        more = MOST in (len(lines), len(acts))
        return ShopChanges(tuple(payments), frozenset(act.act for act in acts), more)

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """Yields the driver's own connection. Raises CannotSave."""
        assert self._connection is not None
        try:
            yield self._connection.connection.driver_connection
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise cannot_save(error) from error

    def close(self) -> None:
        """Listen no more; what was known is remembered for the next `open`."""
        connection, self._connection = self._connection, None
        if connection:
            with suppress(DBAPIError):
                connection.invalidate()  # it may be broken: nothing is said to a server any more
                connection.close()


class ServerChanges(_Changes):
    """Fits `sales.ports.ShopFeed`: what other tills write. For one thread.

    Args:
        url: of a PostgreSQL database.
        origin: what `tell_others` says of this program.
    """

    def __init__(self, url: str, origin: str) -> None:
        super().__init__(
            bounded_engine(sa.make_url(url), _SECONDS, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        )
        self._origin = origin

    def _begin(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Whether another till has told of something, within so many seconds. Raises CannotSave."""
        with self._asking() as driver:
            told = [one.payload for one in driver.notifies(timeout=seconds, stop_after=1)]
        return any(origin != self._origin for origin in told)

    def wake(self) -> None:
        """A wait ends by itself: the driver's cannot be ended."""


class FileChanges(_Changes):
    """Fits `sales.ports.ShopFeed`: what commands beside the till write, as the file counts its commits.

    Those of the till itself count, too: what it knows already it is not told again.

    Args:
        path: of an SQLite database, which is there.
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        super().__init__(
            sa.create_engine(
                "sqlite://",
                creator=lambda: sqlite3.connect(uri, uri=True, timeout=_SECONDS, isolation_level=None),
                poolclass=sa.NullPool,
                hide_parameters=True,
            )
        )
        self._version: object = None
        self._woken = threading.Event()

    def _begin(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only=ON")

    def wait(self, seconds: float) -> bool:
        """Whether anything was committed since the last time, so many seconds later. Raises CannotSave."""
        self._woken.wait(seconds)
        with self._asking() as driver:  # twice a second, day and night: without what SQLAlchemy puts round it
            (version,) = driver.execute("PRAGMA data_version").fetchone()
        before, self._version = self._version, version
        return bool(version != before)

    def wake(self) -> None:
        """End a wait now, and all that come."""
        self._woken.set()
