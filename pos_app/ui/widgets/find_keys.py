"""The keys of a find field above a list."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

_INTO_THE_LIST = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)


class FindKeys(QObject):
    """From the find field the arrow keys lead into the list, where it has rows; Esc empties the field."""

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
        return super().eventFilter(watched, event)
