"""T5: another program holds the database, for a moment or for half a minute, while a customer is served."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from time import perf_counter

from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.ui.charge.slow_saving import SLOW
from pos_app.ui.widgets.notice import Notice
from tests.faults.simulation.window import Patience, at_the_counter
from tests.ui.counter import Counter

# Seconds that it holds: unseen, felt, told, and longer than the store itself waits.
_SPANS = ((0.1, 0.5), (0.5, 1.5), (2.6, 4.2), (5.6, 30.0))
_GRACE = 1.5  # seconds for a busy machine
_STOPPED = "This computer cannot save safely. Charging has stopped"
_LIMIT = 40_000  # ms


def hold(pipe: Connection, path: Path) -> None:
    """The other program: holds the database for as many seconds as it is told, again and again; 0 ends it."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        while seconds := pipe.recv():
            connection.execute("BEGIN IMMEDIATE")
            pipe.send("held")
            pipe.poll(seconds)  # nobody writes: it only waits
            connection.execute("ROLLBACK")
            pipe.send("free")


@contextmanager
def _other_program(path: Path) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=hold, args=(theirs, path), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
        ours.send(0)
        process.join(_GRACE * 10)
    finally:
        process.kill()
        process.join()
        ours.close()


def locked(seed: int, runs: int) -> None:
    """So many customers, each while the database is held for longer than for the one before; then from the start."""
    random = Random(seed)
    with at_the_counter() as (counter, patience, path), _other_program(path) as other:
        before = counter.ask("1", _phone(0))
        for run in range(runs):
            low, high = _SPANS[run % len(_SPANS)]
            before = _serve(counter, patience, other, before, run + 1, low + (high - low) * random.random() ** 4)
        sold, pushes = counter.harness.till.reader.recent_phones(runs + 2), counter.harness.gateway.pushes
        assert len(sold) == len(pushes) == runs + 1, f"{len(sold)} customers, {len(pushes)} prompts for {runs + 1}"


def _phone(number: int) -> str:
    return f"07{number:08}"


def _serve(counter: Counter, patience: Patience, other: Connection, before: Payment, run: int, held: float) -> Payment:
    """One customer; meanwhile the callback of the one before comes. Gives the payment."""
    pushes = len(counter.harness.gateway.pushes)
    other.send(held)
    patience.waitUntil(other.poll)
    assert other.recv() == "held"
    begun = perf_counter()
    paid = counter.tell(before, Result.SUCCESS)
    counter.next_customer()
    counter.choose("2")
    counter.write(_phone(run))
    counter.enter()
    if held > SLOW / 1_000:
        patience.waitUntil(lambda: counter.part(Notice, "slowSaving").isVisible())
        told = perf_counter() - begun
        assert told < SLOW / 1_000 + _GRACE, f"nothing was said for {told:.1f} s"
        assert len(counter.harness.gateway.pushes) == pushes, "a prompt before its payment was saved"
        assert not paid.done(), "saved, and the database was held"
    if held > 5:
        _charging_stops(counter, patience)
        assert len(counter.harness.gateway.pushes) == pushes, "a prompt, and its payment could not be saved"
    patience.waitUntil(lambda: other.poll() and other.recv() == "free", timeout=_LIMIT)
    if held > 5:  # the charge was refused, or it waited behind the callback and is saved now
        patience.waitUntil(lambda: counter.button("ask").isEnabled() or len(counter.harness.gateway.pushes) > pushes)
        counter.enter()
    patience.waitUntil(lambda: len(counter.harness.gateway.pushes) == pushes + 1)
    patience.waitUntil(lambda: counter.page.active.payments()[0].state is State.PROMPTED)
    patience.waitUntil(paid.done)
    change = paid.result()
    assert change, "a callback that came while the database was held is lost"
    assert change.after.granted, "a callback that came while the database was held brought no grant"
    return counter.page.active.payments()[0]


def _charging_stops(counter: Counter, patience: Patience) -> None:
    """Longer than the store waits: it is said, and by nothing else."""
    trouble = counter.part(Notice, "chargeTrouble")
    patience.waitUntil(lambda: trouble.isVisible() and trouble.words.startswith(_STOPPED))
    assert not counter.button("ask").isEnabled()
    assert not counter.part(Notice, "slowSaving").isVisible()
