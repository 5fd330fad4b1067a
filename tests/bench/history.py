"""The history of a shop, as its till would have written it: payments of every state with lines, journal and grants.

    .venv/bin/python -m tests.bench.history FILE.db [--payments 1000000] [--seed 7]
    .venv/bin/python -m tests.bench.history postgresql+psycopg://user@host/name

Fills a new database with what `Shop` draws from its seed: the same again for the same numbers. A smaller shop is the
beginning of the larger one. Written in bulk, past the till, so that a million take minutes; a test
reads it back with the till's own eyes.
"""

import argparse
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Role, name_key
from pos_app.domain.payment import Outcome, Remark, Source, State
from pos_app.domain.payment_event import EventKind
from pos_app.domain.search import name_words
from pos_app.store import tables as t
from pos_app.store.database import open_database
from pos_app.store.files import sqlite_file


def _each(names: str) -> tuple[str, ...]:
    return tuple(names.split())


START = datetime(2024, 11, 25, 3, 0, tzinfo=UTC)  # six in the morning
GAP, A_DAY = 42, 16 * 3_600  # seconds between two customers; that the shop is open
CHUNK = 10_000
TILLS = ("A", "A", "A", "A", "A", "A", "B", "B", "B", "K1")
OPERATORS = ("Amina", "Brian", "Chebet", "Daudi", "Esther", "Fatuma", "Gitau", "Halima")
FIRST = _each(
    "Wanjiru Wambui Njeri Nyambura Wanjiku Akinyi Achieng Atieno Adhiambo Awuor Chebet Cherono Jepkosgei Mutua Mwende "
    "Mumbua Fatuma Halima Amina Zainab Asha Grace Mary Jane Faith Mercy Joy Ruth Esther Lucy Peter John James David "
    "Samuel Joseph Daniel Brian Kevin Dennis Collins Victor Hassan Omar Ali Juma Salim Rashid José Zoë"
)
LAST = _each(
    "Kamau Mwangi Njoroge Kariuki Maina Otieno Ochieng Onyango Odhiambo Owino Kiprotich Kipkorir "
    "Rotich Langat Mutiso Musyoka Kilonzo Mohamed Abdi Hussein Simiyu Barasa Ng'ang'a Kimani Gitau Waweru Ndung'u"
)
GOODS = _each(
    "Maji Chai Mkate Sukari Unga Maziwa Mayai Wi-Fi Gazeti Kitabu Kalamu Sabuni Mafuta Mchele Maharagwe Ndizi Embe "
    "Parking Printing Locker Shower Gym Swimming Cinema Charging Laundry Haircut Stamp Envelope Soda"
)
KINDS = _each("kubwa ndogo siku wiki mwezi Premium Family Student Evening Morning Café Standard Express Double")
STEP = 2_654_435_761  # scatters numbers over M-PESA's codes
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOT_PAID = {State.CANCELLED: "1032", State.DECLINED: "1", State.EXPIRED: "1037"}
# How many of a thousand end like this; of the last hundred some are still open.
ENDS = (
    *((State.PAID,) * 862),
    *((State.CANCELLED,) * 60),
    *((State.EXPIRED,) * 34),
    *((State.DECLINED,) * 26),
    *((State.NOT_SENT,) * 15),
    *((State.REVIEW,) * 2),
    State.UNKNOWN,
)

Row = tuple[object, ...]


class Sink(Protocol):
    """Takes rows in bulk."""

    def write(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None: ...


class SqliteSink:
    """Into a file that nobody else has open, without the waits that make it safe."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self._connection.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({places})', rows)


class ServerSink:
    """Into a PostgreSQL database, by COPY."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def write(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        with self._cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


class Article(NamedTuple):
    """A post: its id, title, price (KES) and days of access."""

    id: int
    title: str
    price: int
    days: int | None


@dataclass
class Rows:
    """What one chunk of payments writes, by table."""

    payment: list[Row]
    payment_line: list[Row]
    payment_event: list[Row]
    grant: list[Row]
    refund: list[Row]
    payment_past: list[Row]
    repeated: list[Row]

    @classmethod
    def none(cls) -> "Rows":
        return cls([], [], [], [], [], [], [])


COLUMNS: dict[str, tuple[str, ...]] = {
    "payment": (
        "id", "number", "till", "day", "day_seq", "customer_id", "amount", "address", "state", "remark", "reason",
        "merchant_request_id", "checkout_request_id", "receipt", "receipt_by", "retry_of", "chain", "created_at",
        "updated_at", "closed_at", "next_check_at", "version", "amount_paid", "operator_id",
    ),
    "payment_line": ("payment_id", "line", "post_id", "title", "price", "quantity", "days"),
    "payment_event": (
        "payment_id", "at", "source", "kind", "outcome", "before", "after", "code", "detail", "body",
    ),
    "grant": (
        "payment_id", "line", "customer_id", "post_id", "granted_at", "access", "until", "starts_at", "withdrawn_at",
    ),
    "refund": ("payment_id", "at", "amount", "code", "reason", "source", "status", "withdrawn"),
    "payment_past": ("payment_id", "past_id", "state"),
    "repeated": ("payment_id", "kind", "times", "last_at"),
}  # fmt: skip


class Shop:
    """Draws a shop's history from a seed.

    Args:
        payments: how many; 200,000 customers and 20,000 posts belong to a million.
    """

    def __init__(self, payments: int, seed: int = 7, customers: int = 200_000, posts: int = 20_000) -> None:
        self.payments, self.customers = payments, customers
        self._random = Random(seed)
        self.articles = [self._article(number) for number in range(1, posts + 1)]
        self._held: dict[tuple[int, int], str] = {}
        self._numbers: dict[tuple[str, date], int] = {}

    def _article(self, number: int) -> Article:
        draw = self._random
        title = f"{draw.choice(GOODS)} {draw.choice(KINDS)} {number}"
        days = draw.choice((0, 0, 1, 7, 30, None))
        return Article(number, title, draw.choice((5, 10, 20, 30, 50, 80, 100, 150, 250, 500, 1_000, 2_500)), days)

    def people(self) -> Iterator[Row]:
        """Customers: id, phone and name; two in three have one."""
        for number in range(1, self.customers + 1):
            phone = f"2547{number * 7_919 % 100_000_000:08}"
            named = number % 3 != 0
            yield number, phone, f"{FIRST[number * 31 % len(FIRST)]} {LAST[number * 17 % len(LAST)]}" if named else None

    def chunks(self) -> Iterator[Rows]:
        """The payments with all that belongs to them, oldest first."""
        for first in range(0, self.payments, CHUNK):
            rows = Rows.none()
            for number in range(first, min(first + CHUNK, self.payments)):
                self._payment(number, rows)
            yield rows

    def _payment(self, number: int, rows: Rows) -> None:
        draw = self._random
        payment_id = number + 1
        days, seconds = divmod(number * GAP, A_DAY)
        at = START + timedelta(days=days, seconds=seconds + draw.randrange(GAP))
        day = shop_day(at)
        till = draw.choice(TILLS)
        sequence = self._numbers[till, day] = self._numbers.get((till, day), 0) + 1
        customer = 1 + int(self.customers * draw.random() ** 2)
        operator = None if days < 30 else 1 + int(len(OPERATORS) * draw.random() ** 1.5)
        bought = {self._bought() for _ in range(1 if draw.random() < 0.87 else draw.randint(2, 4))}
        lines = [(article, draw.randint(2, 5) if draw.random() < 0.08 else 1) for article in sorted(bought)]
        amount = sum(article.price * quantity for article, quantity in lines)
        state = self._end(number)
        paid = state is State.PAID
        checkout = None if state in (State.NOT_SENT, State.REQUESTED) else f"ws_CO_{at:%d%m%Y%H%M%S}{payment_id:09}"
        code = mpesa_code(at, number) if paid or state is State.REVIEW else None
        odd = self._oddness(state)
        amount_paid = None if code is None else amount if state is State.PAID else max(1, amount - 1)
        closed = state in (State.PAID, State.CANCELLED, State.DECLINED, State.EXPIRED, State.NOT_SENT)
        begun, ended = text(at), text(at + timedelta(seconds=draw.randint(6, 90)))
        again = payment_id - 1 if number and draw.random() < 0.02 else None
        rows.payment.append(
            (payment_id, f"{till}-{day:%Y%m%d}-{sequence:04}", till, day.isoformat(), sequence, customer, amount,
             f"{payment_id * STEP:064x}", state.value, odd, NOT_PAID.get(state),
             checkout and f"m-{payment_id}", checkout, code, code and Source.MPESA.value, None, payment_id,
             begun, ended, ended if closed else None, ended if state is State.UNKNOWN else None, 3, amount_paid,
             operator)
        )  # fmt: skip
        for place, (article, quantity) in enumerate(lines, 1):
            rows.payment_line.append(
                (payment_id, place, article.id, article.title, article.price, quantity, article.days)
            )
            if paid:
                rows.grant.append(self._grant(payment_id, place, customer, article, quantity, at))
        rows.payment_event += journal(payment_id, state, begun, ended, checkout, code, amount)
        if again:
            rows.payment_past.append((payment_id, again, State.EXPIRED.value))
        if paid and draw.random() < 0.006:
            back = amount if draw.random() < 0.5 else max(1, amount // 2)
            rows.refund.append(
                (payment_id, ended, back, mpesa_code(at, number + 5_000_000_000), "brought back", "owner",
                 "done", 0)
            )  # fmt: skip
        if draw.random() < 0.003:
            rows.repeated.append((payment_id, "unreadable, ignored", draw.randint(21, 90), ended))

    def _bought(self) -> Article:
        return self.articles[int(len(self.articles) * self._random.random() ** 5)]

    def _end(self, number: int) -> State:
        if self.payments - number <= 20:
            return self._random.choice((State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.PAID, State.PAID))
        return self._random.choice(ENDS)

    def _oddness(self, state: State) -> str | None:
        if state is State.REVIEW:
            return Remark.AMOUNT_DIFFERS.value
        if state is State.PAID and self._random.random() < 0.004:
            return self._random.choice((Remark.LATE, Remark.LATE, Remark.LATE, Remark.DOUBLE, Remark.BY_OWNER)).value
        return None

    def _grant(self, payment_id: int, place: int, customer: int, article: Article, quantity: int, at: datetime) -> Row:
        now = text(at)
        key = customer, article.id
        begin = max(now, self._held.get(key, now))
        until = None
        if article.days:
            until = text(datetime.fromisoformat(begin) + timedelta(days=article.days * quantity))
            self._held[key] = until
        return payment_id, place, customer, article.id, now, int(article.days != 0), until, begin, None


def text(at: datetime) -> str:
    """A moment as both databases read it."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def mpesa_code(at: datetime, number: int) -> str:
    """Ten characters that begin with the day, as M-PESA's do; no number's is another's."""
    scattered, rest = (number * STEP) % 36**7, ""
    for _ in range(7):
        scattered, digit = divmod(scattered, 36)
        rest += DIGITS[digit]
    return f"{chr(ord('S') + at.year - 2024)}{chr(ord('A') + at.month - 1)}{DIGITS[at.day]}{rest}"


def journal(
    payment_id: int, state: State, begun: str, ended: str, checkout: str | None, code: str | None, amount: int
) -> list[Row]:
    """The lines of a payment that ended like this."""

    def line(at: str, kind: EventKind, before: State, after: State, code: str | None, body: str | None = None) -> Row:
        outcome = Outcome.APPLIED.value
        return payment_id, at, kind.source, kind.what, outcome, before.value, after.value, code, None, body

    if state is State.REQUESTED:
        return []
    if state is State.NOT_SENT:
        return [line(begun, EventKind.NOT_SENT, State.REQUESTED, state, "no_route")]
    lines = [line(begun, EventKind.ACCEPTED, State.REQUESTED, State.PROMPTED, "0")]
    if state is State.UNKNOWN:
        lines.append(line(ended, EventKind.SILENCE, State.PROMPTED, state, None))
    elif code:
        lines.append(line(ended, EventKind.ANSWER, State.PROMPTED, State.PROMPTED, "0"))
        lines.append(line(ended, EventKind.CALLBACK, State.PROMPTED, state, "0", success(checkout, code, amount)))
        lines.append(line(ended, EventKind.PRINTED, state, state, None))
    elif state is not State.PROMPTED:
        lines.append(line(ended, EventKind.ANSWER, State.PROMPTED, State.PROMPTED, "pending"))
        lines.append(line(ended, EventKind.CALLBACK, State.PROMPTED, state, NOT_PAID[state], "{}"))
    return lines


def success(checkout: str | None, code: str, amount: int) -> str:
    """M-PESA's word that it was paid."""
    return (
        f'{{"Body":{{"stkCallback":{{"MerchantRequestID":"m","CheckoutRequestID":"{checkout}","ResultCode":0,'
        '"ResultDesc":"The service request is processed successfully.","CallbackMetadata":{"Item":['
        f'{{"Name":"Amount","Value":{amount}}},{{"Name":"MpesaReceiptNumber","Value":"{code}"}}]}}}}}}}}'
    )


def generate(location: Path | str, shop: Shop) -> None:
    """Fill a database, which is made where there is none.

    Args:
        location: an SQLite file, or the URL of a PostgreSQL database.
    """
    open_database(location, "practice").close()
    with _sink(location) as sink:
        _who_and_what(sink, shop)
        for rows in shop.chunks():
            for name, columns in COLUMNS.items():
                sink.write(t.metadata.tables[name], columns, getattr(rows, name))


def _who_and_what(sink: Sink, shop: Shop) -> None:
    operators = [(n, name, name_key(name), Role.OPERATOR.value, 1, "none") for n, name in enumerate(OPERATORS, 1)]
    sink.write(t.operator, ("id", "name", "name_key", "role", "active", "pin"), operators)
    posts = [(post.id, post.title, post.price, post.days, 1) for post in shop.articles]
    sink.write(t.post, ("id", "title", "price", "days", "active"), posts)
    words = [(word, post.id) for post in shop.articles for word in name_words(post.title)]
    sink.write(t.post_word, ("word", "post_id"), words)
    people = list(shop.people())
    sink.write(t.customer, ("id", "phone", "name"), people)
    words = [(word, number) for number, _, name in people for word in name_words(str(name or ""))]  # type: ignore[misc]
    sink.write(t.customer_word, ("word", "customer_id"), words)


def _sink(location: Path | str) -> AbstractContextManager[Sink]:
    file = sqlite_file(location)
    return _file_sink(file) if file else _server_sink(str(location))


@contextmanager
def _file_sink(file: Path) -> Iterator[Sink]:
    with closing(sqlite3.connect(file)) as connection:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "wal_autocheckpoint=20000"):
            connection.execute(f"PRAGMA {pragma}").close()
        yield SqliteSink(connection)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


@contextmanager
def _server_sink(url: str) -> Iterator[Sink]:
    engine = sa.create_engine(url)
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        yield ServerSink(cursor)
        for table in ("operator", "post", "customer", "payment"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))")
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as idle:
        idle.exec_driver_sql("VACUUM ANALYZE")  # which the server does by itself in a quiet hour
    engine.dispose()


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("location", help="an SQLite file that is not there yet, or the URL of an empty database")
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    location = options.location if "://" in options.location else Path(options.location)
    begun = time.perf_counter()
    generate(location, Shop(options.payments, options.seed, options.customers, options.posts))
    print(f"{options.payments:,} payments in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
