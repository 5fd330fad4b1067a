"""On which screen the display may stand: never on one that the till needs."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.display.monitors import Monitor, Monitors, free_monitor

LEFT = Monitor("HDMI-1", QRect(0, 0, 1280, 800))
RIGHT = Monitor("HDMI-2", QRect(1280, 0, 1024, 600))
THIRD = Monitor("DP-1", QRect(2304, 0, 1024, 600))
MIRROR = Monitor("HDMI-2", LEFT.geometry)


@pytest.mark.parametrize(
    ("monitors", "till", "wanted", "free"),
    [
        ([LEFT], [LEFT.geometry], "", None),
        ([LEFT, RIGHT], [LEFT.geometry], "", RIGHT),
        ([LEFT, RIGHT], [RIGHT.geometry], "", LEFT),
        ([LEFT, MIRROR], [LEFT.geometry], "", None),
        ([LEFT, MIRROR], [LEFT.geometry], "HDMI-2", None),
        ([LEFT, RIGHT, THIRD], [LEFT.geometry], "DP-1", THIRD),
        ([LEFT, RIGHT, THIRD], [LEFT.geometry, QRect(1000, 0, 800, 600)], "", THIRD),
        ([LEFT, RIGHT], [LEFT.geometry, QRect(1000, 0, 800, 600)], "", None),
        ([LEFT, RIGHT], [LEFT.geometry], "DP-1", None),
        ([LEFT, RIGHT], [RIGHT.geometry], "HDMI-2", None),
        ([], [LEFT.geometry], "", None),
    ],
)
def test_the_first_screen_that_the_till_does_not_take(
    monitors: list[Monitor], till: list[QRect], wanted: str, free: Monitor | None
) -> None:
    assert free_monitor(monitors, till, wanted) == free


def test_the_till_takes_the_screen_it_is_on(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(10, 10, 400, 300)
    window.show()
    monitors = Monitors()
    [own] = monitors.all()
    assert own.geometry == QApplication.primaryScreen().geometry()
    assert own.geometry in monitors.taken_by(window)
    assert free_monitor(monitors.all(), monitors.taken_by(window)) is None


def test_a_screen_that_comes_is_told_and_so_is_what_becomes_of_it(qtbot: QtBot) -> None:
    monitors = Monitors()
    screen = QApplication.primaryScreen()
    with qtbot.waitSignal(monitors.changed):
        QGuiApplication.instance().screenAdded.emit(screen)  # type: ignore[union-attr]
    with qtbot.waitSignal(monitors.changed):
        screen.geometryChanged.emit(screen.geometry())


def test_while_the_tills_own_screen_goes_every_other_one_may_be_where_the_till_goes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    monitors = Monitors()
    monkeypatch.setattr(QGuiApplication, "screens", lambda: [])
    monkeypatch.setattr(monitors, "all", lambda: [LEFT, RIGHT])
    assert free_monitor(monitors.all(), monitors.taken_by(window)) is None
