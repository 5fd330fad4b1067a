"""How fast a callback becomes a committed grant, through the real listener on SQLite.

    .venv/bin/python -m tests.bench.callbacks [--payments 6000] [--connections 8 64]

A second process on the same machine posts one genuine success for each payment, each over a connection of its own, and
measures from the first byte sent to the answer read. Prints a line for each number of connections at a time.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pos_app.callbacks.listener import CallbackListener
from pos_app.cli.memory import set_aside_loaded
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import NewPayment
from pos_app.domain.payment_event import Accepted
from pos_app.sales.build import open_books
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.write_queue import GroupWriter
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from tests.support.builders import a_line
from tests.support.fakes import FakeRoute

AMOUNT = 250


def body_of(number: int) -> bytes:
    """The success that M-PESA would post for payment `number`."""
    items = [
        {"Name": "Amount", "Value": AMOUNT},
        {"Name": "MpesaReceiptNumber", "Value": f"UKN{number:07}"},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": 20261123140322},
        {"Name": "PhoneNumber", "Value": 254708374149},
    ]
    stk = {
        "MerchantRequestID": f"merchant-{number}",
        "CheckoutRequestID": f"ws_CO_{number}",
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "CallbackMetadata": {"Item": items},
    }
    return json.dumps({"Body": {"stkCallback": stk}}).encode()


def prepare(writer: GroupWriter, ledger: Ledger, first: int, count: int, till: str = "A") -> None:
    """Payments `first` ... of a till that wait for their callbacks."""
    post = writer.submit(lambda transaction: transaction.add_post(draft_post("Week pass", AMOUNT, 7))).result()

    def new(number: int) -> NewPayment:
        return NewPayment(
            till=till,
            lines=(a_line(post),),
            phone=f"2547{number % 5000:08}",
            address=address_of(str(number)),
            retry_of=None,
            created_at=datetime.now(UTC),
        )

    numbers = range(first, first + count)
    opened = [writer.submit(lambda transaction, n=n: transaction.add_payment(new(n))) for n in numbers]  # type: ignore[misc]
    accepted = [
        ledger.record(Accepted(f"merchant-{number}", f"ws_CO_{number}"), future.result())
        for number, future in zip(numbers, opened, strict=True)
    ]
    for future in accepted:
        future.result()
    for number in numbers:
        ledger.expect(address_of(str(number)))  # as a charge does


async def post_all(port: int, first: int, count: int, connections: int, rate: float = 0.0) -> tuple[float, list[float]]:
    """Seconds for all, and for each; as fast as may be, or so many a second."""
    numbers = iter(range(first, first + count))
    took: list[float] = []

    async def customer() -> None:
        for number in numbers:
            await asyncio.sleep((number - first) / rate - (time.perf_counter() - start) if rate else 0)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)  # the listener ends each with its answer
            body = body_of(number)
            head = f"POST /stk/{number} HTTP/1.1\r\nHost: till\r\nContent-Type: application/json\r\n"
            begun = time.perf_counter()
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b'Accepted"}')
            took.append(time.perf_counter() - begun)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer.decode())
            writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(customer() for _ in range(connections)))
    return time.perf_counter() - start, took


class Load(NamedTuple):
    """How many grants a second, and milliseconds for one callback."""

    rate: float
    middle: float
    most: float  # of 99 in a hundred
    longest: float


def load(port: int, first: int, count: int, connections: int, rate: float = 0.0) -> Load:
    """Run in the second process."""
    seconds, took = asyncio.run(post_all(port, first, count, connections, rate))
    cuts = statistics.quantiles(took, n=100)
    return Load(count / seconds, cuts[49] * 1_000, cuts[98] * 1_000, max(took) * 1_000)


@contextmanager
def listening(location: Path | str) -> Iterator[tuple[int, Callable[[int, int], None]]]:
    """A till's listener and books; gives its port, and what lets payments from a number on wait for callbacks."""
    with closing(open_database(location, "practice")) as database:
        books = open_books(database, database.reader, SystemClock(), FakeRoute(), random=lambda: 0.5)
        books.writer.start()
        listener = CallbackListener(books.inbox)
        listener.start()
        set_aside_loaded()  # as the till does once it is open
        try:
            yield listener.port, lambda first, count: prepare(books.writer, books.ledger, first, count)
        finally:
            listener.stop()
            books.writer.stop()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=6_000)
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 64])
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        listening(Path(folder) / "practice.db") as (port, wait_for),
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):
        for turn, connections in enumerate(options.connections):
            first = turn * options.payments
            wait_for(first, options.payments)
            told = pool.apply(load, (port, first, options.payments, connections))
            print(
                f"{connections:>3} connections: {told.rate:6.0f} grants/s, p50 {told.middle:5.1f} ms, "
                f"p99 {told.most:5.1f} ms, max {told.longest:5.1f} ms"
            )


if __name__ == "__main__":
    main()
