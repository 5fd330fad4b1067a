"""What the tests of the window share."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.domain.payment import Payment, State
from pos_app.ui.bridge import Bridge, Tasks
from pos_app.ui.theme import Look, Scheme
from tests.conftest import Shelf
from tests.ui.counter import Counter, open_counter, stock
from tests.ui.watchdog import WatchedApplication

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


@pytest.fixture(autouse=True)
def _t36_nothing_holds_the_window_up(qapp: WatchedApplication) -> Iterator[None]:
    """No event may take 100 ms, in any test of the window."""
    qapp.stalls.clear()
    yield
    stalls = [*qapp.stalls]
    qapp.stalls.clear()
    assert not stalls, f"the window stood still: {'; '.join(stalls)}"


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
    """What the shop sells."""
    return stock(shelf)


@pytest.fixture
def counter(
    shelf: Shelf, posts: list[Post], look: Look, tasks: Tasks, bridge: Bridge, qtbot: QtBot
) -> Iterator[Counter]:
    """A window with an open till, ready to type on."""
    with open_counter(shelf, tasks, bridge, qtbot) as made:
        yield made
