"""Copies of the database: by itself each hour while a till is open, and wherever a person wants one."""

import logging
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from pos_app.errors import BadInput, Damaged, StoreError
from pos_app.private_files import make_folder
from pos_app.store.backups.copies import Copies
from pos_app.store.backups.marks import COPIED, LOOKED_THROUGH, StateMark, state_of
from pos_app.store.backups.schedule import give_way, tidy
from pos_app.store.files import SIDE_FILES, Stopped, beside, copy_file
from pos_app.store.integrity import UNREADABLE, contents, damaged, faults, is_damage, words

EVERY = 3_600.0  # seconds between copies
LARGE = 32_000_000  # bytes; to look through more takes more than a second
SETTLE = 60.0  # seconds after opening before a large database is looked through
SHARE = 0.2  # of the free space, counting the copies themselves, that all copies may take
LEAST_FREE = 256_000_000  # bytes of the disk that copying leaves to the till, whoever else fills it meanwhile
STOPPING = 2.0  # seconds that closing waits at most: only a disk that hangs takes longer
_log = logging.getLogger(__name__)


class AutomaticCopies:
    """Looks through the database once, then copies it each hour in which it was written, in a thread of its own.

    It reads beside the till, which never waits for it; whatever fails is logged, and the till goes on. A copy counts
    only when SQLite finds nothing wrong in it: a damaged database must not push out the good copies. Which copies stay
    is in `schedule.py`.

    A till that is opened again within the hour waits for the rest of it. Otherwise ten short runs, such as ten
    charges on the command line, would push out all that is older.
    """

    def __init__(
        self,
        database: Path,
        now: Callable[[], datetime],
        *,
        on_damage: Callable[[str], None] = lambda _: None,
        still_ours: Callable[[], object] = lambda: None,
        every: float = EVERY,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        """Nothing is done before `start`.

        Args:
            on_damage: told once, in words for a person, on this thread.
            still_ours: raises where the file is no longer the database that the till has open.
            every: seconds between copies.
            wait: waits so many seconds; True as soon as it is to stop.
        """
        self._database = database
        self._copies = Copies(database)
        self._looked = StateMark(database, LOOKED_THROUGH)
        self._copied = StateMark(database, COPIED)
        self._still_ours = still_ours
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
        _go_gently()
        if not (self._is_large() and self._wait(SETTLE)):
            self.look()
        wait = self._until_due()
        while not self._wait(wait):
            self.copy()
            wait = self._every

    def look(self) -> None:
        """Look through the database file, where it was not looked through since it was written."""
        if not self._looked.holds(state_of(self._database)):
            self.check()

    def check(self) -> None:
        """Look through the database file, quickly, and tell what is wrong."""
        with self._going_on("the database could not be looked through"):
            seen = state_of(self._database)
            found = self._faults(self._database, quick=True)
            if found:
                self._tell(found)
            else:
                _log.info("the database file is in order")
                self._looked.put(seen, self._now())

    def copy(self) -> None:
        """Make a copy now, unless the last one is still the same, and delete those that have had their time."""
        with self._going_on("no automatic copy could be made"):
            self._still_ours()
            moment, state = self._now(), state_of(self._database)
            last = self._copies.newest(moment)
            if last and self._copied.holds(_copied_to(state, last.path)):
                self._copied.put(_copied_to(state, last.path), moment)
            elif self._make_copy(target := self._copies.at(moment)):
                self._copied.put(_copied_to(state, target), moment)

    def _make_copy(self, target: Path) -> bool:
        """Whether there was room for it."""
        make_folder(target.parent)
        size = self._database.stat().st_size
        # As much as the copy takes, and as much again for the database to grow.
        if not give_way(self._copies, lambda: self._free() >= 2 * size):
            _log.warning("no automatic copy was made: the disk has too little free space for it")
            return False
        least = min(size, LEAST_FREE)
        copy_file(self._database, target, approve=self._approve, stopped=lambda: self._gives_up(least))
        _log.info("copied the database to %s", target.name)
        tidy(self._copies, target, SHARE * (self._free() + self._copies.size()))
        return True

    def _gives_up(self, least: int) -> bool:
        if self._free() < least:
            _log.warning("an automatic copy was given up: the disk has too little free space left")
            return True
        return self._stopping.is_set()

    def _free(self) -> int:
        return shutil.disk_usage(self._database.parent).free

    def _until_due(self) -> float:
        """Seconds until the last copy, or the last look that found it the same still, is old enough; 0 without one.

        One from the future says nothing.
        """
        now = self._now()
        last = self._copies.newest(now)
        if last is None:
            return 0.0
        found = self._copied.moment()
        since = max(last.made_at, found) if found and found <= now else last.made_at
        return max(0.0, self._every - (now - since).total_seconds())

    def _is_large(self) -> bool:
        try:
            return self._database.stat().st_size > LARGE
        except OSError:
            return False

    def _approve(self, copy: Path) -> None:
        # Every page, but in a large one not each index: that would take minutes of processor each hour. Whoever puts
        # the copy back looks at everything first.
        found = self._faults(copy, quick=self._is_large())
        if found:
            self._tell(found)
            raise Stopped
        self._still_ours()

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


def _copied_to(state: str, copy: Path) -> str:
    return state and f"{state} {copy.name}"


def _go_gently() -> None:
    """This thread gets what others leave of the processor."""
    if sys.platform == "linux":  # elsewhere priorities belong to whole programs
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


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
