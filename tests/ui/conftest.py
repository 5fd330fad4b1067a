"""What the tests of the window share."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter, open_counter, stock
from tests.ui.watchdog import WatchedApplication


@pytest.fixture(autouse=True)
def _t36_nothing_holds_the_window_up(qapp: WatchedApplication) -> Iterator[None]:
    """No event may take 100 ms, in any test of the window."""
    with qapp.watched():
        yield


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> ThemeManager:
    """The application in its fonts and the light scheme."""
    made = ThemeManager(qapp, Scheme.LIGHT)
    made.apply()
    return made


@pytest.fixture
def events(qapp: QApplication) -> TillEvents:
    return TillEvents()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close(wait=20)


@pytest.fixture
def posts(harness: TillHarness) -> list[Post]:
    """What the shop sells."""
    return stock(harness)


@pytest.fixture
def counter(
    harness: TillHarness, posts: list[Post], theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[Counter]:
    """A window with an open till, ready to type on."""
    with open_counter(harness, tasks, events, qtbot) as made:
        yield made
