"""How long a shop takes to move to a server; and what is left where it is killed on the way.

    .venv/bin/python -m tests.bench.moving [--payments 100000] [--keep FILE.db]
    .venv/bin/python -m tests.bench.moving --payments 3000 --kills 20 [--seed 7]

The shop is the one of `tests.bench.history`, the server one of its own (PostgreSQL, without the waits that make it
safe). Every row is compared by the moving itself, and once more here as the program reads it. With `--kills` the
command `shop move` is ended by SIGKILL, each time after another while: the shop must be in the file as before, or
nothing may be sold from the file, and the same command must bring everything.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep
from pos_app.errors import StoreError
from pos_app.store import tables as t
from pos_app.store.database import open_database
from pos_app.store.engine import sqlite_url
from pos_app.store.moving.mark import CAME, SETTING, mark_in
from pos_app.store.moving.move import move
from pos_app.store.moving.server_side import EMPTY
from pos_app.store.server_address import typed_address
from tests.bench.history import Shop, generate
from tests.store.server import Server

ROOT = Path(__file__).parents[2]
ENVIRONMENT = "sandbox"
_PART = 5_000  # rows in memory at once


def lay(file: Path, payments: int, seed: int) -> None:
    """A shop of so many payments, as one of the sandbox: practice does not move."""
    generate(file, Shop(payments, seed, customers=max(10, payments // 5), posts=max(10, payments // 50)))
    with closing(open_database(file, "practice")):
        pass
    engine = sa.create_engine(sqlite_url(file))
    with engine.begin() as connection:
        connection.execute(t.setting.update().where(t.setting.c.key == "environment").values(value=ENVIRONMENT))
    engine.dispose()


def digests(url: str) -> dict[str, str]:
    """Of each table, all rows as the program reads them, but for what only one side has."""
    engine = sa.create_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            if table.name not in EMPTY:
                found[table.name] = _digest(connection, table)
    engine.dispose()
    return found


def _digest(connection: sa.Connection, table: sa.Table) -> str:
    collated = connection.dialect.name == "postgresql"
    keys = [key.collate("C") if collated and isinstance(key.type, sa.Text) else key for key in table.primary_key]
    total = sha256()
    rows = connection.execution_options(stream_results=True).execute(sa.select(table).order_by(*keys))
    for part in rows.partitions(_PART):
        for row in part:
            if table is not t.setting or row[0] not in (CAME, SETTING):
                total.update(repr(tuple(row)).encode())
    return total.hexdigest()


@contextmanager
def timed(name: str) -> Iterator[None]:
    begun, worked = time.monotonic(), time.process_time()
    yield
    _say(f"{name:<28}{time.monotonic() - begun:8.1f} s, of them {time.process_time() - worked:.1f} s this processor's")


def measure(payments: int, seed: int, keep: Path | None) -> bool:
    """Whether every row was the same; prints how long each step took."""
    with tempfile.TemporaryDirectory(dir=_folder()) as folder, Server() as server:
        file = Path(folder) / f"{ENVIRONMENT}.db"
        if keep and keep.exists():
            shutil.copyfile(keep, file)
        else:
            lay(file, payments, seed)
            if keep:
                shutil.copyfile(file, keep)
        _say(f"{payments:,} payments, {file.stat().st_size / 1e6:,.0f} MB")
        url, begun = server.create(), time.monotonic()
        steps: dict[MoveStep, float] = {}

        def tell(progress: MoveProgress) -> None:
            steps.setdefault(progress.step, time.monotonic() - begun)

        before = _peak()
        with timed("moved and compared"):
            moved = move(file, typed_address(url), now=lambda: datetime.now(UTC), tell=tell, cancel=Cancel())
        _say(
            f"{sum(moved.rows.values()):,} rows; " + ", ".join(f"{step} from {at:.1f} s" for step, at in steps.items())
        )
        _say(f"{_peak() - before:.0f} MB more memory than before")
        with timed("read by the program again"):
            there, here = digests(url), digests(sqlite_url(file))
        _say("every table is the same" if there == here else "THEY DIFFER")
        return there == here


def kill(payments: int, seed: int, kills: int) -> bool:
    """Whether nothing was ever lost or to be sold twice; prints what was found each time."""
    draw, found = Random(seed), []
    with tempfile.TemporaryDirectory(dir=_folder()) as folder, Server() as server:
        template = Path(folder) / "template.db"
        lay(template, payments, seed)
        whole = digests(sqlite_url(template))
        longest = _killed(template, Path(folder) / "whole", server, None, whole)[1]
        for number in range(kills):
            after = longest * draw.uniform(0.2, 1.05)
            found.append(_killed(template, Path(folder) / str(number), server, after, whole)[0])
            _say(f"killed after {after:.2f} s: {found[-1]}")
    return not any(words.startswith("WRONG") for words in found)


def _killed(
    template: Path, folder: Path, server: Server, after: float | None, whole: dict[str, str]
) -> tuple[str, float]:
    """What was found, and how long the command took."""
    folder.mkdir()
    file, url = folder / f"{ENVIRONMENT}.db", server.create()
    shutil.copyfile(template, file)
    begun = time.monotonic()
    command = _command(folder, url)
    try:
        command.wait(after)
    except subprocess.TimeoutExpired:
        command.kill()
        command.wait()
    took = time.monotonic() - begun
    words = _what_is_left(file)
    if words != "it is on the server":
        again = _command(folder, url)
        again.wait()
        if again.returncode:
            return f"WRONG: {words}, and the same command does not end it", took
    audited = {"audit", "head"}  # each try has its line there
    there = digests(url)
    same = all(there[name] == whole[name] for name in whole if name not in audited | {"setting"})
    left = mark_in(file)
    ended = same and left is not None and left.sure and not _opens(file)
    return (words if ended else f"WRONG: {words}, and then not everything was there"), took


def _what_is_left(file: Path) -> str:
    if _opens(file):
        return "it is in the file as before"
    mark = mark_in(file)
    return "it is on the server" if mark and mark.sure else "nothing is sold until it is known"


def _opens(file: Path) -> bool:
    try:
        open_database(file, ENVIRONMENT).close()
    except StoreError:
        return False
    return True


def _command(folder: Path, url: str) -> "subprocess.Popen[bytes]":
    environ = os.environ | {"POS_ENVIRONMENT": ENVIRONMENT, "POS_SECRETS": "memory", "POS_DATABASE_PASSWORD": ""}
    arguments = [sys.executable, "main.py", "shop", "move", "--data-dir", str(folder), "--to", url]
    return subprocess.Popen(
        arguments, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """0 where every row was the same, and nothing was lost."""
    parser = argparse.ArgumentParser(description="Moves a shop to a server, measured or killed.")
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, metavar="FILE.db", help="the shop, for the next time")
    parser.add_argument("--kills", type=int, default=0, help="instead of measuring: how often it is killed")
    options: Any = parser.parse_args(arguments)
    good = (
        kill(options.payments, options.seed, options.kills)
        if options.kills
        else measure(options.payments, options.seed, options.keep)
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
