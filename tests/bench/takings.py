"""Adding up and writing out a history: how long each grouping of takings takes, and each format of an export.

    .venv/bin/python -m tests.bench.takings [--payments 100000]

Makes the history of a shop in an SQLite file, then prints of each grouping (of a month, and of all days) the
milliseconds, by the clock and of the processor; and of each format of an export the payments a second, the processor's
seconds for 100,000, and how much more memory it took than all that was before.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.domain.takings import By
from pos_app.exports.export import FORMATS, export
from pos_app.store.database import Database, open_database
from tests.bench.history import START, Shop, generate

MONTH = timedelta(days=30)


def takings(database: Database) -> None:
    """Each grouping, the better of two looks."""
    [newest] = database.reader.search(Search(limit=1))
    first, last = shop_day(START), shop_day(newest.created_at)
    for name, begin in (("a month", max(first, last - MONTH)), ("all", first)):
        for by in By:
            took, used = [], []
            for _ in range(2):
                begun, processor = time.perf_counter(), time.process_time()
                found = database.reader.takings(begin, last, by)
                took.append((time.perf_counter() - begun) * 1000)
                used.append((time.process_time() - processor) * 1000)
            print(
                f"takings of {name:<8} by {by:<9} {min(took):8.1f} ms {min(used):8.1f} ms of processor   "
                f"{found.whole.payments:>9,} payments"
            )


def exports(database: Database, folder: Path) -> None:
    """Each format, of everything."""
    for end in FORMATS:
        file = folder / f"sold{end}"
        before = _most_memory()
        begun, processor = time.perf_counter(), time.process_time()
        count = export(database.reader, Search(), file, Mark.PRACTICE)
        seconds, used = time.perf_counter() - begun, time.process_time() - processor
        size = file.stat().st_size / 2**20
        print(
            f"export to {end:<6} {count / seconds:9,.0f} payments/s   {used / count * 100_000:6.2f} s of processor for "
            f"100,000   {size:7.1f} MB   {_most_memory() - before:5.1f} MB more memory"
        )
        file.unlink()


def _most_memory() -> float:
    """MB; not told by Windows."""
    if os.name != "posix":
        return float("nan")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "practice.db"
        generate(path, Shop(options.payments, customers=options.payments // 5, posts=options.payments // 50))
        with closing(open_database(path, "practice")) as database:
            takings(database)
            exports(database, Path(folder))


if __name__ == "__main__":
    main()
