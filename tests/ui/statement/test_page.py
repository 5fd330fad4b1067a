"""A statement is dropped or chosen, looked at and recorded, on a real store; only the file is made up."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, State
from pos_app.domain.record_file import StatementFile
from pos_app.domain.search import Search
from pos_app.domain.statement_row import Period, Statement, StatementRow
from pos_app.errors import BadInput
from pos_app.ui.statement.page import StatementPage
from pos_app.ui.statement.table import StatementTable
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.enter import focused_button
from tests.support.builders import prompt, sell
from tests.support.fakes import START
from tests.support.model_rules import watched
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.statement_rows import a_payment_row
from tests.support.till_harness import TillHarness
from tests.ui.parts import part

DAY = Period(START - timedelta(hours=9), START + timedelta(hours=9))
ROW = a_payment_row(START + timedelta(seconds=20), phone="071****678")
STRAY = replace(ROW, receipt="UKN1AAAA22", phone="070****999", at=START + timedelta(hours=1))
FAILED = "That file is empty. Nothing was compared."


class Files:
    """Reads what the test has put there; `held` until the test lets it go on, or it is cancelled."""

    def __init__(self) -> None:
        self.statement: Statement | None = None
        self.gate = threading.Event()
        self.gate.set()

    def put(self, *rows: StatementRow) -> None:
        self.statement = Statement(short_code="512345", period=DAY, covered=DAY, rows=rows)

    def read(self, path: Path, now: datetime, told: Callable[[int], object], cancel: Cancel) -> StatementFile:
        told(1_000)
        with cancel.ending_by(self.gate.set):
            assert self.gate.wait(20)
        if self.statement is None:
            raise BadInput(FAILED)
        return StatementFile(self.statement, f"{path.name:0>64}")


class Seen:
    """The page as a person sees it."""

    def __init__(self, page: StatementPage, files: Files, harness: TillHarness, qtbot: QtBot) -> None:
        self.page, self.files, self.harness, self.qtbot = page, files, harness, qtbot
        self.wanted: list[tuple[Search, str]] = []
        page.payments_wanted.connect(lambda search, words: self.wanted.append((search, words)))
        self.post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
        watched(self.table.model())

    @property
    def table(self) -> StatementTable:
        return part(self.page, StatementTable, "statementTable")

    def rows(self) -> list[list[str]]:
        model = self.table.model()
        return [
            [str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def text(self, name: str) -> str:
        return part(self.page, QLabel, name).text()

    def sees(self, name: str) -> bool:
        return part(self.page, QWidget, name).isVisible()

    def press(self, name: str) -> None:
        part(self.page, QAbstractButton, name).click()

    def asked(self) -> Payment:
        payment = prompt(self.harness, sell(self.harness, self.post, "254712345678"))
        self.harness.clock.advance(6 * 3_600)
        return payment

    def look(self) -> None:
        self.page.look(Path("day.csv"))
        self.until(lambda: self.sees("statementRecord"))

    def record(self) -> None:
        self.press("statementRecord")
        self.until(lambda: self.text("statementSaid").startswith("All of it is recorded"))

    def until(self, right: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(right, timeout=10_000)


@pytest.fixture
def seen(harness: TillHarness, tasks: Tasks, events: TillEvents, qtbot: QtBot, theme: ThemeManager) -> Iterator[Seen]:
    files = Files()
    page = StatementPage(replace(harness.till, statement_files=files), tasks, events, ask=lambda _: "day.csv")
    qtbot.addWidget(page)
    page.resize(1_000, 600)
    page.show()
    yield Seen(page, files, harness, qtbot)
    files.gate.set()


def owner(seen: Seen) -> None:
    seen.harness.till.owner.passphrase.choose(PASSPHRASE)
    seen.harness.till.authority.begin_as_owner()


def test_it_says_what_to_do_first(seen: Seen) -> None:
    assert "nothing is changed before you press Record" in seen.text("statementWords")
    assert not seen.sees("statementTable")


def test_it_says_what_it_would_do_and_is_recorded_only_by_its_button(seen: Seen) -> None:
    asked = seen.asked()
    owner(seen)
    seen.files.put(ROW, STRAY)
    seen.look()
    assert seen.text("statementHeading").startswith("PRACTICE · not real money · Short code 512345")
    assert seen.text("statementCounts") == (
        "1 would settle a payment that is not paid · 1 no prompt: nobody here is known to have asked for this money"
    )
    [[time, code, amount, what, step]] = seen.rows()
    assert (code, amount, what) == ("UKN1AAAA22", "100", "No prompt")
    assert step == "Bind or name it"
    assert seen.text("statementStep").startswith("Nobody here was asked for this money.")
    assert "15:00" in time
    before = seen.harness.till.reader.payment(asked.id)
    assert before == asked
    seen.record()
    after = seen.harness.till.reader.payment(asked.id)
    assert after
    assert (after.state, after.receipt) == (State.PAID, "UKN7H7OI90")
    assert "settled a payment that was not paid" in seen.text("statementCounts")
    assert not seen.sees("statementRecord")
    assert len(seen.rows()) == 1


def test_where_nothing_needs_anybody_that_is_said(seen: Seen) -> None:
    owner(seen)
    seen.files.put()
    seen.look()
    assert (seen.text("statementStep"), seen.sees("statementFind")) == ("Nothing in it needs you.", False)


def test_a_file_that_is_refused_is_refused_in_words_and_another_can_be_chosen(seen: Seen) -> None:
    seen.page.look(Path("day.csv"))
    seen.until(lambda: seen.text("statementWords") == FAILED)
    owner(seen)
    seen.files.put()
    seen.press("statementChoose")
    seen.until(lambda: seen.sees("statementRecord"))


def test_reading_can_be_ended_by_esc(seen: Seen) -> None:
    seen.files.put(ROW)
    seen.files.gate.clear()
    seen.page.look(Path("day.csv"))
    seen.until(lambda: "1,000 rows read" in seen.text("statementWork"))
    seen.page.choose()  # one at a time
    QTest.keyClick(part(seen.page, QWidget, "statementCancel"), Qt.Key.Key_Escape)
    seen.until(lambda: seen.sees("statementChoose"))
    assert "Export the statement" in seen.text("statementWords")


def test_a_file_is_dropped(seen: Seen) -> None:
    owner(seen)
    seen.files.put(ROW)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/somewhere/day.csv")])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(5, 5).toPoint(), action, files, button, keys)
    seen.page.dragEnterEvent(entered)
    assert entered.isAccepted()
    seen.page.dropEvent(QDropEvent(QPointF(5, 5), action, files, button, keys))
    seen.until(lambda: seen.sees("statementRecord"))
    words = QMimeData()
    words.setText("no file")
    other = QDragEnterEvent(QPointF(5, 5).toPoint(), action, words, button, keys)
    other.ignore()
    seen.page.dragEnterEvent(other)
    assert not other.isAccepted()


def test_a_line_is_found_and_leads_to_the_payment_that_may_be_meant(seen: Seen) -> None:
    asked = seen.asked()
    owner(seen)
    seen.files.put(replace(ROW, reason="Merchant to Merchant"), STRAY)
    seen.look()
    assert len(seen.rows()) == 2
    find = part(seen.page, QLineEdit, "statementFind")
    find.setText("no prompt uk")
    assert seen.text("statementStep") == "No line has that in it."
    find.setText(asked.number.lower())
    [row] = seen.rows()
    assert row[-1] == "Compare payments"
    assert seen.text("statementStep") == f"Perhaps it is {asked.number}. Open that payment and compare."
    QTest.keyClick(seen.table, Qt.Key.Key_Return)
    assert seen.wanted == [(Search(text=asked.number), f"payment {asked.number}")]
    find.clear()
    seen.table.go_to_row(1)
    QTest.keyClick(seen.table, Qt.Key.Key_Return)
    assert len(seen.wanted) == 1


def test_rule_16_an_operator_is_asked_for_the_owner_s_passphrase(seen: Seen) -> None:
    asked = seen.asked()
    hire(seen.harness.till)
    stand(seen.harness.till, Role.OPERATOR)
    seen.files.put(ROW)
    seen.look()
    seen.press("statementRecord")
    passphrase = part(seen.page, QLineEdit, "statementPassphrase")
    seen.until(passphrase.isVisible)
    assert "for a supervisor or the owner" in seen.text("statementSaid")
    QTest.keyClick(passphrase, Qt.Key.Key_Return)  # nothing is typed
    passphrase.setText("a guess")
    QTest.keyClick(passphrase, Qt.Key.Key_Return)
    seen.until(lambda: "not the owner's passphrase" in seen.text("statementSaid"))
    QTest.keyClick(passphrase, Qt.Key.Key_Escape)
    assert (passphrase.isVisible(), seen.sees("statementSaid")) == (False, False)
    seen.press("statementRecord")
    seen.until(passphrase.isVisible)
    passphrase.setText(PASSPHRASE)
    QTest.keyClick(passphrase, Qt.Key.Key_Return)
    assert focused_button(seen.page) is None  # the window gets the same Enter, and would press it: Cancel
    seen.until(lambda: seen.text("statementSaid").startswith("All of it is recorded"))
    paid = seen.harness.till.reader.payment(asked.id)
    assert paid
    assert paid.state is State.PAID


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OWNER])
def test_rule_16_a_supervisor_and_the_owner_record_it_without_more(seen: Seen, role: Role) -> None:
    hire(seen.harness.till)
    stand(seen.harness.till, role)
    seen.files.put(STRAY)
    seen.look()
    seen.record()
    assert not seen.sees("statementPassphrase")


def test_what_one_has_looked_at_is_not_shown_to_the_next(seen: Seen) -> None:
    hire(seen.harness.till)
    stand(seen.harness.till, Role.SUPERVISOR)
    seen.files.put(STRAY)
    seen.look()
    seen.page.hide()
    seen.page.show()
    assert seen.sees("statementRecord")
    seen.page.hide()
    stand(seen.harness.till, Role.OPERATOR)
    seen.page.show()
    assert "Somebody else is signed in now" in seen.text("statementWords")
