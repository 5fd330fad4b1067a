"""What practice has of settings: none but the way to real payments."""

from PySide6.QtCore import Qt, Signal

from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button

SET_UP = "Set M-PESA up"
_MORE = (
    "The customers, the money and M-PESA are played on this computer. When you want to take real payments, set M-PESA "
    "up: it takes some minutes, and you need the keys of your Daraja app."
)


class PracticeSection(Section):
    """There is nothing to keep.

    Signals:
        set_up_wanted: M-PESA is to be set up.
    """

    TITLE = "Practice"
    LEAD = _MORE
    SAVES = False
    set_up_wanted = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__("practiceSection", tasks)
        self._set_up = Button(SET_UP, name="practiceSetUp", height=52)
        self._set_up.clicked.connect(self.set_up_wanted)
        self.column.addWidget(self._set_up, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def load(self) -> None:
        self.show_error("")
        self.filled.emit()
