"""M-PESA's code of a paid payment, large enough to read across the counter."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label


class ReceiptCode(QWidget):
    """The code, and the access that was given."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("receiptCode")
        self._code = Label(role="code", wrap=True)
        self._access = Label(role="body", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16 + RING, 12 + RING, 16 + RING, 12 + RING)
        column.setSpacing(2)
        column.addWidget(Label("M-PESA code", "small"))
        column.addWidget(self._code)
        column.addSpacing(4)
        column.addWidget(self._access)

    def show_code(self, code: str, access: str) -> None:
        """The code, or why there is none yet; and what the customer has now."""
        self._code.setText(code)
        self._access.setText(access)
        self.setAccessibleName(f"M-PESA code {code}. {access}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        painting.box(painter, painting.inner(self.rect()), fill=theme.sunken, border=None)
