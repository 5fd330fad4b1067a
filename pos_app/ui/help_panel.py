"""The keys, in a window beside the till: it stays open while one works."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.errors import CannotSave
from pos_app.ui import check_words, words
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.key_hint import KeyHint
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.scrolled import Scrolled

_WIDTH = 460  # px
_OTHERS = 300  # px: what stands around the keys, with the frame of the window
_BAR = 14  # px for the scroll bar
KEYS = (
    ("F1", "These keys"),
    ("F2", "New charge, cursor in the find field"),
    ("F3", "Customer's phone"),
    ("1 - 9", "Favourite post, while nothing is typed"),
    ("Enter", "Ask the customer"),
    ("Ctrl+Enter", "Ask the customer, from any field"),
    ("Esc", "Next customer; a payment on its way goes on"),
    ("Alt+1, Alt+2", "A recent customer"),
    ("Alt+Left", "Go through the payments in progress"),
    ("F5", "Check now with M-PESA"),
    ("F6", "Payments"),
    ("F7", "Posts"),
    ("F9", "Receipt of the last payment"),
    ("F10", "Settings"),
    ("F11", "Full screen"),
    ("Alt+P", "In practice: the customer's phone, and back"),
    ("Ctrl+T", "Text size and colours"),
    ("Ctrl and +, -", "Larger text, smaller text"),
    ("Ctrl+Shift+D", "Checks: what works, what does not"),
)


class HelpPanel(QDialog):
    """Not modal. Esc closes it.

    Args:
        saving: whether the computer can save.
        why: why not, where it cannot.
        damage, unrecorded, route: what is wrong with the database, with an answer that could not be recorded, and with
            the way back, in words; empty where nothing is.
        checks: whether it leads to the checks and the log.

    Signals:
        checks_wanted, log_wanted: its buttons.
    """

    checks_wanted = Signal()
    log_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        saving: bool = True,
        why: str = "",
        damage: str = "",
        unrecorded: str = "",
        route: str = "",
        checks: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("helpPanel")
        self.setAccessibleName("Keys and help")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 21, 18)
        column.setSpacing(10)
        if not saving:
            column.addWidget(Label("This computer cannot save", "title"))
            if why and why != CannotSave().user_text:
                column.addWidget(_paragraph(why))
            for step in words.CANNOT_SAVE_STEPS:
                column.addWidget(Label(f"• {step}", wrap=True))
            column.addSpacing(8)
        for title, text in (
            ("The database file is damaged", damage),
            ("An answer could not be recorded", unrecorded),
            ("Results come by asking only", route),
        ):
            if text:
                column.addWidget(Label(title, "title"))
                column.addWidget(_paragraph(text))
                column.addSpacing(8)
        column.addWidget(Label("Keys", "title"))
        column.addWidget(self._keys(), 1)
        column.addSpacing(6)
        if checks:
            column.addLayout(self._ways())
        close = Button("Close", name="closeHelp", key="Esc", height=44)
        close.clicked.connect(self.close)
        column.addWidget(close)

    def _ways(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for text, name, icon, wanted in (
            (check_words.CHECK_THIS_TILL, "helpChecks", "activity", self.checks_wanted),
            (check_words.VIEW_LOG, "helpLog", "list", self.log_wanted),
        ):
            button = Button(text, name=name, icon=icon, height=44)
            button.clicked.connect(wanted)
            button.clicked.connect(self.close)
            row.addWidget(button, 1)
        return row

    def _keys(self) -> Scrolled:
        """They scroll where the screen is too low for all of them."""
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        for row, (key, does) in enumerate(_lines()):
            grid.addWidget(KeyHint(key), row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Label(does), row, 1)
        scrolled = Scrolled(content, "helpKeys", "Keys")
        wanted, room = content.sizeHint(), self.screen().availableGeometry().height() - _OTHERS
        scrolled.setMinimumSize(wanted.width() + _BAR, min(wanted.height(), room))
        return scrolled


def _paragraph(text: str) -> Label:
    """Wrapped, and selectable: there may be a command in it."""
    label = Label(text, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.ensurePolished()
    label.setFixedWidth(_WIDTH)
    label.setMinimumHeight(label.heightForWidth(_WIDTH))  # a dialog asks no label what height its width needs
    return label


def _lines() -> Iterator[tuple[str, str]]:
    yield from KEYS
    yield "Scanner", "Chooses the post, wherever the cursor is"
