"""Payments on a real store, and the page that shows them."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Callback, Result
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import PHONES, Seen
from tests.ui.selling import add_posts, pay, sell, tell


@pytest.fixture
def sold(harness: TillHarness) -> list[Payment]:
    """Three payments, oldest first: paid, cancelled, waiting."""
    day_pass, tea = add_posts(harness.till)
    first = pay(harness.till, sell(harness.till, day_pass, PHONES[0]))
    harness.clock.advance(60)
    second = sell(harness.till, tea, PHONES[1])
    cancelled = Callback(Result.CANCELLED, "1032", second.merchant_request_id, second.checkout_request_id)
    second = tell(harness.till, second, cancelled)
    harness.clock.advance(60)
    return [first, second, sell(harness.till, day_pass, PHONES[2])]


@pytest.fixture
def seen(
    harness: TillHarness, sold: list[Payment], events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> Iterator[Seen]:
    """The page, shown, with the three payments in its list."""
    harness.till.ledger.subscribe(events.payment_changed.emit)
    page = PaymentsPage(harness.till, tasks, events)
    qtbot.addWidget(page)
    page.resize(1196, 740)
    with qtbot.waitExposed(page):
        page.show()
    opened = Seen(page, qtbot)
    opened.until_rows(3)
    yield opened
    page.hide()
