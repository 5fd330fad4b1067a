"""The day's report and close, and M-PESA's statement from its file to what it says of each payment."""

import csv
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pos_app.domain.statement_row import RowKind, Statement, StatementRow
from pos_app.sales.statements import MoneyAccount, compared
from pos_app.statements.reader import read_statement
from pos_app.store.database import open_database
from tests.bench.comparison.row import Line, Row
from tests.bench.day import close, sell
from tests.bench.history import Shop, generate
from tests.bench.recording import SHORT_CODE, statement_of
from tests.support.statements import Entry, Layout, before

_T = TypeVar("_T")
DAY, REPORTS = 5_000, 10  # payments of the day that is closed, and how often it is reported
_LARGEST = 100_000  # rows of a statement
_SMALL = 10_000  # payments of the history where none is given


def rows(history: Path | None, scale: float) -> Iterator[Line]:
    """In a copy of a history, which both change; `scale`: how much of the day and of the statement."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "practice.db"
        if history:
            shutil.copy(history, shop)
        else:
            generate(shop, Shop(_SMALL, customers=_SMALL // 5, posts=_SMALL // 50))
        yield from _of_statement(shop, int(_LARGEST * scale))
        yield from _of_day(shop, int(DAY * scale))


def _of_statement(shop: Path, most: int) -> Iterator[Line]:
    statement = statement_of(shop, most)
    file = shop.with_name("statement.csv")
    _write(file, statement)
    read, took = _timed(lambda: read_statement(file, datetime.now(UTC) + timedelta(days=1)))
    counted = f"{len(statement.rows):,} rows"
    yield Row(f"statement of {counted}: read from its file", took, "s")
    with closing(open_database(shop, "practice")) as database:
        account = MoneyAccount(frozenset({SHORT_CODE}), paybill=False)
        _, matched = _timed(lambda: compared(database.reader, account, read, None))
    yield Row(f"statement of {counted}: read and compared", took + matched, "s", most=10.0)


def _of_day(shop: Path, payments: int) -> Iterator[Line]:
    with closing(open_database(shop, "practice")) as database:
        close(database)
        sell(database, payments)
        reports = [_timed(lambda: database.reader.open_day(datetime.now(UTC)))[1] for _ in range(REPORTS)]
        closed = _timed(lambda: close(database))[1]
    yield Row(f"day of {payments:,} payments: report (X)", statistics.median(reports) * 1_000, "ms", most=200.0)
    yield Row(f"day of {payments:,} payments: close (Z)", closed, "s", most=1.0)


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _write(file: Path, statement: Statement) -> None:
    """As the portal exports it."""
    with file.open("w", newline="", encoding="utf-8") as out:
        assert statement.period
        csv.writer(out).writerows(Layout(before(short_code=SHORT_CODE)).grid([_entry(row) for row in statement.rows]))


def _entry(row: StatementRow) -> Entry:
    fee = row.kind is RowKind.FEE
    return Entry(
        receipt=row.receipt,
        at=row.at,
        amount=float(row.amount if row.incoming else -row.amount),
        details="Pay merchant Charge" if fee else "Merchant Payment",
        reason=row.reason,
        party="" if fee else f"{row.phone} - SOMEBODY",
    )
