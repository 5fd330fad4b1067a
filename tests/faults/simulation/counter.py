"""The real till, driven in virtual time: the code of `pos_app`, put together by its own wiring."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from pos_app.daraja.client import DarajaClient
from pos_app.daraja.wire import Account, Keys
from pos_app.domain.receipt import Mark, Shop
from pos_app.sales.build import build_till, open_books, take_up
from pos_app.sales.ports import Route, Transaction
from pos_app.sales.reconciliation import Reconciler
from pos_app.sales.statements import MoneyAccount
from pos_app.sales.write_queue import GroupWriter
from pos_app.store.database import Database
from tests.faults.simulation.kernel import Kernel, Loops
from tests.faults.simulation.transport import Transport
from tests.support.fakes import START, QuickPassphrases

T = TypeVar("T")
URL = "http://127.0.0.1:9"  # nothing is there: the transport carries everything
SHORT_CODE = "174379"
_LONGEST_WAIT = 30.0  # seconds; as the reconciler's own thread waits
_SHORTEST_WAIT = 1e-4  # no thread sleeps for less


class TillClock:
    """The till's clock. `ahead` is how wrong its wall clock is, `slept` how long the computer was suspended."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.ahead = 0.0
        self.slept = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self._kernel.now + self.ahead)

    def monotonic(self) -> float:
        return 1_000.0 + self._kernel.now - self.slept

    def since_boot(self) -> float:
        return 1_000.0 + self._kernel.now

    def ahead_of_mpesa(self) -> float | None:
        return None

    def corrected(self) -> datetime:
        return self.now()


class InlineWriter(GroupWriter):
    """Writes on the thread of whoever submits, so that nothing else can happen in between."""

    _writing = False

    def submit(self, work: Callable[[Transaction], T], **how: Any) -> "Future[T]":
        future = super().submit(work, **how)
        if not self._writing:
            self._writing = True
            try:
                self.step()
            finally:
                self._writing = False
        return future


class Turns(Executor):
    """Gives each job to a worker of the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        self._kernel.start(lambda: fn(*args, **kwargs))
        return Future()  # nobody waits for it


class Asking:
    """Stands for the reconciler's thread: `step`, then sleep until something is due or somebody wakes it."""

    def __init__(self, kernel: Kernel, reconciler: Reconciler) -> None:
        self._kernel = kernel
        self._reconciler = reconciler
        self._busy = False
        self._again = False
        self._asleep = False
        self._turn = 0

    def wake(self, _: object = None) -> None:
        """Something changed."""
        if self._busy:
            self._again = True
        else:
            self._sleep(0.0)

    def stop(self) -> None:
        """Step no more."""
        self._turn = -1

    def pause(self) -> None:
        """The computer sleeps."""
        self._asleep = True

    def resume(self) -> None:
        """The computer wakes up."""
        self._asleep = False
        self.wake()

    def _sleep(self, seconds: float) -> None:
        if self._turn < 0:
            return
        self._turn += 1
        turn = self._turn
        self._kernel.after(seconds, lambda: self._begin(turn))

    def _begin(self, turn: int) -> None:
        if turn == self._turn and not self._busy and not self._asleep:
            self._busy = True
            self._kernel.start(self._step)

    def _step(self) -> None:
        wait = self._reconciler.step()
        self._busy = False
        again, self._again = self._again, False
        if again:
            self._sleep(0.0)
        elif wait is not None:
            self._sleep(min(max(wait, _SHORTEST_WAIT), _LONGEST_WAIT))


class Counter:
    """One run of the till on a database, from its start to its close or its crash."""

    def __init__(
        self,
        kernel: Kernel,
        loops: Loops,
        database: Database,
        transport: Transport,
        clock: TillClock,
        random: Random,
        route: Route | None,
        *,
        name: str = "A",
        callback_base: Callable[[], str] = lambda: URL,
    ) -> None:
        books = open_books(
            database,
            database.reader,
            clock,
            route,
            random=random.random,
            write_queue=InlineWriter,
        )
        self.gateway = DarajaClient(
            base_url=URL,
            account=Account(SHORT_CODE),
            keys=Keys("practice-key", "practice-secret", "practice-passkey"),
            callback_base=callback_base,
            now=clock.now,
            monotonic=clock.monotonic,
            transport=transport,
            runner=loops,
        )
        till = build_till(
            books,
            name=name,
            shop=Shop("Mama Njeri Shop", mark=Mark.PRACTICE),
            gateway=self.gateway,
            pushes=Turns(kernel),
            queries=Turns(kernel),
            passphrases=QuickPassphrases(),
            account=MoneyAccount(frozenset({SHORT_CODE}), paybill=True),
            make_token=lambda: f"{random.getrandbits(160):040x}",
        )
        self.reader = books.reader
        self.writer = books.writer
        self.ledger = books.ledger
        self.inbox = books.inbox
        self.reconciler = till.reconciler
        self.checkout = till.checkout
        self.owner = till.owner
        self.recording = till.recording
        self.days = till.days
        self.catalogue = till.catalogue
        self.asking = Asking(kernel, self.reconciler)
        self.ledger.subscribe(self.asking.wake)
        take_up(till, thread=False)
        self.asking.wake()

    def stop(self) -> None:
        """The program is gone; what it still had on its way is heard of by nobody."""
        self.asking.stop()
        self.reconciler.stop()
        self.writer.stop()
        self.gateway.close()
