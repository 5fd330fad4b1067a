"""The list of money without a prompt: found, looked at, and what can be said of it. It is chosen by hand only."""

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.search import shown
from pos_app.domain.unprompted import MoneySearch, RowWord, Standing, Unprompted, bindable
from pos_app.messages.unprompted import STANDINGS, money_words, nothing_words
from pos_app.sales.till import Till
from pos_app.ui.statement.money_model import MoneyModel, MoneyTable
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.find_keys import FindKeys
from pos_app.ui.widgets.labels import EmptyLabel, Label
from pos_app.ui.widgets.list_table import Index

_DEBOUNCE = 40  # ms from the last key typed to the look-up: those of a scanner are one
STATEMENT = "Statement"
_STANDING = {words: standing for standing, words in STANDINGS.items()}


class MoneyView(QWidget):
    """Part of the page of the statement.

    Signals:
        bind_wanted, name_wanted, unbind_wanted: for an `Unprompted`.
        payment_wanted: the number of the sale that one is bound to.
        left: somebody wants to go back.
    """

    bind_wanted = Signal(object)
    name_wanted = Signal(object)
    unbind_wanted = Signal(object)
    payment_wanted = Signal(str)
    left = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("moneyView")
        self._till = till
        self._model = MoneyModel(tasks, self)
        self._worked_off = False  # what was chosen is no part of the list any more
        self._kept: int | None = None  # the row that was current before the list was read again
        self._typing = QTimer(self, singleShot=True, interval=_DEBOUNCE)
        self._make_parts()
        self._lay_out()
        self._connect()

    def _make_parts(self) -> None:
        self._find = SearchField(
            name="moneyFind",
            spoken="Find money by code, amount, digits of the phone or name",
            placeholder="Code, amount, digits or name",
            key="Ctrl F",
        )
        self._standing = ChoiceButton(tuple(STANDINGS.values()), name="moneyStanding", spoken="Which money")
        self._table = MoneyTable(self._model)
        self._empty = EmptyLabel(name="moneyEmpty")
        self._step = Label("", "small", wrap=True)
        self._step.setObjectName("moneyStep")
        self._step.setContentsMargins(17, 6, 17, 6)
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("moneySaid")
        self._words.setContentsMargins(4, 0, 4, 0)
        self._words.hide()
        self._back = Button(STATEMENT, name="moneyBack", key="Esc", height=52)
        self.name_way_back("")
        self._name = Button("Name...", name="moneyName", height=52, spoken="Say what this money is")
        self._unbind = Button("Undo...", name="moneyUnbind", height=52, spoken="Undo the bind")
        self._bind = Button("Bind...", name="moneyBind", kind=Kind.PRIMARY, height=52, spoken="Bind it to a sale")

    def _lay_out(self) -> None:
        card = Card(padding=1)
        card.body.setSpacing(0)
        self._stack = QStackedLayout()
        card.body.addLayout(self._stack, 1)
        for part in (self._table, self._empty):
            self._stack.addWidget(part)
        card.body.addWidget(self._step)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addWidget(FieldRow(self._find, self._standing))
        page.addWidget(card, 1)
        page.addWidget(self._words)
        page.addWidget(ButtonRow(self._back, self._name, self._unbind, self._bind))
        FindKeys(self._find.edit, self._table)
        self.setFocusProxy(self._table)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.look_up)
        self._find.edit.textChanged.connect(lambda: self._typing.start())
        self._find.edit.returnPressed.connect(self._enter_list)
        self._standing.chosen.connect(lambda _: self.look_up())
        self._model.answered.connect(self._show_answer)
        self._model.failed.connect(self._show_failure)
        self._table.selectionModel().currentRowChanged.connect(lambda current, _: self._show_row(current))
        self._table.opened.connect(self._open)
        self._bind.clicked.connect(lambda: self._want(self.bind_wanted))
        self._name.clicked.connect(lambda: self._want(self.name_wanted))
        self._unbind.clicked.connect(lambda: self._want(self.unbind_wanted))
        self._back.clicked.connect(self.left)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find.edit.setFocus)

    @property
    def current(self) -> Unprompted | None:
        """The money that is chosen, where the rows are those of what is asked for."""
        behind = self._typing.isActive() or self._model.awaited
        return None if behind else self._model.row_at(self._table.currentIndex().row())

    def show_waiting(self) -> None:
        """What waits, all of it."""
        self._find.edit.clear()
        self._standing.choose(STANDINGS[Standing.WAITING])
        self.say("")
        self.look_up()

    def look_up(self) -> None:
        """Read the list again; the chosen row stays chosen while it is there."""
        self._typing.stop()
        current = self._model.row_at(self._table.currentIndex().row())
        self._kept = current.id if current else self._kept
        text, standing, reader = self._find.edit.text(), _STANDING[self._standing.choice], self._till.reader
        self._model.ask(
            lambda last: reader.unprompted(
                MoneySearch(text=text, standing=standing, after=last.place if last else None)
            )
        )

    def name_way_back(self, title: str) -> None:
        """Where Esc leads: to the page of this title; empty: to the statement."""
        self._back.set_text(title or STATEMENT)
        self._back.setAccessibleName(f"Back to {title or 'the statement'}")

    def say_done(self, words: str) -> None:
        """What became of the chosen money. Where it goes from the list nothing is chosen: a further Enter meant it."""
        self._worked_off = True
        self.say(words)

    def say(self, words: str, colour: ColourRole | None = None) -> None:
        """What became of what was done; empty for nothing."""
        self._words.setText(words)
        self._words.set_colour(colour or "")
        self._words.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _want(self, wanted: SignalInstance) -> None:
        if money := self.current:
            wanted.emit(money)

    def _open(self) -> None:
        """Enter on a row: what is bound leads to its sale; all else only says what can be done."""
        money = self.current
        if money and money.word is RowWord.BOUND:
            self.payment_wanted.emit(money.number)
        elif money and not bindable(money):
            self.bind_wanted.emit(money)

    def _enter_list(self) -> None:
        """Enter looks at once; into the rows only where they are those of what is typed."""
        if self._typing.isActive():
            self.look_up()
        elif not self._model.awaited and self._model.rowCount():
            self._table.setFocus()

    def _show_answer(self) -> None:
        count = self._model.rowCount()
        self._stack.setCurrentWidget(self._table if count else self._empty)
        self._empty.setText(nothing_words(_STANDING[self._standing.choice], shown(self._find.edit.text())))
        rows = (row for row in range(count) if (money := self._model.row_at(row)) and money.id == self._kept)
        if self._worked_off and not count:
            take_focus(self._back)  # no row is left that could have it
        place = next(rows, None if self._worked_off else 0)
        self._worked_off = False
        if self._table.currentIndex().row() < 0 and place is not None:
            self._table.go_to_row(place)
        self._show_row(self._table.currentIndex())

    def _show_failure(self, text: str) -> None:
        self._empty.setText(text)
        self._stack.setCurrentWidget(self._empty)
        self._show_row(self._model.index(-1, -1))

    def _show_row(self, current: Index) -> None:
        money = self._model.row_at(current.row())
        self._step.setText(money_words(money) if money else "")
        self._step.setVisible(money is not None)
        bound = money is not None and money.word is RowWord.BOUND
        named = money is not None and money.word not in (RowWord.BOUND, RowWord.REVERSED)
        self._bind.setVisible(not bound)
        self._bind.setEnabled(money is not None and not bindable(money))
        self._unbind.setVisible(bound)
        self._name.setVisible(not bound)
        self._name.setEnabled(named)
