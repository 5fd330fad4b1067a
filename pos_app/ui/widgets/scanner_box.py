"""Tries the barcode scanner: shows what came and how fast, and sets the character that marks a slow one."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.scan_prefix import may_mark_scans
from pos_app.messages import counter as words
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.key_watch import SCAN_GAP, TAKES_PREFIX, TAKES_SCAN
from pos_app.ui.widgets.labels import Label

PAUSE = 600  # ms without a key: the scan has ended


class ScannerBox(QWidget):
    """A field to scan into, and what the till makes of it.

    Attributes:
        prefix_chosen: the character that the scanner sends before each code; "" for none.
    """

    prefix_chosen = Signal(str)

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self._prefix = prefix
        self._times: list[int] = []  # ms, of each character
        self._field = Field(name="scanTry", spoken="Scan something here", placeholder="Scan something here")
        for name in (TAKES_SCAN, TAKES_PREFIX):
            self._field.edit.setProperty(name, True)
        self._field.edit.installEventFilter(self)
        self._came = Label("", "note", wrap=True)
        self._came.setObjectName("scanCame")
        self._mark = Label("", "small", wrap=True)
        self._mark.setObjectName("scanMark")
        self._use = Button("Each scan begins with this", name="scanUse", height=44)
        self._none = Button("No character marks a scan", name="scanNone", height=44)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.setObjectName("scanPause")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for label in (self._came, self._mark):
            label.setContentsMargins(RING, 0, RING, 0)
        for widget in (self._field, self._came, self._use, self._mark, self._none):
            column.addWidget(widget)
        self._pause.timeout.connect(self._tell)
        self._use.clicked.connect(lambda: self._choose(self._field.edit.text()[:1]))
        self._none.clicked.connect(lambda: self._choose(""))
        self._came.hide()
        self.set_prefix(prefix)

    @property
    def prefix(self) -> str:
        """The character that marks a scan; "" for none."""
        return self._prefix

    def set_prefix(self, prefix: str) -> None:
        """Take the character that the settings have."""
        self._prefix = prefix
        self._mark.setText(words.scan_mark(prefix))
        self._none.setVisible(bool(prefix))
        self._use.hide()

    def _choose(self, prefix: str) -> None:
        self.set_prefix(prefix)
        self.prefix_chosen.emit(prefix)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Counts the time between the keys; another scan begins with an empty field."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.text() and event.text().isprintable():
                if not self._pause.isActive():
                    self._field.edit.clear()
                    self._times.clear()
                self._times.append(event.timestamp())
                self._pause.start()
            elif event.text() in ("\r", "\n"):
                return True  # the end of the scan; it presses nothing here
        return super().eventFilter(watched, event)

    @Slot()
    def _tell(self) -> None:
        text = self._field.edit.text()
        gaps = [after - before for before, after in zip(self._times, self._times[1:], strict=False)]
        slowest = max(gaps, default=0)
        self._came.setText(words.scan_came(text, slowest, fast=slowest <= SCAN_GAP * 1_000))
        self._came.show()
        mark = text[:1]
        self._use.setVisible(may_mark_scans(mark) and mark != self._prefix)
        self._use.set_text(f"Each scan begins with {mark}")
