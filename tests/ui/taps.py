"""A finger's taps."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication


def tap(button: QAbstractButton, at: int, place: QPointF = QPointF(400, 300)) -> None:
    """A tap at a place of the screen, so many ms after the beginning."""
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    for kind, held in ((QMouseEvent.Type.MouseButtonPress, left), (QMouseEvent.Type.MouseButtonRelease, none)):
        event = QMouseEvent(kind, QPointF(5, 5), place, left, held, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(at)
        QApplication.sendEvent(button, event)
