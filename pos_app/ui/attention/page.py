"""What needs a person, worked off one by one: each thing leads to where that is done."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.attention import Attention, Concern, Waiting
from pos_app.domain.operators import Act, Need
from pos_app.domain.payment import State
from pos_app.errors import PosError
from pos_app.messages import attention as words
from pos_app.messages.counter import NOT_PAID_NO_RECEIPT, asking_about
from pos_app.messages.payment_facts import details_text
from pos_app.sales.till import Till
from pos_app.ui.attention.model import AttentionModel
from pos_app.ui.attention.table import AttentionTable
from pos_app.ui.attention.watch import AttentionWatch
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import EmptyLabel, Label


class AttentionPage(QWidget):
    """The page behind Ctrl+F6. Nothing is done on it: Enter leads to where it is done, with the very thing.

    What is worked off goes while somebody looks on, and then nothing is selected: no Enter and no tap that was meant
    for it means another one.

    Signals:
        payment_wanted: the number of a payment; `receipt_wanted`: the id of the one whose receipt to show.
        day_wanted, statement_wanted, money_wanted: where else it is worked off.
    """

    payment_wanted = Signal(str)
    receipt_wanted = Signal(int)
    day_wanted = Signal()
    statement_wanted = Signal()
    money_wanted = Signal()

    def __init__(self, till: Till, tasks: Tasks, watch: AttentionWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attentionPage")
        self._till, self._tasks, self._watch = till, tasks, watch
        self._in_sight = False  # somebody has seen the rows as they are now
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._table)
        watch.told.connect(self._take)
        watch.failed.connect(self._fail)
        self._table.chosen.connect(self._choose)
        self._table.opened.connect(self._open)
        self._table.doubleClicked.connect(lambda _: self._open())
        self._table.copy_wanted.connect(self._copy)
        self._check.clicked.connect(self.check_now)
        self._do.clicked.connect(self._open)
        if watch.latest:
            self._take(watch.latest)

    def check_now(self) -> None:
        """Ask M-PESA about the payment that is selected (F5)."""
        item = self._table.current
        if item is None or item.payment is None or not words.asks(item):
            self._say(words.CANNOT_ASK)
            return
        payment = item.payment
        self._say(asking_about(payment))
        self._tasks.run(lambda: self._till.reconciler.check_now(payment.id), None, self._say_trouble, owner=self)

    def show_receipt(self) -> None:
        """The receipt of the payment that is selected (F9)."""
        payment = self._table.current.payment if self._table.current else None
        if payment and payment.state is State.PAID:
            self.receipt_wanted.emit(payment.id)
        else:
            self._say(NOT_PAID_NO_RECEIPT)

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it looks again, and asks who may do what: somebody else may stand here."""
        super().showEvent(event)
        self._say("")
        self._table.go_on()
        self._in_sight = False
        self._watch.look()
        self._tasks.run(self._till.attention.needs, self._show_needs, self._say_trouble, owner=self)

    def hideEvent(self, event: QHideEvent) -> None:
        """What goes meanwhile goes under nobody's hand."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._in_sight = False

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs other widths."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._table.fit()

    def _make_parts(self) -> None:
        self._model = AttentionModel(self)
        self._table = AttentionTable(self._model)
        self._heading = Label("", "strong", wrap=True)
        self._heading.setObjectName("attentionHeading")
        self._counts = Label("", "note", wrap=True)
        self._counts.setObjectName("attentionCounts")
        self._what = Label("", "note", wrap=True)
        self._what.setObjectName("attentionWhat")
        self._empty = EmptyLabel(words.ALL_CLEAR, name="attentionEmpty")
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("attentionWords")
        self._words.setContentsMargins(4, 0, 4, 0)
        self._words.hide()
        self._check = Button(words.ASK, name="attentionCheck", key="F5", height=52)
        self._do = Button("", name="attentionDo", kind=Kind.PRIMARY, key="Enter", height=52)
        self._buttons = ButtonRow(self._check, self._do)

    def _lay_out(self) -> None:
        self._list = QWidget()
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for label in (self._heading, self._counts, self._what):
            label.setContentsMargins(17, 6, 17, 6)
        inside.addWidget(self._heading)
        inside.addWidget(self._counts)
        inside.addWidget(self._table, 1)
        inside.addWidget(self._what)
        card = Card(padding=1)
        card.setObjectName("attentionCard")
        self._stack = QStackedLayout()
        card.body.addLayout(self._stack, 1)
        for part in (self._empty, self._list):
            self._stack.addWidget(part)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.setSpacing(8)
        page.addWidget(card, 1)
        page.addWidget(self._words)
        page.addWidget(self._buttons)
        self._show_chosen(None)

    def _take(self, found: Attention) -> None:
        chosen = self._table.current
        if self._in_sight and chosen and chosen.key not in {item.key for item in found.items}:
            self._table.let_go()
            self._say(words.WORKED_OFF)
        self._model.show_items(found.items, found.at)
        if not self._in_sight:
            self._table.go_on()
        # A look from before the page came up may end here with nothing: the first rows after it are selected, too.
        self._in_sight = self.isVisible() and (self._in_sight or bool(found.items))
        self._heading.setText(words.total_words(found.total) if found.total else words.ALL_CLEAR)
        self._counts.setText(words.counted_words(found))
        self._counts.setVisible(bool(found.total))
        self._show_part(bool(found.items))
        self._show_chosen(self._table.current)

    def _show_part(self, some: bool) -> None:
        part = self._list if some else self._empty
        if self._stack.currentWidget() is not part:
            self._stack.setCurrentWidget(part)
            if self.isVisible() and self.window().focusWidget() in (None, self._table):
                take_focus(self._table)

    def _fail(self, text: str) -> None:
        self._say(text, ColourRole.FAILED)

    def _show_needs(self, needs: Mapping[Act, Need]) -> None:
        self._model.show_needs(needs)
        self._show_chosen(self._table.current)

    def _choose(self, item: Waiting | None) -> None:
        """What was said is of another one."""
        if item:
            self._say("")
        self._show_chosen(item)

    def _show_chosen(self, item: Waiting | None) -> None:
        self._what.setText(words.selected_words(item) if item else "")
        self._do.set_text(words.button_words(item, self._model.needs) if item else words.NOTHING_CHOSEN)
        self._do.setEnabled(item is not None)
        self._check.setVisible(item is not None and words.asks(item))
        self._buttons.setHidden(not self._model.rowCount())

    def _open(self) -> None:
        item = self._table.current
        if item is None:
            return
        if item.payment:
            self.payment_wanted.emit(item.payment.number)
        elif item.concern is Concern.DAY_OPEN:
            self.day_wanted.emit()
        elif item.concern is Concern.UNPROMPTED:
            self.money_wanted.emit()
        else:
            self.statement_wanted.emit()

    def _copy(self) -> None:
        payment = self._table.current.payment if self._table.current else None
        if payment:
            QGuiApplication.clipboard().setText(details_text(payment, ()))
            self._say(words.COPIED)

    def _say_trouble(self, error: PosError) -> None:
        self._say(error.user_text, ColourRole.FAILED)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")
        self._words.setVisible(bool(text))
