"""An export from the window: how far it is, how it is stopped, and what its file is called."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment
from pos_app.domain.search import Search
from pos_app.ui.payments.exporting import ChosenFile, Exporting
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen


class Held:
    """A reader whose second page comes when the test lets it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._pages = 0
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def let_go_when(self, true: Callable[[], bool]) -> None:
        while not true():
            self.reached.wait()
        self.go_on.set()

    def records(self, search: Search) -> Any:
        self._pages += 1
        if self._pages == 2:
            self.reached.set()
            assert self.go_on.wait(30)
        return self._reader.records(search)


@pytest.fixture
def chosen(tmp_path: Path) -> list[ChosenFile | None]:
    """What the operator answers when asked for a file; the last one again and again."""
    return [ChosenFile(str(tmp_path / "sold.csv"), ".csv")]


@pytest.fixture
def page(
    harness: TillHarness,
    sold: list[Payment],
    tasks: Tasks,
    events: TillEvents,
    theme: ThemeManager,
    qtbot: QtBot,
    chosen: list[ChosenFile | None],
) -> PaymentsPage:
    made = PaymentsPage(harness.till, tasks, events, choose_file=lambda *_: chosen[-1])
    qtbot.addWidget(made)
    made.show()
    return made


def test_whoever_chooses_no_file_gets_none(page: PaymentsPage, qtbot: QtBot, chosen: list[ChosenFile | None]) -> None:
    seen = Seen(page, qtbot)
    seen.until_rows(3)
    chosen.append(None)
    page.export()
    assert seen.text("footerWords") == ""


@pytest.mark.parametrize("end", [".csv", ".xlsx", ".json"])
def test_a_name_without_an_end_gets_that_of_the_format(
    page: PaymentsPage, qtbot: QtBot, chosen: list[ChosenFile | None], tmp_path: Path, end: str
) -> None:
    seen = Seen(page, qtbot)
    seen.until_rows(3)
    chosen.append(ChosenFile(str(tmp_path / "Njeri 24.11.2026"), end))
    page.export()
    qtbot.waitUntil(lambda: seen.text("footerWords") == f"3 written to Njeri 24.11.2026{end}")
    page.export()
    assert "there already" in seen.text("footerWords"), "nobody was asked about that file"


def test_it_tells_how_far_it_is_and_is_stopped_by_the_same_button(
    harness: TillHarness, tasks: Tasks, theme: ThemeManager, qtbot: QtBot, page: PaymentsPage, tmp_path: Path
) -> None:
    seen = Seen(page, qtbot)
    seen.until_rows(3)
    reader = Held(harness.till.reader)
    exporting = Exporting(
        replace(harness.till, reader=reader),
        tasks,
        page,
        lambda *_: ChosenFile(str(tmp_path / "sold.json"), ".json"),
    )
    said: list[str] = []
    running: list[bool] = []
    exporting.said.connect(lambda text, _colour: said.append(text))
    exporting.running_changed.connect(running.append)
    exporting.press(Search(), "sold")
    qtbot.waitUntil(lambda: "3 written so far..." in said)
    exporting.press(Search(), "sold")  # stops it
    reader.go_on.set()
    qtbot.waitUntil(lambda: running == [True, False])
    assert said == ["Writing sold.json...", "3 written so far...", "The export was stopped. Nothing was written."]
    assert list(tmp_path.glob("sold*")) == []


def test_the_button_says_what_it_does(page: PaymentsPage, qtbot: QtBot) -> None:
    seen = Seen(page, qtbot)
    button = seen.part(QAbstractButton, "paymentsExport")
    assert (button.text(), button.accessibleName()) == ("Export", "Export to a file")
    page.export()
    assert (button.text(), button.accessibleName()) == ("Stop", "Stop the export")
    qtbot.waitUntil(lambda: button.text() == "Export")


def test_the_end_of_the_program_ends_it_and_leaves_nothing(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, page: PaymentsPage, tmp_path: Path
) -> None:
    reader, tasks = Held(harness.till.reader), Tasks()
    exporting = Exporting(
        replace(harness.till, reader=reader), tasks, page, lambda *_: ChosenFile(str(tmp_path / "sold.csv"), ".csv")
    )
    exporting.press(Search(), "sold")
    assert reader.reached.wait(30)
    threading.Thread(target=lambda: reader.let_go_when(lambda: tasks.closed)).start()
    tasks.close(wait=30)
    assert list(tmp_path.glob("sold*")) == []
