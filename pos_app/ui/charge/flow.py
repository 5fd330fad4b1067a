"""What the charge page asks of the till. Each question runs on a thread and its answer comes back as a signal."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import Payment, State
from pos_app.domain.search import Search
from pos_app.errors import PosError, SignInNeeded
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.sales.checkout import Guarded
from pos_app.sales.till import Till
from pos_app.ui.charge.customer_chips import SHOWN
from pos_app.ui.tasks import Lane, Tasks

T = TypeVar("T")


class ChargeFlow(QObject):
    """Charges, checks and reads for the charge page, on threads, and tells it what came of it.

    Attributes:
        charged: a `ChargeRequest`, and the `Payment` that was saved for it; its prompt is on its way.
        guarded: a `ChargeRequest` that the guard stopped, and the `Guarded`.
        refused: a `ChargeRequest` that was refused, and why, in words.
        may_ask: the `Payment` may be asked for again.
        may_not_ask: the `Payment` may not, and why, in words.
        checking, checking_oldest: the `Payment` that M-PESA is asked about now; the latter was the till's choice.
        cannot_check: the `Payment` that M-PESA cannot be asked about, and why, in words.
        nothing_to_check: why M-PESA is asked about no payment, in words.
        posts, recent, attention: what was read, as lists.
        totals: the `Totals` of the day; None where they are not for who stands here.
        last_paid: the last paid `Payment`, or None.
    """

    charged = Signal(object, object)
    guarded = Signal(object, object)
    refused = Signal(object, str)
    may_ask = Signal(object)
    may_not_ask = Signal(object, str)
    checking = Signal(object)
    checking_oldest = Signal(object)
    cannot_check = Signal(object, str)
    nothing_to_check = Signal(str)
    posts = Signal(object)
    recent = Signal(object)
    totals = Signal(object)
    attention = Signal(object)
    last_paid = Signal(object)

    def __init__(self, till: Till, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._asked = 0
        self._day: date | None = None  # of the figures
        self._told: dict[str, int] = {}

    @Slot(object)
    def charge(self, request: ChargeRequest) -> None:
        """Save a payment and send its prompt, once."""
        self._tasks.run(
            lambda: self._till.checkout.charge(request),
            lambda payment: self.charged.emit(request, payment),
            lambda error: self._charge_failed(request, error),
            owner=self,
            lane=Lane.CHARGE,
        )

    def warm(self) -> None:
        """The operator is typing: have a connection to M-PESA ready. Call it with each key."""
        self._tasks.run(self._till.checkout.warm)

    def ask_again(self, payment: Payment) -> None:
        """See whether a not-paid payment may be asked for again."""
        self._tasks.run(
            lambda: self._till.checkout.may_ask_again(payment),
            lambda _: self.may_ask.emit(payment),
            lambda error: self.may_not_ask.emit(payment, error.user_text),
            owner=self,
            lane=Lane.MPESA,
        )

    def check(self, payment: Payment) -> None:
        """Ask M-PESA about a payment now."""

        def done(asked: Payment | None) -> None:
            if asked:
                self.checking.emit(asked)
            else:
                self.cannot_check.emit(payment, words.NO_NUMBER)

        self._tasks.run(
            lambda: self._check(payment.id),
            done,
            lambda error: self.cannot_check.emit(payment, error.user_text),
            owner=self,
        )

    def check_oldest(self) -> None:
        """Ask M-PESA about the oldest open payment now."""
        self._tasks.run(
            self._till.reconciler.check_oldest,
            self._checked_oldest,
            lambda error: self.nothing_to_check.emit(error.user_text),
            owner=self,
        )

    def read_posts(self) -> None:
        """Read the catalogue; `posts` follows."""
        self._read("posts", self._till.catalogue.shelf, self.posts.emit)

    def read_recent(self) -> None:
        """Read the last customers; `recent` follows."""
        self._read("recent", lambda: self._till.reader.recent_phones(SHOWN), self.recent.emit)

    def read_figures(self) -> None:
        """Today's figures, and what needs a look."""
        today = self._day = self._today()
        self._read("totals", lambda: self._till.figures.of_day(today), self.totals.emit)
        most = counter_words.MOST_TO_CHECK + 1  # one more says that there are more
        self._read("attention", lambda: self._till.reader.attention(most), self.attention.emit)

    @Slot()
    def change_hands(self) -> None:
        """Somebody else stands here, or nobody: the figures on the page, and those being read, are not theirs."""
        self._told["totals"] = self._asked
        self.totals.emit(None)
        self.read_figures()

    def read_new_day(self) -> None:
        """The same, where the shop's day is another one since they were read: yesterday's are nobody's today."""
        if self._day != self._today():
            self.read_figures()

    def _today(self) -> date:
        return shop_day(self._till.clock.corrected())

    def read_last_paid(self) -> None:
        """The payment whose receipt F9 shows."""
        search = Search(states=frozenset({State.PAID}), limit=1)
        self._read("last paid", lambda: next(iter(self._till.reader.search(search)), None), self.last_paid.emit)

    def _read(self, name: str, work: Callable[[], T], tell: Callable[[T], object]) -> None:
        """Read on a thread. Two reads may overtake each other: what an older one found is not told after a newer."""
        self._asked += 1
        number = self._asked

        def done(found: T) -> None:
            if number > self._told.get(name, 0):
                self._told[name] = number
                tell(found)

        self._tasks.run(work, done, owner=self)

    def _charge_failed(self, request: ChargeRequest, error: PosError) -> None:
        if isinstance(error, Guarded):
            self.guarded.emit(request, error)
        else:  # the lock is there by now, and whoever reads this has signed in
            locked = isinstance(error, SignInNeeded)
            self.refused.emit(request, counter_words.SIGN_IN_FIRST if locked else error.user_text)
        self.read_posts()  # the form heard of no change while the charge was being saved

    def _check(self, payment_id: int) -> Payment | None:
        asked = self._till.reconciler.check_now(payment_id)
        return self._till.reader.payment(payment_id) if asked else None

    def _checked_oldest(self, payment: Payment | None) -> None:
        if payment:
            self.checking_oldest.emit(payment)
        else:
            self.nothing_to_check.emit(counter_words.NOTHING_TO_CHECK)
