"""A name that data gives, in two lines before anything of it is left out."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.widgets import names
from pos_app.ui.widgets.labels import Label, plain_tip

_REMEMBERED = 16  # heights: a layout asks for a few widths


class NameLabel(Label):
    """Two lines, the second shortened in its middle where both are too few; the whole name is in its tip then.

    Screen readers hear the whole name. A layout that gives it its height for its width shows every line.
    """

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._folded: dict[tuple[str, str, int], int] = {}  # how many lines a text takes, by its font and the width
        super().__init__(text, role, parent=parent)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Asked for again and again while a page is laid out, so what it was is remembered."""
        line = self._line_height()  # first: the style sheet sets how large the text is
        asked = self.text(), self.font().key(), width
        if asked not in self._folded:
            if len(self._folded) == _REMEMBERED:
                self._folded.clear()
            self._folded[asked] = len(names.fold(self.text(), self.font(), width))
        return self._folded[asked] * line

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._line_height())

    def _line_height(self) -> int:
        """As high as a plain label, beside which it stands on one line."""
        return super().minimumSizeHint().height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        room, height = self.contentsRect(), self._line_height()
        lines = names.fold(self.text(), self.font(), room.width())
        self.setToolTip(plain_tip(self.text()) if names.is_shortened(self.text(), lines) else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        for place, line in enumerate(lines):
            row = room.adjusted(0, place * height, 0, 0)
            row.setHeight(height)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
