"""T4: the disk fails under the database of a running till, in every way a disk does, and works again.

The till is a real process; a small library loaded before the C library makes its writes and flushes fail.
"""

import errno
import multiprocessing
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

from tests.faults.scenarios.killed import Life, Premises, premises
from tests.faults.simulation import killable_till
from tests.faults.simulation.killable_till import FastClock
from tests.support.fakes import START

COMPILER = shutil.which("gcc") if os.name == "posix" else None
_SOURCE = Path(__file__).with_name("failing_disk.c")
_ORDERS = struct.Struct("iiii")  # what fails, with which error, how many times more, how many times it did
_WRITES, _HALVES, _FLUSHES = 1, 2, 4
_FOR_EVER = 2**30
_FAULTS_IN_A_LIFE = 12
_BETWEEN = 0.03  # seconds, at most
_TOLD = 1.0  # seconds from the first failure until charging has stopped and says so (promise R11)


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail."""

    name: str
    what: int
    error: int


FAILURES = (
    Failure("disk full", _WRITES, errno.ENOSPC),
    Failure("disk full in the middle of a write", _HALVES, errno.ENOSPC),
    Failure("written in part, then an error", _HALVES, errno.EIO),
    Failure("became read-only", _WRITES, errno.EROFS),
    Failure("error of the disk at a write", _WRITES, errno.EIO),
    Failure("error of the disk at a flush", _FLUSHES, errno.EIO),
    Failure("no room at a flush", _FLUSHES, errno.ENOSPC),
)


class Disk:
    """The disk under one database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._library = database.with_name("failing_disk.so")
        self._orders = database.with_name("orders")
        self.mend()
        assert COMPILER, "this needs gcc"
        subprocess.run([COMPILER, "-shared", "-fPIC", "-O2", "-o", self._library, _SOURCE, "-ldl"], check=True)

    @contextmanager
    def under_whoever_starts(self) -> Iterator[None]:
        """Processes that are started in here have this disk."""
        ours = {
            "LD_PRELOAD": str(self._library),
            "FAILING_DISK_ORDERS": str(self._orders),
            "FAILING_DISK_DATABASE": str(self._database.resolve()),
        }
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value

    def fail(self, failure: Failure, times: int = _FOR_EVER) -> None:
        """From now on, so many times."""
        self._order(failure.what, failure.error, times)

    def mend(self) -> None:
        """All is well."""
        self._order(0, 0, 0)

    def failed(self) -> int:
        """How often it did, since the last order."""
        return int(_ORDERS.unpack(self._orders.read_bytes())[3])

    def _order(self, what: int, error: int, times: int) -> None:
        with self._orders.open("r+b" if self._orders.exists() else "wb") as file:  # the same page, never a new file
            file.write(_ORDERS.pack(what, error, times, 0))


class _Counter:
    """A till that sells on a failing disk."""

    def __init__(self, shop: Premises, disk: Disk, seed: int, life: int) -> None:
        self._heard = shop.heard
        self._disk = disk
        with disk.under_whoever_starts():
            clock, context = FastClock(START, shop.began), multiprocessing.get_context("spawn")
            self.till = Life(shop.heard, killable_till.sell, shop.path, clock, seed, life, context=context)
        self.till.wait_for("ready")

    def must_stop(self, failure: Failure) -> None:
        """Rule 11: from the first failure on nobody is charged, and the till says why."""
        begun = monotonic()
        self._disk.fail(failure)
        self.till.wait_for("refused to charge")
        took, saved = monotonic() - begun, self._heard["saved"].total()
        assert took < _TOLD, f"{failure.name}: charging stopped only after {took:.1f} s"
        assert self._disk.failed(), f"{failure.name}: nothing failed"
        self.till.wait_for("refused to charge")
        assert self._heard["saved"].total() == saved, f"{failure.name}: charged all the same"
        [words] = self._heard["refused to charge"]
        assert words.startswith("This computer cannot save safely. Charging has stopped"), words

    def must_go_on(self) -> None:
        """The disk is well again: what waited is saved, and customers are charged."""
        self._disk.mend()
        self.till.wait_for("saved")


def failing(seed: int, runs: int) -> None:
    """So many failures, each of a kind in turn; some are only a moment, and some end with a kill."""
    random = Random(seed)
    with premises() as shop:
        disk = Disk(shop.path)
        for first in range(0, runs, _FAULTS_IN_A_LIFE):
            counter = _Counter(shop, disk, seed, first)
            for number in range(first, min(first + _FAULTS_IN_A_LIFE, runs)):
                counter.must_go_on()
                counter.till.hear(random.uniform(0.0, _BETWEEN))
                failure = FAILURES[number % len(FAILURES)]
                if random.random() < 0.3:
                    disk.fail(failure, random.randint(1, 3))
                    counter.till.hear(random.uniform(0.0, _BETWEEN))
                else:
                    counter.must_stop(failure)
            if random.random() < 0.5:
                counter.must_go_on()
            counter.till.kill()
            disk.mend()
            shop.check(counter.till)
        shop.settle()
