"""The till in a process that is going to be killed: the program's own wiring on a database file.

It reports to its parent what it promised to whom. M-PESA keeps no books here: what becomes of a prompt stands in
its address token, so that M-PESA outlives every crash and the parent knows the truth as well.
"""

import itertools
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import sqlalchemy as sa

from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.links import LinkKey
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Accepted, Answer, Callback, NotSent, Result, Unanswered
from pos_app.domain.push import Push
from pos_app.domain.receipt import Mark, Shop
from pos_app.errors import CannotSave
from pos_app.sales.build import build_till, open_books, take_up
from pos_app.sales.ports import Clock, Transaction
from pos_app.sales.write_queue import RETRY
from pos_app.store.database import Database
from pos_app.store.engine import open_engines, sqlite_url
from pos_app.store.migrate import prepare
from tests.support.builders import charge
from tests.support.fakes import START, FakeClock, FakeRoute, Here, QuickPassphrases

POSTS = (("Week pass", 190, 7), ("Tea", 30, 0))  # title, price, days of access
PRICE = 250  # of the basket that everybody buys: a week and two teas
SPEED = 1_000.0  # shop seconds in a second: a payment is asked about before it is 20 ms old
LINK_KEY = LinkKey(b"t" * 32)
CUSTOMERS = 3  # who answer at the same time
LIMIT = 20.0  # seconds; no wait is longer
_AGAIN = 0.005  # seconds until somebody who was refused tries again
_RESULTS = {"0": Result.SUCCESS, "1032": Result.CANCELLED, "4999": Result.PENDING}
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows either ends the process on the spot


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a prompt: its ResultCode, whether the push is answered, whether a callback comes."""

    code: str
    answered: bool = True
    calls: bool = True


_FATES = (
    *[Fate("0")] * 160,
    *[Fate("0", answered=False)] * 20,
    *[Fate("0", calls=False)] * 20,
    *[Fate("1032")] * 30,
    *[Fate("4999", calls=False)] * 26,
)


def fate_of(token: str) -> Fate:
    """Written in the first byte of the address token."""
    return _FATES[int(token[:2], 16)]


def receipt_of(token: str) -> str:
    """M-PESA's receipt code, where the prompt is paid."""
    return token[:16].upper()


class Reports:
    """Tells the parent. Each report is one short write into a pipe: a kill leaves it whole or unsaid."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def __call__(self, kind: str, subject: str = "") -> None:
        with self._lock:
            self._pipe.send((kind, subject))


class Doom:
    """Kills this process at one named step, `<during>: <step>`; at none where there is no name."""

    def __init__(self, point: str | None = None) -> None:
        self._point = point
        self.during = "restart"

    def at(self, step: str) -> None:
        """The till is here."""
        if f"{self.during}: {step}" == self._point:
            os.kill(os.getpid(), _KILL)
            threading.Event().wait()  # the signal may need a moment; nothing goes on meanwhile

    def watch(self, engine: sa.Engine) -> None:
        """Each statement that writes is a step, and so is the commit."""

        def before(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            words = statement.replace("(", " ").split()
            self.at("before " + " ".join(words[: 3 if words[0] == "INSERT" else 2]))

        sa.event.listen(engine, "before_cursor_execute", before)
        sa.event.listen(engine, "commit", lambda _: self.at("before COMMIT"))


class DoomedStore:
    """Fits `sales.ports.Writer`: the real one, with a step after the commit."""

    def __init__(self, database: Database, doom: Doom) -> None:
        self._database = database
        self._doom = doom

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._database.write() as transaction:
            yield transaction
        self._doom.at("committed")


class Mpesa:
    """Fits `sales.ports.Gateway`. `callbacks` holds the address tokens whose callback is to be posted."""

    def __init__(self, report: Reports, doom: Doom) -> None:
        self._report = report
        self._doom = doom
        self.callbacks: queue.SimpleQueue[str] = queue.SimpleQueue()

    def push(self, push: Push, objection: Callable[[], str | None]) -> Accepted | NotSent | Unanswered:
        self._doom.during = "push"
        self._doom.at("leaves")
        token = push.address_token
        if reason := objection():
            return NotSent(reason)
        self._report("left", token)
        self._report("rang", push.phone)
        self._doom.at("left")
        if fate_of(token).calls:
            self.callbacks.put(token)
        return Accepted(f"m-{token}", f"ws_CO_{token}") if fate_of(token).answered else Unanswered(detail="lost")

    def query(self, checkout_request_id: str) -> Answer:
        token = checkout_request_id.removeprefix("ws_CO_")
        self._doom.at("asked")
        self._report("told", token)
        self._doom.at("heard")
        code = fate_of(token).code
        return Answer(_RESULTS[code], code, checkout_request_id)

    def reach(self) -> None:
        """It is always there."""

    def warm(self) -> None:
        """Nothing to warm."""


def callback_of(token: str) -> Callback:
    """What M-PESA posts about a prompt."""
    code = fate_of(token).code
    paid = code == "0"
    return Callback(
        result=_RESULTS[code],
        result_code=code,
        merchant_request_id=f"m-{token}",
        checkout_request_id=f"ws_CO_{token}",
        amount=Decimal(PRICE) if paid else None,
        receipt=receipt_of(token) if paid else None,
    )


@dataclass(frozen=True, slots=True)
class FastClock:
    """A day in a minute and a half. It goes on while no till runs: the monotonic clock belongs to the computer."""

    start: datetime
    began: float

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * SPEED)

    def monotonic(self) -> float:
        return time.monotonic() * SPEED

    def since_boot(self) -> float:
        """A push leaves at once, and the computer that plays the days is no faster than others."""
        return time.monotonic()

    def ahead_of_mpesa(self) -> float | None:
        return None

    def corrected(self) -> datetime:
        return self.now()


class KillableTill:
    """One life of the till, from its start to its death."""

    def __init__(
        self, path: Path, clock: Clock, pipe: Connection, make_token: Callable[[], str], point: str | None = None
    ) -> None:
        logging.disable(logging.CRITICAL)
        self.report = Reports(pipe)
        self.report("born")
        self.doom = Doom(point)
        engines = open_engines(sqlite_url(path))
        prepare(engines, "practice")
        self.doom.watch(engines.writer)
        database = Database(engines)
        database.link_lines("A", lambda: LINK_KEY)
        self.reader = database.reader
        self.mpesa = Mpesa(self.report, self.doom)
        books = open_books(
            DoomedStore(database, self.doom),
            self.reader,
            clock,
            FakeRoute(),
            random=lambda: 0.5,
            on_saving=self._tell_saving,
            retry=RETRY / SPEED,
        )
        self._till = build_till(
            books,
            name="A",
            shop=Shop("Mama Njeri Shop", mark=Mark.PRACTICE),
            gateway=self.mpesa,
            pushes=ThreadPoolExecutor(8, thread_name_prefix="push"),
            queries=Here(),
            passphrases=QuickPassphrases(),
            make_token=make_token,
        )
        self.writer = books.writer
        self.ledger = books.ledger
        self.inbox = books.inbox
        self.reconciler = self._till.reconciler
        self.checkout = self._till.checkout
        self.ledger.subscribe(lambda _: self.doom.at("published"))

    def start(self) -> None:
        """Take up what the last life left; "ready" is said when that is saved."""
        self.writer.start()
        take_up(self._till, thread=False)
        self.wait_until_written()
        self.report("ready")

    def charge(self, phone: str) -> Payment:
        """Somebody is asked for a week and two teas."""
        week, tea = self._till.reader.posts()
        return charge(self._till, week, phone, lines=(ChargeLine(week), ChargeLine(tea, 2)))

    def _tell_saving(self, saving: bool) -> None:
        self.report("saving" if saving else "cannot save")

    def wait_until_written(self) -> None:
        """Everything queued until now is committed and published."""
        self.writer.submit(lambda _: None).result(LIMIT)

    def post(self, token: str) -> None:
        """M-PESA posts a callback, and hears thanks or that nobody knows the address."""
        self.report("told", token)
        self.doom.at("received")
        change = self.inbox.receive(token, callback_of(token), '{"Body": "as posted"}').result(LIMIT)
        self.doom.at("answered")
        self.report("acked" if change else "refused", token)

    def ask(self) -> None:
        """What the reconciler's own thread does, in the time of the fast clock."""
        wait = self.reconciler.step()
        threading.Event().wait(min(1.0 if wait is None else wait, 1.0) / SPEED)


def sell(pipe: Connection, path: Path, clock: Clock, seed: int, life: int) -> None:
    """Charge, hear callbacks and ask M-PESA as fast as the computer can, until somebody kills us.

    A charge that is refused because the computer cannot save is told with its words, and tried again.
    """
    random = Random(f"{seed} {life}")
    threading.excepthook = _end
    till = KillableTill(path, clock, pipe, lambda: f"{random.getrandbits(160):040x}")
    till.start()

    def forever(work: Callable[[], None]) -> None:
        def run() -> None:
            while True:
                work()

        threading.Thread(target=run, daemon=True).start()

    forever(till.ask)
    for _ in range(CUSTOMERS):
        forever(lambda: till.post(till.mpesa.callbacks.get()))
    for number in itertools.count(life * 10_000):  # nobody is a customer twice
        try:
            till.report("saved", till.charge(f"2547{number:08}").number)
        except CannotSave as refused:
            till.report("refused to charge", refused.user_text)
            threading.Event().wait(_AGAIN)


def _end(failure: threading.ExceptHookArgs) -> None:
    """A thread that fails must be seen: the process ends by itself, which the parent does not expect."""
    threading.__excepthook__(failure)
    os._exit(1)


def walk(pipe: Connection, path: Path, hours: int, token: str, point: str) -> None:
    """One payment step by step, up to the point at which we are killed."""
    clock = FakeClock(START + timedelta(hours=hours))
    till = KillableTill(path, clock, pipe, lambda: token, point)
    prompted = threading.Event()
    till.ledger.subscribe(lambda payment: prompted.set() if payment.state is State.PROMPTED else None)
    till.start()
    till.doom.during = "catching up"  # what earlier lives left is no part of the walk
    till.reconciler.step()
    till.wait_until_written()
    prompted.clear()
    till.doom.during = "charge"
    till.report("saved", till.charge(f"2547{hours:08}").number)
    assert prompted.wait(LIMIT), "the push was never answered"
    till.doom.during = point.partition(":")[0]
    if till.doom.during == "callback":
        till.post(token)
    else:
        clock.advance(25.0 if till.doom.during == "query" else 151.0)
        till.reconciler.step()
    till.wait_until_written()


def settle(pipe: Connection, path: Path, clock: Clock) -> None:
    """Sell nothing more, and ask until every payment whose prompt has ended is closed, or the patience is over."""
    till = KillableTill(path, clock, pipe, lambda: "")
    till.start()
    end = time.monotonic() + 2 * LIMIT
    while time.monotonic() < end and any(_has_ended(payment) for payment in till.reader.open_payments("A")):
        for _ in range(25):
            till.ask()
    till.wait_until_written()


def _has_ended(payment: Payment) -> bool:
    checkout = payment.checkout_request_id
    return checkout is not None and fate_of(checkout.removeprefix("ws_CO_")).code != "4999"
