"""Which payments alone are shown, because another page has led to them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.search import Search
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label


class Narrowed(QWidget):
    """A line that says so, with the way back; hidden while nothing is narrowed.

    Signals:
        ended: the person wants to see the others again.

    Attributes:
        search: finds what is shown alone; None where nothing is narrowed.
    """

    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search: Search | None = None
        self._words = Label("", "strong", wrap=True)
        self._words.setObjectName("narrowedWords")
        others = Button("Show others", name="narrowedEnd", kind=Kind.QUIET, icon="x", height=44)
        others.clicked.connect(self.ended)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.addWidget(self._words, 1)
        row.addWidget(others)
        self.hide()

    def begin(self, search: Search, words: str) -> None:
        """Show only what this finds; `words` says what that is."""
        self.search = search
        self._words.setText(f"Only {words}")
        self.show()

    def end(self) -> bool:
        """Narrow no more; gives whether it did."""
        was, self.search = self.search is not None, None
        self.hide()
        return was
