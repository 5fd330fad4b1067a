"""Content that scrolls only where a small screen leaves no room."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QScrollBar, QWidget

_AROUND = 24  # px: a field's frame and ring stand so far around the line that has the focus
BAR = 10  # px: a scroll bar, as style.qss has it


class _QuietBar(QScrollBar):
    """Keeps its room, and is seen only where there is something to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


class Scrolled(QScrollArea):
    """A scroll area without a frame, on the ground of whatever holds it."""

    def __init__(self, content: QWidget, name: str, spoken: str) -> None:
        super().__init__()
        content.setObjectName("scrolled")
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(content)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def scroll_to_top(self) -> None:
        """Show the beginning of the content."""
        self.verticalScrollBar().setValue(0)

    def show_soon(self, part: QWidget) -> None:
        """Scroll to a part of the content that was just shown, once it has its place."""
        QTimer.singleShot(0, part, lambda: self.ensureWidgetVisible(part, 0, _AROUND))

    def keep_bar_room(self) -> None:
        """The content is as wide whether it scrolls or not: its last `BAR` px belong to the bar."""
        self.setVerticalScrollBar(_QuietBar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Whatever has the focus can be seen."""
        content = self.widget()
        if new is not None and content is not None and content.isAncestorOf(new):
            self.ensureWidgetVisible(new, 0, _AROUND)
