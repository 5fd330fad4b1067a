"""Copies of the database: by itself each hour while a till is open, and wherever a person wants one."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from pos_app.errors import BadInput, Damaged, StoreError
from pos_app.private_files import make_folder
from pos_app.store.copies import Copies
from pos_app.store.damage import UNREADABLE, contents, damaged, faults, is_damage, words
from pos_app.store.files import SIDE_FILES, Stopped, beside, copy_file

EVERY = 3_600.0  # seconds between copies
STOPPING = 2.0  # seconds that closing waits at most: only a disk that hangs takes longer
_log = logging.getLogger(__name__)


class AutomaticCopies:
    """Looks through the database once, then copies it each hour, in a thread of its own.

    It reads beside the till, which never waits for it; whatever fails is logged, and the till goes on. A copy counts
    only when SQLite finds nothing wrong in it: a damaged database must not push out the good copies.

    A till that is opened again within the hour waits for the rest of it. Otherwise ten short runs, such as ten
    charges on the command line, would push out all that is older.
    """

    def __init__(
        self,
        database: Path,
        now: Callable[[], datetime],
        *,
        on_damage: Callable[[str], None] = lambda _: None,
        every: float = EVERY,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        """Nothing is done before `start`.

        Args:
            on_damage: told once, in words for a person, on this thread.
            every: seconds between copies.
            wait: waits so many seconds; True as soon as it is to stop.
        """
        self._database = database
        self._copies = Copies(database)
        self._now = now
        self._on_damage = on_damage
        self._every = every
        self._stopping = threading.Event()
        self._wait = wait or self._stopping.wait
        self._thread = threading.Thread(target=self._run, name="copies", daemon=True)
        self._looking: sqlite3.Connection | None = None
        self._door = threading.Lock()  # nobody interrupts a connection that is being closed
        self._told = False

    def start(self) -> None:
        """Look through the database, and begin to copy."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a copy that is not whole yet is dropped."""
        self._stopping.set()
        ends = time.monotonic() + STOPPING
        # Again and again: what interrupts an SQLite that has not begun yet is forgotten.
        while self._thread.is_alive() and time.monotonic() < ends:
            with self._door:
                if self._looking:
                    self._looking.interrupt()
            self._thread.join(0.02)

    def _run(self) -> None:
        self.check()
        wait = self._until_due()
        while not self._wait(wait):
            self.copy()
            wait = self._every

    def check(self) -> None:
        """Look through the database file, quickly, and tell what is wrong."""
        with self._going_on("the database could not be looked through"):
            found = self._faults(self._database, quick=True)
            if found:
                self._tell(found)
            else:
                _log.info("the database file is in order")

    def copy(self) -> None:
        """Make a copy now, and delete what is older than the newest ten."""
        target = self._copies.at(self._now())
        with self._going_on("no automatic copy could be made"):
            make_folder(target.parent)
            copy_file(self._database, target, approve=self._approve, stopped=self._stopping.is_set)
            _log.info("copied the database to %s", target.name)
            self._copies.tidy(keep=target)

    def _until_due(self) -> float:
        """Seconds until the newest copy is old enough; 0 without one, and where it comes from the future."""
        copies = self._copies.all()
        age = (self._now() - copies[-1].made_at).total_seconds() if copies else self._every
        return max(0.0, self._every - age) if age >= 0 else 0.0

    def _approve(self, copy: Path) -> None:
        found = self._faults(copy)
        if found:
            self._tell(found)
            raise Stopped

    def _faults(self, path: Path, *, quick: bool = False) -> list[str]:
        if not path.is_file():  # SQLite would make one
            raise FileNotFoundError(path)
        # Interrupted by whoever closes the till.
        with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
            self._set_looking(connection)
            try:
                return faults(connection, quick=quick)
            finally:
                self._set_looking(None)

    def _set_looking(self, connection: sqlite3.Connection | None) -> None:
        with self._door:
            self._looking = connection

    @contextmanager
    def _going_on(self, trouble: str) -> Iterator[None]:
        """Whatever happens, the till goes on."""
        try:
            yield
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - a till without copies is better than no till
            if is_damage(error):
                self._tell([str(error)])
            elif not self._stopping.is_set():
                _log.warning("%s", trouble, exc_info=True)

    def _tell(self, found: list[str]) -> None:
        _log.error("the database file is damaged: %s", "; ".join(found))
        if not self._told:
            self._told = True
            self._on_damage(words(self._database))


def save_copy(database: Path, target: Path) -> int:
    """Copy a database, also while a till has it open, to a file that is not there yet.

    Returns:
        How many payments are in the copy.

    Raises:
        BadInput: there is nothing to copy, or the target cannot be used.
        Damaged: SQLite finds the database damaged; no copy is left.
        StoreError: the copy cannot be written; none is left.
    """
    if not database.is_file():
        raise BadInput(f"There is no database {database} yet. Nothing was copied.")
    _check_target(target)
    try:
        copy_file(database, target, approve=_must_be_whole)
        return contents(target).payments
    except (OSError, *UNREADABLE) as error:
        if is_damage(error):
            raise damaged(database) from error
        raise StoreError(
            f"The copy {target} could not be written. No part of it is left. See whether there is space, whether the "
            "folder may be written, and whether another program is using the database."
        ) from error
    except Stopped:
        raise Damaged(words(database)) from None


def _must_be_whole(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        found = faults(connection)
    if found:
        _log.info("the database file is damaged: %s", "; ".join(found))
        raise Stopped


def _check_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise BadInput(f"The folder {target.parent} is not there. Nothing was copied.")
    # What lies beside a database under its name would be taken for a part of it.
    for name in (target, *(beside(target, suffix) for suffix in SIDE_FILES)):
        if name.exists() or name.is_symlink():
            raise BadInput(f"{name} is there already and stays as it is. Nothing was copied. Choose another name.")
