"""Single statements beside the books, each with a connection of its own: they wait for no till that writes these.

A statement without a transaction ends in the database, whatever becomes of who sent it, and leaves no lock behind.
"""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos_app.store.server import bounded_engine

_WAIT = 1.5  # seconds that another's step is waited for; a single one takes a thousandth
_CONNECT = 7  # seconds: five to seven round trips of a line that takes one for each
CLOCK = {  # seconds since 1970, as the database's computer has them
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
}


def statements_of(engine: sa.Engine, *texts: str) -> tuple[sa.TextClause, ...]:
    """Each as the database of the engine takes it, `{clock}` in it being the time there."""
    return tuple(sa.text(text.format(clock=CLOCK[engine.dialect.name])) for text in texts)


def engine_beside(location: Path | str) -> sa.Engine:
    """Nothing is opened before something is asked.

    Args:
        location: an SQLite file, which must be there, or the URL of a PostgreSQL database.
    """
    options: dict[str, Any] = {"poolclass": sa.NullPool, "isolation_level": "AUTOCOMMIT", "hide_parameters": True}
    if isinstance(location, str):
        address = sa.make_url(location)
        if address.get_driver_name() != "psycopg":
            return sa.create_engine(location, **options)
        return bounded_engine(address, _WAIT, connect=_CONNECT, lock=_WAIT, **options)
    uri = f"{location.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
        # What is replaced is written over; and what a power cut takes of it is had anew.
        for pragma in ("secure_delete=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    return sa.create_engine("sqlite://", creator=connect, **options)
