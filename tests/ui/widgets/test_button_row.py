"""Buttons in a row: never cut, and one that is alone is no wider than a button is."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import SIZES, ThemeManager, scaled
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button
from tests.ui.layout import settle


@pytest.mark.parametrize("size", SIZES)
def test_one_that_is_alone_stands_at_the_right_of_a_page_and_fills_a_panel(
    theme: ThemeManager, qtbot: QtBot, size: str
) -> None:
    theme.choose(text_size=size)
    first, second = Button("Another file...", name="first"), Button("Record", name="second")
    row, outside = ButtonRow(first, second), QWidget()
    row.setParent(outside)
    qtbot.addWidget(outside)
    outside.show()
    for width, alone in ((900, scaled(400)), (scaled(440), scaled(440)), (300, 300)):
        row.resize(width, 60)
        second.show()
        settle(outside)
        both = first.width()
        second.hide()
        settle(outside)
        assert (first.width(), first.geometry().right()) == (alone, width - 1)
        second.show()
        settle(outside)
        assert first.width() == both
    theme.choose(text_size="normal")


def test_among_other_rows_it_is_as_wide_as_they_are(theme: ThemeManager, qtbot: QtBot) -> None:
    button = Button("Receipt", name="receipt")
    row = ButtonRow(button, among=True)
    qtbot.addWidget(row)
    row.resize(900, 60)
    row.show()
    settle(row)
    assert button.width() == 900


def test_one_whose_words_are_long_is_never_cut(theme: ThemeManager, qtbot: QtBot) -> None:
    button = Button("Write all of it to a file that can be put back later, in one go", name="long")
    row = ButtonRow(button)
    qtbot.addWidget(row)
    row.resize(900, 60)
    row.show()
    settle(row)
    assert button.width() >= button.minimumSizeHint().width() > 400
