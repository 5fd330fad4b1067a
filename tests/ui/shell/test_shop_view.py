"""What other tills do is seen at this counter at once, and nothing here acts, sounds or prints because of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.sounds.sound import Sound
from pos_app.ui.charge.other_list import OtherList, OtherRow
from pos_app.ui.shell.heard_and_seen import HeardAndSeen
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.builders import flush, sell
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter, open_counter, stock
from tests.ui.parts import part
from tests.ui.shell.test_heard_and_seen import Band


@pytest.fixture
def counter(
    harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[Counter]:
    """A counter whose till hears of others."""
    stock(harness)
    harness.till.ledger.publisher.hears_others = True
    with open_counter(harness, tasks, events, qtbot) as opened:
        yield opened


@pytest.fixture
def other(counter: Counter) -> Callable[..., Payment]:
    """Till B has a payment on its way, in the shop's database; this till is told of it."""

    def opened(phone: str = "0733345678") -> Payment:
        harness = counter.harness
        post = harness.till.catalogue.posts()[0]
        payment = sell(harness, post, phone, token=f"of B {phone}", till="B")
        payment = tell_quietly(harness, payment)
        harness.till.ledger.publisher.publish_other(payment)
        return payment

    return opened


def tell_quietly(harness: TillHarness, payment: Payment) -> Payment:
    """What happens at the other till is written, and nobody is told here."""
    with harness.database.write() as transaction:
        before = transaction.payment(payment.id)
        assert before is not None
        ids: dict[str, Any] = {"merchant_request_id": f"m{payment.id}", "checkout_request_id": f"c{payment.id}"}
        transaction.update(before, replace(before, state=State.PROMPTED, **ids))
        after = transaction.payment(payment.id)
    assert after is not None
    return after


def rows(counter: Counter) -> list[OtherRow]:
    return [row for row in counter.part(OtherList, "otherTills").findChildren(OtherRow) if row.isVisible()]


def test_another_till_s_payment_is_shown_and_not_served_here(counter: Counter, other: Callable[..., Payment]) -> None:
    payment = other()
    counter.qtbot.waitUntil(lambda: [row.payment.id for row in rows(counter)] == [payment.id])
    assert counter.shown() == "form"
    assert counter.page.active.payments() == []
    assert counter.page.customer is None


def test_its_row_leads_to_the_payments_and_never_to_the_panel(counter: Counter, other: Callable[..., Payment]) -> None:
    payment = other()
    counter.qtbot.waitUntil(lambda: bool(rows(counter)))
    rows(counter)[0].click()
    counter.qtbot.waitUntil(lambda: type(counter.window.page).__name__ == "PaymentsPage")
    assert part(counter.window, QLabel, "narrowedWords").text().endswith(payment.number)
    assert counter.page.shown is None


def test_nobody_asks_m_pesa_about_it(counter: Counter, other: Callable[..., Payment]) -> None:
    other()
    counter.qtbot.waitUntil(lambda: bool(rows(counter)))
    counter.harness.clock.advance(60)
    counter.harness.till.reconciler.step()
    counter.page.check_now()
    flush(counter.harness.till.writer)
    assert counter.harness.gateway.queries == []


def test_what_becomes_of_it_makes_no_sound_here(counter: Counter, other: Callable[..., Payment]) -> None:
    bands: list[Band] = []

    def make(volume: str) -> Band:
        bands.append(Band(volume))
        return bands[-1]

    outside = HeardAndSeen(counter.window, counter.harness.till, TillEvents(), counter.window.preferences, make)
    outside.serve(counter.page)
    payment = other()
    counter.harness.till.ledger.publisher.publish_other(replace(payment, state=State.CANCELLED, version=9))
    own = counter.ask("2", "0712345678")
    counter.hear(own, Result.CANCELLED, "1032")
    assert bands[0].played == [Sound.NOT_PAID]
    outside.close()


def test_posts_that_another_till_has_changed_are_there_at_once(counter: Counter) -> None:
    with counter.harness.database.write() as transaction:
        transaction.add_post(draft_post("Printing", 10, favourite=7))
    assert counter.page.grid.favourite(7) is None
    counter.harness.till.ledger.publisher.publish_acts(frozenset({"posts"}))
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(7) is not None)


def test_figures_follow_the_whole_shop(counter: Counter, other: Callable[..., Payment]) -> None:
    amount = part(counter.window, QLabel, "todayAmount")
    counter.qtbot.waitUntil(lambda: amount.text() == "KES 0")
    payment = other()
    with counter.harness.database.write() as transaction:
        before = transaction.payment(payment.id)
        assert before is not None
        transaction.update(before, replace(before, state=State.PAID, amount_paid=50, receipt="UKN4X7Q2ZT"))
        paid = transaction.payment(payment.id)
    assert paid is not None
    counter.harness.till.ledger.publisher.publish_other(paid)
    counter.qtbot.waitUntil(lambda: amount.text() == "KES 50")
    counter.harness.till.ledger.publisher.publish_acts(frozenset({"roles"}))


def test_a_till_that_hears_of_nobody_shows_nothing_of_others(
    harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> None:
    stock(harness)
    with open_counter(harness, tasks, events, qtbot) as alone:
        assert alone.window.findChild(OtherList) is None
