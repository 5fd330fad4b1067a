"""What the page of the statement shows: a file to be chosen, work that goes on, what a statement says."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.messages.unprompted import ALL, count_words
from pos_app.ui.statement.model import StatementLine, StatementModel
from pos_app.ui.statement.table import StatementTable
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.fields import Field, SearchField
from pos_app.ui.widgets.find_keys import FindKeys
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_table import Index
from pos_app.ui.widgets.progress import ThinProgress

START = (
    "Export the statement from M-PESA's portal for organisations (Transaction, Account Statement, Export), and choose "
    "the file or drop it here. It is compared with the payments first; nothing is changed before you press Record."
)
NOBODY = "Nothing in it needs you."
NO_LINE = "No line has that in it."


class StartView(Card):
    """Nothing is chosen yet, or what was chosen is refused in words.

    Signals:
        wanted: somebody wants to choose a file.
        money_wanted: somebody wants to see the money that came without a prompt.
    """

    wanted = Signal()
    money_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = Label(START, "muted", wrap=True)
        self._words.setObjectName("statementWords")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._choose = Button("Choose a file...", name="statementChoose", kind=Kind.PRIMARY, key="Ctrl O", height=52)
        self.body.addStretch(1)
        self.body.addWidget(self._words)
        self.body.addSpacing(12)
        self._money = Button(ALL, name="statementUnprompted", height=52)
        for button in (self._choose, self._money):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(2)
        self.setFocusProxy(self._choose)
        self._choose.clicked.connect(self.wanted)
        self._money.clicked.connect(self.money_wanted)

    def count_money(self, waiting: int) -> None:
        """How much money without a prompt waits."""
        self._money.set_text(count_words(waiting))

    def say(self, words: str, colour: ColourRole | None = None) -> None:
        """Other words in place of those that say what to do."""
        self._words.setText(words)
        self._words.set_colour(colour or "")


class WorkView(Card):
    """Something goes on, and can be ended.

    Signals:
        cancelled: somebody wants it to end.
    """

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = Label("", "body", wrap=True)
        self._words.setObjectName("statementWork")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = ThinProgress(ColourRole.SENDING)
        self._cancel = Button("Cancel", name="statementCancel", key="Esc", height=52, spoken="Cancel, end this")
        self.body.addStretch(1)
        self.body.addWidget(self._words)
        self.body.addWidget(self._bar)
        self.body.addSpacing(12)
        self.body.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no button: the Enter that began it ends nothing
        self.setAccessibleName("M-PESA's statement: Esc ends this")
        self._cancel.clicked.connect(self.cancelled)

    def say(self, words: str, part: float) -> None:
        """What goes on, and how much of it is done, from 0 to 1."""
        self._words.setText(words)
        self._bar.set_part(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class ResultView(QWidget):
    """What a statement says, and what of it needs a person. It is recorded only by its button.

    Signals:
        accepted: record it; with the owner's passphrase, empty where nobody was asked for it.
        left: another file.
        opened: a line.
        money_wanted: somebody wants to see the money that came without a prompt.
    """

    money_wanted = Signal()
    accepted = Signal(str)
    left = Signal()
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = StatementModel(self)
        self._table = StatementTable(self._model)
        self._find = SearchField(
            name="statementFind",
            spoken="Find a line of the statement",
            placeholder="Find a code or an amount",
            key="Ctrl F",
        )
        self._keys = FindKeys(self._find.edit, self._table)
        self._heading = Label("", "strong", wrap=True)
        self._heading.setObjectName("statementHeading")
        self._counts = Label("", "note", wrap=True)
        self._counts.setObjectName("statementCounts")
        self._step = Label("", "small", wrap=True)
        self._step.setObjectName("statementStep")
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("statementSaid")
        self._passphrase = Field(
            name="statementPassphrase", spoken="The owner's passphrase", placeholder="The owner's passphrase"
        )
        self._passphrase.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._other = Button("Another file...", name="statementOther", key="Ctrl O", height=52)
        self._money = Button("Without a prompt...", name="statementMoney", height=52, spoken=ALL)
        self._record = Button("Record", name="statementRecord", kind=Kind.PRIMARY, height=52)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        card = Card(padding=1)
        for label in (self._heading, self._counts, self._step):
            label.setContentsMargins(17, 6, 17, 6)
        self._words.setContentsMargins(4, 0, 4, 0)
        card.body.setSpacing(0)
        card.body.addWidget(self._heading)
        card.body.addWidget(self._counts)
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._step)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addWidget(self._find)
        page.addWidget(card, 1)
        page.addWidget(self._words)
        page.addWidget(self._passphrase)
        page.addWidget(ButtonRow(self._other, self._money, self._record))
        self.setFocusProxy(self._table)

    def _connect(self) -> None:
        self._find.edit.textChanged.connect(self._look_for)
        self._table.selectionModel().currentRowChanged.connect(self._show_line)
        self._table.opened.connect(self._open)
        self._other.clicked.connect(self.left)
        self._money.clicked.connect(self.money_wanted)
        self._record.clicked.connect(self._accept)
        self._passphrase.edit.returnPressed.connect(self._accept)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find.edit.setFocus)

    def show_result(
        self, heading: str, counts: str, lines: Sequence[StatementLine], words: str, *, recorded: bool
    ) -> None:
        """Show what a statement says.

        Args:
            heading: which statement it is, and `counts`: how much of it is what.
            words: what else is to be said; empty for nothing.
            recorded: it was carried out, so that there is nothing to record.
        """
        self._heading.setText(heading)
        self._counts.setText(counts)
        self._find.edit.clear()
        self._find.setVisible(bool(lines))
        self._model.show_lines(lines)
        self._table.go_to_row(0)
        if not lines:
            self._step.setText(NOBODY)
        self._record.setVisible(not recorded)
        self._money.setVisible(recorded)  # what it has of it is in the list now
        self._forget_passphrase()
        self._say(words, None)

    def ask_owner(self, words: str) -> None:
        """The owner's passphrase is needed, and why."""
        self._say(words, ColourRole.FAILED)
        self._passphrase.edit.clear()
        self._passphrase.show()
        self._passphrase.edit.setFocus()

    def say_failed(self, words: str) -> None:
        """Why it was not recorded, or not all of it; it can be tried again."""
        self._say(words, ColourRole.FAILED)
        (self._table if self._passphrase.isHidden() else self._passphrase.edit).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the field of the passphrase away."""
        if event.key() == Qt.Key.Key_Escape and not self._passphrase.isHidden():
            self._forget_passphrase()
            self._say("", None)
            self._table.setFocus()
        else:
            super().keyPressEvent(event)

    def _say(self, words: str, colour: ColourRole | None) -> None:
        self._words.setText(words)
        self._words.set_colour(colour or "")
        self._words.setVisible(bool(words))

    def _forget_passphrase(self) -> None:
        self._passphrase.edit.clear()
        self._passphrase.hide()

    def _look_for(self, wanted: str) -> None:
        self._model.look_for(wanted)
        self._table.go_to_row(0)
        if not self._model.rowCount():
            self._step.setText(NO_LINE)

    def _show_line(self, current: Index) -> None:
        line = self._model.row_at(current.row())
        self._step.setText(line.step if line else "")

    def _open(self) -> None:
        line = self._model.row_at(self._table.currentIndex().row())
        if line:
            self.opened.emit(line)

    def _accept(self) -> None:
        passphrase = self._passphrase.edit.text()
        if self._passphrase.isHidden() or passphrase:
            self._passphrase.edit.clear()
            self.accepted.emit(passphrase)
