"""Works in a window of `tests.bench.window` as a person does, and notes what that took."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.payment import State
from pos_app.domain.search import Search
from pos_app.simulator.charges import Charge
from pos_app.simulator.checks import PushRequest
from pos_app.simulator.mpesa import Mpesa
from pos_app.ui.main_window import MainWindow
from pos_app.ui.payments.exporting import ChosenFile
from pos_app.ui.payments.page import PaymentsPage
from tests.bench.comparison.process import memory
from tests.faults.simulation.window import Patience
from tests.ui.counter import Counter

FRAME = 16  # ms
LIMIT = 30_000  # ms
EXPORTS = 20.0  # seconds of an export that are watched


class Painted(QObject):
    """Tells when the window has been painted after something."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.at = self.used = 0.0
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """What is asked for is painted in one event; what is put behind it comes when it is done."""
        if event.type() == QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.at, self.used = time.perf_counter(), time.process_time()


class Worker:
    """Does one thing after the other in an open window."""

    def __init__(self, window: MainWindow, told: dict[str, float], pages: int, rounds: int) -> None:
        self.window, self.told, self.pages, self.rounds = window, told, pages, rounds
        self.patience = Patience()
        self.painted = Painted(window)
        self.draw = Random(os.getpid())  # no phone is asked twice

    def wait(self, true: Callable[[], bool]) -> None:
        self.patience.waitUntil(true, timeout=LIMIT)

    def work(self) -> None:
        self.charge()
        self.open_payments()
        self.search()
        self.told["memory before scrolling, MB"] = memory()
        self.scroll()
        self.told["memory after scrolling, MB"] = memory()
        self.export()
        self.told["memory after all, MB"] = memory()
        self.told["most memory, MB"] = most_memory()

    def charge(self) -> None:
        """Enter to the request at M-PESA."""
        page = self.window.charge
        assert page is not None
        arrived: list[float] = []
        take = Mpesa._take

        def note(mpesa: Mpesa, push: PushRequest, subject: str) -> Charge:
            arrived.append(time.perf_counter())
            return take(mpesa, push, subject)

        Mpesa._take = note  # type: ignore[method-assign,assignment]
        took = []
        hands = Counter(self.window, None, self.patience)  # type: ignore[arg-type]
        for _ in range(8):
            if self.window._phone:
                self.window._phone.hide()  # it lies over the window
            self.window.activateWindow()
            self.wait(lambda: QApplication.activeWindow() is self.window)
            page.choose_post(next(iter(page.grid.by_id.values())))
            hands.write(f"07{self.draw.randrange(10**8):08}")
            self.settle(400)
            before, begun = len(arrived), time.perf_counter()
            hands.press(Qt.Key.Key_Return, "\r")
            self.wait(lambda: len(arrived) > before)  # noqa: B023
            took.append((arrived[-1] - begun) * 1_000)
            self.settle(300)
            hands.next_customer()
            self.settle(100)
        self.told["first charge: Enter to M-PESA, ms"] = took[0]
        self.told["other charges: Enter to M-PESA, ms"] = statistics.median(took[1:])

    def settle(self, ms: int) -> None:
        until = time.perf_counter() + ms / 1_000
        self.wait(lambda: time.perf_counter() >= until)

    def open_payments(self) -> None:
        begun = time.perf_counter()
        self.window.go("payments")
        page = self.window.page
        assert isinstance(page, PaymentsPage)
        self.page = page
        self.wait(lambda: page._model.rowCount() > 0 and self.painted.at > begun)
        self.told["page of payments to painted rows, ms"] = (self.painted.at - begun) * 1_000
        page._find.days.choose("All days")
        page.look_up()
        self.settle(1_000)

    def search(self) -> None:
        """To painted rows, from the key and from the look-up."""
        reader = self.page._till.reader
        [newest] = reader.search(Search(limit=1))
        payments = [reader.payment(self.draw.randint(1, newest.id)) for _ in range(self.rounds)]
        known = [payment for payment in payments if payment]
        texts: dict[str, Callable[[Any], str]] = {
            "code": lambda p: p.receipt or "UKN4X7Q2ZT",
            "beginning of a code": lambda p: (p.receipt or "UKN4X7Q2ZT")[:4],
            "number": lambda p: p.number,
            "short number": lambda p: f"{p.till}-{p.number[-4:]}",
            "figures alone": lambda p: str(p.amount),
            "amount": lambda p: f"KES {p.amount}",
            "phone": lambda p: p.phone,
            "last three digits": lambda p: p.phone[-3:],
            "last four digits": lambda p: p.phone[-4:],
            "word of a post": lambda p: p.lines[0].title.split()[0],
            "one post": lambda p: p.lines[0].title,
            "nothing": lambda p: f"zzz{p.id}",
        }
        all_rows, all_keys, all_used = [], [], []
        for name, text in texts.items():
            rows, keys = [], []
            edit = self.page._find.field.edit
            for wanted in dict.fromkeys(map(text, known)):  # the same twice is no change
                if wanted == edit.text():
                    continue
                row, used, key = self.look_for(lambda: edit.setText(wanted))  # noqa: B023
                rows.append(row)
                keys.append(key)
                all_used.append(used)
            self.told[f"look up {name}: 99 %, ms"] = percentile(rows or [0.0])
            all_rows += rows
            all_keys += keys
        self.told["every text: look-up to painted rows, 50 %"] = statistics.median(all_rows)
        self.told["every text: look-up to painted rows, 99 %"] = percentile(all_rows)
        self.told["every text: its processor, 50 %, ms"] = statistics.median(all_used)
        self.told["every text: its processor, 99 %, ms"] = percentile(all_used)
        self.told["every text: key to painted rows, 99 %"] = percentile(all_keys)
        self.page._find.field.edit.setText("")
        self.settle(500)
        days = (newest.created_at - known[0].created_at).days
        every = []
        searches: dict[str, Callable[[], Search]] = {
            "a day": lambda: self.days_before(newest.created_at, self.draw.randint(0, max(1, days)), 1),
            "a month": lambda: self.days_before(newest.created_at, self.draw.randint(0, max(1, days)), 31),
            "a state": lambda: Search(states=frozenset({self.draw.choice(list(State))})),
            "a till": lambda: Search(till=self.draw.choice("AB")),
            "an operator": lambda: Search(operator=self.draw.randint(0, 8)),
            "all filters": lambda: Search(till="B", operator=2, states=frozenset({self.draw.choice(list(State))})),
            "to look at": lambda: Search(attention=True),
        }
        for name, make in searches.items():
            found = [self.look_for(lambda: self.page.narrow(make(), name)) for _ in range(self.rounds)]  # noqa: B023
            self.told[f"filter {name}: 99 %, ms"] = percentile([each[0] for each in found])
            self.told[f"filter {name}: its processor, 99 %, ms"] = percentile([each[1] for each in found])
            every += [each[0] for each in found]
        self.told["every filter: look-up to painted rows, 99 %"] = percentile(every)

    def days_before(self, newest: datetime, back: int, days: int) -> Search:
        """So many days, the last of them so long ago."""
        last = shop_day(newest) - timedelta(days=back)
        return Search(since=day_start(last - timedelta(days=days - 1)), until=day_start(last + timedelta(days=1)))

    def look_for(self, change: Callable[[], object]) -> tuple[float, float, float]:
        """Milliseconds to the painted rows: from the look-up, of the processor's, and from the change."""
        answered: list[float] = []
        looked: list[tuple[float, float]] = []
        model = self.page._model

        def note_answer() -> None:
            if looked:  # or it is one of before
                answered.append(time.perf_counter())

        model.answered.connect(note_answer)
        find = model.find

        def note(search: Search) -> None:
            looked.append((time.perf_counter(), time.process_time()))
            find(search)

        model.find = note  # type: ignore[method-assign]
        begun = time.perf_counter()
        change()
        self.wait(lambda: (bool(answered) and self.painted.at > answered[0]) or _long_ago(answered))
        model.answered.disconnect(note_answer)
        model.find = find  # type: ignore[method-assign]
        painted, used = self.painted.at, self.painted.used
        if painted < answered[0]:  # nothing is to be painted: it looks as before
            painted, used = answered[0], looked[0][1]
        self.settle(20)
        return (painted - looked[0][0]) * 1_000, (used - looked[0][1]) * 1_000, (painted - begun) * 1_000

    def scroll(self) -> None:
        """A page of rows in each frame."""
        self.page.narrow(Search(), "all")
        self.settle(1_000)
        table = self.page._table
        costs, busy, gaps = [0.0], [0.0], [0.0]
        last = 0.0
        done = 0
        waited = 0

        def tick() -> None:
            nonlocal last, done, waited
            begun, used = time.perf_counter(), time.thread_time()
            if last:
                gaps.append((begun - last) * 1_000)
            last = begun
            bar = table.verticalScrollBar()
            if bar.value() >= bar.maximum():
                waited += 1
                if waited > 200:
                    done = self.pages
                return
            waited = 0
            bar.setValue(bar.value() + table.viewport().height())
            table.viewport().repaint()
            costs.append((time.perf_counter() - begun) * 1_000)
            busy.append((time.thread_time() - used) * 1_000)
            done += 1

        timer = QTimer(interval=FRAME)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        timer.start()
        self.patience.waitUntil(lambda: done >= self.pages, timeout=600_000)
        timer.stop()
        self.told["scrolled rows"] = table.rowAt(0)
        self.told["frame: a page painted, 50 %, ms"] = statistics.median(costs)
        self.told["frame: a page painted, 99 %, ms"] = percentile(costs)
        self.told["frame: its processor, 99 %, ms"] = percentile(busy)
        self.told["frame: its processor, longest, ms"] = max(busy)
        self.told["between two frames, 99 %, ms"] = percentile(gaps)
        self.told["between two frames, longest, ms"] = max(gaps)

    def export(self) -> None:
        """The longest stall while all is written, with a page scrolled every quarter of a second."""
        for end in (".csv", ".xlsx", ".json"):
            with tempfile.TemporaryDirectory() as folder:
                target = ChosenFile(f"{folder}/all{end}", end)
                exporting = self.page._exporting
                exporting._ask = lambda *_: target  # noqa: B023
                self.page.export()
                gaps, paints = self.watch(lambda: exporting._stop is not None)  # noqa: B023
                if exporting._stop:
                    self.page.export()
                    self.wait(lambda: exporting._stop is None)  # noqa: B023
            self.told[f"export to {end}: window stands, 99 %, ms"] = percentile(gaps)
            self.told[f"export to {end}: window stands, longest, ms"] = max(gaps)
            self.told[f"export to {end}: a page painted, longest"] = max(paints)

    def watch(self, running: Callable[[], bool]) -> tuple[list[float], list[float]]:
        gaps: list[float] = [0.0]
        paints: list[float] = [0.0]
        last = time.perf_counter()
        ticks = 0
        begun = last

        def tick() -> None:
            nonlocal last, ticks
            now = time.perf_counter()
            gaps.append((now - last) * 1_000 - 5)
            ticks += 1
            if ticks % 40 == 0:
                bar = self.page._table.verticalScrollBar()
                bar.setValue(max(0, bar.value() - self.page._table.viewport().height()))
                self.page._table.viewport().repaint()
                paints.append((time.perf_counter() - now) * 1_000)
            last = now

        timer = QTimer(interval=5)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        timer.start()
        self.patience.waitUntil(
            lambda: not running() or time.perf_counter() - begun > EXPORTS, timeout=int(EXPORTS * 2_000)
        )
        timer.stop()
        return gaps, paints


def _long_ago(answered: list[float]) -> bool:
    return bool(answered) and time.perf_counter() - answered[0] > 0.3


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]


def most_memory() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
