"""Content that scrolls only where a small screen leaves no room."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

_AROUND = 12  # px


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

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Whatever has the focus can be seen."""
        content = self.widget()
        if new is not None and content is not None and content.isAncestorOf(new):
            self.ensureWidgetVisible(new, 0, _AROUND)
