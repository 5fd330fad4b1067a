"""Renewing the shop's key and verifying a long history of linked lines, while customers are charged.

    .venv/bin/python -m tests.bench.sealing FILE.db [--lines 1000000]
    .venv/bin/python -m tests.bench.sealing postgresql+psycopg://user@host/name [--lines 100000]

Fills a new database with lines of two tills, written as tills write them, renews the key, and verifies. Told are the
seconds, the memory, and how long each charge waited that was made meanwhile, every fifth of a second, by another
program at the same database.
"""

import argparse
import os
import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import draft_post
from pos_app.domain.links import LinkKey
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import JournalLine, NewPayment, Outcome, State
from pos_app.domain.receipt import Mark, Shop
from pos_app.sales.build import build_till, open_books
from pos_app.store.database import Database, open_database
from pos_app.system_clock import SystemClock
from tests.bench.recording import charging
from tests.support.builders import a_line
from tests.support.fakes import PHONE, START, FakeGateway, Here, QuickPassphrases
from tests.support.renewing import renew

KEY = LinkKey(os.urandom(32))
_AT_ONCE = 500  # lines in one transaction: a server waits for one for five seconds
T = TypeVar("T")


def fill(database: Database, lines: int) -> None:
    """One line in ten is of the audit, and each of the journal has texts as a callback's."""
    with database.write() as transaction:
        post = transaction.add_post(draft_post("Maji", 250))
        new = NewPayment(
            till="A", lines=(a_line(post),), phone=PHONE, address="0" * 64, retry_of=None, created_at=START
        )
        transaction.add_payment(new)
    said = JournalLine(
        at=START, source="callback", kind="result", outcome=Outcome.APPLIED, before=State.PROMPTED, after=State.PAID,
        code="0", detail="The service request is processed successfully.", body="{" + 600 * "x" + "}",
    )  # fmt: skip
    charged = audit_line(Actor(), Act.CHARGE, START, "A-20261123-0001", "KES 250")
    for number in range(lines // _AT_ONCE):
        database.link_lines("AB"[number % 2], lambda: KEY)
        with database.write() as transaction:
            transaction.add_audit([charged] * (_AT_ONCE // 10))
            for _ in range(_AT_ONCE - _AT_ONCE // 10):
                transaction.add_line(1, said)


@contextmanager
def charged(database: Database, what: str) -> Iterator[None]:
    """While the block runs, somebody is charged; prints how long each charge waited until it was saved."""
    with ThreadPoolExecutor(1) as threads:
        books = open_books(database, database.reader, SystemClock())
        shop = Shop("Mama Njeri Shop", mark=Mark.PRACTICE)
        till = build_till(
            books, name="C", shop=shop, gateway=FakeGateway(), pushes=Here(), queries=Here(),
            passphrases=QuickPassphrases(),
        )  # fmt: skip
        books.writer.start()
        ended = threading.Event()
        charges = threads.submit(charging, till, ended)
        yield
        ended.set()
        waited = charges.result()
        books.writer.stop()
    if len(waited) > 1:
        cuts = statistics.quantiles(waited, n=20)
        told = f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, longest {max(waited):.0f} ms"
        print(f"{what}: {len(waited)} charges saved meanwhile: {told}", flush=True)


def timed(what: str, work: Callable[[], T]) -> T:
    """Prints what it took."""
    before, begun, used = _memory(), time.perf_counter(), time.process_time()
    result = work()
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    print(f"{what}: {seconds:.1f} s, {processor:.1f} s of processor, {_memory() - before} MB more", flush=True)
    return result


def main() -> None:
    """Fill, renew, verify."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--lines", type=int, default=1_000_000)
    options = parser.parse_args()
    place = options.database if "://" in options.database else Path(options.database)
    with closing(open_database(place, "practice")) as database, closing(open_database(place, "practice")) as other:
        timed(f"{options.lines:,} lines written", lambda: fill(database, options.lines))
        found = timed("verified", lambda: database.reader.verify(KEY))
        assert found.whole, found.broken
        with charged(other, "renewing"):
            key = timed("renewed", lambda: renew(database, "A", KEY))
        found = timed("verified behind the renewal", lambda: database.reader.verify(key))
        print(f"{found.renewed:,} lines are sealed; {sorted({broken.what.value for broken in found.broken})}")


def _memory() -> int:
    """The most that this process has used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
