"""How large a window may be: never larger than the screen leaves, with its frame and beside the system's panels."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(8, 40)  # px; a title bar with its borders, until the window is up and its own is known


def room_on(available: QRect, frame: QSize) -> QSize:
    """What is left for a window's inside.

    Args:
        available: of the screen, without the system's panels.
        frame: what the window's frame takes.
    """
    return QSize(max(1, available.width() - frame.width()), max(1, available.height() - frame.height()))


class ScreenRoom(QObject):
    """Gives a window its size, and keeps it on the screen once its frame is known.

    Args:
        wanted: the size of its inside where there is room.
        smallest: what it is not made smaller than, unless the screen is.
    """

    def __init__(self, window: QWidget, wanted: QSize, smallest: QSize) -> None:
        super().__init__(window)
        self._window, self._smallest = window, smallest
        self._settled = False
        room = room_on(window.screen().availableGeometry(), FRAME)
        window.setMinimumSize(smallest.boundedTo(room))
        window.resize(wanted.boundedTo(room))
        self._given = window.size()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It is up for the first time: its frame is known, and the system has put it somewhere."""
        if watched is self._window and event.type() == QEvent.Type.WindowActivate and not self._settled:
            self._settled = True
            if self._window.size() == self._given:  # nobody has chosen another size
                self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        window = self._window
        available = window.screen().availableGeometry()
        room = room_on(available, window.frameGeometry().size() - window.size())
        window.setMinimumSize(self._smallest.boundedTo(room))
        window.resize(window.size().boundedTo(room))
        outside = window.frameGeometry()
        left = max(available.left(), min(outside.left(), available.right() + 1 - outside.width()))
        top = max(available.top(), min(outside.top(), available.bottom() + 1 - outside.height()))
        if (left, top) != (outside.left(), outside.top()):
            window.move(left, top)
