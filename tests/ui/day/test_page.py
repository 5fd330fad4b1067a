"""The page of the day: what is not closed, closing it by hand, and the closes there were."""

import csv
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.operators import Act, Role
from pos_app.domain.statement_row import Period
from pos_app.messages.takings import ADDING_UP
from pos_app.sales.recording import Recording
from pos_app.ui.day import papers
from pos_app.ui.day.page import DayPage
from pos_app.ui.day.papers import TABLE, TAX, ChosenKind, DayPapers, Setting
from pos_app.ui.receipt.printing import Slip, save_pdf
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.list_table import ListTable
from tests.sales.test_recording import a_row, of
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import ACCOUNT, TillHarness
from tests.ui.parts import part
from tests.ui.selling import add_posts, pay, sell

SETTING = Setting(lambda lines, paper, printer: Slip(lines, paper).print_on(printer), save_pdf)
PHONES = ("254712345678", "254722345678", "254733345678")


class SeenDay:
    """The page as a person sees it."""

    def __init__(self, page: DayPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot

    def rows(self, name: str = "dayTable") -> list[list[str]]:
        model = part(self.page, ListTable, name).model()
        return [
            [str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def choose(self, name: str, choice: str) -> None:
        part(self.page, ChoiceButton, name).choose(choice)

    def text(self, name: str) -> str:
        return part(self.page, QLabel, name).text()

    def sees(self, name: str) -> bool:
        return part(self.page, QWidget, name).isVisible()

    def press(self, name: str) -> None:
        part(self.page, QAbstractButton, name).click()

    def until_title(self, begin: str) -> None:
        self.qtbot.waitUntil(lambda: self.text("dayTitle").startswith(begin))

    def close(self, typed: str) -> None:
        """Begin to close, type this and press Enter."""
        self.press("dayClose")
        field = part(self.page, QLineEdit, "dayCloseWhy")
        self.qtbot.waitUntil(field.isVisible)
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def taken(harness: TillHarness) -> None:
    """Two payments are paid, and one waits."""
    day_pass, tea = add_posts(harness.till)
    pay(harness.till, sell(harness.till, day_pass, PHONES[0]))
    pay(harness.till, sell(harness.till, tea, PHONES[1]), "UKN4X7Q2ZX")
    sell(harness.till, day_pass, PHONES[2])


@pytest.fixture
def page(
    harness: TillHarness, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> Iterator[DayPage]:
    harness.till.ledger.subscribe(events.payment_changed.emit)
    page = DayPage(harness.till, tasks, events, setting=SETTING)
    qtbot.addWidget(page)
    page.resize(1196, 740)
    yield page
    page.hide()


@pytest.fixture
def seen(page: DayPage, taken: None, qtbot: QtBot) -> SeenDay:
    with qtbot.waitExposed(page):
        page.show()
    seen = SeenDay(page, qtbot)
    seen.until_title("Not closed yet (X)")
    return seen


def test_where_adding_up_takes_long_it_is_said(
    page: DayPage, taken: None, harness: TillHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop that never closes has years of payments there."""
    may_end, added_up = threading.Event(), harness.till.days.open
    monkeypatch.setattr(harness.till.days, "open", lambda cancel: may_end.wait(30) and added_up(cancel))
    page.show()
    seen = SeenDay(page, qtbot)
    qtbot.waitUntil(lambda: seen.text("dayEmpty") == ADDING_UP)
    assert seen.sees("dayEmpty")
    may_end.set()
    seen.until_title("Not closed yet (X)")


def test_what_is_not_closed_is_told_by_post_operator_and_hour(seen: SeenDay) -> None:
    assert seen.text("dayTitle") == "Not closed yet (X), since this shop began"
    assert seen.text("dayNet") == "Net KES 80"
    assert seen.text("dayPaid") == "Paid by M-PESA 2: KES 80"
    assert seen.text("dayUnsure") == "Still open 1: KES 50"
    assert not seen.sees("dayRefunded")
    assert seen.text("dayMark") == "PRACTICE · not real money"
    assert "1 payment is carried over (KES 50)" in seen.text("dayNotes")
    assert "M-PESA's record of this time is not seen yet" in seen.text("dayNotes")
    assert seen.rows() == [["Day pass", "1", "100", "50", "0", "50"], ["Tea", "1", "30", "30", "0", "30"]]
    seen.choose("dayBy", "By hour")
    assert seen.rows() == [["14:00 - 15:00", "2", "130", "80", "0", "80"]]
    seen.choose("dayBy", "By operator")
    assert seen.rows()[0][0] == "Nobody signed in"


def test_what_is_carried_over_leads_to_its_payment(seen: SeenDay) -> None:
    wanted: list[str] = []
    seen.page.payment_wanted.connect(wanted.append)
    seen.choose("dayBy", "Carried over")
    [[number, why, age, amount]] = seen.rows("dayCarried")
    assert (why, age, amount) == ("Waiting for PIN", "0:00", "50")
    QTest.keyClick(part(seen.page, ListTable, "dayCarried"), Qt.Key.Key_Return)
    assert wanted == [number]


def test_the_day_is_closed_by_its_number_and_nothing_else(seen: SeenDay, harness: TillHarness) -> None:
    """Rule 14: no stray Enter and no scan closes a day."""
    days = harness.till.days
    for typed in ("", "Z1", "6161100000017", "11"):
        seen.close(typed)
        seen.qtbot.waitUntil(lambda: seen.sees("dayCloseTrouble"))
        assert part(seen.page, QLineEdit, "dayCloseWhy").selectedText() == typed
        assert part(seen.page, QWidget, "dayCloseForm").keeps_page()  # type: ignore[attr-defined]
        QTest.keyClick(part(seen.page, QLineEdit, "dayCloseWhy"), Qt.Key.Key_Escape)
        assert not seen.sees("dayCloseForm")
        assert seen.page.focusWidget() is part(seen.page, ListTable, "dayTable")
    assert days.closes(9) == []
    seen.close("1")
    seen.until_title("Z 0001, 23 Nov 2026 14:00, till A")
    assert seen.text("dayWords").startswith("Z 0001 is closed. 1 payment is carried over")
    assert not seen.sees("dayClose")
    assert part(seen.page, ChoiceButton, "dayWhich").choice == "Z 0001, 23 Nov 2026"
    assert seen.page.focusWidget() is part(seen.page, ListTable, "dayTable")
    assert [close.number for close in days.closes(9)] == [1]
    seen.choose("dayWhich", "Not closed yet")
    assert not seen.sees("dayWords")
    assert seen.text("dayTitle").startswith("Not closed yet (X), since Z 0001")
    assert seen.text("dayEmpty") == "Nothing was asked for, paid or given back yet."
    assert not part(seen.page, QAbstractButton, "dayClose").isEnabled()


def test_what_a_scanner_leaves_without_an_enter_is_said(seen: SeenDay) -> None:
    seen.press("dayClose")
    field = part(seen.page, QLineEdit, "dayCloseWhy")
    QTest.keyClicks(field, "6161100000017")
    assert seen.sees("dayCloseTrouble")
    assert "Type 1, the number" in part(seen.page, QWidget, "dayCloseTrouble").accessibleName()
    field.clear()
    QTest.keyClicks(field, "1")
    assert not seen.sees("dayCloseTrouble")


def test_who_comes_to_close_it_needs_no_mouse(seen: SeenDay) -> None:
    close = part(seen.page, QAbstractButton, "dayClose")
    seen.page.offer_close()
    assert seen.page.focusWidget() is close
    seen.page.hide()
    seen.page.show()
    seen.until_title("Not closed yet (X)")
    assert seen.page.focusWidget() is not close, "whoever comes by themselves looks first"
    seen.page.hide()
    seen.page.show()
    seen.page.offer_close()
    seen.qtbot.waitUntil(lambda: seen.page.focusWidget() is close)


def test_the_statement_is_one_press_away(seen: SeenDay) -> None:
    with seen.qtbot.waitSignal(seen.page.statement_wanted):
        seen.press("dayStatement")


def test_another_till_was_faster(seen: SeenDay, harness: TillHarness) -> None:
    seen.press("dayClose")
    harness.till.days.close(1)
    field = part(seen.page, QLineEdit, "dayCloseWhy")
    field.setText("1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: seen.sees("dayCloseTrouble"))
    assert "closed already: Z 0001" in part(seen.page, QWidget, "dayCloseTrouble").accessibleName()


def test_what_is_paid_meanwhile_is_counted(seen: SeenDay, harness: TillHarness) -> None:
    pay(harness.till, sell(harness.till, harness.till.catalogue.posts()[1], "254744345678"), "UKN4X7Q2ZY")
    seen.qtbot.waitUntil(lambda: seen.text("dayNet") == "Net KES 110", timeout=10_000)


def test_a_shop_without_payments(page: DayPage, qtbot: QtBot) -> None:
    page.show()
    seen = SeenDay(page, qtbot)
    seen.until_title("Not closed yet (X)")
    assert seen.text("dayEmpty") == "Nothing was asked for, paid or given back yet."
    seen.choose("dayBy", "Carried over")
    assert seen.text("dayEmpty") == "Nothing is carried over."
    assert not part(page, QAbstractButton, "dayClose").isEnabled()


def test_a_close_is_saved_as_pdf_table_and_lines(
    seen: SeenDay, harness: TillHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tasks: Tasks
) -> None:
    asked: list[ChosenKind | None] = []
    seen.page.papers = DayPapers(harness.till, tasks, seen.page, SETTING, lambda *_: asked.pop())
    seen.page.papers.said.connect(seen.page._say)
    asked.append(None)
    seen.press("daySave")
    seen.close("1")
    seen.until_title("Z 0001")
    for kind, name in ((papers.PDF, "z.pdf"), (TABLE, "z.csv"), (TAX, "tax.csv")):
        asked.append(ChosenKind(str(tmp_path / name), kind))
        QTest.keyClick(seen.page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        seen.qtbot.waitUntil(lambda name=name: seen.text("dayWords") == f"Written to {name}")  # type: ignore[misc]
    assert (tmp_path / "z.pdf").read_bytes().startswith(b"%PDF")
    with (tmp_path / "tax.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[2] for row in csv.reader(file)] == ["Item", "Day pass", "Tea"]
    asked.append(ChosenKind(str(tmp_path / "nowhere" / "z"), TABLE))
    seen.press("daySave")
    seen.qtbot.waitUntil(lambda: "Nothing was written" in seen.text("dayWords"))


def test_a_printer_that_is_not_there_undoes_no_close(seen: SeenDay, harness: TillHarness, tasks: Tasks) -> None:
    seen.close("1")
    seen.until_title("Z 0001")
    seen.page.papers = DayPapers(harness.till, tasks, seen.page, SETTING, look=papers.look_for_printers)
    seen.page.papers.said.connect(seen.page._say)
    seen.press("dayPrint")
    seen.qtbot.waitUntil(lambda: seen.text("dayWords").startswith("There is no printer"))
    assert harness.till.days.named(1).number == 1


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_rule_16_who_closes_and_who_sees_sums(
    page: DayPage, taken: None, harness: TillHarness, qtbot: QtBot, role: Role
) -> None:
    hire(harness.till)
    stand(harness.till, role)
    page.show()
    seen = SeenDay(page, qtbot)
    seen.until_title("Not closed yet (X)")
    seen.close("1")
    passphrase = part(page, QLineEdit, "dayClosePassphrase")
    if role is Role.OPERATOR:
        qtbot.waitUntil(lambda: seen.sees("dayCloseTrouble"))
        assert harness.till.days.closes(9) == []
        assert page.focusWidget() is passphrase  # what is typed next is not seen
        passphrase.setText(PASSPHRASE)
        QTest.keyClick(passphrase, Qt.Key.Key_Return)
    seen.until_title("Z 0001")
    assert harness.till.days.named(1).owner is (role is Role.OPERATOR)
    page.hide()
    harness.till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    page.show()
    if role is Role.OPERATOR:
        qtbot.waitUntil(lambda: "supervisor or the owner" in seen.text("dayEmpty"))
        assert (seen.rows(), seen.sees("dayNet")) == ([], False)
        assert part(page, ChoiceButton, "dayWhich").choice == "Not closed yet"
    else:
        seen.until_title("Not closed yet (X), since Z 0001")


def test_m_pesa_is_asked_for_its_record_when_somebody_looks_at_the_day(
    harness: TillHarness, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    hurried: list[bool] = []
    rounds: Any = SimpleNamespace(hurry=lambda: hurried.append(True))
    page = DayPage(replace(harness.till, pull_rounds=rounds), tasks, events, setting=SETTING)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    assert hurried == [True]
    page.hide()


@pytest.fixture
def explained(seen: SeenDay, harness: TillHarness) -> SeenDay:
    """A day is closed, and M-PESA's statement comes the day after: what waited was paid, and more came in."""
    till = harness.till
    waiting = till.reader.open_payments("A")[0]
    harness.clock.advance(3_600)
    seen.close("1")
    seen.until_title("Z 0001")
    assert "came later" not in seen.text("dayNotes")
    harness.clock.advance(12 * 3_600)
    row = replace(a_row(waiting.created_at + timedelta(seconds=20), 900), amount=Decimal(50), phone="254733345678")
    rows = (row, a_row(row.at, 901))
    covered = Period(row.at - timedelta(minutes=9), row.at + timedelta(minutes=9))
    till.owner.passphrase.choose(PASSPHRASE)
    recording = Recording(till.reader, till.writer, till.ledger, till.clock, till.authority, ACCOUNT, lambda _: None)
    recording.record(of(*rows, covered=covered), "ab" * 32, PASSPHRASE)
    seen.page.look_up()
    which = part(seen.page, ChoiceButton, "dayWhich")
    seen.qtbot.waitUntil(lambda: LATER in which._choices)
    return seen


LATER = "Z 0001/1, 24 Nov 2026"


def test_what_m_pesa_s_record_said_later_stands_under_its_close(explained: SeenDay, harness: TillHarness) -> None:
    explained.until_title("Z 0001, ")
    assert explained.text("dayNotes").startswith("M-PESA's record of this day came later: see Z 0001/1.")
    assert "not seen yet" in explained.text("dayNotes"), "as it was printed"
    explained.choose("dayWhich", LATER)
    assert explained.text("dayTitle") == "Z 0001/1, 24 Nov 2026 03:00, from statement abababab"
    assert not explained.sees("dayNet")
    assert not explained.sees("dayBy")
    assert "By it KES 50 settled (1 payment): counted in Z 0002" in explained.text("dayNotes")
    rows = explained.rows("dayLater")
    assert [row[1:2] + row[3:] for row in rows if row[1] != "Not there"] == [
        ["Settled", "KES 50", "KES 50"],
        ["No prompt", "nothing", "KES 100"],
    ]
    wanted: list[str] = []
    explained.page.payment_wanted.connect(wanted.append)
    table = part(explained.page, ListTable, "dayLater")
    for row in range(len(rows)):
        table.go_to_row(row)
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert wanted == [row[2] for row in rows if row[2] != "-"], "nowhere where no payment is meant"
    explained.choose("dayWhich", "Not closed yet")
    assert explained.sees("dayNet")
    assert explained.sees("dayBy")


def test_a_supplement_is_printed_and_kept_as_pdf_only(
    explained: SeenDay, harness: TillHarness, tmp_path: Path, tasks: Tasks
) -> None:
    offered: list[tuple[str, list[str]]] = []

    def choose(_: QWidget, name: str, kinds: Sequence[str]) -> ChosenKind:
        offered.append((name, list(kinds)))
        return ChosenKind(str(tmp_path / "later.pdf"), kinds[0])

    explained.page.papers = DayPapers(harness.till, tasks, explained.page, SETTING, choose)
    explained.page.papers.said.connect(explained.page._say)
    explained.choose("dayWhich", LATER)
    explained.press("daySave")
    explained.qtbot.waitUntil(lambda: explained.text("dayWords") == "Written to later.pdf")
    assert (tmp_path / "later.pdf").read_bytes().startswith(b"%PDF")
    assert offered == [("Z-0001-1", [papers.PDF])]


def test_a_day_that_another_till_has_closed_is_there_at_once(
    seen: SeenDay, harness: TillHarness, events: TillEvents
) -> None:
    harness.till.days.close(1)
    events.shop_changed.emit(frozenset({"charge"}))
    events.shop_changed.emit(frozenset({"close"}))
    seen.qtbot.waitUntil(lambda: seen.text("dayTitle") != "Not closed yet (X), since this shop began")
