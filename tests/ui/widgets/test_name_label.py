"""A name takes a second line before anything of it is left out."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.name_label import NameLabel
from tests.ui.layout import texts_of

SOLID = "MweziMmojaWaIntanetiNaChaiKitiChaDirishani"


@pytest.fixture
def holder(theme: ThemeManager, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def beside_a_phone(name: str, width: int, holder: QWidget) -> tuple[NameLabel, Label]:
    """A name with a phone beside it, in so much room."""
    label, phone = NameLabel(name), Label("0712 ••• 678")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addLayout(FlowLayout(label, phone, rows_apart=0))
    column.addStretch(1)
    holder.resize(width, 200)
    holder.show()
    return label, phone


def lines(label: NameLabel) -> list[str]:
    return [text.words for text in texts_of(label)]


def test_it_stands_on_one_line_with_its_neighbour(holder: QWidget) -> None:
    label, phone = beside_a_phone("Week pass", 300, holder)
    assert lines(label) == ["Week pass"]
    assert (label.y(), label.height()) == (phone.y(), phone.height())


def test_its_neighbour_goes_below_before_it_is_shortened(holder: QWidget) -> None:
    label, phone = beside_a_phone("Week pass", 100, holder)
    assert lines(label) == ["Week pass"]
    assert phone.y() == label.geometry().bottom() + 1
    assert not label.toolTip()


def test_it_takes_two_lines_before_it_is_shortened(holder: QWidget) -> None:
    label, phone = beside_a_phone("Week pass with tea", 100, holder)
    assert lines(label) == ["Week pass", "with tea"]
    assert phone.y() == label.geometry().bottom() + 1
    assert not label.toolTip()


@pytest.mark.parametrize("name", [SOLID, "Mwezi mmoja wa intaneti na chai, kiti cha dirishani"])
def test_what_is_longer_is_shortened_and_its_tip_has_the_whole(holder: QWidget, name: str) -> None:
    label, _phone = beside_a_phone(name, 100, holder)
    assert len(lines(label)) == 2
    assert "…" in lines(label)[-1]
    assert label.width() == 100
    assert label.toolTip() == label.text() == name
