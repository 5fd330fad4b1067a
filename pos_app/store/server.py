"""A shop's PostgreSQL server: how its tills connect, wait for each other, and for how long at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from pos_app.store.server_address import safe_way

ONE_WRITER = 7_205_759  # any number, the same in every till
READERS = 6  # connections of one till that read, at most
HOLD = 5.0  # seconds, at most, for one till's transaction: the others wait for it
LONG = 120.0  # seconds for a statement that somebody waits for and can end
_KEPT = 1  # of those that read, while nothing is read; one that writes and one that listens come to it
_WRITE, _READ = 8.0, 10.0  # seconds for one statement, on the server
_LOCK = 5.0  # seconds, the same for what another has locked
_MORE = 2.0  # seconds that a till waits longer than the server works: the server's own word is the better one
_UPGRADE = 3_600.0  # seconds, the same for a statement that brings the records of a large shop up to date
# Seconds until a network that has fallen silent counts as gone. The driver's own is two hours, and no error is told.
_SILENT = 5
_LINE: dict[str, str | int] = {
    "tcp_user_timeout": _SILENT * 1_000,
    "keepalives": 1,
    "keepalives_idle": _SILENT,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
# A till that falls silent inside a transaction loses it within this, sooner than the others give up waiting; one that
# is gone altogether gives its connection back within half a minute.
_SESSION = {
    "idle_in_transaction_session_timeout": "4s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    # What a till asks goes by indexes: to compile it took as long as the longest sum of a million payments.
    "jit": "off",
}

_PLANNED_ONCE, _PLANNED_AS_EVER = "force_generic_plan", "auto"

# What is saved is on the server's disk (rule 1), also where that server was told to answer before it is. What is more
# than that (copies of it elsewhere) stays as it was set there.
_ON_DISK = """, CASE current_setting('synchronous_commit')
    WHEN 'off' THEN set_config('synchronous_commit', 'local', false) END"""


def server_engines(address: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    """What writes and what reads. Nothing is opened yet.

    Raises:
        ArgumentError: the address is none of a PostgreSQL server by psycopg.
        ImportError: psycopg is not installed.
    """
    if (address.get_backend_name(), address.get_driver_name()) != ("postgresql", "psycopg"):
        raise ArgumentError("not a server by psycopg")
    # Whatever the server's own default: what is written is decided by what the last till left, read after the
    # tills' lock; what several questions add up to is of one moment, as in a file.
    pool: dict[str, Any] = {"pool_pre_ping": True, "pool_timeout": _READ}
    writer = bounded_engine(address, _WRITE, isolation_level="READ COMMITTED", pool_size=1, max_overflow=0, **pool)
    more = READERS - _KEPT
    reader = bounded_engine(
        address, _READ, isolation_level="REPEATABLE READ", pool_size=_KEPT, max_overflow=more, **pool
    )
    return writer, reader


def bounded_engine(
    address: sa.URL, seconds: float, *, connect: int = _SILENT, lock: float = _LOCK, **options: Any
) -> sa.Engine:
    """What connects to a server by psycopg, so that every wait for it has an end.

    The limits on the server are set once it is connected: a pool in between (PgBouncer) takes none in the words that
    open a connection.

    Args:
        seconds: for one statement, on the server; a till waits two more.
        connect: seconds for the opening, and `lock`: for what somebody else has locked, on the server.
        options: as SQLAlchemy takes them.
    """
    asked = _LINE | {"connect_timeout": connect}
    line = {name: value for name, value in asked.items() if name not in address.query} | safe_way(address)
    # Hidden: the parameters in an exception's text are customers' numbers.
    options |= {"hide_parameters": True, "connect_args": line}
    engine = sa.create_engine(address, **options)

    def open_one(_dialect: Any, _record: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        from pos_app.store.server_connection import BoundedConnection  # psycopg is there, by now

        connection = BoundedConnection.connect(*args, **options, autocommit=True)
        connection.patience = seconds + _MORE
        limits = _SESSION | {"statement_timeout": _time(seconds), "lock_timeout": _time(lock)}
        said = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in limits.items()) + _ON_DISK
        try:
            connection.execute(f"SELECT {said}".encode())
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    sa.event.listen(engine, "do_connect", open_one)
    return engine


def be_alone(
    connection: sa.Connection, wait: str, wait_row: str, hold: float | None = HOLD, *, by_keys: bool = False
) -> None:
    """Wait for the lock that one till at a time has on a server; it ends with the transaction. A file has its own.

    Args:
        wait: how long at most for another till, and `wait_row`: for what else somebody has locked there, as PostgreSQL
            writes times.
        hold: seconds that this till may take until its commit. One whose line is slow gives up, so that the others can
            go on, and so does the server where it falls silent. None: as long as it takes.
        by_keys: what it asks finds single rows by their keys: the server thinks each question through once, not each
            time. What a result is recorded by asks much of few rows, and took six times as long to plan as to answer.
    """
    if connection.dialect.name == "postgresql":
        set_config = sa.func.set_config
        plans = _PLANNED_ONCE if by_keys else _PLANNED_AS_EVER
        alone = sa.func.pg_advisory_xact_lock(ONE_WRITER)
        # In this order, which is that of their execution: one answer to wait for, not three.
        first = set_config("lock_timeout", wait, True), set_config("plan_cache_mode", plans, True)
        connection.execute(sa.select(*first, alone, set_config("lock_timeout", wait_row, True)))
        if hold is not None:
            _driver(connection).hold(hold)


def take_long(connection: sa.Connection, seconds: float = LONG) -> None:
    """Let the transaction that has begun, and each of its statements, take so long on a server from now on: for what is
    rare and grows with the shop. A till that falls silent in it still loses it as soon as ever.
    """
    if connection.dialect.name == "postgresql":
        limits = {"statement_timeout": _time(seconds), "plan_cache_mode": _PLANNED_AS_EVER}
        connection.execute(sa.select(*(sa.func.set_config(name, value, True) for name, value in limits.items())))
        _driver(connection).hold(seconds, seconds + _MORE)


def database_time(connection: sa.Connection) -> float:
    """Seconds since 1970 as the database's own computer has them, whichever till asks."""
    server = connection.dialect.name == "postgresql"
    now = "extract(epoch FROM clock_timestamp())" if server else "(julianday('now') - 2440587.5) * 86400.0"
    return float(connection.exec_driver_sql(f"SELECT {now}").scalar_one())


@contextmanager
def unhurried(connection: sa.Connection, seconds: float = _UPGRADE) -> Iterator[None]:
    """Let each statement of the transaction that has begun take so long, on a server, and what is worked out between
    two of them.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")
    connection.execute(sa.select(*(sa.func.set_config(name, _time(seconds), True) for name in limits)))
    driver = _driver(connection)
    before, driver.patience = driver.patience, seconds + _MORE
    try:
        yield
    finally:
        driver.patience = before


def _time(seconds: float) -> str:
    """As PostgreSQL writes times."""
    return f"{seconds * 1_000:.0f}ms"


def _driver(connection: sa.Connection) -> Any:
    """The one that `server_engines` made."""
    return connection.connection.driver_connection
