"""What the customer has already is said before the charge, and moves nothing (rule 15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.access import Held
from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.payment_event import Result
from pos_app.messages.renewals import renewal_words
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.renewal import Holdings, Renewal
from tests.support.fakes import START
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter

WEEK = Post(id=1, title="Week pass", price=250, days=7)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("post", "held", "words"),
    [
        (WEEK, None, ()),
        (WEEK, Held(START - DAY), ()),
        (Post(id=2, title="Tea", price=30, days=0), Held(START + DAY), ()),
        (WEEK, Held(START + 10 * DAY), ("Has Week pass until 3 Dec; this makes it 10 Dec",)),
        (WEEK, Held(START + 33 * DAY), ("Has Week pass until 26 Dec; this makes it 2 Jan 2027",)),
        (WEEK, Held(START + timedelta(hours=1)), ("Has Week pass until 15:00 today; this makes it 30 Nov",)),
        (WEEK, Held(None), ("Already has Week pass for ever: more days add nothing", "Already has it for ever")),
        (
            Post(id=3, title="Pass", price=9, days=None),
            Held(START + DAY),
            ("Has Pass until 24 Nov; this makes it for ever",),
        ),
    ],
)
def test_words(post: Post, held: Held | None, words: tuple[str, ...]) -> None:
    told = renewal_words(ChargeLine(post), held, START)
    assert told[: len(words)] == words
    assert bool(told) == bool(words)
    assert list(told) == sorted(told, key=len, reverse=True), "ever shorter"


class Line:
    """The line beside a till, and what it says."""

    def __init__(self, counter: Counter) -> None:
        self._line = counter.part(Renewal, "renewal")
        self.counter = counter

    @property
    def text(self) -> str:
        return self._line.text()

    def places(self) -> list[QRect]:
        """Where what one aims at stands."""
        form = self.counter.page.form
        return [part.geometry() for part in (self._line, form.lines, form.phone, form.customer.recent, form.keypad)]


@pytest.fixture
def line(counter: Counter, harness: TillHarness) -> Line:
    """0712 345 678 has a week already, until 30 November."""
    payment = counter.ask("2", "0712345678")
    counter.hear(payment, Result.SUCCESS)
    counter.next_customer()
    recent = counter.page.form.customer.recent  # the first customer's chip makes the row as high as it is from then on
    counter.qtbot.waitUntil(lambda: recent.height() > 0)
    return Line(counter)


def test_it_is_said_for_a_whole_number_and_this_post_only(line: Line) -> None:
    counter = line.counter
    counter.choose("2")
    counter.write("071234567")
    before = line.places()
    assert line.text == ""
    counter.write("8")
    counter.qtbot.waitUntil(lambda: line.text == "Has Week pass until 30 Nov; this makes it 7 Dec")
    assert line.places() == before, "nothing moved"
    counter.function(Qt.Key.Key_F2)
    counter.choose("1")
    counter.write("0712345678")
    assert line.text == ""
    counter.next_customer()
    assert line.text == ""


def test_in_a_basket_each_line_says_its_own(line: Line) -> None:
    counter = line.counter
    counter.choose("2")
    counter.choose("2")
    counter.choose("4")
    counter.write("0712345678")
    row = counter.part(Renewal, "renewal2")
    counter.qtbot.waitUntil(lambda: row.accessibleDescription() == "Has Week pass until 30 Nov; this makes it 14 Dec")
    assert "14 Dec" in row.text()
    assert counter.part(Renewal, "renewal3").text() == ""
    assert not counter.part(Renewal, "renewal").isVisible()


class SlowTasks(Tasks):
    """Threads that answer when the test says so, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    def run(
        self, work: Any, done: Any = None, failed: Any = None, *, owner: Any = None, lane: Lane = Lane.LOOK
    ) -> None:
        self.waiting.append(lambda: done(work()))


def test_the_latest_answer_wins(line: Line, harness: TillHarness, qtbot: QtBot) -> None:
    tasks = SlowTasks()
    holdings = Holdings(harness.till, tasks)
    week = harness.till.catalogue.posts()[1].id
    for phone in ("254712345678", "254722345678"):
        holdings.ask([week], phone)
    for answer in reversed(tasks.waiting):
        answer()
    assert holdings.of(week) is None, "the other customer has nothing"
    holdings.ask([week], "254712345678")
    with qtbot.waitSignal(holdings.told):
        tasks.waiting[-1]()
    held = holdings.of(week)
    assert held is not None
    assert held.until is not None
    holdings.ask([week], None)
    tasks.waiting[-1]()
    assert holdings.of(week) is None
    tasks.close()


def test_in_a_narrow_place_the_dates_stay_whole(
    harness: TillHarness, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    renewal = Renewal()
    qtbot.addWidget(renewal)
    renewal.show_words(renewal_words(ChargeLine(WEEK), Held(START + 10 * DAY), START))
    renewal.show()
    seen = set()
    for width in range(500, 60, -20):
        renewal.resize(width, renewal.sizeHint().height())
        seen.add(renewal.text())
        assert "3 Dec" in renewal.text()
        assert "10 Dec" in renewal.text()
    assert len(seen) == 3
