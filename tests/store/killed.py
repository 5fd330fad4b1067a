"""Puts a copy back, or makes one, killed before each thing it asks of the system; prints what is found.

    python -m tests.store.killed restore|copy DATABASE COPY

Run by itself, because it forks: no other thread may be there.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from pos_app.store.backups.restore import put_back
from pos_app.store.database import open_database
from pos_app.store.files import copy_file
from tests.support.fakes import START

WATCHED = ("open", "os.", "shutil.", "sqlite3.connect")  # how the names of audit events begin
SUFFIXES = ("", "-wal", "-shm")


def main(what: str, database: Path, copy: Path) -> None:
    """Until a run is not killed any more; prints the number of payments after each: in the database, in the copy."""
    step, ended = 0, False
    while not ended:
        step += 1
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "practice.db"
            for suffix in SUFFIXES:
                shutil.copyfile(f"{database}{suffix}", f"{path}{suffix}")
            if what == "restore":
                ended = _run(partial(put_back, copy, path, "practice", lambda: START), step)
                found = _payments(path)
            else:
                made = path.with_name("copy.db")
                ended = _run(partial(copy_file, path, made), step)
                found = _payments(made) if made.exists() else 0
            print(found, flush=True)  # noqa: T201 - what the test reads


def _run(work: Callable[[], object], step: int) -> bool:
    """Whether it came to its end."""
    child = os.fork()
    if child == 0:
        seen = 0

        def kill(event: str, _arguments: object) -> None:
            nonlocal seen
            seen += event.startswith(WATCHED)
            if seen == step:
                os._exit(9)

        sys.addaudithook(kill)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _payments(path: Path) -> int:
    assert path.exists(), "no database: a start would make a new one"
    open_database(path, "practice").close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(connection.execute("SELECT count(*) FROM payment").fetchone()[0])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
