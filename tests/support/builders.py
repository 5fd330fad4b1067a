"""Payments, events and stores for tests, with everything in order unless the test says otherwise."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeLine, ChargeRequest
from pos_app.domain.day import DayReport, close_name
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import NewPayment, Payment, PaymentFacts, State, read_reason
from pos_app.domain.payment_event import Accepted, Answer, Callback, PaymentEvent, Result
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.phone import parse_phone
from pos_app.errors import CannotSave, MaybeSaved
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.ports import Transaction, Writer
from pos_app.sales.till import Till
from pos_app.sales.write_queue import GroupWriter
from tests.support.fakes import PHONE, START
from tests.support.till_harness import TillHarness

MERCHANT = "29115-34620561-1"
CHECKOUT = "ws_CO_23112026140000123708374149"
RECEIPT = "UKN4X7Q2ZT"
RESULTS = {
    "0": Result.SUCCESS,
    "1032": Result.CANCELLED,
    **dict.fromkeys(("1", "17", "26", "1001", "1025", "2001", "9999"), Result.DECLINED),
    "1037": Result.EXPIRED,
    "4999": Result.PENDING,
}


def a_post(**changes: Any) -> Post:
    """Post 7, KES 100, thirty days."""
    return replace(Post(id=7, title="Wi-Fi month", price=100, days=30), **changes)


CLOSED_BY = {State.CANCELLED: "1032", State.DECLINED: "2001", State.EXPIRED: "1037"}


GRANT = Grant(granted_at=START, access=True, until=None)


def a_line(post: Post, quantity: int = 1, **changes: Any) -> PaymentLine:
    """A post as it is sold."""
    line = PaymentLine(post_id=post.id, title=post.title, price=post.price, quantity=quantity, days=post.days)
    return replace(line, **changes)


def with_line(payment: Payment, **changes: Any) -> Payment:
    """The payment with every line of it changed: `days`, `title`, `grant`."""
    return replace(payment, lines=tuple(replace(line, **changes) for line in payment.lines))


def grant_of(payment: Payment) -> Grant:
    """What the one line of a paid payment grants."""
    [line] = payment.lines
    assert line.grant is not None
    return line.grant


def a_payment(state: State = State.PROMPTED, **changes: Any) -> Payment:
    """Payment 42 of post 7, with its ids; a paid one has its grant and receipt code, a closed one its reason.

    A reason may be given as the word that is stored; `days`, `title` and `grant` are those of its one line.
    """
    of_line = {name: changes.pop(name) for name in ("days", "title", "grant") if name in changes}
    payment = Payment(
        id=42,
        number="A-20261123-0042",
        till="A",
        address="0" * 64,
        lines=(a_line(a_post()),),
        customer_id=5,
        phone=PHONE,
        amount=100,
        state=state,
        reason=read_reason(state, changes.pop("reason", CLOSED_BY.get(state))),
        merchant_request_id=MERCHANT,
        checkout_request_id=CHECKOUT,
        created_at=START,
        updated_at=START,
        closed_at=None if state.open else START,
    )
    if state is State.PAID:
        payment = with_line(replace(payment, receipt=RECEIPT), grant=GRANT)
    return replace(with_line(payment, **of_line), **changes)


def without_ids(payment: Payment) -> Payment:
    """As it is when the push's answer was lost."""
    return replace(payment, merchant_request_id=None, checkout_request_id=None)


def a_request(post: Post, phone: str = PHONE, despite: Iterable[int] = (), **changes: Any) -> ChargeRequest:
    """The operator asks this phone, as typed, for this post, as it is given."""
    lines = changes.pop("lines", None) or (ChargeLine(post),)
    request = ChargeRequest(lines=lines, msisdn=parse_phone(phone), despite=frozenset(despite))
    return replace(request, **changes)


def charge(till: Till, post: Post | int, phone: str = PHONE, despite: Iterable[int] = (), **changes: Any) -> Payment:
    """Ask a phone for a post, or for that with this id as the till has it now; the prompt is on its way."""
    if isinstance(post, int):
        found = till.reader.post(post)
        assert found
        post = found
    return till.checkout.charge(a_request(post, phone, despite, **changes))


def said(caplog: pytest.LogCaptureFixture, logger: str) -> list[str]:
    """What one module has logged."""
    return [record.getMessage() for record in caplog.records if record.name == logger]


def accepted(payment: Payment) -> Accepted:
    """M-PESA's answer to this payment's push, with its ids or, where it has none yet, the usual ones."""
    return Accepted(payment.merchant_request_id or MERCHANT, payment.checkout_request_id or CHECKOUT)


def success(payment: Payment, **changes: Any) -> Callback:
    """The callback of a payment that was paid as asked."""
    event = Callback(
        result=Result.SUCCESS,
        result_code="0",
        merchant_request_id=payment.merchant_request_id or MERCHANT,
        checkout_request_id=payment.checkout_request_id or CHECKOUT,
        amount=Decimal(payment.amount),
        receipt=payment.receipt or RECEIPT,
        phone=payment.phone,
    )
    return replace(event, **changes)


def failure(payment: Payment, code: str = "1032", **changes: Any) -> Callback:
    """A callback that says it was not paid."""
    return success(payment, result=RESULTS[code], result_code=code, amount=None, receipt=None, phone=None, **changes)


def answer(payment: Payment, code: str = "0") -> Answer:
    """What M-PESA answers when asked about this payment."""
    return Answer(RESULTS[code], code, payment.checkout_request_id)


class Watch:
    """Follows what a ledger publishes."""

    def __init__(self, ledger: Ledger) -> None:
        self._news = threading.Condition()
        self.seen: list[Payment] = []
        ledger.subscribe(self)

    def __call__(self, payment: Payment) -> None:
        with self._news:
            self.seen.append(payment)
            self._news.notify_all()

    def until(self, wanted: Callable[[Payment], bool]) -> Payment:
        """Wait for the first published payment like this."""

        def found() -> Payment | None:
            return next(filter(wanted, self.seen), None)

        with self._news:
            payment = self._news.wait_for(found, 10)
        assert payment, "never published"
        return payment


def flush(writer: GroupWriter) -> None:
    """Wait until everything queued so far is committed and told."""
    writer.submit(lambda _: None, keep=True).result(10)


def sell(harness: TillHarness, post: Post, phone: str = PHONE, token: str = "secret", **changes: Any) -> Payment:
    """Save a payment by the store's own door, without a push: `requested`."""
    new = NewPayment(
        till="A",
        lines=(a_line(post),),
        phone=parse_phone(phone),
        address=address_of(token),
        retry_of=None,
        created_at=harness.clock.corrected(),
    )
    return harness.till.writer.submit(lambda transaction: transaction.add_payment(replace(new, **changes))).result(10)


def prompt(harness: TillHarness, payment: Payment) -> Payment:
    """M-PESA accepts its push, with ids of its own."""
    return tell(harness, payment, Accepted(f"m{payment.id}", f"c{payment.id}"))


def end(harness: TillHarness, payment: Payment, code: str) -> Payment:
    """M-PESA accepts its push, and then answers our query with this code."""
    return tell(
        harness, payment, Accepted(f"m{payment.id}", f"c{payment.id}"), Answer(RESULTS[code], code, f"c{payment.id}")
    )


def tell(harness: TillHarness, payment: Payment, *many: PaymentEvent) -> Payment:
    """The stored payment after these events."""
    for event in many:
        change = harness.till.ledger.record(event, payment).result(10)
        assert change
        payment = change.after
    return payment


class Saving:
    """Collects what the writer tells about saving."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self.told: list[bool] = []

    def __call__(self, saving: bool) -> None:
        with self._told:
            self.told.append(saving)
            self._told.notify_all()

    def until(self, *told: bool) -> None:
        """Wait until exactly this was told."""
        with self._told:
            assert self._told.wait_for(lambda: self.told == list(told), 10), self.told


class BreakableStore:
    """A real store behind a switch: while `broken`, it refuses to save; from `hold()` to `release()` it hangs.

    Attributes:
        hanging: set when something waits to be saved.
        unheard: whether the next one is saved, and its answer is lost.
    """

    def __init__(self, store: Writer) -> None:
        self._store = store
        self.broken = False
        self.unheard = False
        self.hanging = threading.Event()
        self._gate = threading.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def write(self) -> AbstractContextManager[Transaction]:
        return self._write()

    @contextmanager
    def _write(self) -> Iterator[Transaction]:
        if not self._gate.is_set():
            self.hanging.set()
            assert self._gate.wait(20), "the test never released the store"
        if self.broken:
            raise CannotSave()
        with self._store.write() as transaction:
            yield transaction
        if self.unheard:
            self.unheard = False
            raise MaybeSaved()


class FakeSafe:
    """A file for what the store does not take, in memory. While `error` is set it can be neither written nor
    shortened.
    """

    place = "the safe"

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.lines = list(lines)
        self.error: OSError | None = None
        self._changed = threading.Condition()

    def until(self, right: Callable[[list[str]], bool]) -> bool:
        """Wait for what another thread writes, ten seconds at most; gives whether the lines are right."""
        with self._changed:
            return self._changed.wait_for(lambda: right(self.lines), 10)

    def read(self) -> list[str]:
        return list(self.lines)

    def append(self, lines: Sequence[str]) -> None:
        self._write([*self.lines, *lines])

    def replace(self, lines: Sequence[str]) -> None:
        self._write(lines)

    def _write(self, lines: Sequence[str]) -> None:
        if self.error:
            raise self.error
        with self._changed:
            self.lines = list(lines)
            self._changed.notify_all()


def as_record(payment: Payment) -> PaymentRecord:
    """A payment as files have it; its lines are without their grants."""
    facts = {field.name: getattr(payment, field.name) for field in fields(PaymentFacts)}
    facts["lines"] = tuple(replace(line, grant=None) for line in payment.lines)
    return PaymentRecord(**facts, granted=payment.granted)


def close_in(transaction: Transaction, report: DayReport, till: str) -> tuple[str, str]:
    """Close the day as a till does, with the line of the audit that binds it; gives its subject and its words."""
    number = transaction.close_day(report, till, None, owner=False)
    said = f"KES {report.figures.net}, {transaction.close_sum(number)}"
    transaction.add_audit([audit_line(Actor(), Act.CLOSE, report.until, close_name(number), said)])
    return close_name(number), said
