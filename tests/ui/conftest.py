"""What the tests of the window share."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.ui.bridge import Bridge, Tasks
from pos_app.ui.main_window import MainWindow
from pos_app.ui.theme import Look, Scheme
from tests.conftest import Shelf
from tests.ui.counter import Counter

NOW = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
_PAYMENT = Payment(
    id=42,
    number="A-20261123-0042",
    till="A",
    post_id=2,
    post_title="Week pass",
    days=7,
    customer_id=1,
    phone="254712345678",
    amount=250,
    state=State.PROMPTED,
    checkout_request_id="ws_CO_231120261403000001",
    created_at=NOW - timedelta(seconds=14),
    updated_at=NOW - timedelta(seconds=12),
    next_check_at=NOW + timedelta(seconds=48),
)


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The application in its fonts and the light scheme."""
    made = Look(qapp, Scheme.LIGHT)
    made.apply()
    return made


@pytest.fixture
def make_payment() -> Callable[..., Payment]:
    """A payment for KES 250 that waits for its PIN, with any field as asked."""

    def make(**fields: Any) -> Payment:
        return dataclasses.replace(_PAYMENT, **fields)

    return make


@pytest.fixture
def bridge(qapp: QApplication) -> Bridge:
    return Bridge()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close(wait=True)


@pytest.fixture
def posts(shelf: Shelf) -> list[Post]:
    """What the shop sells: three favourites, one with a barcode."""
    return shelf.till.catalogue.add_all(
        [
            draft_post("Day pass", 50, 1, 1),
            draft_post("Week pass", 250, 7, 2),
            draft_post("Tea", 30, 0, 4, "4006381333931"),
        ]
    )


@pytest.fixture
def counter(
    shelf: Shelf, posts: list[Post], look: Look, tasks: Tasks, bridge: Bridge, qtbot: QtBot
) -> Iterator[Counter]:
    """A window with an open till, ready to type on."""
    window = MainWindow(shelf.till.shop, "A")
    window.show()
    window.open_till(shelf.till, tasks, bridge, None)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    made = Counter(window, shelf, qtbot)
    qtbot.waitUntil(lambda: made.page.grid.favourite(1) is not None)
    yield made
    window.let_go()
    delete(window)
