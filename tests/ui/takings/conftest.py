"""A till that has taken money, and the page that adds it up."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.search import Search
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.takings.page import TakingsPage
from pos_app.ui.takings.table import TakingsTable
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.selling import add_posts, pay, sell

PHONES = ("254712345678", "254722345678", "254733345678", "254744345678")


class SeenTakings:
    """The page as a person sees it.

    Attributes:
        wanted: which payments it has led to, and in which words.
    """

    def __init__(self, page: TakingsPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        self.wanted: list[tuple[Search, str]] = []
        page.payments_wanted.connect(lambda search, words: self.wanted.append((search, words)))

    @property
    def table(self) -> TakingsTable:
        return part(self.page, TakingsTable, "takingsTable")

    def rows(self) -> list[list[str]]:
        model = self.table.model()
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

    def until(self, rows: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.rows()) == rows and self.table.isVisible() is (rows > 0))


@pytest.fixture
def taken(harness: TillHarness) -> None:
    """Two payments are paid, and one waits."""
    day_pass, tea = add_posts(harness.till)
    pay(harness.till, sell(harness.till, day_pass, PHONES[0]))
    harness.clock.advance(60)
    pay(harness.till, sell(harness.till, tea, PHONES[1]), "UKN4X7Q2ZX")
    harness.clock.advance(60)
    sell(harness.till, day_pass, PHONES[2])


@pytest.fixture
def seen(
    harness: TillHarness, taken: None, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> Iterator[SeenTakings]:
    """The page, shown, with today's takings by hour."""
    harness.till.ledger.subscribe(events.payment_changed.emit)
    page = TakingsPage(harness.till, tasks, events)
    qtbot.addWidget(page)
    page.resize(1196, 740)
    with qtbot.waitExposed(page):
        page.show()
    opened = SeenTakings(page, qtbot)
    opened.until(1)
    yield opened
    page.hide()
