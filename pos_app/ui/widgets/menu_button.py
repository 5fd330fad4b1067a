"""A button that opens a menu of what is wanted less often."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button


class MenuButton(Button):
    """Has its menu below it.

    Args:
        entries: of the menu: the words, and what they do.
    """

    def __init__(
        self,
        text: str,
        entries: Sequence[tuple[str, Callable[[], object]]],
        *,
        name: str,
        spoken: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, name=name, icon="chevron-down", height=52, spoken=spoken, parent=parent)
        self._menu = QMenu(self)
        self._menu.setObjectName(f"{name}Menu")
        self._menu.setAccessibleName(spoken)
        for words, work in entries:
            action = QAction(words, self)
            action.triggered.connect(lambda _=False, work=work: work())
            self._menu.addAction(action)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(RING, self.height())))
