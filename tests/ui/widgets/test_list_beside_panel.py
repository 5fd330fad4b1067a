"""A list with a panel beside it: who gets the room, and the keys that find."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel, PanelWidth
from pos_app.ui.widgets.list_model import ListModel
from pos_app.ui.widgets.list_table import ListTable

WIDTH = PanelWidth(usual=360, narrow=330, share=0.4)


class Page:
    """The parts, and the body that they stand in."""

    def __init__(self) -> None:
        self.field = SearchField(name="find", spoken="Find", placeholder="Find")
        self.model = ListModel[str](("Word",), lambda word, _column: word, ())
        self.table = ListTable(self.model, name="words", spoken="Words", main=0)
        self.empty = Label("Nothing")
        self.panel = QWidget()
        self.body = ListBesidePanel(
            self.field,
            above=(self.field,),
            table=self.table,
            instead=(self.empty,),
            below=Label("0 words"),
            panel=self.panel,
            width=WIDTH,
        )


@pytest.fixture
def page(theme: ThemeManager, qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made.body)
    made.body.resize(1_200, 600)
    made.body.show()
    return made


@pytest.mark.parametrize(
    ("window", "size", "panel"),
    [
        (1_200, "normal", 360),
        (900, "normal", 330),
        (700, "normal", 280),
        (1_400, "larger", 468),
        (999, "larger", 400),
    ],
)
def test_the_panel_is_as_wide_as_window_and_text_ask(
    page: Page, theme: ThemeManager, window: int, size: str, panel: int
) -> None:
    theme.choose(text_size=size)
    page.body.resize(window, 600)
    assert page.panel.width() == panel
    theme.choose(text_size="normal")


def test_something_may_stand_in_the_lists_place(page: Page) -> None:
    assert page.body.shows(page.table)
    page.body.show_part(page.empty)
    assert page.body.shows(page.empty)
    assert (page.table.isVisible(), page.empty.isVisible()) == (False, True)


@pytest.mark.parametrize(
    "press",
    [
        lambda table: QTest.keyClicks(table, "/"),
        lambda table: QTest.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_two_keys_lead_from_the_list_into_the_field(page: Page, press: Callable[[QWidget], None]) -> None:
    page.field.edit.setText("tea")
    page.table.setFocus()
    press(page.table)
    assert page.body.focusWidget() is page.field.edit
    assert page.field.edit.selectedText() == "tea"
