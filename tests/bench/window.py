"""The whole window over a long history, beside the same over a short one: what a million payments cost who works there.

    .venv/bin/python -m tests.bench.window [--payments 1000000] [--database FILE] [--pages 3000]

Starts the practice till of each history as a person does, without a screen, and prints, ratios first: from the start of
the program to the first painted window and to the open till; the processor's seconds by then; from Enter to the request
at M-PESA; from a change of what is looked for to its painted rows, for each kind of search; each frame while so many
pages of rows are scrolled through; the memory; and how long the window stands while all is exported.

Both histories have the same posts: those are read into memory, and are no history.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tests.bench.history import Shop, generate

SMALL = 1_000


def run(database: Path, options: argparse.Namespace) -> dict[str, float]:
    """What the window of one history tells of itself, by name."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        os.link(database, Path(folder) / "practice.db")
        environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        told: dict[str, list[float]] = {}
        for turn in range(options.starts + 1):
            work = options.pages if turn == options.starts else 0
            begun = time.time()
            words = [sys.executable, "-m", "tests.bench.driver", folder, str(begun), str(work), str(options.rounds)]
            ran = subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True)
            for name, value in json.loads(ran.stdout.splitlines()[-1]).items():
                told.setdefault(name, []).append(value)
        return {name: min(values) for name, values in told.items()}


def nobody_signs_in(database: Path) -> None:
    """The window opens at the charge."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE operator SET active = 0")


def table(sizes: Sequence[int], told: Sequence[dict[str, float]]) -> Iterator[str]:
    """Ratios first."""
    yield f"{'':<44}{'ratio':>7}" + "".join(f"{size:>12,}" for size in sizes)
    for name, least in told[0].items():
        most = told[-1].get(name, float("nan"))
        ratio = f"{most / least:6.2f}x" if least else "      -"
        yield f"{name:<44}{ratio}" + "".join(f"{each.get(name, float('nan')):12,.1f}" for each in told)


def main() -> None:
    """Make, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path, help="a history that was made before, of so many payments")
    parser.add_argument("--pages", type=int, default=3_000, help="of rows, to be scrolled through")
    parser.add_argument("--rounds", type=int, default=20, help="of each kind of search")
    parser.add_argument("--starts", type=int, default=2, help="beside the one of the long look")
    parser.add_argument("--folder", default=tempfile.gettempdir())
    options = parser.parse_args()
    told = []
    sizes = [SMALL, options.payments]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for payments in sizes:
            database = Path(folder) / f"{payments}.db"
            if options.database and payments != SMALL:
                shutil.copyfile(options.database, database)
            else:
                people = max(200, payments // 5)
                generate(database, Shop(payments, customers=people, posts=options.payments // 50))
            nobody_signs_in(database)
            told.append(run(database, options))
            database.unlink()
    for line in table(sizes, told):
        print(line)


if __name__ == "__main__":
    main()
