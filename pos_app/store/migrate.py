"""Bringing a database to the schema this program knows, after a copy of the file; refusing what it does not know."""

import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from pos_app.errors import CannotSave, StoreError
from pos_app.store import tables as t
from pos_app.store.backups.copies import progress
from pos_app.store.engine import Engines
from pos_app.store.files import beside, discard, full_words, is_full
from pos_app.store.files import copy_file as copy_file
from pos_app.store.integrity import (
    ENVIRONMENTS,
    SHOP,
    damaged,
    file_of,
    header_is_right,
    is_damage_at_start,
    is_wrong_statement,
)
from pos_app.store.moving.mark import LEFT, LeftMeanwhile, ShopLeft, left_words
from pos_app.store.server import be_alone, unhurried
from pos_app.store.server_words import start_words

HEAD = "0026"  # the newest migration; a test holds it against the folder
KNOWN = tuple(f"{number:04}" for number in range(1, int(HEAD) + 1))
SWEPT = "0013"  # from this one on, what is deleted is written over
LONG = 1.0  # seconds of bringing a database up to date after which it is said
_MEMORY = 65_536  # KiB, at most, while tables are replaced
_WAIT = "30s"  # for another till that migrates the same database
_FILE_WAIT = 30.0  # seconds, the same for a file
_LOCK_TIMEOUT = "55P03"  # SQLSTATE
_BEFORE = ".before-"  # ends the name of a copy from before an upgrade, with the version that came
_stamp_of = sa.text("SELECT version_num FROM alembic_version")
_log = logging.getLogger(__name__)


class Outdated(CannotSave):
    """A newer program has changed the schema while this one had the database open."""

    def __init__(self) -> None:
        super().__init__(
            "A newer Kaunta, at another till or by a command, has brought the database up to date. Charging has "
            "stopped here so no payment is lost; what M-PESA answers is kept. Close this till, install the "
            "newer version, and start it again."
        )


def must_be_known(connection: sa.Connection) -> None:
    """Whether the schema is still the one this program writes, asked in each write transaction: whoever migrates waits
    for that one, or was before it.

    Raises:
        Outdated: what this program would write lacks what the newer one has added.
        LeftMeanwhile: the shop is on a server by now.
    """
    stamp = connection.scalar(_stamp_of)
    if stamp != HEAD:
        raise LeftMeanwhile if stamp == LEFT else Outdated


def prepare(
    engines: Engines, environment: str, on_long_upgrade: Callable[[], None] = lambda: None, *, left_too: bool = False
) -> None:
    """Migrate where the schema is behind, and stamp a new database with its environment and a shop of its own.

    Args:
        environment: practice, sandbox or production; a database belongs to one for ever.
        left_too: whether one may be read whose shop has moved to a server; nothing can be saved in it.
        on_long_upgrade: told once, on a thread of its own, where the records of an older program take more than a
            second to be brought up to date, and always before this returns.

    Raises:
        StoreError: damaged, newer than this program, of another environment, or not to be written.
        ShopLeft: its shop has moved to a server.
    """
    database = file_of(engines.reader)
    if database and not header_is_right(database):
        raise damaged(database)
    try:
        version = _version(engines.reader)  # a database that is refused is not even switched to WAL
        if version == LEFT and left_too:
            return
        _check_version(version, engines.reader)
        stamped = version is not None and _is_of(engines.reader, environment)
        if version != HEAD:
            with nullcontext() if version is None else _told_when_long(on_long_upgrade):
                _upgrade(engines.writer, version, database)
                if database and version is not None and version < SWEPT:
                    _write_anew(database)
        elif database:
            _check_tables(engines.reader)
        if not stamped:
            _stamp(engines.writer, environment)
    except (DBAPIError, UnicodeDecodeError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if database and is_damage_at_start(cause):
            raise damaged(database) from error
        if is_wrong_statement(cause):
            raise  # a fault of ours, in a migration
        raise StoreError(_words(cause, database)) from error


def _version(engine: sa.Engine) -> str | None:
    """The stamp of the last migration, or None for a new database."""
    with engine.connect() as connection:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return None
        version: str | None = connection.scalar(_stamp_of)
        return version


def _check_version(version: str | None, engine: sa.Engine) -> None:
    if version in KNOWN:
        return
    if version == LEFT and (left := left_words(engine)):
        raise ShopLeft(left)
    database = file_of(engine)
    if version is None:
        # Only an empty file is a new database. Where tables cannot be found among other pages, making new ones would
        # write over what is left.
        if database and _pages(engine) > 1:
            raise damaged(database)
        return
    if database and not re.fullmatch("[0-9]{4}", str(version)):
        raise damaged(database)
    raise StoreError(
        "This database was written by a newer Kaunta. Nothing was changed. Install the newer version, "
        "or choose another data folder."
    )


def _pages(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


@cache
def _table_probe() -> str:
    """One statement of SQLite's that names every table and column, and reads none."""
    probes = (sa.select(table).where(sa.text("0")) for table in t.metadata.sorted_tables)
    return f"SELECT {', '.join(f'EXISTS ({probe.compile(dialect=sqlite.dialect())})' for probe in probes)}"


def _check_tables(engine: sa.Engine) -> None:
    """A table or column that is missing shows now, not when a payment must be saved."""
    with engine.connect() as connection:
        connection.exec_driver_sql(_table_probe()).close()


def check_tables(connection: sqlite3.Connection, version: str | None) -> None:
    """The same for a file that is not the database yet; an older one gets its tables when it is migrated.

    Raises:
        sqlite3.Error: a table or a column is missing.
    """
    if version == HEAD:
        connection.execute(_table_probe()).close()


@contextmanager
def _told_when_long(tell: Callable[[], None]) -> Iterator[None]:
    timer = threading.Timer(LONG, tell)
    timer.name = "long-upgrade"
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # what it tells stands before what comes of it


def _upgrade(engine: sa.Engine, version: str | None, database: Path | None) -> None:
    with engine.connect() as connection, _tables_may_be_replaced(connection), connection.begin(), unhurried(connection):
        be_alone(
            connection, _WAIT, _WAIT, None
        )  # another till may be at it; what it has done by then is not done again
        if database and version is not None and connection.scalar(_stamp_of) == version:
            copy_file(database, beside(database, f"{_BEFORE}{HEAD}"))  # nobody writes any more
        make_tables(connection)
    if database and version is not None:
        _clear_older(database)


def make_tables(connection: sa.Connection) -> None:
    """Every migration that is missing, in the transaction that has begun."""
    # Imported here: alembic takes 140 ms, and a schema is behind once in a year.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # The folder that the program is in may have any name, and the configuration takes `%` for a beginning of its own.
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _clear_older(database: Path) -> None:
    """Of the copies from before an upgrade the last one stays, and what knows more: each is as large as the shop."""
    last = beside(database, f"{_BEFORE}{HEAD}")
    known = progress(last)
    for copy in database.parent.glob(f"{database.name}{_BEFORE}[0-9][0-9][0-9][0-9]"):
        if copy != last and progress(copy) <= known:
            with suppress(OSError):
                discard(copy)


def _write_anew(database: Path) -> None:
    """Programs before left between the rows what they had deleted or moved, and an erased number would be there still
    (rule 21). Where there is no room for a second file, it stays so, and erasing says what it finds.
    """
    try:
        with closing(sqlite3.connect(database, timeout=_FILE_WAIT, isolation_level=None)) as connection:
            connection.execute("VACUUM").close()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    except sqlite3.Error as error:
        _log.warning("the database could not be written anew (%s)", type(error).__name__)


def _stamp(engine: sa.Engine, environment: str) -> None:
    with engine.begin() as connection, unhurried(connection):
        be_alone(connection, _WAIT, _WAIT, None)
        if not _stamped(connection, environment):  # another till may have been faster
            connection.execute(t.setting.insert().values(key="environment", value=environment))
        if _shop(connection) is None:
            connection.execute(t.setting.insert().values(key=SHOP, value=secrets.token_hex(8)))


@contextmanager
def _tables_may_be_replaced(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by putting another one in its place, and would take every row that points to the old one
    for broken meanwhile. The new one's keys come in any order: with more memory than usual they are not written to the
    disk and read again each time, which took half of the time of 300,000 payments.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection  # not by SQLAlchemy, which would begin a transaction first
    assert driver is not None
    [memory] = driver.execute("PRAGMA cache_size").fetchone()
    [patience] = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA foreign_keys=OFF").close()
    driver.execute(f"PRAGMA cache_size=-{_MEMORY}").close()
    driver.execute(f"PRAGMA busy_timeout={_FILE_WAIT * 1_000:.0f}").close()  # another program that is at it
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}").close()
        driver.execute(f"PRAGMA cache_size={memory}").close()
        driver.execute("PRAGMA foreign_keys=ON").close()


def _is_of(engine: sa.Engine, environment: str) -> bool:
    """Whether the database is stamped with its environment, which must be this one, and with its shop."""
    with engine.connect() as connection:
        return _stamped(connection, environment) and _shop(connection) is not None


def _shop(connection: sa.Connection) -> str | None:
    shop: str | None = connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.key == SHOP))
    return shop


def _stamped(connection: sa.Connection, environment: str) -> bool:
    stamp = connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.key == "environment"))
    if stamp is None:
        return False
    if stamp not in ENVIRONMENTS and (database := file_of(connection.engine)):
        raise damaged(database)
    if stamp != environment:
        raise StoreError(
            f"This database holds {stamp} payments and cannot be used for {environment}. Nothing was changed. "
            "Choose another data folder."
        )
    return True


def _words(cause: BaseException | None, database: Path | None) -> str:
    if database and is_full(database.parent, cause):
        return full_words(database.parent)
    if "locked" in str(cause).lower() or getattr(cause, "sqlstate", None) == _LOCK_TIMEOUT:
        return (
            "Another program is using the database. Wait until it has ended, or close it; then start again. Nothing "
            "was changed."
        )
    if database is None:
        return start_words(cause)
    return (
        "The database cannot be opened or written. Check that the disk is not full and that the data folder may be "
        "written. Nothing was changed."
    )
