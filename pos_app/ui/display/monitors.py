"""The screens of this computer, and on which of them the customer display may stand."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

_SLACK = 16  # px: a maximised window may stick out of its screen by its frame


class Monitor(NamedTuple):
    """A screen: how the system calls it, and where it lies. `screen` is Qt's own, where there is one."""

    name: str
    geometry: QRect
    screen: QScreen | None = None


def free_monitor(monitors: Sequence[Monitor], till: Sequence[QRect], wanted: str = "") -> Monitor | None:
    """The screen for the customer; None where there is none that the till does not need.

    Args:
        till: what the till takes: its own screen, and where its window lies. Of two screens that show the same, both.
        wanted: the name of the only one to take; empty for any.
    """
    for monitor in monitors:
        taken = any(monitor.geometry.intersects(rect) for rect in till)
        if not taken and wanted in ("", monitor.name):
            return monitor
    return None


class Monitors(QObject):
    """What is connected now.

    Signals:
        changed: another one is, or one lies elsewhere. While one goes, it is not among `all` any more.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._added)
        app.screenRemoved.connect(self.changed)
        app.primaryScreenChanged.connect(self.changed)
        for screen in app.screens():
            screen.geometryChanged.connect(self.changed)

    def all(self) -> list[Monitor]:
        """The screens, the main one first."""
        screens = QGuiApplication.screens()
        return [Monitor(screen.name(), screen.geometry(), screen) for screen in screens]

    def taken_by(self, window: QWidget) -> list[QRect]:
        """What a window takes: the screen it is on, and where it reaches over to another one."""
        screen = window.screen()
        if screen not in QGuiApplication.screens():  # it has just gone, and the window goes to any other one
            return [monitor.geometry for monitor in self.all()]
        own = screen.geometry()
        place = window.geometry().adjusted(_SLACK, _SLACK, -_SLACK, -_SLACK)
        # Where the system tells no window its place (Wayland), it says one that may lie on another screen.
        return [own, place] if place.intersects(own) else [own]

    @Slot(QScreen)
    def _added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self.changed)
        self.changed.emit()
