"""Several tills of one shop, on one server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Accepted, Callback, NotSent, Result, Unanswered
from pos_app.domain.push import Push
from pos_app.domain.receipt import Shop
from pos_app.sales.build import build_till, open_books
from pos_app.sales.checkout import Checkout
from pos_app.sales.keeping import Keeping
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock
from pos_app.sales.write_queue import GroupWriter
from pos_app.store.database import Database, open_database
from tests.support.builders import a_request, flush
from tests.support.fakes import FakeGateway, FakeRoute, Here, QuickPassphrases


@dataclass
class Till:
    """One till's engine on the shared server."""

    database: Database
    writer: GroupWriter
    ledger: Ledger
    checkout: Checkout
    pushes: ThreadPoolExecutor
    gateway: "Gateway"

    def ask(self, post: Post, phone: str) -> Payment:
        """Charge, and wait until M-PESA has accepted the push."""
        payment = self.checkout.charge(a_request(post, phone))
        self.pushes.submit(lambda: None).result(10)
        return self.now_is(payment.id)

    def sell(self, title: str = "Maji") -> Post:
        """Something that customers pay KES 50 for."""
        return self.writer.submit(lambda transaction: transaction.add_post(draft_post(title, 50, 1))).result(10)

    def now_is(self, payment_id: int) -> Payment:
        flush(self.writer)
        payment = self.database.reader.payment(payment_id)
        assert payment is not None
        return payment

    def hear(self, payment: Payment, result: Result, code: str, receipt: str | None = None) -> bool:
        """M-PESA's callback comes to this till; whether it gave the grant."""
        ids = payment.merchant_request_id, payment.checkout_request_id
        event = Callback(result, code, *ids, Decimal(payment.amount) if receipt else None, receipt)
        change = self.ledger.record(event, payment).result(10)
        return change is not None and change.granted


@contextmanager
def open_till(
    name: str,
    url: str,
    clock: Clock,
    *,
    keeping: Keeping | None = None,
    on_saving: Callable[[bool], None] = lambda _: None,
) -> Iterator[Till]:
    """One till of a shop, as `build_till` makes it; its reconciler has no thread."""
    database = open_database(url, "practice")
    gateway = Gateway(name)
    books = open_books(
        database, database.reader, clock, FakeRoute(), random=lambda: 0.5, keeping=keeping, on_saving=on_saving
    )
    with ThreadPoolExecutor(1) as executor:
        till = build_till(
            books,
            name=name,
            shop=Shop("Mama Njeri Shop"),
            gateway=gateway,
            pushes=executor,
            queries=Here(),
            passphrases=QuickPassphrases(),
        )
        books.writer.start()
        yield Till(database, books.writer, books.ledger, till.checkout, executor, gateway)
        till.reconciler.stop()
    books.writer.stop()
    database.close()


class Gateway(FakeGateway):
    """M-PESA gives no id twice, whichever till asks."""

    def __init__(self, till: str) -> None:
        super().__init__()
        self.till = till

    def push(self, push: Push, objection: Callable[[], str | None]) -> Accepted | NotSent | Unanswered:
        accepted = super().push(push, objection)
        if not isinstance(accepted, Accepted):
            return accepted
        return Accepted(f"{self.till}-{accepted.merchant_request_id}", f"{accepted.checkout_request_id}{self.till}")
