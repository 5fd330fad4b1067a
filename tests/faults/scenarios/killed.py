"""Scenarios in which the till's process is killed, at any instant or at a named step, and started again.

A seed gives the same lives with the same waits; at which instruction a process dies is the computer's choice.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from pos_app.domain.catalogue import draft_post
from pos_app.store.database import open_database
from tests.faults.oracles.after_kill import AfterKill, Heard, unsettled, violations
from tests.faults.simulation import killable_till
from tests.faults.simulation.killable_till import LIMIT, FastClock
from tests.support.fakes import START

_WHILE_STARTING = 0.2  # of all kills
_STARTS = 0.04  # seconds that a start takes
_SELLS = 0.06  # seconds that a life lasts afterwards, at most


def _context() -> multiprocessing.context.BaseContext:
    """Forks from a server that has imported everything and has no threads; where there is none, starts afresh."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", killable_till.__name__])
    return context


class Life:
    """One process of the till. `context`: how it is started, if otherwise than usual."""

    def __init__(
        self,
        heard: Heard,
        work: Callable[..., None],
        *arguments: object,
        context: multiprocessing.context.BaseContext | None = None,
    ) -> None:
        self._heard = heard
        self._said: set[str] = set()
        context = context or _context()
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(theirs, *arguments), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()  # the pipe ends with the process

    def said(self, kind: str) -> bool:
        """Whether it reported this, ever."""
        return kind in self._said

    def wait_for(self, kind: str) -> None:
        """Listen until it reports this, from now on."""
        before = self._heard[kind].total()
        if not self.hear(LIMIT, until=kind) or self._heard[kind].total() == before:
            raise AssertionError(f"the till never said {kind}")

    def hear(self, seconds: float, until: str | None = None) -> bool:
        """Listen so long, or until it says something or ends; False where it ended."""
        end = time.monotonic() + seconds
        while self._pipe.poll(max(0.0, end - time.monotonic())):
            try:
                kind, subject = self._pipe.recv()
            except EOFError:
                return False
            self._said.add(kind)
            self._heard.add(kind, subject)
            if kind == until:
                break
        return True

    def kill(self) -> None:
        """On the spot. What it had said before is heard."""
        self._process.kill()
        self.must_be_killed()

    def must_be_killed(self) -> None:
        """Listen until its end, which must not be its own doing."""
        code = self.end()
        assert code not in (0, 1), f"was not killed, but ended with {code}"

    def end(self) -> int | None:
        """Listen until its end; the exit code."""
        if self.hear(3 * LIMIT):
            self._process.kill()
            raise AssertionError("the till neither ended nor died")
        self._process.join(LIMIT)
        self._pipe.close()
        code: int | None = self._process.exitcode
        self._process.close()
        return code


class Premises:
    """A database on which one till lives after the other, and what they all promised."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "till.db"
        self.heard = Heard()
        self.began = time.monotonic()
        self._requested: list[str] = []  # by a till that is dead now
        database = open_database(self.path, "practice")
        with database.write() as transaction:
            for title, price, days in killable_till.POSTS:
                transaction.add_post(draft_post(title, price, days))
        database.close()

    def sell(self, seed: int, life: int, random: Random) -> None:
        """A life that is killed at any instant; some while it starts."""
        clock = FastClock(START, self.began)
        till = Life(self.heard, killable_till.sell, self.path, clock, seed, life)
        starting = random.random() < _WHILE_STARTING
        till.wait_for("born" if starting else "ready")
        till.hear(random.uniform(0.0, _STARTS if starting else _SELLS))
        till.kill()
        self.check(till)

    def walk(self, life: int, token: str, point: str) -> AfterKill:
        """A life that is killed at a named step; what it leaves."""
        till = Life(self.heard, killable_till.walk, self.path, life, token, point)
        till.must_be_killed()
        return self.check(till)

    def settle(self, hours: int = 0) -> None:
        """A last life, in which everything that M-PESA knows must come to its end."""
        clock = FastClock(START + timedelta(hours=hours), self.began)
        till = Life(self.heard, killable_till.settle, self.path, clock)
        code = till.end()
        assert code == 0, f"the last life ended with {code}"
        found = self.check(till)
        _fail(unsettled(found, self.heard))

    def check(self, till: Life | None = None) -> AfterKill:
        """Hold what the dead till left against what was promised.

        Raises:
            AssertionError: naming the first violations.
        """
        found = AfterKill(self.path)
        _fail(violations(self.heard, found))
        requested = found.requested()
        if till and till.said("ready"):
            left = set(requested) & set(self._requested)
            assert not left, f"still said to be on their way after a restart: {sorted(left)[:5]}"
        self._requested = requested
        return found


@contextmanager
def premises() -> Iterator[Premises]:
    """A shop with one post, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Premises(Path(folder))


def _fail(broken: Iterator[str]) -> None:
    found = list(broken)
    assert not found, "\n".join([f"{len(found)} violations", *found[:5]])


def anytime(seed: int, runs: int) -> None:
    """T1: killed at any instant, again and again on one database."""
    random = Random(seed)
    with premises() as shop:
        for life in range(runs):
            shop.sell(seed, life, random)
        shop.settle()


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a payment's way, from one state to the next, with the points at which the till may die in it.

    Attributes:
        before: the state that is saved until the commit; None: there is no payment.
    """

    name: str
    before: str | None
    after: str
    points: tuple[str, ...]


_COMMIT = ("before COMMIT", "committed", "published")
_NEWS = ("before BEGIN IMMEDIATE", "before UPDATE payment", "before INSERT INTO payment_event", *_COMMIT)
_GRANT = (*_NEWS[:2], "before INSERT INTO grant", *_NEWS[2:])
_ADDED = tuple(f"before {words}" for words in ("BEGIN IMMEDIATE", "INSERT INTO customer", "INSERT INTO payment"))
_STEPS = (
    Step("charge", None, "requested", (*_ADDED, "before UPDATE payment", *_COMMIT)),
    Step("push", "requested", "prompted", ("leaves", "left", *_NEWS)),
    Step("callback", "prompted", "paid", ("received", *_GRANT, "answered")),
    Step("query", "prompted", "paid", ("asked", "heard", *_GRANT)),
    Step("silence", "prompted", "unknown", _NEWS),
    Step("restart", "requested", "unknown", _NEWS),
)
_DONE = ("committed", "published", "answered")
POINTS = tuple((step, point) for step in _STEPS for point in step.points)
_LEFT = (_STEPS[1], "left")


def named(seed: int, runs: int) -> None:
    """T2: killed at each named step, in any order of the steps on one database."""
    random = Random(seed)
    points = list(POINTS)
    random.shuffle(points)
    with premises() as shop:
        for life in range(runs):
            step, point = points[life % len(points)]
            token = f"{'ff' if step.name == 'silence' else '00'}{random.getrandbits(152):038x}"
            if step.name == "restart":
                die(shop, 2 * life, token, *_LEFT)
            die(shop, 2 * life + 1, token, step, point)
        shop.settle(2 * runs)


def die(shop: Premises, life: int, token: str, step: Step, point: str) -> None:
    """Die there; what is left is as designed: a prompt may be out, and is saved first, and the rest is whole."""
    name = f"{step.name}: {point}"
    try:
        row = shop.walk(life, token, name).of(token)
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from error
    state, designed = row["state"] if row else None, step.after if point in _DONE else step.before
    assert state == designed, f"{name}: left {state}, should be {designed}"
    pushes = 0 if step.name == "charge" or point == "leaves" else 1
    assert shop.heard["left"][token] == pushes, f"{name}: {shop.heard['left'][token]} pushes left, should be {pushes}"
