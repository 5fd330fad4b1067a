"""Stand-ins for the world outside: clock, M-PESA. They behave; nothing is patched."""

import hashlib
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.erasure import KEY_RANDOM, ErasureKey, new_key, read_key
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Result, Unanswered
from pos_app.domain.push import Push

T = TypeVar("T")
START = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PHONE = "254708374149"


class FakeClock:
    """A clock that a test moves. Safe to read from any thread."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 1_000.0
        self._asleep = 0.0
        self._set = 0.0  # seconds that people have set it ahead
        self.off: float | None = 0.0  # seconds that it is ahead of M-PESA's, where that is known

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def since_boot(self) -> float:
        return self._monotonic + self._asleep

    def ahead_of_mpesa(self) -> float | None:
        return self.off

    def corrected(self) -> datetime:
        return self._now - timedelta(seconds=self.off or 0.0)

    def sleep(self, seconds: float) -> None:
        """The computer sleeps: its monotonic clock stands still."""
        self._now += timedelta(seconds=seconds)
        self._asleep += seconds

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def unheard(self) -> None:
        """M-PESA has not said what time it is, as after each start."""
        self.off = None

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self._now += timedelta(seconds=seconds)
        self._set += seconds
        if self.off is not None:
            self.off += seconds

    def hear_mpesa(self) -> None:
        """M-PESA says what time it is: as here, but for what people have set."""
        self.off = self._set


class Here(Executor):
    """Does each job at once, on the thread of whoever submits it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class FakeRoute:
    """The callback route as a test wants it: up for ever, unless the test says otherwise."""

    def __init__(self, status: RouteStatus | None = None) -> None:
        long_ago = datetime.min.replace(tzinfo=UTC)
        self.status = status or RouteStatus(state=RouteState.UP, since=long_ago, address_since=long_ago)
        self._subscribers: list[Callable[[RouteStatus], None]] = []

    def subscribe(self, told: Callable[[RouteStatus], None]) -> None:
        self._subscribers.append(told)
        told(self.status)

    def become(self, state: RouteState, words: str = "", address_since: datetime | None = None) -> None:
        """It changes, and everybody is told."""
        self.status = RouteStatus(state=state, since=START, words=words, address_since=address_since)
        for told in self._subscribers:
            told(self.status)


class QuickPassphrases:
    """Seals with a hash that takes no time."""

    def hash(self, passphrase: str) -> str:
        return hashlib.sha256(passphrase.encode()).hexdigest()

    def verify(self, passphrase: str, hashed: str) -> bool:
        return self.hash(passphrase) == hashed


class KeysInMemory:
    """Keeps the key for the hashes of erased numbers, or refuses in words."""

    def __init__(self, key: ErasureKey | None = None) -> None:
        self.key = key
        self.made = 0
        self._text = self._aside = ""

    def get(self) -> ErasureKey | None:
        return self.key

    def make(self) -> ErasureKey:
        self.made += 1
        self.keep(self.draw())
        assert self.key
        return self.key

    def draw(self) -> str:
        return new_key(os.urandom(KEY_RANDOM))

    def set_aside(self, text: str) -> None:
        self._aside = text

    def aside(self) -> str:
        return self._aside

    def text(self) -> str:
        return self._text

    def keep(self, text: str) -> None:
        self.key, self._text = read_key(text), text


PushAnswer = Accepted | NotSent | Unanswered
QueryAnswer = Answer | NoAnswer


class FakeGateway:
    """M-PESA as a test wants it: scripted answers, or accepts and knows nothing yet.

    `hold()` keeps pushes on their way until `release()`. `opening` is called while a push has not left yet, `objected`
    right after it was asked whether it may.
    """

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.queries: list[str] = []
        self.push_answers: deque[PushAnswer | Callable[[Push], PushAnswer]] = deque()
        self.query_answers: deque[QueryAnswer | Callable[[str], QueryAnswer]] = deque()
        self.warmed = 0
        self.reached = 0
        self.opening: Callable[[Push], object] = lambda _: None
        self.objected: Callable[[str | None], object] = lambda _: None
        self._gate = threading.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def push(self, push: Push, objection: Callable[[], str | None]) -> PushAnswer:
        self.opening(push)
        reason = objection()
        self.objected(reason)
        if reason:
            return NotSent(reason)
        self.pushes.append(push)
        count = len(self.pushes)
        assert self._gate.wait(20), "the test never released the push"
        if self.push_answers:
            answer = self.push_answers.popleft()
            return answer(push) if callable(answer) else answer
        return Accepted(f"merchant-{count}", f"ws_CO_23112026140000{count:03}{push.phone[-9:]}")

    def query(self, checkout_request_id: str) -> QueryAnswer:
        self.queries.append(checkout_request_id)
        if self.query_answers:
            answer = self.query_answers.popleft()
            return answer(checkout_request_id) if callable(answer) else answer
        return Answer(Result.PENDING, "4999", checkout_request_id)

    def reach(self) -> None:
        self.reached += 1

    def warm(self) -> None:
        assert self._gate.wait(20), "the test never released the gateway"
        self.warmed += 1
