"""The report of the day (X), its close (Z) and `verify`, in a long history on a server or in a file.

    .venv/bin/python -m tests.bench.day FILE.db
    .venv/bin/python -m tests.bench.day postgresql+psycopg://user@host/name

The database is of `tests.bench.history`, is changed, and serves once: all of it is closed, then a day of so many
payments is opened, reported ten times, and closed.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pos_app.domain.erasure import ErasureKey
from pos_app.domain.payment import NewPayment, State
from pos_app.store.database import Database, open_database
from tests.support.builders import a_line, close_in

T = TypeVar("T")
_AT_ONCE = 20  # payments in one transaction


def sell(database: Database, payments: int) -> None:
    """So many payments of a day, paid, by two hundred customers."""
    post = next(post for post in database.reader.posts() if post.active and post.highest is None)
    for first in range(0, payments, _AT_ONCE):
        with database.write() as transaction:
            for number in range(first, min(first + _AT_ONCE, payments)):
                at = datetime.now(UTC)
                address = sha256(f"{time.time_ns()} {number}".encode()).hexdigest()
                phone = f"2541{number % 200:08}"
                new = NewPayment(
                    till="A", lines=(a_line(post),), phone=phone, address=address, retry_of=None, created_at=at
                )
                opened = transaction.add_payment(new)
                paid = replace(opened, state=State.PAID, amount_paid=opened.amount, updated_at=at, closed_at=at)
                transaction.update(opened, paid)


def timed(what: str, work: Callable[[], T], times: int = 1) -> T:
    """Prints what it took, the middle one and the longest."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        result = work()
        took.append((time.perf_counter() - begun) * 1_000)
    print(f"{what}: {statistics.median(took):,.0f} ms, longest {max(took):,.0f} ms", flush=True)
    return result


def close(database: Database) -> object:
    """Close the day as it is now."""
    with database.write() as transaction:
        transaction.take_long()
        return close_in(transaction, transaction.open_day(datetime.now(UTC)), "A")


def main() -> None:
    """Close, sell, report, close, verify."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--payments", type=int, default=5_000)
    options = parser.parse_args()
    place = options.database if "://" in options.database else Path(options.database)
    with closing(open_database(place, "practice")) as database:
        timed("the first close, of all that there is", lambda: close(database))
        timed(f"{options.payments:,} payments sold", lambda: sell(database, options.payments))
        timed("report (X)", lambda: database.reader.open_day(datetime.now(UTC)), times=10)
        timed("close (Z)", lambda: close(database))
        found = timed("verified", lambda: database.reader.verify(ErasureKey(bytes(32)).links))
        print(f"{found.unsealed + found.lines:,} lines, {found.closes} closes")


if __name__ == "__main__":
    main()
