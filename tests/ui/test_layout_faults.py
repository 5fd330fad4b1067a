"""What the look at the layout would say, shown on widgets with one fault each."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.labels import ElidedLabel, Label
from pos_app.ui.widgets.scrolled import Scrolled
from tests.ui.layout import faults_of

NAME = "A name that is longer than its place"


@pytest.fixture
def window(theme: ThemeManager, qtbot: QtBot) -> QWidget:
    """An empty window of 300 x 200."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def place(window: QWidget, part: QWidget, x: int, y: int, width: int, height: int) -> None:
    part.setParent(window)
    part.setGeometry(x, y, width, height)
    part.show()


def kinds(window: QWidget) -> set[str]:
    """The first word of each fault."""
    return {fault.split(":")[0].split(" ")[0] for fault in faults_of(window, [NAME])}


def test_what_fits_is_no_fault(window: QWidget) -> None:
    place(window, Label("KES 99,999", "amount"), 10, 10, 200, 50)
    place(window, Button("Ask", name="ask"), 10, 100, 100, 60)
    assert faults_of(window, [NAME]) == []


@pytest.mark.parametrize("part", [Label, QLabel])
def test_figures_that_are_cut(window: QWidget, part: type[QLabel]) -> None:
    place(window, part("KES 99,999"), 10, 10, 50, 30)
    assert "cut" in kinds(window)


def test_a_label_in_a_container_that_cuts_it(window: QWidget) -> None:
    holder = QWidget()
    place(window, holder, 10, 10, 50, 40)
    place(holder, Label("KES 99,999"), 0, 0, 100, 40)
    assert "cut" in kinds(window)


def test_words_of_a_button_that_are_cut(window: QWidget) -> None:
    place(window, Button("Ask for KES 250,000", name="ask"), 10, 10, 90, 54)
    assert kinds(window) == {"cut", "squeezed"}


def test_a_button_outside_its_parent(window: QWidget) -> None:
    place(window, Button("Ask", name="ask"), 250, 10, 90, 54)
    assert "outside" in kinds(window)


def test_money_that_is_shortened_and_a_name_that_may_be(window: QWidget) -> None:
    place(window, ElidedLabel(NAME), 10, 10, 100, 30)
    assert faults_of(window, [NAME]) == []
    place(window, ElidedLabel(f"{NAME} KES 99,999"), 10, 60, 100, 30)
    assert kinds(window) == {"shortened"}


def test_texts_on_top_of_each_other(window: QWidget) -> None:
    place(window, Label("KES 99,999"), 10, 10, 150, 30)
    place(window, Label("0712 ••• 678"), 40, 12, 150, 30)
    assert kinds(window) == {"on"}


def test_lines_that_do_not_fit_below_each_other(window: QWidget) -> None:
    place(window, Label("One line, another line, and one more line", wrap=True), 10, 10, 100, 25)
    assert {"cut", "squeezed"} <= kinds(window)


def test_what_can_be_scrolled_to_is_no_fault_unless_it_is_cut_sideways(window: QWidget, qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    for _ in range(20):
        column.addWidget(Label("KES 99,999"))
    area = Scrolled(content, "area", "Area")
    place(window, area, 10, 10, 200, 100)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert faults_of(window, [NAME]) == []
    row = QWidget()
    line = QHBoxLayout(row)
    line.addWidget(Label("KES 99,999 and more that needs its room"))
    column.insertWidget(0, row)
    assert "cut" in kinds(window)
