"""What a try found, line by line, as it is on the diagnostics page too."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.check_result import Finding, Status
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.notice import Notice

_LOOKS = {
    Status.GREEN: (ColourRole.PAID, "check"),
    Status.AMBER: (ColourRole.WAITING, "triangle-alert"),
    Status.RED: (ColourRole.FAILED, "circle-alert"),
}


class CheckResults(QWidget):
    """Icon, colour and words for each line."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.lines: tuple[Finding, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_lines(self, lines: Sequence[Finding]) -> None:
        """Show these instead of what was there."""
        self.lines = tuple(lines)
        while item := self._column.takeAt(0):
            widget = item.widget()
            if widget:
                widget.deleteLater()
        for line in lines:
            notice = Notice(f"{self.objectName()}Line", *_LOOKS[line.status])
            notice.set_message(f"{line.name}: {line.words}")
            self._column.addWidget(notice)
