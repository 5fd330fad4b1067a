"""The raw evidence behind a payment, folded away until somebody who helps asks for it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pos_app.domain.payment import JournalLine, Payment
from pos_app.messages.payment_evidence import evidence_text
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label

SHOW, HIDE = "Show raw evidence", "Hide raw evidence"
_NOTHING = "Nothing has come about this payment yet."


class EvidenceFold(QWidget):
    """A button that unfolds ids, codes and bodies, phone numbers masked.

    Signals:
        unfolded: they are to be seen.
    """

    unfolded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evidence")
        self._fold = Button(SHOW, name="detailEvidence", kind=Kind.QUIET, height=44)
        self._box = QFrame()
        self._box.setObjectName("sunkenBox")
        self._text = Label("", "note", wrap=True)
        self._text.setObjectName("detailEvidenceText")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self._text)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._box)
        self._fold.clicked.connect(self._toggle)
        self.fold()

    @property
    def text(self) -> str:
        """What has come; empty where nothing has."""
        text = self._text.text()
        return "" if text == _NOTHING else text

    def fold(self) -> None:
        """Put it away: another payment is looked at."""
        self._unfold(False)

    def show_evidence(self, payment: Payment, journal: Sequence[JournalLine]) -> None:
        """What is known of a payment now."""
        self._text.setText(evidence_text(payment, journal) or _NOTHING)

    def _toggle(self) -> None:
        shown = self._box.isHidden()
        self._unfold(shown)
        if shown:
            self.unfolded.emit()

    def _unfold(self, shown: bool) -> None:
        self._box.setVisible(shown)
        self._fold.set_text(HIDE if shown else SHOW)
