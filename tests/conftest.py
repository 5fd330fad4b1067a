"""What every test may ask for: a till with a real store and real sales, a scripted M-PESA, a clock to move."""

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark, Shop
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.checkout import Checkout
from pos_app.sales.contact import Contact
from pos_app.sales.ledger import Ledger
from pos_app.sales.owner import Owner
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.receipts import Receipts
from pos_app.sales.reconciliation import Reconciler
from pos_app.sales.till import Till
from pos_app.sales.write_queue import GroupWriter
from pos_app.store.database import Database, open_database
from tests.callbacks.posing import Agent
from tests.support.fakes import FakeClock, FakeGateway, FakeRoute, Here, QuickPassphrases
from tests.ui.watchdog import WatchedApplication

settings.register_profile("kaunta", deadline=None)  # a busy machine is no failure
settings.load_profile("kaunta")


NOW = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
_PAYMENT = Payment(
    id=42,
    number="A-20261123-0042",
    till="A",
    post_id=2,
    post_title="Week pass",
    days=7,
    customer_id=1,
    phone="254712345678",
    amount=250,
    state=State.PROMPTED,
    checkout_request_id="ws_CO_231120261403000001",
    created_at=NOW - timedelta(seconds=14),
    updated_at=NOW - timedelta(seconds=12),
    next_check_at=NOW + timedelta(seconds=48),
)


@dataclass(frozen=True)
class Shelf:
    """A till and the things behind it that a test steers."""

    till: Till
    gateway: FakeGateway
    clock: FakeClock
    database: Database
    executor: ThreadPoolExecutor
    route: FakeRoute


@contextmanager
def open_shelf(
    path: Path,
    clock: FakeClock,
    gateway: FakeGateway,
    route: FakeRoute | None = None,
    *,
    on_saving: Callable[[bool], None] = lambda _: None,
) -> Iterator[Shelf]:
    """A till on a database file; closing it is like closing the program."""
    way = route or FakeRoute()
    database = open_database(path, "practice")
    writer = GroupWriter(database, clock, on_saving)
    ledger = Ledger(
        writer, clock, Schedule(reaches=lambda opened_at: way.status.reaches(opened_at), random=lambda: 0.5)
    )
    shop = Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",), mark=Mark.PRACTICE)
    reader = database.reader
    with ThreadPoolExecutor(2, thread_name_prefix="push") as executor:
        reconciler = Reconciler(till="A", gateway=gateway, ledger=ledger, reader=reader, clock=clock, executor=Here())
        ledger.subscribe(reconciler.note)
        way.subscribe(reconciler.note_route)
        contact = Contact(clock)
        contact.tell(True)
        owner = Owner(ledger, reader, writer, QuickPassphrases(), clock)
        till = Till(
            name="A",
            shop=shop,
            route=way,
            contact=contact,
            reader=reader,
            catalogue=Catalogue(reader, writer, clock, owner.passphrase),
            checkout=Checkout(
                till="A",
                writer=writer,
                ledger=ledger,
                reader=reader,
                gateway=gateway,
                clock=clock,
                executor=executor,
            ),
            ledger=ledger,
            writer=writer,
            receipts=Receipts(shop, reader, writer, ledger, clock),
            owner=owner,
            reconciler=reconciler,
            clock=clock,
        )
        writer.start()
        yield Shelf(till, gateway, clock, database, executor, way)
        gateway.release()
        executor.shutdown()
        reconciler.stop()
        writer.stop()
    database.close()


@pytest.fixture(autouse=True)
def _no_real_shop(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A command that names no folder must not find the data of whoever runs the tests."""
    monkeypatch.setenv("POS_DATA_DIR", str(tmp_path_factory.getbasetemp() / "no-shop"))


@pytest.fixture(scope="session")
def qapp_cls() -> type[WatchedApplication]:
    """The application of all tests, whichever is first to need one."""
    return WatchedApplication


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """A program that poses as the ngrok agent; none is left at the end."""
    if os.name != "posix":
        pytest.skip("it starts by its first line")
    monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(tmp_path / "ngrok config" / "ngrok.yml"))
    made = Agent(tmp_path / "agent")
    yield made
    left = made.running()
    made.kill()
    gc.collect()  # what pyngrok holds on to
    assert not left, "the test left an agent"


@pytest.fixture
def shelf(tmp_path: Path, clock: FakeClock, gateway: FakeGateway) -> Iterator[Shelf]:
    with open_shelf(tmp_path / "practice.db", clock, gateway) as opened:
        yield opened


@pytest.fixture
def till(shelf: Shelf) -> Till:
    """A till with an empty catalogue; its reconciler is not started, tests call `step`."""
    return shelf.till


@pytest.fixture
def make_payment() -> Callable[..., Payment]:
    """A payment for KES 250 that waits for its PIN, with any field as asked."""

    def make(**fields: Any) -> Payment:
        return replace(_PAYMENT, **fields)

    return make
