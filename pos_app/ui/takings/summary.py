"""The line below the takings: what all of them are together."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.receipt import Mark
from pos_app.domain.takings import Taking
from pos_app.messages.window import MARKS
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label


class TakingsSummary(QWidget):
    """Shows the figures of the whole; money that is not real is said to be none.

    Args:
        mark: of the shop.
    """

    def __init__(self, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("takingsSummary")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = _figure("takingsMark", "caption", MARKS.get(mark, ""))
        self._mark.set_colour(ColourRole.PRACTICE)
        self._net = _figure("takingsNet", "strong")
        self._count = _figure("takingsCount")
        self._asked = _figure("takingsAsked")
        self._refunded = _figure("takingsRefunded")
        self._parts = self._net, self._count, self._asked, self._refunded
        row = QHBoxLayout(self)
        row.setContentsMargins(17, 8, 17, 8)
        row.addLayout(FlowLayout(*self._parts, self._mark, spacing=14), 1)
        self.show_whole(None)

    def show_whole(self, whole: Taking | None) -> None:
        """Show the figures; None: there are none to show, and no line for them."""
        self.setVisible(whole is not None)
        texts = _texts(whole) if whole else ("",) * len(self._parts)
        for label, text in zip(self._parts, texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self._mark.setVisible(bool(self._mark.text()) and whole is not None)


def _texts(whole: Taking) -> tuple[str, str, str, str]:
    count = "1 payment" if whole.payments == 1 else f"{whole.payments:,} payments"
    return (
        f"{kes(whole.net)} paid",
        f"{count}, {whole.paid:,} of them paid",
        f"{kes(whole.asked)} asked",
        f"after {kes(whole.refunded)} refunded" if whole.refunded else "",
    )


def _figure(name: str, role: str = "small", text: str = "") -> Label:
    label = Label(text, role)
    label.setObjectName(name)
    return label
