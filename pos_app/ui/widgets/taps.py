"""Taps in quick succession in the same place: they never press what the first of them brought there."""

import weakref
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractButton

_SAME_PLACE = 20  # px: as far apart as a finger's taps in one place are


class Taps:
    """The taps of a hand that does not look in between: on which button they began, and where and when the last was."""

    _going_on: ClassVar["Taps | None"] = None

    def __init__(self, button: QAbstractButton, event: QMouseEvent) -> None:
        self._button = weakref.ref(button)
        self._renew(event)

    def _renew(self, event: QMouseEvent) -> None:
        self._at, self._place = event.timestamp(), event.globalPosition()  # ms

    def _goes_on(self, event: QMouseEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonDblClick:
            return True
        near = _distance(event.globalPosition(), self._place) <= _SAME_PLACE
        return near and 0 <= event.timestamp() - self._at <= QGuiApplication.styleHints().mouseDoubleClickInterval()

    @classmethod
    def counts(cls, button: QAbstractButton, event: QMouseEvent, *, each: bool) -> bool:
        """Whether a press counts for a button that gets it.

        Args:
            each: whether quick taps are as many presses, as 3 and 3 of a phone; else the first of them counts.
        """
        taps = cls._going_on
        if taps is None or not taps._goes_on(event):
            cls._going_on = cls(button, event)
            return True
        taps._renew(event)
        return each and taps._button() is button


def _distance(one: QPointF, other: QPointF) -> float:
    return (one - other).manhattanLength()
