"""The rows of a list, as views ask for them."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from pos_app.ui.widgets.list_model import ROW_ROLE, ListModel
from tests.support.model_rules import watched

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Prices(ListModel[tuple[str, int]]):
    """A name and a price in each row."""

    def __init__(self, *rows: tuple[str, int]) -> None:
        super().__init__(("Name", "KES"), lambda row, column: str(row[column]), (1,))
        self._rows = list(rows)


def test_it_keeps_the_rules_of_qts_models(qapp: QApplication) -> None:
    assert watched(Prices(("Tea", 30), ("Coffee", 50))).rowCount() == 2
    assert watched(Prices()).columnCount() == 2


def test_a_cell_has_its_text_and_its_row(qapp: QApplication) -> None:
    model = Prices(("Tea", 30), ("Coffee", 50))
    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert [model.index(1, column).data() for column in range(2)] == ["Coffee", "50"]
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Coffee"
    assert model.index(0, 1).data(ROW_ROLE) == ("Tea", 30)
    assert model.index(0, 1).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0


def test_there_is_nothing_where_there_is_no_row(qapp: QApplication) -> None:
    model = Prices(("Tea", 30))
    assert model.row_at(0) == ("Tea", 30)
    assert model.row_at(1) is model.row_at(-1) is None
    assert model.data(QModelIndex()) is None


def test_figures_stand_at_the_right_below_their_heading(qapp: QApplication) -> None:
    model = Prices(("Tea", 30))
    role = Qt.ItemDataRole.TextAlignmentRole
    across = Qt.Orientation.Horizontal
    assert [model.headerData(column, across) for column in range(2)] == ["Name", "KES"]
    assert [model.headerData(column, across, role) for column in range(2)] == [LEFT, RIGHT]
    assert [model.data(model.index(0, column), role) for column in range(2)] == [LEFT, RIGHT]
    assert model.headerData(0, across, ROW_ROLE) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
