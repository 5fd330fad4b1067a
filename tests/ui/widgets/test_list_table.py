"""A table that is a list: its columns, as the room allows."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, FIRST_LEFT, LAST_RIGHT, ListTable

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WIDTHS = {0: 60, 1: 100, 2: 80, 3: 70}


class _Table(ListTable):
    def fit(self) -> None:
        self.fit_columns(_WIDTHS, (0, 3))


def shown(table: ListTable, width: int) -> list[int]:
    table.resize(width, 200)
    return [column for column in _WIDTHS if not table.isColumnHidden(column)]


def test_whichever_columns_are_shown_first_and_last_keep_off_the_frame(theme: ThemeManager, qtbot: QtBot) -> None:
    model = QStandardItemModel(2, 4)
    for column in (2, 3):
        model.setHeaderData(column, Qt.Orientation.Horizontal, _RIGHT, Qt.ItemDataRole.TextAlignmentRole)
    table = _Table(model, name="table", spoken="Table", main=1)
    qtbot.addWidget(table)
    table.show()
    assert shown(table, 500) == [0, 1, 2, 3]
    assert [table.padding(column)[0] for column in _WIDTHS] == [FIRST_LEFT, CELL_LEFT, CELL_LEFT, CELL_LEFT]
    assert [table.padding(column)[1] for column in _WIDTHS] == [CELL_RIGHT, CELL_RIGHT, CELL_RIGHT, LAST_RIGHT]
    assert shown(table, 210) == [1, 2]
    assert (table.padding(1), table.padding(2)) == ((FIRST_LEFT, CELL_RIGHT), (CELL_LEFT, LAST_RIGHT))
    assert table.columnWidth(2) == _WIDTHS[2] + LAST_RIGHT - CELL_RIGHT  # no less for what stands in it


def test_words_in_the_last_column_take_no_room_from_the_others(theme: ThemeManager, qtbot: QtBot) -> None:
    table = _Table(QStandardItemModel(2, 4), name="table", spoken="Table", main=1)
    qtbot.addWidget(table)
    table.show()
    needed = sum(_WIDTHS.values()) + FIRST_LEFT - CELL_LEFT
    assert shown(table, needed) == [0, 1, 2, 3]
    assert table.padding(3) == (CELL_LEFT, CELL_RIGHT)
    assert shown(table, needed - 1) == [0, 1, 2]


def test_a_row_that_nobody_has_selected_is_not_current_by_the_focus_alone(theme: ThemeManager, qtbot: QtBot) -> None:
    table = _Table(QStandardItemModel(2, 4), name="table", spoken="Table", main=1)
    qtbot.addWidget(table)
    table.show()
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    assert not table.currentIndex().isValid()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 0
    assert table.selectionModel().hasSelection()
    table.clearFocus()
    table.setFocus()
    assert table.currentIndex().row() == 0
