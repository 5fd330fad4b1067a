"""The one wiring of a till."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, PaymentId, State
from pos_app.domain.receipt import Shop
from pos_app.sales.build import Books, build_catalogue, build_staff, build_till, open_books, take_up
from pos_app.sales.keeping import Keeping
from pos_app.sales.kept_events import KeptEvent
from pos_app.sales.till import Till, reaches
from tests.support.builders import FakeSafe, answer, charge, flush, success
from tests.support.fakes import PHONE, START, FakeClock, FakeGateway, FakeRoute, Here, QuickPassphrases
from tests.support.template import open_laid

PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def books_at(path: Path, stack: ExitStack, route: FakeRoute | None = None, keeping: Keeping | None = None) -> Books:
    """Books with a writer of its own."""
    database = stack.enter_context(closing(open_laid(path)))
    books = open_books(database, database.reader, FakeClock(), route, random=lambda: 0.5, keeping=keeping)
    books.writer.start()
    stack.callback(books.writer.stop)
    return books


def till_of(books: Books, gateway: FakeGateway, stack: ExitStack) -> Till:
    """Till A, whose prompts leave from a thread."""
    till = build_till(
        books,
        name="A",
        shop=Shop("Mama Njeri Shop"),
        gateway=gateway,
        pushes=stack.enter_context(ThreadPoolExecutor(1)),
        queries=Here(),
        passphrases=QuickPassphrases(),
        make_token=lambda: "secret",
    )
    stack.callback(till.reconciler.stop)
    return till


def prompted(till: Till) -> threading.Event:
    """Is set when M-PESA has accepted a prompt."""
    event = threading.Event()
    till.ledger.subscribe(lambda payment: event.set() if payment.state is State.PROMPTED else None)
    return event


def test_building_a_till_starts_no_thread_and_asks_nothing(tmp_path: Path, stack: ExitStack) -> None:
    books = books_at(tmp_path / "till.db", stack)
    before, gateway = set(threading.enumerate()), FakeGateway()
    till_of(books, gateway, stack)
    assert set(threading.enumerate()) == before
    assert (gateway.pushes, gateway.queries) == ([], [])


def left_open(path: Path) -> Payment:
    """A payment that a run has left waiting for its PIN."""
    with ExitStack() as run:
        till = till_of(books_at(path, run), FakeGateway(), run)
        accepted = prompted(till)
        payment = charge(till, till.catalogue.add(draft_post("Week pass", 250)).id, PHONE)
        assert accepted.wait(10)
        return stored(till, payment)


def stored(till: Till, payment: Payment) -> Payment:
    flush(till.writer)
    found = till.reader.payment(payment.id)
    assert found
    return found


def test_the_next_run_asks_about_what_this_one_left_open(tmp_path: Path, stack: ExitStack) -> None:
    payment, gateway = left_open(tmp_path / "till.db"), FakeGateway()
    gateway.query_answers.append(answer(payment))
    till = till_of(books_at(tmp_path / "till.db", stack), gateway, stack)
    take_up(till, thread=False)
    assert gateway.queries == []  # whoever has no thread takes the steps
    till.reconciler.step()
    assert stored(till, payment).state is State.PAID


def test_with_a_thread_the_till_asks_by_itself(tmp_path: Path, stack: ExitStack) -> None:
    books = books_at(tmp_path / "till.db", stack)
    till = till_of(books, FakeGateway(), stack)
    take_up(till)
    assert "reconcile" in {thread.name for thread in threading.enumerate()}


def test_what_an_earlier_run_could_not_save_is_recorded_before_anything_is_asked(
    tmp_path: Path, stack: ExitStack
) -> None:
    payment, gateway = left_open(tmp_path / "till.db"), FakeGateway()
    kept = KeptEvent(at=START, key=PaymentId(payment.id), number=payment.number, event=success(payment)).line()
    till = till_of(books_at(tmp_path / "till.db", stack, keeping=Keeping(FakeSafe([kept]))), gateway, stack)
    take_up(till, thread=False)
    till.reconciler.step()
    assert stored(till, payment).state is State.PAID
    assert gateway.queries == []


@pytest.mark.parametrize("state", RouteState)
def test_without_a_callback_route_a_till_knows_that_it_only_asks(
    tmp_path: Path, stack: ExitStack, state: RouteState
) -> None:
    route = FakeRoute(RouteStatus(state=state, since=START, address_since=START))
    assert not books_at(tmp_path / "asks.db", stack).route.status.reaches(START)
    assert books_at(tmp_path / "hears.db", stack, route).route.status.reaches(START)


@pytest.mark.parametrize("ahead", [-7_200.0, 7_200.0])
def test_whether_a_callback_can_come_hangs_on_no_clock_that_is_wrong(ahead: float) -> None:
    """The route dates its address by the computer's clock, and a payment has M-PESA's time."""
    clock, route = FakeClock(), FakeRoute()
    clock.off = ahead
    route.become(RouteState.UP, address_since=clock.now())
    clock.advance(1)
    assert reaches(route, clock, clock.corrected())
    assert not reaches(route, clock, clock.corrected() - timedelta(seconds=2))


def test_posts_and_passphrase_can_be_had_without_a_till(tmp_path: Path, stack: ExitStack) -> None:
    books = books_at(tmp_path / "till.db", stack)
    authority = build_staff(books, QuickPassphrases()).authority
    authority.passphrase.choose(PASSPHRASE)
    catalogue = build_catalogue(books, authority, "command")
    assert catalogue.locked
    catalogue.unlock(PASSPHRASE)
    post = catalogue.add(draft_post("Week pass", 250))
    assert {line.source for line in books.reader.post_changes(post.id, 9)} == {"command"}
