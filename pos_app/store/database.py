"""The store as a whole: what `pos_app.bootstrap.till` opens and closes."""

import secrets
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy.exc import ArgumentError

from pos_app.domain.links import LinkKey
from pos_app.errors import CannotSave, MaybeSaved, RowRefused, StoreError
from pos_app.private_files import make_folder, tighten_files
from pos_app.store.engine import Engines, open_engines, sqlite_url, translated
from pos_app.store.files import SIDE_FILES, beside, full_words, is_full, sqlite_file
from pos_app.store.integrity import file_of
from pos_app.store.links import Linking
from pos_app.store.migrate import must_be_known, prepare
from pos_app.store.moving.mark import NOTE, LeftMeanwhile, ShopLeft, mark_in
from pos_app.store.reader import SqlReader
from pos_app.store.shop_changes import tell_others
from pos_app.store.sweep import Sweeper
from pos_app.store.traces import must_not_be_missing
from pos_app.store.transaction import SqlTransaction
from pos_app.store.watch import FileWatch


class Database:
    """An open database. Fits `sales.ports.Writer`; `reader` fits `sales.ports.Reader`.

    Attributes:
        origin: whose what is told to other tills is; another one each time.
        left: where its shop has moved, in words; and nothing can be saved in it any more; else empty.
    """

    def __init__(self, engines: Engines, watch: FileWatch | None = None, left: str = "") -> None:
        self.left = left
        self._refuse: Callable[[], CannotSave] | None = LeftMeanwhile if left else None
        self._engines = engines
        self._watch = watch
        self._key: Callable[[], LinkKey | None] | None = None
        self._till = ""
        self._linking: Linking | None = None
        self.origin = secrets.token_hex(8)
        self.reader = SqlReader(engines.reader)

    def only_read(self, why: str) -> None:
        """Save nothing in it any more; `why` is what whoever tries is told."""
        self._refuse = partial(CannotSave, why)

    def link_lines(self, till: str, key: Callable[[], LinkKey | None]) -> None:
        """Link from now on what is appended to the journal and to the audit, as this till's lines.

        Args:
            key: finds the key, before the first transaction; it may wait. None: nothing is linked.
        """
        self._till, self._key, self._linking = till, key, None

    def _linked(self) -> Linking | None:
        if self._key:
            key, self._key = self._key(), None
            self._linking = Linking(self._till, key)
        return self._linking

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """One write transaction.

        Raises:
            CannotSave, Clash: nothing was saved.
            MaybeSaved: the server's answer to the commit was lost.
        """
        if self._refuse:
            raise self._refuse()
        linking = self._linked()
        with self._answer_awaited() as ending, translated(), self._engines.writer.begin() as connection:
            transaction = SqlTransaction(connection, linking)  # alone from here on
            must_be_known(connection)
            yield transaction
            transaction.flush()
            if transaction.appended:
                tell_others(connection, self.origin)
            self.check_file()
            ending.set()
        if linking:
            linking.last, linking.key = transaction.head or linking.last, transaction.link_key
        self.check_file()  # what went into a file that nobody finds again is not saved

    @contextmanager
    def _answer_awaited(self) -> Iterator[threading.Event]:
        """Yields what is set before the commit: what fails from then on may be saved, on a server."""
        ending = threading.Event()
        try:
            yield ending
        except RowRefused:
            raise
        except CannotSave as error:
            if ending.is_set() and file_of(self._engines.writer) is None:
                raise MaybeSaved() from error
            raise

    def sweep(self, phones: Collection[str], *, gently: bool = False) -> bool | None:
        """Take what is left of erased numbers (MSISDNs) out of the file. Slow.

        Args:
            gently: nothing is done that keeps others from writing for a second or two.

        Returns:
            Whether nothing is left; None where the file is a server's.
        """
        return Sweeper(file_of(self._engines.reader), gently=gently).sweep(phones)

    def check_file(self) -> None:
        """Whether the file at the path is still the one that is open. Raises FileGone."""
        if self._watch:
            self._watch.check()

    def close(self) -> None:
        """Close every connection."""
        self._engines.dispose()
        if self._watch:
            self._watch.close()


def open_database(
    location: Path | str,
    environment: str,
    on_long_upgrade: Callable[[], None] = lambda: None,
    *,
    left_too: bool = False,
) -> Database:
    """Open, and create or migrate where needed.

    Args:
        location: an SQLite file, or the URL of a PostgreSQL database.
        environment: practice, sandbox or production.
        on_long_upgrade: told, from any thread, where older records take more than a second to be brought up to date.
        left_too: whether one may be read whose shop has moved to a server; nothing can be saved in it.

    Raises:
        StoreError: with words for a person.
    """
    file = sqlite_file(location)
    if isinstance(location, Path):
        try:
            make_folder(location.parent)
        except OSError as error:
            if is_full(location.parent, error):
                raise StoreError(full_words(location.parent)) from None
            raise StoreError(
                f"The data folder {location.parent} cannot be made or written. Nothing was changed. "
                "Choose another with --data-dir, or allow writing there."
            ) from None
    try:
        engines = open_engines(sqlite_url(location) if isinstance(location, Path) else location)
    except (
        ArgumentError,
        ValueError,
        ImportError,
    ):  # ValueError: its port is no number; ImportError: the server's driver is not installed
        raise StoreError(
            "The address of the database server (Settings, Several tills) cannot be used: it reads like "
            "postgresql+psycopg://user@host/name, and needs psycopg installed. Nothing was sent."
        ) from None
    try:
        if file:
            must_not_be_missing(file)
        prepare(engines, environment, on_long_upgrade, left_too=left_too)
        if file:
            tighten_files(beside(file, suffix) for suffix in ("", *SIDE_FILES))
        mark = mark_in(file) if file and (left_too or beside(file, NOTE).exists()) else None
        if mark and not left_too:
            raise ShopLeft(mark.words())
        return Database(engines, FileWatch(file) if file else None, mark.words() if mark else "")
    except BaseException:
        engines.dispose()
        raise
