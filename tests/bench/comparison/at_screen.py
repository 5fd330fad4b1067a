"""A window with customers who pay, and then with hundreds of callbacks a second. Prints as JSON what was seen.

python -m tests.bench.comparison.at_screen RATE SECONDS [HISTORY.db]
"""

import json
import multiprocessing
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from pos_app.callbacks.listener import CallbackListener
from pos_app.cli.memory import not_collecting, set_aside_loaded
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.ui.garbage import GarbageCollector
from pos_app.ui.main_window import MainWindow
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.bench.at_window import Painted, percentile
from tests.bench.callbacks import load, prepare
from tests.faults.simulation.window import Patience
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness
from tests.ui.counter import Counter, open_counter, stock

PAYMENTS = 60  # whose way to the screen is measured
FRAME = 5  # ms between two looks whether the window stands
CONNECTIONS = 64
SETTLED = 3  # seconds after which what was begun before has been shown


def paid_on_screen(counter: Counter, patience: Patience) -> list[float]:
    """Milliseconds from the commit of a success until the window is painted with it."""
    painted, saved, took = Painted(counter.window), list[float](), list[float]()

    def note(payment: Payment) -> None:
        if payment.state is State.PAID:
            saved.append(perf_counter())

    counter.harness.till.ledger.subscribe(note)
    for number in range(PAYMENTS):
        counter.next_customer()
        asked = counter.ask("1", f"07{number:08}")
        saved.clear()
        counter.tell(asked, Result.SUCCESS)
        patience.waitUntil(lambda: counter.page.shown is not None and counter.page.shown.state is State.PAID)
        patience.waitUntil(lambda: painted.at > saved[-1])
        took.append((painted.at - saved[-1]) * 1_000)
    return took


def stalls(window: MainWindow, patience: Patience, running: Callable[[], bool]) -> list[float]:
    """Milliseconds by which the window came late to a look, while a page of rows goes by ten times a second."""
    page, gaps = window.page, [0.0]
    assert isinstance(page, PaymentsPage)
    last, looks = perf_counter(), 0

    def look() -> None:
        nonlocal last, looks
        now = perf_counter()
        gaps.append((now - last) * 1_000 - FRAME)
        last, looks = now, looks + 1
        if looks % (100 // FRAME) == 0:
            bar = page._table.verticalScrollBar()
            bar.setValue(0 if bar.value() >= bar.maximum() else bar.value() + page._table.viewport().height())

    timer = QTimer(interval=FRAME)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(look)
    timer.start()
    patience.waitUntil(lambda: not running(), timeout=600_000)
    timer.stop()
    return gaps[min(2, len(gaps) - 1) :]  # the first ones are of the beginning


def told_of(counter: Counter, harness: TillHarness, patience: Patience, rate: int, seconds: int) -> dict[str, float]:
    """Everything, one after the other."""
    took = paid_on_screen(counter, patience)
    prepare(harness.till.writer, harness.till.ledger, 0, rate * seconds, till="B")  # no counter of one has so many
    counter.window.go("payments")
    patience.waitUntil(lambda: isinstance(counter.window.page, PaymentsPage))
    settled = perf_counter() + SETTLED
    patience.waitUntil(lambda: perf_counter() > settled)
    until = perf_counter() + seconds
    idle = stalls(counter.window, patience, lambda: perf_counter() < until)
    listener = CallbackListener(harness.inbox)
    listener.start()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        sent = pool.apply_async(load, (listener.port, 0, rate * seconds, CONNECTIONS, rate))
        busy = stalls(counter.window, patience, lambda: not sent.ready())
        came = sent.get()
    listener.stop()
    return {
        "painted, middle": statistics.median(took),
        "painted, most": percentile(took),
        "rate": came.rate,
        "stall, most": percentile(busy),
        "stall, longest": max(busy),
        "idle stall, most": percentile(idle),
        "idle stall, longest": max(idle),
    }


@contextmanager
def _at_the_counter(history: Path | None) -> Iterator[tuple[Counter, TillHarness, Patience]]:
    application = QApplication([])
    ThemeManager(application, Scheme.LIGHT).apply()
    GarbageCollector(application)
    patience, tasks, events = Patience(), Tasks(), TillEvents()
    with not_collecting(), TemporaryDirectory() as folder:
        database = Path(folder) / "practice.db"
        if history:
            shutil.copyfile(history, database)
        with open_harness(database, FakeClock(), FakeGateway(), on_saving=events.saving_changed.emit) as harness:
            stock(harness)
            with open_counter(harness, tasks, events, patience) as counter:
                set_aside_loaded()
                yield counter, harness, patience
            tasks.close(wait=20)


def main() -> None:
    """Look, tell."""
    rate, seconds, *history = sys.argv[1:]
    with _at_the_counter(Path(history[0]) if history else None) as (counter, harness, patience):
        print(json.dumps(told_of(counter, harness, patience, int(rate), int(seconds))), flush=True)


if __name__ == "__main__":
    main()
