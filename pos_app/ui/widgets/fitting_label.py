"""A line that says the longest of several words that has room: it is never cut, and moves nothing."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from pos_app.ui.widgets.labels import Label, plain_tip


class FittingLabel(Label):
    """One line. It keeps its room, so that nothing moves when words come.

    Args:
        name: its objectName.
        spoken: what screen readers call it; the longest words are its description.
    """

    def __init__(self, name: str, spoken: str, role: str = "small") -> None:
        super().__init__(role=role)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words: tuple[str, ...] = ()

    def sizeHint(self) -> QSize:
        """One line, also while it says nothing."""
        margins = self.contentsMargins()
        return QSize(0, QFontMetrics(self.font()).lineSpacing() + margins.top() + margins.bottom())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def least(self) -> int:
        """What the shortest words need, in px; 0 where there are none."""
        margins = self.contentsMargins()
        needed = QFontMetrics(self.font()).horizontalAdvance(self._words[-1]) if self._words else 0
        return needed and needed + margins.left() + margins.right()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other words."""
        super().resizeEvent(event)
        self._fit()

    def show_words(self, told: tuple[str, ...]) -> None:
        """Say the first of these that has room, the longest first; nothing where there are none."""
        if told != self._words:
            self._words = told
            self.setAccessibleDescription(told[0] if told else "")
            self._fit()

    def _fit(self) -> None:
        metrics, room = QFontMetrics(self.font()), self.contentsRect().width()
        fitting = (text for text in self._words if metrics.horizontalAdvance(text) <= room)
        self.setText(next(fitting, self._words[-1] if self._words else ""))
        self.setToolTip(plain_tip(self._words[0]) if self._words else "")
