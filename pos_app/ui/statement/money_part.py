"""Money without a prompt on the page of the statement: its list, and the forms that take its place."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.unprompted import RowWord, Unprompted
from pos_app.errors import PosError
from pos_app.messages.unprompted import bound_words, identified_words, named_words, unbound_words
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm
from pos_app.ui.statement.bind_form import BindForm
from pos_app.ui.statement.money_forms import IdentifyForm, NameForm, UnbindForm
from pos_app.ui.statement.money_view import MoneyView
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks

F = TypeVar("F", BindForm, IdentifyForm, NameForm, UnbindForm)


class MoneyPart(QWidget):
    """One of the views of the page.

    Signals:
        left: somebody wants the statement back.
        changed: something was said of some money: another number of them waits.
        payment_wanted: the number of a payment to look at.
    """

    left = Signal()
    changed = Signal()
    payment_wanted = Signal(str)

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("moneyPart")
        self._till, self._tasks = till, tasks
        self._view = MoneyView(till, tasks)
        self._forms: dict[type[PassphraseForm], PassphraseForm] = {}  # made when somebody needs them
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._view.left.connect(self.left)
        self._view.payment_wanted.connect(self.payment_wanted)
        self._view.bind_wanted.connect(self._open_bind)
        self._view.name_wanted.connect(self._open_name)
        self._view.unbind_wanted.connect(self._open_unbind)

    @property
    def form_open(self) -> bool:
        """Whether somebody types in a form: nothing takes them away from it."""
        return self._stack.currentWidget() is not self._view

    def open_waiting(self) -> None:
        """The list of what waits; a form that is open stays."""
        if not self.form_open:
            self._view.show_waiting()

    def name_way_back(self, title: str) -> None:
        """Where Esc leads from the list: the page of this title; empty: the statement."""
        self._view.name_way_back(title)

    def renew(self) -> None:
        """Read the list again."""
        if not self.form_open:
            self._view.look_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes next finds neither a passphrase nor a number."""
        super().hideEvent(event)
        if not event.spontaneous() and self.form_open:
            for form in self._forms.values():
                form.leave()
            self._stack.setCurrentWidget(self._view)

    def _open_bind(self, money: Unprompted) -> None:
        self._place(BindForm, bound_words).start(money)

    def _open_identify(self, money: Unprompted, payment: Payment) -> None:
        self._forms[BindForm].leave()  # what was typed for a sale is kept
        self._place(IdentifyForm, identified_words).start(money, payment)

    def _open_name(self, money: Unprompted) -> None:
        if money.word not in (RowWord.BOUND, RowWord.REVERSED):
            self._place(NameForm, named_words).start(money)

    def _open_unbind(self, money: Unprompted) -> None:
        payment_id, reader = money.payment_id, self._till.reader

        def start(payment: Payment | None) -> None:
            current = self._view.current
            if payment and self.isVisible() and not self.form_open and current and current.id == money.id:
                self._place(UnbindForm, unbound_words).start(money, payment)

        if payment_id is not None:
            self._tasks.run(lambda: reader.payment(payment_id), start, self._fail, owner=self)

    def _place(self, kind: type[F], said: Callable[[Any], str]) -> F:
        """The form in the place of the list; `said` tells what it has done."""
        form = self._forms.get(kind)
        if form is None:
            form = self._forms[kind] = kind(self._till, self._tasks)
            form.done.connect(lambda result: self._said(said(result)))
            form.closed.connect(self._show_list)
            if isinstance(form, BindForm):
                form.payment_wanted.connect(self.payment_wanted)
                form.identify_wanted.connect(self._open_identify)
            self._stack.addWidget(form)
        assert isinstance(form, kind)
        self._view.say("")
        self._stack.setCurrentWidget(form)
        return form

    def _show_list(self) -> None:
        self._stack.setCurrentWidget(self._view)
        self._view.look_up()
        self._view.setFocus()

    def _said(self, words: str) -> None:
        self._view.say_done(words)
        self.changed.emit()

    def _fail(self, error: PosError) -> None:
        self._view.say(error.user_text, ColourRole.FAILED)
