"""Who is signed in, in the header; a press locks the till for the next one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from pos_app.messages import lock as words
from pos_app.ui.widgets.buttons import Button, Kind

if TYPE_CHECKING:
    from pos_app.domain.operators import Operator
    from pos_app.ui.shell.lock import Lock

_LETTERS = 12  # of the name: the rest is in its tip


class WhoButton(Button):
    """Hidden in a shop without operators, and while the till is locked."""

    def __init__(self, lock: "Lock") -> None:
        super().__init__("", name="who", kind=Kind.QUIET, icon="lock", height=38, spoken=words.LOCK)
        self._lock = lock
        lock.changed.connect(self._show)
        self.clicked.connect(lock.lock)
        self.hide()

    @Slot(object)
    def _show(self, operator: "Operator | None") -> None:
        name = operator.name if operator else words.OWNER_SHORT
        self.setText(name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}")
        self.setAccessibleName(words.signed_in(name))
        self.setToolTip(words.signed_in(name))
        self.setVisible(self._lock.taken)
        self.updateGeometry()
