"""A window with an open till, for faults that are played at the counter; it needs no test around it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from PySide6.QtCore import QEventLoop, Qt, QTimer

from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import open_harness
from tests.ui.counter import Counter, open_counter, stock
from tests.ui.watchdog import watched_application

_TICK = 1  # ms
_LIMIT = 20_000  # ms


class Patience:
    """Waits as pytest-qt's bot does, with the window alive."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _LIMIT) -> None:
        """Until it is true.

        Raises:
            AssertionError: it was not, in so many ms.
        """
        loop, timer = QEventLoop(), QTimer()
        true: bool | None = callback()
        begun = perf_counter()

        def tick() -> None:
            nonlocal true
            true = callback()
            if true or (perf_counter() - begun) * 1_000 > timeout:
                loop.quit()

        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        if not true:
            timer.start(_TICK)
            loop.exec()
            timer.stop()
        assert true, f"not so after {timeout} ms"


@contextmanager
def at_the_counter() -> Iterator[tuple[Counter, Patience, Path]]:
    """Somebody at a till with three posts, how he waits, and the till's database.

    Raises:
        AssertionError: T36, an event held the window up.
    """
    application = watched_application()
    if not application.findChild(ThemeManager):
        ThemeManager(application, Scheme.LIGHT).apply()
    patience, tasks, events = Patience(), Tasks(), TillEvents()
    with application.watched(), TemporaryDirectory() as folder:
        database = Path(folder) / "practice.db"
        with open_harness(database, FakeClock(), FakeGateway(), on_saving=events.saving_changed.emit) as harness:
            stock(harness)
            with open_counter(harness, tasks, events, patience) as counter:
                yield counter, patience, database
            tasks.close(wait=20)
