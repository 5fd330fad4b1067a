"""A till with a real store and real sales, and what a test steers of the world around it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.receipt import Mark, Shop
from pos_app.sales.build import Erasing, build_till, open_books
from pos_app.sales.contact import Contact
from pos_app.sales.inbox import LedgerInbox
from pos_app.sales.printing import ReceiptPaper
from pos_app.sales.statements import MoneyAccount
from pos_app.sales.till import Till
from pos_app.store.database import Database
from tests.support.fakes import FakeClock, FakeGateway, FakeRoute, Here, KeysInMemory, QuickPassphrases
from tests.support.template import open_laid

ACCOUNT = MoneyAccount(frozenset({"600123", "512345"}), paybill=False)


@dataclass(frozen=True)
class TillHarness:
    """A till and the things behind it that a test steers."""

    till: Till
    gateway: FakeGateway
    clock: FakeClock
    database: Database
    executor: ThreadPoolExecutor
    route: FakeRoute
    inbox: LedgerInbox
    keys: KeysInMemory


@contextmanager
def open_harness(
    path: Path,
    clock: FakeClock,
    gateway: FakeGateway,
    route: FakeRoute | None = None,
    *,
    contents: bytes | None = None,
    on_saving: Callable[[bool], None] = lambda _: None,
    paper: ReceiptPaper | None = None,
) -> Iterator[TillHarness]:
    """A till on a database file; closing it is like closing the program. Its reconciler has no thread.

    Where there is no file yet, an empty database is laid there, or one with these contents.
    """
    way = route or FakeRoute()
    database = open_laid(path, contents)
    books = open_books(database, database.reader, clock, way, random=lambda: 0.5, on_saving=on_saving)
    contact, keys = Contact(clock), KeysInMemory()
    contact.tell(True)
    with ThreadPoolExecutor(2, thread_name_prefix="push") as executor:
        till = build_till(
            books,
            name="A",
            shop=Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",), mark=Mark.PRACTICE),
            gateway=gateway,
            pushes=executor,
            queries=Here(),
            passphrases=QuickPassphrases(),
            contact=contact,
            paper=paper,
            erasing=Erasing(keys=keys, sweep=database.sweep),
            account=ACCOUNT,
        )
        books.writer.start()
        yield TillHarness(till, gateway, clock, database, executor, way, books.inbox, keys)
        gateway.release()
        executor.shutdown()
        till.reconciler.stop()
        till.printing.stop()
        books.writer.stop()
    database.close()
