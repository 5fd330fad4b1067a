"""The failing disk itself: it fails as ordered, one database alone, and leaves half of what is cut."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.scenarios.disk import COMPILER, FAILURES, Disk, Failure

pytestmark = pytest.mark.skipif(not COMPILER, reason="there is no gcc here")
_WRITE_AND_FLUSH = """
import os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
try:
    os.pwrite(file, b"12345678", 0)
    os.fsync(file)
except OSError as error:
    print(error.errno)
"""


def _errno(disk: Disk, path: Path) -> str:
    """What a process hears that writes to the file and flushes it."""
    with disk.under_whoever_starts():
        done = subprocess.run(
            [sys.executable, "-c", _WRITE_AND_FLUSH, path], capture_output=True, text=True, check=True, timeout=30
        )
    return done.stdout.strip()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "till.db")


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_it_fails_as_ordered_until_it_is_mended(disk: Disk, tmp_path: Path, failure: Failure) -> None:
    disk.fail(failure)
    assert _errno(disk, tmp_path / "till.db-wal") == str(failure.error)
    assert disk.failed() == 1
    left = {"part": b"1234", "middle": b"1234", "flush": b"12345678"}
    expected = next((content for word, content in left.items() if word in failure.name), b"")
    assert (tmp_path / "till.db-wal").read_bytes() == expected
    assert _errno(disk, tmp_path / "another.db") == ""
    disk.mend()
    assert _errno(disk, tmp_path / "till.db-wal") == ""
    assert disk.failed() == 0


def test_it_fails_so_many_times(disk: Disk, tmp_path: Path) -> None:
    disk.fail(FAILURES[0], 2)
    assert [_errno(disk, tmp_path / "till.db") for _ in range(3)] == [str(FAILURES[0].error)] * 2 + [""]
