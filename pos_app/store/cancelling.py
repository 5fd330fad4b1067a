"""Ending a statement that runs, from another thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pos_app.domain.cancelling import Cancel
from pos_app.errors import Cancelled
from pos_app.store.server import LONG, unhurried

_STEPS = 10_000  # of SQLite's machine between two looks: a millisecond at most


@contextmanager
def cancellable(connection: sa.Connection, cancel: Cancel | None) -> Iterator[None]:
    """What is read inside ends as soon as it is cancelled; the connection reads on afterwards, or is given up.

    Raises:
        Cancelled: somebody has ended it.
    """
    if cancel is None:
        yield
        return
    driver: Any = connection.connection.driver_connection
    sqlite = connection.dialect.name == "sqlite"
    try:
        with (
            unhurried(connection, LONG),
            _looked_at(driver, cancel) if sqlite else cancel.ending_by(_asking_the_server(driver)),
        ):
            yield
    except DBAPIError as error:
        if not cancel.cancelled:
            raise
        raise Cancelled from error
    finally:
        if cancel.cancelled and not sqlite:
            connection.invalidate()  # the server may hear of it late, and must not end what is asked next


@contextmanager
def _looked_at(driver: Any, cancel: Cancel) -> Iterator[None]:
    """SQLite itself asks every now and then: an interrupt that comes before the statement begins would be lost."""
    driver.set_progress_handler(lambda: cancel.cancelled, _STEPS)
    try:
        with cancel.ending_by(lambda: None):
            yield
    finally:
        driver.set_progress_handler(None, 0)


def _asking_the_server(driver: Any) -> Callable[[], None]:
    """A connection of its own tells the server: on a thread, since the network may be slow."""
    return lambda: threading.Thread(target=driver.cancel_safe, name="cancel", daemon=True).start()
