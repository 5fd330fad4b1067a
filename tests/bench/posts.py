"""What posts cost where they are found, shown, read and imported: by how many there are.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.posts [--posts 6 1000 20000]

Processor time in milliseconds, of the whole process: a computer that does something else meanwhile changes it little.
A key is pressed as by hand, and what it changes is painted. What grows with the number of posts shows at once; a key
must take less than 50 ms, and an import must not keep the one writer from a charge for more than some 100.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_app.domain.post_csv import read_lines, write_csv
from pos_app.sales.ports import Transaction
from pos_app.ui.posts.page import PostsPage
from pos_app.ui.shell.pages import CHARGE, POSTS
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.list_table import ListTable
from tests.faults.simulation.window import Patience
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness
from tests.ui.counter import Counter, open_counter, stock
from tests.ui.watchdog import watched_application

TYPED = "article 12"
_KINDS = ("Sugar", "Soap", "Bread", "Juice", "Rice")


def price_list(count: int, dearer: int = 0) -> str:
    """A supplier's list of so many articles."""
    rows = [
        f"{_KINDS[number % 5]} article {number},{20 + number % 900 + dearer},0,{6_160_000_000_000 + number},"
        f"{_KINDS[number % 5]}"
        for number in range(count)
    ]
    return "\n".join(("title,price,days,barcode,category", *rows))


class Times:
    """Processor times by what was done, in ms."""

    def __init__(self) -> None:
        self.of: dict[str, list[float]] = {}

    def take(self, what: str, *works: Callable[[], object]) -> None:
        """Do something, one after the other, and note how long it took."""
        begun = time.process_time()
        for work in works:
            work()
        self.of.setdefault(what, []).append((time.process_time() - begun) * 1_000)


def settle() -> None:
    """Paint what has changed."""
    for _ in range(3):
        QApplication.processEvents()


@contextmanager
def writer_timed(harness: TillHarness, times: Times) -> Iterator[None]:
    """Note how long each transaction keeps the one writer."""
    store = harness.till.writer._store
    write = store.write

    @contextmanager
    def timed() -> Iterator[Transaction]:
        begun = time.thread_time()
        with write() as transaction:
            yield transaction
        times.of.setdefault("import: the writer is kept", []).append((time.thread_time() - begun) * 1_000)

    store.write = timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        store.write = write  # type: ignore[method-assign]


def fill(harness: TillHarness, count: int, times: Times) -> None:
    """Import so many articles, then each of them a shilling dearer."""
    files = harness.till.catalogue.files
    with writer_timed(harness, times):
        for dearer in (0, 1):
            plan = files.plan(read_lines(price_list(count, dearer)))
            times.take("import: the rest", partial(files.carry_out, plan))
    times.take("read for the first time", harness.till.catalogue.posts)
    times.take("read again", harness.till.catalogue.posts)
    times.take("write as CSV", lambda: write_csv(harness.till.catalogue.posts(), "practice"))


def at_the_counter(counter: Counter, times: Times, count: int) -> None:
    """Find a post by its name, letter by letter, and by its barcode."""
    edit = counter.page.grid.search.edit
    counter.press(Qt.Key.Key_Slash, "/")
    for character in TYPED:
        times.take("charge: a key of a name", partial(counter.write, character), settle)
    assert edit.text() == TYPED, edit.text()
    for _ in TYPED:
        times.take("charge: backspace", lambda: QTest.keyClick(edit, Qt.Key.Key_Backspace), settle)
    for _ in range(5):
        times.take("charge: a scan", lambda: counter.scan(str(6_160_000_000_000 + count - 1)), settle)


def on_the_page(counter: Counter, times: Times, patience: Patience, count: int) -> None:
    """Come to the posts, find, scroll, open."""
    times.take("posts page: first time", lambda: counter.window.go(POSTS), settle)
    page = counter.part(PostsPage, "postsPage")
    table = counter.part(ListTable, "postsTable")
    patience.waitUntil(lambda: table.model().rowCount() >= count)
    settle()
    for _ in range(3):
        counter.window.go(CHARGE)
        settle()
        times.take("posts page: again", lambda: counter.window.go(POSTS), settle)
    edit = page.focusProxy()
    assert edit is not None
    for character in TYPED:
        times.take("posts page: a key of a name", partial(QTest.keyClicks, edit, character), settle)
    for _ in TYPED:
        times.take("posts page: backspace", lambda: QTest.keyClick(edit, Qt.Key.Key_Backspace), settle)
    table.setFocus()
    for _ in range(50):
        times.take("posts page: page down", lambda: QTest.keyClick(table, Qt.Key.Key_PageDown), settle)
    times.take("posts page: open a post", lambda: page.edit_current(), settle)


def measure(count: int) -> Times:
    """Everything, at one number of posts."""
    times = Times()
    patience, tasks, events = Patience(), Tasks(), TillEvents()
    with (
        TemporaryDirectory() as folder,
        open_harness(Path(folder) / "practice.db", FakeClock(), FakeGateway()) as harness,
    ):
        stock(harness)
        fill(harness, count, times)
        with open_counter(harness, tasks, events, patience) as counter:
            patience.waitUntil(lambda: len(counter.page.grid.by_id) >= count)
            settle()
            at_the_counter(counter, times, count)
            on_the_page(counter, times, patience, count)
            times.of["memory of all so far, MB"] = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024]
        tasks.close(wait=20)
    return times


def main() -> None:
    """Measure each number of posts and print them beside each other: the median, and the most."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[6, 1_000, 20_000])
    options = parser.parse_args()
    application = watched_application()
    ThemeManager(application, Scheme.LIGHT).apply()
    found = {count: measure(count) for count in options.posts}
    print(f"{'ms, median (most)':32}" + "".join(f"{count:>18,}" for count in found))
    for what in next(iter(found.values())).of:
        cells = [f"{statistics.median(times.of[what]):.1f} ({max(times.of[what]):.1f})" for times in found.values()]
        print(f"{what:32}" + "".join(f"{cell:>18}" for cell in cells))


if __name__ == "__main__":
    main()
