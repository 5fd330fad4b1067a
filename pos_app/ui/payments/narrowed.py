"""Which payments alone are shown, because another page has led to them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.search import Search
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label


class Narrowed(QWidget):
    """A line that says so, with the way back; hidden while nothing is narrowed.

    Signals:
        ended: the person wants to see the others again.
        left: the person wants to go back to where they were led from.

    Attributes:
        search: finds what is shown alone; None where nothing is narrowed.
        back: the title of the page that has led here.
    """

    ended = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search: Search | None = None
        self.back = ""
        self._words = Label("", "strong", wrap=True)
        self._words.setObjectName("narrowedWords")
        others = Button("Show others", name="narrowedEnd", kind=Kind.QUIET, icon="x", height=44)
        others.clicked.connect(self.ended)
        self._back = Button("Back", name="narrowedBack", kind=Kind.QUIET, key="Esc", height=44)
        self._back.clicked.connect(self.left)
        ways = QWidget()
        beside = QHBoxLayout(ways)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._back)
        beside.addWidget(others)
        row = FlowLayout(self._words, ways, last_right=True)
        row.setContentsMargins(8, 0, 0, 0)
        self.setLayout(row)
        self.hide()

    def begin(self, search: Search, words: str, back: str = "") -> None:
        """Show only what this finds; `words` says what that is, `back` is the title of the page that has led here."""
        self.search, self.back = search, back
        self._back.set_text(f"Back to {back}")
        self._back.setVisible(bool(back))
        self._words.setText(f"Only {words}")
        self.show()

    def end(self) -> bool:
        """Narrow no more; gives whether it did."""
        was, self.search = self.search is not None, None
        self.hide()
        return was
