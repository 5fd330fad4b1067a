"""Text. Whatever comes from data is plain text: no name of a post can draw markup."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from pos_app.ui.theme import BODY, font

_FIGURES = frozenset({"number", "amount", "figure", "code", "pin", "ticking"})  # these roles show changing numbers


class Label(QLabel):
    """A plain-text label in one of the style sheet's roles.

    Args:
        role: `body`, `strong`, `number` (strong, for phones and amounts), `note` (small), `caption` (small and bold),
            `title`, `figure`, `amount`, `huge`, `code`; in the second colour `muted`, `small`, and `ticking` (small,
            for ages and countdowns).
        wrap: whether it may take several lines.
    """

    def __init__(self, text: str = "", role: str = "body", *, wrap: bool = False, parent: QWidget | None = None):
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if role in _FIGURES:
            self.setFont(font(BODY))
        self.setWordWrap(wrap)

    @property
    def role(self) -> str:
        """How it is set."""
        return str(self.property("role"))

    def set_role(self, role: str) -> None:
        """Set it in another role."""
        self._restyle("role", role)

    def set_tone(self, tone: str) -> None:
        """Colour it by a tone of `signs.Tone`, or by nothing where empty."""
        self._restyle("tone", tone)

    def _restyle(self, name: str, value: str) -> None:
        if self.property(name) != value:
            self.setProperty(name, value)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Label):
    """One line that ends in an ellipsis where there is no room; the whole text is in its tip."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), shown)
