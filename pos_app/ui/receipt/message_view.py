"""A receipt for the customer's phone: a QR code to be read from the screen, and the words that it holds."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.plain_text import plain_lines
from pos_app.ui.widgets.labels import Label

Squares = Sequence[Sequence[bool]]
_SIDE = 300  # px
_QUIET = 4  # squares around it that stay white: cameras need them


def qr_squares(text: str) -> Squares:
    """The dark squares of a QR code; on a thread, as what makes it is loaded only when it is wanted."""
    from qrcode.constants import ERROR_CORRECT_L
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_L, border=_QUIET)
    code.add_data(plain_lines(text))
    squares: Squares = code.get_matrix()
    return squares


class QrCode(QWidget):
    """Black on white in both schemes: many cameras read no other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("qrCode")
        self.setAccessibleName("QR code of the receipt")
        self.setFixedSize(_SIDE, _SIDE)
        self._squares: Squares = ()

    @property
    def shown(self) -> bool:
        """Whether there is a code."""
        return bool(self._squares)

    def show_squares(self, squares: Squares) -> None:
        """Show a code, or with no squares none."""
        self._squares = squares
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(255, 255, 255))
        if not self._squares:
            return
        size = self.width() // len(self._squares)  # whole pixels: a blurred edge is read less well
        edge = (self.width() - size * len(self._squares)) / 2
        for row, squares in enumerate(self._squares):
            for column, dark in enumerate(squares):
                if dark:
                    painter.fillRect(QRectF(edge + column * size, edge + row * size, size, size), QColor(0, 0, 0))


class MessageView(QWidget):
    """The code, and below it the same in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("receiptMessage")
        self.code = QrCode()
        self._words = Label("", "body", wrap=True)
        self._words.setObjectName("receiptMessageWords")
        self._words.setFixedWidth(_SIDE)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(10)
        for part in (self.code, self._words):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    @property
    def message(self) -> str:
        """The words."""
        return self._words.text()

    def show_message(self, message: str) -> None:
        """Show the words; whoever shows them makes their code."""
        if message != self.message:
            self._words.setText(message)
            self.code.show_squares(())
            self.adjustSize()
