"""The keys of a find field above a list."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

_INTO_THE_LIST = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_EDITING = frozenset({Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z})


class FindKeys(QObject):
    """From the find field the arrow keys lead into the list, where it has rows; Esc empties the field.

    Ctrl and a letter is the page's, but for what edits everywhere: on Linux a field takes Ctrl+E, Ctrl+K and others.
    """

    def __init__(self, edit: QLineEdit, table: QAbstractItemView) -> None:
        super().__init__(edit)
        self._edit = edit
        self._table = table
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _INTO_THE_LIST and self._table.model().rowCount():
                self._table.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self._edit.text():
                self._edit.clear()
                return True
            if _is_for_page(event):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _is_for_page(event: QKeyEvent) -> bool:
    letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z and event.key() not in _EDITING
    return letter and event.modifiers() == Qt.KeyboardModifier.ControlModifier
