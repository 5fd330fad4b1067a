"""No window is larger than the screen leaves it, with its frame and beside the system's panel."""

import pytest
from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.main_window import SIZE, SMALLEST
from pos_app.ui.widgets.screen_room import ScreenRoom, room_on

TITLE = 40  # px
PANEL = 48


class Framed(QWidget):
    """A window on a screen of a test's size, with a frame as a window manager would give it."""

    def __init__(self, available: QRect, frame: QSize) -> None:
        super().__init__()
        self._available, self._frame = available, frame

    def screen(self) -> QScreen:
        class Fake:
            def availableGeometry(self) -> QRect:
                return available

        available = self._available
        return Fake()  # type: ignore[return-value]

    def frameGeometry(self) -> QRect:
        return QRect(self.pos(), self.size() + self._frame)


@pytest.mark.parametrize("screen", [(1024, 600), (1280, 800), (1366, 768), (1280, 720), (1920, 1080), (800, 480)])
@pytest.mark.parametrize("frame", [QSize(0, 0), QSize(2, 30), QSize(8, TITLE), QSize(16, 60)])
def test_it_fits_beside_the_panel(screen: tuple[int, int], frame: QSize, qtbot: QtBot) -> None:
    available = QRect(0, PANEL, screen[0], screen[1] - PANEL)
    window = Framed(available, frame)
    qtbot.addWidget(window)
    ScreenRoom(window, QSize(*SIZE), QSize(*SMALLEST))
    window.move(200, 300)  # where a careless system may put it
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert available.contains(window.frameGeometry())
    assert window.size().boundedTo(QSize(*SIZE)) == window.size()
    if screen == (1920, 1080):
        assert window.size() == QSize(*SIZE)


def test_a_size_that_a_person_chose_stays(qtbot: QtBot) -> None:
    window = Framed(QRect(0, 0, 1920, 1080), QSize(8, TITLE))
    qtbot.addWidget(window)
    ScreenRoom(window, QSize(*SIZE), QSize(*SMALLEST))
    window.resize(1900, 1060)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert window.size() == QSize(1900, 1060)


def test_there_is_always_some_room() -> None:
    assert room_on(QRect(0, 0, 4, 4), QSize(8, TITLE)) == QSize(1, 1)
