"""Where Tab finds what was made late."""

from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.widgets.tab_order import tab_in_place


def test_what_was_made_late_is_reached_where_it_stands(qtbot: QtBot) -> None:
    window, find, holder, last = QWidget(), QLineEdit(), QWidget(), QPushButton("Bind")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for part in (find, holder, last):
        column.addWidget(part)
    inside = QVBoxLayout(holder)
    buttons = [QPushButton(words) for words in ("Tea", "Wi-Fi")]
    row = QWidget()  # reached in it
    QVBoxLayout(row).addWidget(buttons[0])
    inside.addWidget(row)
    inside.addWidget(buttons[1])
    tab_in_place(holder, row, buttons[1])
    assert _reached(find) == [find, *buttons, last]


def test_alone_in_its_window_it_is_in_its_order(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    tab_in_place(holder)
    first, second = (QPushButton(words, holder) for words in ("Tea", "Wi-Fi"))
    tab_in_place(holder, second, first)
    assert _reached(second) == [second, first]


def _reached(first: QWidget) -> list[QWidget]:
    found, part = [first], first.nextInFocusChain()
    while part and part is not first:
        if isinstance(part, QLineEdit | QPushButton):
            found.append(part)
        part = part.nextInFocusChain()
    return found
