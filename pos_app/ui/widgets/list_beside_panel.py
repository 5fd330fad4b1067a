"""The body of a page that is a list: a find field above it, words below it, and a panel beside it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.find_keys import FindKeys
from pos_app.ui.widgets.list_table import ListTable

_WHOLE = 16_777_215  # px: as wide as Qt lets a widget be
_NARROW = 1_000  # px at the normal text size; below, the list needs the room more than the panel


class PanelWidth(NamedTuple):
    """How wide the panel beside the list is.

    Attributes:
        usual: px at the normal text size.
        narrow: the same on a small screen.
        share: of the whole at most.
    """

    usual: int
    narrow: int
    share: float


class ListBesidePanel(QWidget):
    """Lays the parts of such a page out, and knows the keys that find: Ctrl+F and / put the cursor into the field.

    Args:
        field: finds in the list.
        above: what stands above the list, with the field in it.
        table: the list.
        instead: what may stand in the list's place.
        below: what stands below the list, in its card.
        panel: what stands beside it.
        width: of the panel.

    Attributes:
        card: what the list and the words below it stand in.
    """

    def __init__(
        self,
        field: SearchField,
        *,
        above: Sequence[QWidget],
        table: ListTable,
        instead: Sequence[QWidget],
        below: QWidget,
        panel: QWidget,
        width: PanelWidth,
    ) -> None:
        super().__init__()
        self._field, self._panel, self._width = field, panel, width
        FindKeys(field.edit, table)
        self.card = Card(padding=1)
        self._opened = False
        self._stack = QStackedLayout()
        self.card.body.addLayout(self._stack, 1)  # first: what enters a stack without a parent opens as a window
        for part in (table, *instead):
            self._stack.addWidget(part)
        self.card.body.addWidget(below)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        for part in above:
            left.addWidget(part)
        left.addWidget(self.card, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(21, 17, 21, 17)
        row.setSpacing(14)
        row.addWidget(self._left, 1)
        row.addWidget(panel)

    def shows(self, part: QWidget) -> bool:
        """Whether it is this one: the table, or something in its place."""
        return self._stack.currentWidget() is part

    def show_part(self, part: QWidget) -> None:
        """Show the table, or something in its place."""
        self._stack.setCurrentWidget(part)

    @property
    def opened(self) -> bool:
        """Whether the panel has the whole room."""
        return self._opened

    def open_panel(self, opened: bool) -> None:
        """Give the panel the room of the list too, or the list its own again, as it was."""
        if opened is not self._opened:
            self._opened = opened
            self._left.setHidden(opened)
            self._fit()

    def focus_find(self) -> None:
        """The cursor into the find field, its words selected."""
        self.open_panel(False)
        self._field.edit.setFocus()
        self._field.edit.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the list needs the room more."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs other widths."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+F is not for the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_control_f(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F and / find; any other key is the page's."""
        if event.text() == "/" or _is_control_f(event):
            self.focus_find()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        if self._opened:
            self._panel.setMinimumWidth(0)
            self._panel.setMaximumWidth(_WHOLE)
            return
        width = self._width.narrow if self.width() < scaled(_NARROW) else self._width.usual
        self._panel.setFixedWidth(min(scaled(width), round(self.width() * self._width.share)))


def _is_control_f(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier
