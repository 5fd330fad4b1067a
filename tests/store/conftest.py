"""A shop's database in a real file, and short ways to fill it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import JournalLine, NewPayment, Outcome, Payment, Remark, State
from pos_app.domain.payment_line import Grant
from pos_app.store.database import Database
from pos_app.store.engine import Engines, open_engines, sqlite_url
from pos_app.store.migrate import prepare
from tests.store.server import Server, server_of_tests
from tests.support.builders import a_line, with_line
from tests.support.fakes import PHONE, START


class Shop:
    """The database with its engines, which the program never sees. `path` is where the file is, on SQLite.

    One that is `prepared` was copied from one that has its tables, and is not looked through as it opens.
    """

    def __init__(self, path: Path, url: str | None = None, *, prepared: bool = False) -> None:
        self.path = path
        self.engines: Engines = open_engines(url or sqlite_url(path))
        if not prepared:
            prepare(self.engines, "practice")
        self.database = Database(self.engines)
        self.reader = self.database.reader
        self._addresses = map("{:064x}".format, count(1))

    def close(self) -> None:
        self.database.close()

    def post(self, title: str = "Maji", price: int = 250, **more: Any) -> Post:
        with self.database.write() as transaction:
            return transaction.add_post(draft_post(title, price, **more))

    def new(
        self,
        post: Post | Sequence[Post],
        phone: str = PHONE,
        *,
        till: str = "A",
        at: datetime = START,
        retry_of: int | None = None,
        address: str | None = None,
    ) -> NewPayment:
        return NewPayment(
            till=till,
            lines=tuple(a_line(each) for each in ([post] if isinstance(post, Post) else post)),
            phone=phone,
            address=address or next(self._addresses),
            retry_of=retry_of,
            created_at=at,
        )

    def open(self, post: Post | Sequence[Post], phone: str = PHONE, **more: Any) -> Payment:
        """A payment, `requested`."""
        with self.database.write() as transaction:
            return transaction.add_payment(self.new(post, phone, **more))

    def change(self, payment: Payment, **changes: Any) -> Payment:
        """The payment as it stands afterwards; a `grant` is that of each of its lines."""
        with self.database.write() as transaction:
            of_line = {"grant": changes.pop("grant")} if "grant" in changes else {}
            transaction.update(payment, replace(with_line(payment, **of_line), **changes))
        return self.get(payment.id)

    def get(self, payment_id: int) -> Payment:
        payment = self.reader.payment(payment_id)
        assert payment is not None
        return payment

    def scalar(self, statement: str) -> Any:
        with self.engines.reader.connect() as connection:
            return connection.exec_driver_sql(statement).scalar()

    def pragma(self, pragma: str) -> Any:
        """Set something on the one connection that writes, or ask it."""
        with closing(self.engines.writer.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"PRAGMA {pragma}")
            row = cursor.fetchone()
        return row[0] if row else None

    def plan(self, call: Callable[[], object]) -> str:
        """How the database finds what a reader's call asks for; a server is told that no table is small."""
        statements: list[tuple[str, Any]] = []

        def note(
            _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _executemany: bool
        ) -> None:
            statements.append((statement, parameters))

        sa.event.listen(self.engines.reader, "before_cursor_execute", note)
        call()
        sa.event.remove(self.engines.reader, "before_cursor_execute", note)
        server = self.engines.reader.dialect.name == "postgresql"
        explain, column = ("EXPLAIN", 0) if server else ("EXPLAIN QUERY PLAN", 3)
        with self.engines.reader.connect() as connection:
            if server:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plans = [
                connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
                for statement, parameters in statements
                if statement != "BEGIN"
            ]
        return "\n\n".join("\n".join(row[column] for row in rows) for rows in plans)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of the store runs on both databases, but for those marked `sqlite`."""
    if "shop" in metafunc.fixturenames:
        only_sqlite = metafunc.definition.get_closest_marker("sqlite") is not None
        metafunc.parametrize("shop", ["sqlite"] if only_sqlite else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, with a migrated database to copy; says visibly where it cannot be had."""
    for server in server_of_tests():
        Shop(Path(), server.create("empty")).close()
        yield server


@pytest.fixture
def server(postgresql: Server) -> Iterator[Server]:
    """That server; what a test makes there is dropped after it."""
    before = set(postgresql.databases)
    yield postgresql
    postgresql.drop(*(url for url in postgresql.databases if url not in before))


def open_shop(request: pytest.FixtureRequest, folder: Path) -> Shop:
    """An empty shop on the database that a fixture's parameter names, which is dropped after that fixture."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.create(template="empty")
        request.addfinalizer(partial(server.drop, url))
        return Shop(folder, url, prepared=True)
    shutil.copyfile(request.getfixturevalue("migrated"), folder / "till.db")
    return Shop(folder / "till.db", prepared=True)


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with closing(open_shop(request, tmp_path)) as opened:
        yield opened


@pytest.fixture
def post(shop: Shop) -> Post:
    return shop.post()


def line(detail: str | None = None, **changes: Any) -> JournalLine:
    values: dict[str, Any] = {
        "at": START,
        "source": "callback",
        "kind": "result",
        "outcome": Outcome.APPLIED,
        "before": State.PROMPTED,
        "after": State.PAID,
        "code": "0",
        "detail": detail,
        "body": "{}",
    }
    return JournalLine(**values | changes)


PAID: dict[str, Any] = {"state": State.PAID, "grant": Grant(granted_at=START, access=True, until=None)}
REVIEW: dict[str, Any] = {"state": State.REVIEW, "remarks": frozenset({Remark.AMOUNT_DIFFERS})}
