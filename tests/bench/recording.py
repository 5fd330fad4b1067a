"""Recording M-PESA's statement into a long history while customers are charged: processor, time, lock and memory.

    .venv/bin/python -m tests.bench.recording FILE.db [--rows 16000] [--closed]

FILE.db is of `tests.bench.history`, is changed, and serves once. The statement is of its newest payments: half of the
rows are fees, one payment in twenty has lost its code and one not paid in ten was paid after all, one row in fifty is
money without a prompt. Meanwhile somebody is charged every fifth of a second; how long each waited until it was
saved is told, and for how long a transaction of the recording held the lock of the writer. With `--closed` all of it
was closed before, so that the last transaction writes a supplement of all rows (rule 23): how long that held the lock
is told, too.
"""

import argparse
import hashlib
import resource
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pos_app.domain.receipt import Mark, Shop
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow
from pos_app.sales.build import build_till, open_books
from pos_app.sales.ports import Transaction
from pos_app.sales.statements import MoneyAccount
from pos_app.sales.till import Till
from pos_app.store.database import Database, open_database
from pos_app.system_clock import SystemClock
from tests.bench.day import close
from tests.support.builders import a_request
from tests.support.fakes import FakeGateway, Here, QuickPassphrases

SHORT_CODE, PASSPHRASE = "512345", "mama njeri 1987"
EVERY = 0.2  # seconds between two charges
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TimedDatabase:
    """The database, and for how long each write transaction held it, with its commit: seconds by the clock (`held`) and
    of the processor (`worked`), which others on the computer do not make longer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.held: list[float] = []
        self.worked: list[float] = []
        self.ended = 0.0

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._database.write() as transaction:
            begun, used = time.perf_counter(), time.thread_time()
            yield transaction
        self.held.append(time.perf_counter() - begun)
        self.worked.append(time.thread_time() - used)


def statement_of(path: Path, rows: int) -> Statement:
    """A statement of the newest payments of a history, some of which have lost their code."""
    found: list[StatementRow] = []
    with closing(sqlite3.connect(path)) as connection:
        asked = (
            "SELECT payment.id, state, receipt, coalesce(amount_paid, amount), payment.created_at, phone FROM payment "
            "JOIN customer ON customer.id = customer_id WHERE phone LIKE '254%' ORDER BY payment.id DESC"
        )
        for payment_id, state, receipt, amount, opened, phone in connection.execute(asked):
            lost = state == "paid" and payment_id % 20 == 0
            if state not in ("paid", "expired") or (state == "paid" and not receipt):
                continue
            if state == "expired" and payment_id % 10:
                continue
            if lost:
                connection.execute("UPDATE payment SET receipt = NULL, receipt_by = NULL WHERE id = ?", [payment_id])
            at = datetime.fromisoformat(opened).replace(tzinfo=UTC) + timedelta(seconds=20)
            found += _rows(len(found), receipt or _code(payment_id), at, amount, phone)
            if len(found) >= rows:
                break
        connection.commit()
    found = found[:rows]
    period = Period(min(row.at for row in found) - timedelta(hours=1), max(row.at for row in found))
    return Statement(short_code=SHORT_CODE, period=period, covered=period, rows=tuple(found))


def _rows(line: int, receipt: str, at: datetime, amount: int, phone: str) -> list[StatementRow]:
    paid = StatementRow(
        line=line,
        receipt=receipt,
        at=at.replace(microsecond=0),
        within=0,
        kind=RowKind.PAYMENT,
        amount=Decimal(amount),
        incoming=True,
        details="Merchant Payment",
        reason="Pay Merchant",
        phone=f"0{phone[3:5]}****{phone[-3:]}",
    )
    fee = replace(
        paid, kind=RowKind.FEE, amount=Decimal("0.55"), incoming=False, reason="Pay merchant Charge", phone=""
    )
    if line % 100:
        return [paid, fee]
    stray = replace(paid, receipt=_code(line + 10**9), amount=Decimal(7), phone="070****111")
    return [paid, fee, stray, replace(fee, receipt=stray.receipt)]


def _code(number: int) -> str:
    digits = ""
    for _ in range(7):
        number, digit = divmod(number, 36)
        digits += _DIGITS[digit]
    return f"ZZ9{digits}"


def charging(till: Till, ended: threading.Event) -> list[float]:
    """Charge until it has ended; milliseconds until each was saved."""
    post = next(post for post in till.catalogue.posts() if post.active and post.highest is None)
    waited, number = list[float](), 0
    while not ended.wait(EVERY):
        number += 1
        begun = time.perf_counter()
        till.checkout.charge(a_request(post, f"2541{number:08}"))
        waited.append((time.perf_counter() - begun) * 1000)
    return waited


def main() -> None:
    """Record once, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=16_000)
    parser.add_argument("--closed", action="store_true")
    options = parser.parse_args()
    statement = statement_of(options.file, options.rows)
    with closing(open_database(options.file, "practice")) as database, ThreadPoolExecutor(2) as threads:
        if options.closed:
            close(database)
        timed = TimedDatabase(database)
        books = open_books(timed, database.reader, SystemClock())
        till = build_till(
            books,
            name="A",
            shop=Shop("Mama Njeri Shop", mark=Mark.PRACTICE),
            gateway=FakeGateway(),
            pushes=Here(),
            queries=Here(),
            passphrases=QuickPassphrases(),
            account=MoneyAccount(frozenset({SHORT_CODE}), paybill=False),
        )
        books.writer.start()
        till.owner.passphrase.choose(PASSPHRASE)
        till.authority.begin_as_owner()
        ended = threading.Event()
        charges = threads.submit(charging, till, ended)
        timed.held.clear()
        timed.worked.clear()
        before, begun, used = _memory(), time.perf_counter(), time.process_time()
        digest = hashlib.sha256(str(options.rows).encode()).hexdigest()
        found = till.recording.record(statement, digest)
        timed.ended = timed.held[-1]
        seconds, processor = time.perf_counter() - begun, time.process_time() - used
        ended.set()
        waited = charges.result()
        books.writer.stop()
    print(
        f"{len(statement.rows):,} rows: {seconds:.1f} s, {processor:.1f} s of processor, {_memory() - before} MB more"
    )
    print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(found.counts.items())))
    for name, took in (("by the clock", timed.held), ("of the processor", timed.worked)):
        print(f"{len(took):,} transactions held the lock for {max(took) * 1000:.0f} ms at most {name}")
    if options.closed:
        print(f"the last of them, with the supplement: {timed.ended * 1000:.0f} ms by the clock")
    cuts = statistics.quantiles(waited, n=20)
    print(f"{len(waited)} charges saved: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, longest {max(waited):.0f} ms")


def _memory() -> int:
    """The most that this process has used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
