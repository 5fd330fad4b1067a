"""The real till without threads: whatever happens to it happens between two calls, and it can die at a commit."""

import itertools
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pos_app.daraja import wire
from pos_app.domain.catalogue import NO_ACCESS, draft_post
from pos_app.domain.links import LinkKey
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Unanswered
from pos_app.domain.push import Push
from pos_app.domain.receipt import Mark, Shop
from pos_app.errors import CannotSave
from pos_app.sales.access_by_hand import AccessByHand
from pos_app.sales.audit import Audit
from pos_app.sales.authority import Authority
from pos_app.sales.build import build_access, build_catalogue, build_staff, build_till, open_books, take_up
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.ledger import address_of
from pos_app.sales.operators import Operators
from pos_app.sales.ports import Transaction
from pos_app.store.database import Database, open_database
from pos_app.store.engine import open_engines
from tests.faults.oracles.model import Stored, Ware
from tests.faults.oracles.staff import By
from tests.faults.oracles.staff import Line as AuditLine
from tests.faults.simulation.counter import InlineWriter
from tests.faults.simulation.transport import Raw
from tests.support.fakes import FakeClock, FakeRoute, Here, QuickPassphrases

T = TypeVar("T")
PASSPHRASE = "the owner's own words"
LINK_KEY = LinkKey(b"t" * 32)
# id, price, days of access, and the highest price where that is asked
POSTS = ((1, 250, 30, None), (2, 10, None, None), (3, 1_000, NO_ACCESS, None), (4, 50, 7, 500))
_names = itertools.count()


class Killed(BaseException):
    """The program ends here. No code under test may catch it."""


class Moment(StrEnum):
    """When it dies: right before a commit, or right after it and before anybody is told."""

    BEFORE = "before the commit"
    AFTER = "after the commit"


class KillableStore:
    """The real store. It may refuse to save, and it may be where the program dies."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.broken = False
        self.dies: Moment | None = None

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        if self.broken:
            raise CannotSave()
        with self._database.write() as transaction:
            yield transaction
            if self.dies is Moment.BEFORE:
                raise Killed
        if self.dies is Moment.AFTER:
            raise Killed


class Line:
    """M-PESA at the end of a line: its answers are bytes that the real wire code reads.

    `answer_push` is asked with each push, `answer_query` with the id of each question. NotSent:
    no connection could be had; None: it broke before any answer. `held_back` is told the address token of a push that
    the till held back.

    Attributes:
        slow: the connection opens only now; otherwise the push left when it was charged, and this is its answer.
    """

    def __init__(
        self,
        answer_push: Callable[[Push], Raw | NotSent | None],
        answer_query: Callable[[str], Raw | None],
        held_back: Callable[[str], None],
    ) -> None:
        self._answer_push = answer_push
        self._answer_query = answer_query
        self._held_back = held_back
        self.slow = False

    def push(self, push: Push, objection: Callable[[], str | None]) -> Accepted | NotSent | Unanswered:
        if self.slow and (reason := objection()):
            self._held_back(push.address_token)
            return NotSent(reason)
        raw = self._answer_push(push)
        if isinstance(raw, NotSent):
            return raw
        answer = wire.read_push(raw.status, raw.body) if raw else Unanswered(detail="the connection broke")
        assert not isinstance(answer, wire.TokenRefused), "that is the client's to deal with, which is not here"
        return answer

    def query(self, checkout_request_id: str) -> Answer | NoAnswer:
        raw = self._answer_query(checkout_request_id)
        answer = wire.read_query(raw.status, raw.body, checkout_request_id) if raw else NoAnswer(detail="it broke")
        assert not isinstance(answer, wire.TokenRefused), "that is the client's to deal with, which is not here"
        return answer

    def reach(self) -> None:
        """There is always a connection."""

    def warm(self) -> None:
        """Nothing to make ready."""


class Outbox(Executor):
    """Keeps each push on its way until it is let go."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], Any]] = []

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        self.waiting.append(lambda: fn(*args, **kwargs))
        return Future()  # nobody waits for it


class Desk(NamedTuple):
    """Where people sign in, and what only some of them may do: at the till, or at a second one beside it."""

    authority: Authority
    operators: Operators
    audit: Audit
    catalogue: Catalogue
    access: AccessByHand


def second_desk(database: Database, clock: FakeClock) -> Desk:
    """A second program at the same database, which nothing befalls."""
    books = open_books(database, database.reader, clock, write_queue=InlineWriter)
    staff = build_staff(books, QuickPassphrases())
    catalogue = build_catalogue(books, staff.authority, "window")
    return Desk(staff.authority, staff.operators, staff.audit, catalogue, build_access(books, staff.authority))


class Run:
    """One run of the program, from its start to its end. `told`: each payment as it was last published."""

    def __init__(self, database: Database, clock: FakeClock, line: Line, make_token: Callable[[], str]) -> None:
        reader = database.reader
        self.dead = False  # it was killed at a commit
        self.reader = reader
        self.line = line
        self.store = KillableStore(database)
        self.outbox = Outbox()
        self.told: dict[int, Payment] = {}
        books = open_books(self.store, reader, clock, FakeRoute(), random=lambda: 0.5, write_queue=InlineWriter)
        till = build_till(
            books,
            name="A",
            shop=Shop("Mama Njeri Shop", mark=Mark.PRACTICE),
            gateway=line,
            pushes=self.outbox,
            queries=Here(),
            passphrases=QuickPassphrases(),
            make_token=make_token,
        )
        self.writer = books.writer
        self.ledger = books.ledger
        self.inbox = books.inbox
        self.reconciler = till.reconciler
        self.checkout = till.checkout
        self.receipts = till.receipts
        self.owner = till.owner
        self.desk = Desk(till.authority, till.operators, till.audit, till.catalogue, till.access)
        self.ledger.subscribe(lambda payment: self.told.update({payment.id: payment}))
        take_up(till, thread=False)

    def now(self, payment_id: int) -> Payment:
        """The payment as it is stored now."""
        payment = self.reader.payment(payment_id)
        assert payment is not None
        return payment


@cache
def _template() -> bytes:
    """An empty shop's database: migrated once, since that takes longer than a whole example."""
    name = f"file:template{next(_names)}?mode=memory&cache=shared&uri=true"
    database = open_database(f"sqlite:///{name}", "practice")
    books = open_books(database, database.reader, FakeClock())
    books.writer.start()
    authority = build_staff(books, QuickPassphrases()).authority
    catalogue = build_catalogue(books, authority, "window")
    for post_id, price, days, highest in POSTS:
        assert catalogue.add(draft_post(f"Post {price}", price, days=days, highest=highest)).id == post_id
    authority.passphrase.choose(PASSPHRASE)
    with closing(sqlite3.connect(name.replace("&uri=true", ""), uri=True)) as connection:
        copy = connection.serialize()
    books.writer.stop()
    database.close()
    return copy


class Row(NamedTuple):
    """One payment in the database."""

    id: int
    version: int
    stored: Stored


class KeptDatabase:
    """The database in memory, which outlives the program, and a look into it past the code under test."""

    def __init__(self) -> None:
        name = f"file:threadless{next(_names)}?mode=memory&cache=shared"
        self._look = sqlite3.connect(name, uri=True)
        self._look.row_factory = sqlite3.Row
        with closing(sqlite3.connect(":memory:")) as template:
            template.deserialize(_template())
            template.backup(self._look)
        self._url = f"sqlite:///{name}&uri=true"
        self._engines = open_engines(self._url)  # one pair for all runs: making a statement takes longer than doing it
        self._audited = self._look.execute("SELECT max(id) FROM audit").fetchone()[0]  # while the shop was made

    def open(self) -> Database:
        """As at a start of the program."""
        database = Database(self._engines)
        database.link_lines("A", lambda: LINK_KEY)
        return database

    def whole(self) -> bool:
        """Whether every line of the journal and of the audit is as it was written."""
        return not self.open().reader.verify(LINK_KEY).broken

    def close(self) -> None:
        self.open().close()
        self._look.close()

    def payment_id(self, token: str) -> int | None:
        """The payment's id, where it was saved."""
        row = self._look.execute("SELECT id FROM payment WHERE address = ?", (address_of(token),)).fetchone()
        return int(row["id"]) if row else None

    def sold(self, token: str) -> tuple[list[Ware], int]:
        """The lines of a payment, and what is asked for it."""
        row = self._look.execute("SELECT id, amount FROM payment WHERE address = ?", (address_of(token),)).fetchone()
        lines = self._look.execute("SELECT * FROM payment_line WHERE payment_id = ? ORDER BY line", (row["id"],))
        wares = [Ware(line["post_id"], line["price"], line["quantity"], line["days"]) for line in lines]
        return wares, row["amount"]

    def audit(self) -> list[AuditLine]:
        """What the audit has, oldest first; a payment is named by the SHA-256 of its address token."""
        lines = self._look.execute(
            "SELECT audit.*, payment.address FROM audit LEFT JOIN payment ON payment.number = audit.subject "
            "WHERE audit.id > ? ORDER BY audit.id",
            [self._audited],
        )
        return [
            AuditLine(
                line["act"],
                By(line["operator_id"], line["role"], bool(line["owner"])),
                line["address"] or line["subject"],
                line["old"],
                line["new"],
            )
            for line in lines
        ]

    def customer_id(self, phone: str) -> int:
        """Who has this phone."""
        found = self._look.execute("SELECT id FROM customer WHERE phone = ?", [phone]).fetchone()
        return int(found["id"])

    def by_hand(self) -> list[tuple[str, int, datetime | None, bool]]:
        """Access by hand, oldest first: phone, post, until when it lasts or has lasted, and whether it counts."""
        rows = self._look.execute(
            "SELECT phone, post_id, until, withdrawn_at FROM access_by_hand AS given JOIN customer "
            "ON customer.id = given.customer_id ORDER BY given.id"
        )
        return [(row["phone"], row["post_id"], _moment(row["until"]), row["withdrawn_at"] is None) for row in rows]

    def operators(self) -> dict[int, tuple[str, str, bool, int]]:
        """By id: name, role, whether they are active, and how many wrong PINs they have typed in a row."""
        rows = self._look.execute("SELECT * FROM operator")
        return {
            row["id"]: (row["name"], row["role"], bool(row["active"]), int((row["tries"] or "0").split()[0]))
            for row in rows
        }

    def closes(self) -> list[tuple[int, int, int, int, str]]:
        """The closes as they were written: number, KES received, refunded and returned, and the report."""
        rows = self._look.execute("SELECT number, received, refunded, returned, report FROM day_close ORDER BY number")
        return [tuple(row) for row in rows]

    def moved(self) -> dict[int | None, tuple[int, int, int]]:
        """What the movements of each close come to, None: of what has none: KES received, refunded, returned."""
        sums = "SELECT close_number, sum(received), sum(refunded), sum(returned) FROM movement GROUP BY close_number"
        return {row[0]: (row[1], row[2], row[3]) for row in self._look.execute(sums)}

    def moved_of(self) -> dict[int, tuple[int, int, int, int]]:
        """The same of each payment, by its id, behind how often it became paid."""
        sums = "SELECT payment_id, sum(paid), sum(received), sum(refunded), sum(returned) FROM movement GROUP BY 1"
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in self._look.execute(sums)}

    def payments(self) -> dict[str, Row]:
        """What stands there, by the SHA-256 of the address token."""
        journal, grants = defaultdict(list), defaultdict(list)
        for line in self._look.execute('SELECT payment_id, source, "before", "after" FROM payment_event ORDER BY id'):
            journal[line["payment_id"]].append((line["source"], line["before"], line["after"]))
        for grant in self._look.execute('SELECT * FROM "grant" ORDER BY payment_id, line'):
            until = _moment(grant["until"])
            grants[grant["payment_id"]].append((grant["line"], grant["post_id"], bool(grant["access"]), until))
        backs = defaultdict(list)
        for back in self._look.execute("SELECT payment_id, code, amount FROM refund ORDER BY id"):
            backs[back["payment_id"]].append((back["code"], back["amount"]))
        wares = defaultdict(list)
        for line in self._look.execute("SELECT * FROM payment_line ORDER BY payment_id, line"):
            wares[line["payment_id"]].append(Ware(line["post_id"], line["price"], line["quantity"], line["days"]))
        rows = self._look.execute("SELECT * FROM payment ORDER BY id").fetchall()
        of = {row["id"]: (journal[row["id"]], wares[row["id"]], grants[row["id"]], backs[row["id"]]) for row in rows}
        return {row["address"]: _row(row, *of[row["id"]]) for row in rows}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _row(
    row: sqlite3.Row,
    journal: list[tuple[str, str, str]],
    wares: list[Ware],
    grants: list[tuple[int, int, bool, datetime | None]],
    backs: list[tuple[str, int]],
) -> Row:
    stored = Stored(
        state=row["state"],
        remarks=frozenset(row["remark"].split(",")) if row["remark"] else frozenset(),
        merchant=row["merchant_request_id"],
        checkout=row["checkout_request_id"],
        receipt=row["receipt"],
        typed=row["receipt_typed"],
        paid=row["amount_paid"] if row["state"] == "paid" else None,
        backs=tuple(backs),
        asked_next=row["next_check_at"] is not None,
        asked=row["amount"],
        operator=row["operator_id"],
        wares=tuple(wares),
        grants=tuple(grants),
        journal=tuple(journal),
    )
    return Row(row["id"], row["version"], stored)
