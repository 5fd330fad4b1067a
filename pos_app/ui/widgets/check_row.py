"""One check on the page of checks: its sign, its name, what was found and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.check_result import Finding, Status
from pos_app.messages import checks as words
from pos_app.ui.style.state_style import ColourRole, StateStyle
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.state_square import StateSquare

_UNTESTED = StateStyle("circle-question-mark", ColourRole.NEUTRAL)
_RUNNING = StateStyle("clock", ColourRole.SENDING)
_STYLES = {
    Status.GREEN: StateStyle("check", ColourRole.PAID),
    Status.AMBER: StateStyle("triangle-alert", ColourRole.WAITING),
    Status.RED: StateStyle("x", ColourRole.FAILED),
}


class CheckRow(QWidget):
    """One check: its name, how it stands, and in words what to do. It says "Not tested" first."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"check-{name}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._name = name
        self._square = StateSquare(32)
        self._pill = Pill(f"status-{name}")
        self._words = Label(role="note", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(name, "strong"))
        head.addStretch(1)
        head.addWidget(self._pill)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 12, 11)
        row.setSpacing(12)
        row.addWidget(self._square, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self._show(_UNTESTED, words.CHECK_UNTESTED)

    @property
    def text(self) -> str:
        """What it says, as screen readers hear it."""
        return self.accessibleName()

    def show_running(self) -> None:
        """Show that the check is running."""
        self._show(_RUNNING, words.CHECK_RUNNING)

    def show_finding(self, finding: Finding) -> None:
        """Show what the check found."""
        self._show(_STYLES[finding.status], words.CHECK_WORDS[finding.status], finding.words)

    def _show(self, style: StateStyle, short: str, text: str = "") -> None:
        self._square.show_style(style)
        self._pill.show_words(short, style.colour)
        self._words.setText(text or " ")  # a line is kept free, so that nothing jumps when the words come
        self.setAccessibleName(f"{self._name}: {short}. {text}".rstrip())
