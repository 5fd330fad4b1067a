"""The keys, in a window beside the till: it stays open while one works."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.errors import CannotSave
from pos_app.messages import checks as check_words
from pos_app.messages import window as words
from pos_app.ui.preferences import SCAN_PREFIX, Preferences
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.key_hint import KeyHint
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.scanner_box import ScannerBox
from pos_app.ui.widgets.scrolled import Scrolled

_WIDTH = 460  # px
_FRAME = 60  # px: around the window, of the system
_LEAST = 200  # px: of what scrolls
_BAR = 14  # px for the scroll bar
KEYS = (
    ("F1", "These keys"),
    ("F2", "New charge"),
    ("0 - 9", "The customer's phone, whatever was done before; its last four offer who it may be"),
    ("Ctrl+1 - Ctrl+9", "The post with that key; again: one more of it"),
    ("+, -", "One more, one less of the post that was chosen last"),
    ("Alt+1, Alt+2", "The customer who is offered there; Enter takes none"),
    ("Alt+0", "The name of the customer whose number stands there; Enter saves it"),
    ("A - Z", "Look for a post; Enter chooses it"),
    ("/ or Ctrl+F", "Cursor in the find field: what you type stays there"),
    ("F3", "Cursor in the phone field"),
    ("F4", "Type the price of a post whose price is asked"),
    ("Enter", "Ask the customer"),
    ("Ctrl+Enter", "Ask the customer, from any field"),
    ("Esc", "Empty the form, one thing a press; leave a payment"),
    ("Ctrl+R", "Ask again: fills the form"),
    ("Ctrl+Shift+R", "Ask anyway, where a warning leaves it to you"),
    ("Alt+Left", "Go through the payments in progress"),
    ("F5", "Check now with M-PESA"),
    ("F6", "Payments; there Enter shows one alone, Esc goes back to its row"),
    ("Shift+F6", "Customers: what they have, and access by hand"),
    ("Ctrl+F6", "Attention: all that needs a person; Enter leads to where it is done, Esc back"),
    ("F7", "Posts; More: favourite keys and categories, moved by Alt and an arrow"),
    ("F8", "Takings: what came in, as a picture and a table"),
    ("Ctrl+F8", "Day: what came in since the last close, and closing it"),
    ("Shift+F8", "M-PESA's statement, also from Day: what it says, and recording it"),
    ("F9", "Receipt of the payment that is shown, else the last one"),
    ("F10", "Settings"),
    ("F11", "Full screen"),
    ("F12 or Ctrl+L", "Lock, where the shop has operators"),
    ("Alt+P", "In practice: the customer's phone, and back"),
    ("Ctrl+T", "Text size, colours, sounds, customer display"),
    ("Ctrl and +, -", "Larger text, smaller text"),
    ("Ctrl+Shift+D", "Checks: what works, what does not"),
)
SCANNING = (
    "A scanner chooses the post, wherever the cursor is (on the page of posts, the one to change), and never asks "
    "anybody. One that is slow (more than 60 ms a key, as some do by radio) is told for sure when it sends a character "
    "before each code, such as ~ . An Enter "
    "that comes as fast as a scanner's asks nobody: press it again. Try your scanner here:"
)


class HelpPanel(Dialog):
    """The keys and what is wrong, in a window of their own. It is not modal; Esc closes it.

    Args:
        saving: whether the computer can save.
        why: why not, where it cannot.
        on_server: whether it saves on the shop's database server.
        letter, damage, unrecorded, route: what is wrong with the till's letter, with the database, with an answer that
            could not be recorded, and with the callback route, in words; empty where nothing is.
        address: at which other till results come in, in words; empty where they come in here.
        others: what else is wrong, as titles and texts.
        checks: whether it leads to the checks and the log.
        preferences: where it is kept what marks a scan.

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
        on_server: bool = False,
        letter: str = "",
        damage: str = "",
        unrecorded: str = "",
        route: str = "",
        address: str = "",
        others: Sequence[tuple[str, str]] = (),
        checks: bool = False,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("helpPanel")
        self.setAccessibleName("Keys and help")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, _BAR, 0)
        inside.setSpacing(10)
        if not saving:
            title, steps = words.cannot_save_steps(server=on_server)
            inside.addWidget(Label(title, "title"))
            if why and why != CannotSave().user_text:
                inside.addWidget(_paragraph(why))
            for step in steps:
                inside.addWidget(_paragraph(f"• {step}"))
            inside.addSpacing(8)
        for title, text in (
            (words.LETTER_LOST, letter),
            ("The database file is damaged", damage),
            ("An answer could not be recorded", unrecorded),
            ("Results come by asking only", route),
            (words.ADDRESS, address),
            *others,
        ):
            if text:
                inside.addWidget(Label(title, "title"))
                inside.addWidget(_paragraph(text))
                inside.addSpacing(8)
        inside.addWidget(Label("Keys", "title"))
        inside.addLayout(_keys())
        inside.addWidget(_paragraph(SCANNING))
        inside.addWidget(_scanner_box(preferences or Preferences(parent=self)))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 21, 18)
        column.setSpacing(10)
        scrolled = self._scrolled(content)
        column.addWidget(scrolled, 1)
        column.addSpacing(6)
        if checks:
            column.addLayout(self._ways())
        close = Button("Close", name="closeHelp", key="Esc", height=44)
        close.clicked.connect(self.close)
        column.addWidget(close)
        close.setFocus()  # what is scanned now is a sale, not a trial
        room = self.screen().availableGeometry().height() - _FRAME
        whole = self.sizeHint().height() - scrolled.sizeHint().height() + content.sizeHint().height()
        self.resize(self.sizeHint().width(), min(room, whole))

    def _scrolled(self, content: QWidget) -> Scrolled:
        """All of it scrolls where the screen is too low; the buttons below stay."""
        scrolled = Scrolled(content, "helpKeys", "Keys")
        scrolled.setMinimumSize(content.sizeHint().width() + _BAR, _LEAST)
        return scrolled

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


def _scanner_box(preferences: Preferences) -> ScannerBox:
    box = ScannerBox(preferences.scan_prefix)
    box.prefix_chosen.connect(lambda prefix: preferences.choose(SCAN_PREFIX, prefix))
    return box


def _keys() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(7)
    for row, (key, does) in enumerate(KEYS):
        grid.addWidget(KeyHint(key), row, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(Label(does), row, 1)
    return grid


def _paragraph(text: str) -> Label:
    """Wrapped, and selectable: there may be a command in it."""
    label = Label(text, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.ensurePolished()
    label.setFixedWidth(_WIDTH)
    label.setMinimumHeight(label.heightForWidth(_WIDTH))  # a dialog asks no label what height its width needs
    return label
