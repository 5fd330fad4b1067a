"""All that is said of speed, in one table: ours beside a baseline of the same run, ratios first.

    .venv/bin/python -m tests.bench [--quick] [--only start charge ...] [--history FILE.db] [--json FILE]

Baselines that are not installed are left out, with a word: `pip install django gunicorn requests aiohttp` adds them.
Without PostgreSQL its rows are left out. `--history` is a shop of `tests.bench.history`, for the rows about long ones.
A machine that does something else meanwhile shifts the figures, and the ratios less.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.bench.comparison import books, callback, charge, lasting, looking, screen, slow_disk, start, suite
from tests.bench.comparison.row import LeftOut, Line, as_json, as_text

KINDS = ("start", "charge", "callback", "flush", "screen", "looking", "books", "lasting", "tests")


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few of each: whether it runs, not what it takes")
    parser.add_argument("--only", nargs="+", metavar="KIND", choices=KINDS, help="of: " + " ".join(KINDS))
    parser.add_argument("--history", type=Path, help="a long history, of tests.bench.history")
    parser.add_argument("--payments", type=int, default=1_000_000, help="how many payments that history has")
    parser.add_argument("--json", type=Path, help="write the table there, too")
    options = parser.parse_args()
    lines: list[Line] = []
    for name, rows in _kinds(options.quick, options.history, options.payments).items():
        if not options.only or name in options.only:
            lines += _measured(name, rows)
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for text in as_text(lines):
        print(text)
    if options.json:
        options.json.write_text(json.dumps(as_json(lines), indent=1), encoding="utf-8")


def _kinds(quick: bool, history: Path | None, payments: int) -> dict[str, Callable[[], Iterable[Line]]]:
    return {
        "start": lambda: start.rows(history, rest=2 if quick else 60),
        "charge": lambda: charge.rows(20 if quick else 300),
        "callback": lambda: callback.rows(150 if quick else 3_000),
        "flush": lambda: slow_disk.rows(300 if quick else 6_000),
        "screen": lambda: screen.rows(history, seconds=2 if quick else 20),
        "looking": lambda: looking.rows(history, payments, rounds=3 if quick else 40),
        "books": lambda: books.rows(history, scale=0.02 if quick else 1),
        "lasting": lambda: lasting.rows(history, hours=0.2 if quick else 8, pages=20 if quick else 1_000),
        "tests": lambda: suite.rows(quick=quick),
    }


def _measured(name: str, rows: Callable[[], Iterable[Line]]) -> Iterator[Line]:
    """What one kind gives; what fails ends that kind only."""
    try:
        yield from rows()
    except Exception as error:  # noqa: BLE001 - whatever it is, the other kinds are worth having
        yield LeftOut(name, f"{type(error).__name__}: {str(error)[:120]}")


if __name__ == "__main__":
    main()
