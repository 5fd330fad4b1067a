"""A till that sells nothing says why on the page where customers are charged, in the header and beside the keys."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.till_claim import SETTING, TillClaim, beat, claims_text, read_claims
from pos_app.messages import window as words
from pos_app.sales.ports import Transaction
from pos_app.sales.till_lease import TillLease
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.toast import Toast
from tests.support.builders import flush
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter, open_counter, stock

MINE = TillClaim(holder="one", computer="COUNTER-1", account="600123")
OTHER = TillClaim(holder="two", computer="COUNTER-2", account="600123")
PHONE = "0712345678"


@pytest.fixture
def lease(harness: TillHarness) -> TillLease:
    made = TillLease("A", MINE, harness.till.reader, harness.till.writer)
    made.claim()
    return made


@pytest.fixture
def counter(
    harness: TillHarness, lease: TillLease, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[Counter]:
    """A counter whose till shares its database with others."""
    stock(harness)
    shared = replace(harness, till=replace(harness.till, lease=lease))
    with open_counter(shared, tasks, events, qtbot) as opened:
        yield opened


def take_letter(harness: TillHarness) -> None:
    """Another computer opens as till A, and nobody has heard of this one for long."""

    def work(transaction: Transaction) -> None:
        claims = read_claims(transaction.setting(SETTING))
        transaction.set_setting(SETTING, claims_text(beat(claims, "A", OTHER, transaction.database_time())))

    harness.till.writer.run(work)


def beside_the_keys(counter: Counter) -> list[str]:
    counter.window.show_keys()
    return [label.text() for label in counter.part(HelpPanel, "helpPanel").findChildren(QLabel)]


def test_rule_27_a_till_that_lost_its_letter_says_so_before_anybody_is_charged(
    counter: Counter, lease: TillLease
) -> None:
    pill, trouble = counter.part(Pill, "status"), counter.part(Notice, "chargeTrouble")
    counter.choose("2")
    counter.write(PHONE)
    assert counter.button("ask").isEnabled()
    take_letter(counter.harness)
    lease.step()
    counter.qtbot.waitUntil(trouble.isVisible)
    for told in (trouble.words, counter.part(Toast, "toast").words):
        assert "the computer COUNTER-2 has become till A. Nothing was sent." in told
        assert "Give this till another letter" in told
    assert pill.colour is ColourRole.FAILED
    assert pill.text in (words.STATUS_LETTER_LOST, words.LETTER_LOST_SHORT)
    assert not counter.button("ask").isEnabled()
    shown = beside_the_keys(counter)
    assert words.LETTER_LOST in shown
    assert lease.lost in shown


def test_rule_27_who_tries_to_charge_all_the_same_is_told_again_and_nothing_leaves(
    counter: Counter, lease: TillLease, events: TillEvents
) -> None:
    trouble = counter.part(Notice, "chargeTrouble")
    counter.choose("2")
    take_letter(counter.harness)
    lease.step()
    counter.qtbot.waitUntil(trouble.isVisible)
    counter.page.form.show_error("Something else.")
    assert trouble.words == "Something else."
    counter.write(PHONE)
    counter.enter()
    assert trouble.words == lease.lost
    events.saving_changed.emit(False)
    events.saving_changed.emit(True)
    assert trouble.isVisible(), "that saving works again gives no letter back"
    assert trouble.words == lease.lost
    flush(counter.harness.till.writer)
    assert counter.harness.gateway.pushes == []
    assert counter.harness.till.reader.open_payments("A") == []


def test_rule_27_a_window_that_fills_after_the_letter_was_lost_says_so_too(
    harness: TillHarness, lease: TillLease, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> None:
    stock(harness)
    take_letter(harness)
    lease.step()
    flush(harness.till.writer)
    shared = replace(harness, till=replace(harness.till, lease=lease))
    with open_counter(shared, tasks, events, qtbot) as late:
        assert late.part(Notice, "chargeTrouble").words == lease.lost
        assert not late.button("ask").isEnabled()


def test_where_a_server_does_not_save_no_word_blames_this_computer(counter: Counter, events: TillEvents) -> None:
    events.saving_changed.emit(False)
    said = [counter.part(Notice, "chargeTrouble").words, *beside_the_keys(counter)]
    assert words.SERVER_CANNOT_SAVE in said
    assert words.SERVER_CANNOT_SAVE_TITLE in said
    assert f"• {words.SERVER_STEPS[0]}" in said
    assert not [text for text in said if "disk" in text or text.startswith("This computer cannot")]
    events.saving_changed.emit(True)
    assert not counter.part(Notice, "chargeTrouble").isVisible()
