"""Looking payments up in a database of a million.

    .venv/bin/python -m tests.bench.million [--payments 1000000]

Fills an SQLite file, then prints the median and the slowest of nine runs of each look-up that the window makes.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import State
from pos_app.domain.search import PageEnd, Search
from pos_app.store import tables as t
from pos_app.store.database import Database, open_database
from pos_app.store.engine import open_engines, sqlite_url

START = datetime(2024, 1, 1, 5, 0, tzinfo=UTC)
POSTS = ("Day pass", "Week pass", "Month pass", "Tea", "Printing", "Locker")
CUSTOMERS = 100_000
CHUNK = 20_000


def row(number: int) -> dict[str, object]:
    """Payment `number`: two a minute round the clock; one in ten not paid."""
    at = START + timedelta(seconds=30 * number)
    paid = number % 10 != 9
    return {
        "id": number + 1,
        "number": f"A-{shop_day(at):%Y%m%d}-{number:07}",
        "till": "A",
        "day": shop_day(at),
        "day_seq": number,
        "customer_id": number * 7 % CUSTOMERS + 1,
        "amount": 50,
        "address": f"{number:064x}",
        "state": "paid" if paid else "cancelled",
        "reason": None if paid else "1032",
        "merchant_request_id": f"merchant-{number}",
        "checkout_request_id": f"ws_CO_{number}",
        "receipt": f"UK{number:08}" if paid else None,
        "chain": number + 1,
        "created_at": at,
        "updated_at": at,
        "closed_at": at,
        "version": 3,
    }


def lines(number: int) -> list[dict[str, object]]:
    """What payment `number` is for: one post in most of them, two in one of ten."""
    posts = [number % len(POSTS)] + [(number + 1) % len(POSTS)] * (number % 10 == 0)
    return [
        {"payment_id": number + 1, "line": line, "post_id": place + 1, "title": POSTS[place], "price": 50,
         "quantity": 1, "days": 1}
        for line, place in enumerate(posts, 1)
    ]  # fmt: skip


def grants(number: int) -> list[dict[str, object]]:
    """What payment `number` gave, where it was paid: a day of each post."""
    paid = row(number)
    at = START + timedelta(seconds=30 * number)
    return [
        {"payment_id": line["payment_id"], "line": line["line"], "customer_id": paid["customer_id"],
         "post_id": line["post_id"], "granted_at": at, "access": True, "until": at + timedelta(days=1),
         "starts_at": at}
        for line in lines(number)
        if paid["state"] == "paid"
    ]  # fmt: skip


def fill(path: Path, payments: int) -> None:
    """The shop's last years."""
    open_database(path, "practice").close()
    engines = open_engines(sqlite_url(path))
    with engines.writer.begin() as connection:
        posts = [{"id": place, "title": title, "price": 50, "active": True} for place, title in enumerate(POSTS, 1)]
        connection.execute(t.post.insert(), posts)
        customers = [{"id": place + 1, "phone": f"2547{place:08}"} for place in range(CUSTOMERS)]
        connection.execute(t.customer.insert(), customers)
        for first in range(0, payments, CHUNK):
            chunk = range(first, min(first + CHUNK, payments))
            connection.execute(t.payment.insert(), [row(number) for number in chunk])
            connection.execute(t.payment_line.insert(), [line for number in chunk for line in lines(number)])
            connection.execute(t.grant.insert(), [grant for number in chunk for grant in grants(number)])
    engines.dispose()


def look_ups(database: Database, payments: int) -> dict[str, Callable[[], object]]:
    """What the window asks."""
    reader = database.reader
    last = START + timedelta(seconds=30 * payments)
    day = shop_day(last)
    return {
        "first page": lambda: reader.search(Search()),
        "page in the middle": lambda: reader.search(Search(after=PageEnd(payments // 2, 50))),
        "code": lambda: reader.search(Search(text="UK00012345")),
        "start of a code": lambda: reader.search(Search(text="UK00012")),
        "last four digits": lambda: reader.search(Search(text="5678")),
        "whole phone": lambda: reader.search(Search(text="0700045678")),
        "words of a post": lambda: reader.search(Search(text="week")),
        "nothing matches": lambda: reader.search(Search(text="ZZZZZ")),
        "short number": lambda: reader.search(Search(text="A-0042")),
        "cancelled, all days": lambda: reader.search(Search(states=frozenset({State.CANCELLED}))),
        "not sure, all days": lambda: reader.search(Search(states=frozenset({State.UNKNOWN}))),
        "a day two years ago": lambda: reader.search(Search(since=START, until=START + timedelta(days=1))),
        "code on another day": lambda: reader.search(Search(text="UK00012345", since=last - timedelta(days=1))),
        "totals of a day": lambda: reader.totals(day),
        "open payments": lambda: reader.open_payments("A"),
        "attention": lambda: reader.attention(20),
        "recent phones": lambda: reader.recent_phones(2),
        "who ends in 5678": lambda: reader.customers_ending("5678", 100),
        "one customer": lambda: reader.customer("254700045678", last, 3),
        "guard": lambda: reader.of_phone("254700045678", last - timedelta(seconds=150)),
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "practice.db"
        fill(path, options.payments)
        with closing(open_database(path, "practice")) as database:
            for name, look in look_ups(database, options.payments).items():
                took = []
                for _ in range(9):
                    begun = time.perf_counter()
                    look()
                    took.append((time.perf_counter() - begun) * 1000)
                print(f"{name:<22} {statistics.median(took):8.1f} ms   slowest {max(took):8.1f} ms")


if __name__ == "__main__":
    main()
