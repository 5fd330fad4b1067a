"""Looking payments up: find, days, states, the list, and one payment in detail."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import Payment
from pos_app.domain.search import Search, Totals
from pos_app.sales.till import Till
from pos_app.ui.payments.detail import PaymentDetail
from pos_app.ui.payments.exporting import ChosenFile, Exporting, ask_for_file
from pos_app.ui.payments.filter import STATES, Days, nothing_found, search_for
from pos_app.ui.payments.footer import PaymentsFooter, totals_of
from pos_app.ui.payments.model import PaymentsModel
from pos_app.ui.payments.narrowed import Narrowed
from pos_app.ui.payments.table import PaymentsTable
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel, PanelWidth

COUNT_AFTER = 300  # ms: several changes in a row are one look at the figures
DEBOUNCE = 120  # ms from the last key typed to the look-up
_DETAIL_WIDTH = PanelWidth(356, 332, 0.4)
_OWN_KEYS = {
    (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier),
}


class PaymentsPage(QWidget):
    """The page behind F6. Reads only in tasks; live changes come by the events.

    Signals:
        again_wanted: a `Payment` to ask for again.
        receipt_wanted: the id of the payment whose receipt to show, and `slip_wanted`: whose refund slip.
    """

    again_wanted = Signal(object)
    receipt_wanted = Signal(int)
    slip_wanted = Signal(int)

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        events: TillEvents,
        parent: QWidget | None = None,
        *,
        choose_file: Callable[[QWidget, str], ChosenFile | None] = ask_for_file,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("paymentsPage")
        self._till = till
        self._tasks = tasks
        self._exporting = Exporting(till, tasks, self, choose_file)
        self._question = 0
        self._looks = Visits()  # at whether the sums are for who stands here
        self._counted: Search | None = None  # what the figures are of that the store has counted
        self._counting = QTimer(self, singleShot=True, interval=COUNT_AFTER)
        self._model = PaymentsModel(till.reader, tasks, till.clock, self)
        self._typing = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._field.edit)
        self._connect(events)

    def look_up(self) -> None:
        """Look up what the fields say, now."""
        self._typing.stop()
        self._table.show_days(today_only=self._days.choice == Days.TODAY and not self._narrowed.search)
        self._footer.set_message("")
        self._ask_for_sums()
        self._model.find(self._search())

    def narrow(self, search: Search, words: str) -> None:
        """Show only those that a search finds, until somebody looks for others; `words` says which they are."""
        self._narrowed.begin(search, words)
        self.look_up()
        self._table.setFocus()

    def check_now(self) -> None:
        """Ask M-PESA about the payment that is shown (F5)."""
        self._detail.check_now()

    def show_receipt(self) -> None:
        """The receipt of the payment that is shown (F9)."""
        self._detail.want_receipt()

    def export(self) -> None:
        """Write everything that was found to a file that the operator chooses, or stop that."""
        self._exporting.press(self._search(), f"payments-{self._today()}")

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it looks again: the day may have changed."""
        super().showEvent(event)
        self.look_up()
        self._list.focus_find()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes next may be one for whom the sums are not."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._looks.end()
            self._footer.show_sums(False)

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here are not for the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 checks this payment, F9 and Ctrl+P show its receipt, Ctrl+R asks for it again, Ctrl+E exports."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F5:
            self._detail.check_now()
        elif event.key() == Qt.Key.Key_F9 or (control and event.key() == Qt.Key.Key_P):
            self._detail.want_receipt()
        elif control and event.key() == Qt.Key.Key_R:
            self._detail.want_again()
        elif control and event.key() == Qt.Key.Key_E:
            self.export()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self._field = SearchField(
            name="paymentsFind",
            spoken="Find payments by code, phone, number or post",
            placeholder="Code, phone or post",
            key="Ctrl F",
        )
        self._days = ChoiceButton([days.value for days in Days], name="paymentsDays", spoken="Days")
        self._states = ChoiceButton(list(STATES), name="paymentsStates", spoken="States")
        self._table = PaymentsTable(self._model)
        self._empty = Label("", "muted", wrap=True)
        self._empty.setObjectName("paymentsEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(40, 20, 40, 20)
        self._footer = PaymentsFooter()
        self._narrowed = Narrowed()
        self._detail = PaymentDetail(self._till, self._tasks)

    def _lay_out(self) -> None:
        self._list = ListBesidePanel(
            self._field,
            above=(FieldRow(self._field, self._days, self._states), self._narrowed),
            table=self._table,
            instead=(self._empty,),
            below=self._footer,
            panel=self._detail,
            width=_DETAIL_WIDTH,
        )
        self._list.card.setObjectName("paymentsCard")
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._list)

    def _connect(self, events: TillEvents) -> None:
        events.payment_changed.connect(self._show_change)
        self._counting.timeout.connect(self._count)
        self._typing.timeout.connect(self._look_for_others)
        self._field.edit.textChanged.connect(lambda: self._typing.start())
        self._field.edit.returnPressed.connect(self._enter_list)
        self._days.chosen.connect(self._look_for_others)
        self._states.chosen.connect(self._look_for_others)
        self._narrowed.ended.connect(self._look_for_others)
        self._footer.export_wanted.connect(self.export)
        self._exporting.said.connect(self._footer.set_message)
        self._exporting.running_changed.connect(self._footer.show_exporting)
        self._model.answered.connect(self._show_answer)
        self._model.failed.connect(self._show_failure)
        self._table.current_changed.connect(self._detail.show_payment)
        self._table.opened.connect(self._detail.focus_first)
        self._table.copy_wanted.connect(self._detail.copy_details)
        self._detail.left.connect(self._table.setFocus)
        self._detail.receipt_wanted.connect(self.receipt_wanted)
        self._detail.slip_wanted.connect(self.slip_wanted)
        self._detail.again_wanted.connect(self.again_wanted)

    def _is_own(self, event: QKeyEvent) -> bool:
        return (event.key(), event.modifiers()) in _OWN_KEYS

    def _look_for_others(self) -> None:
        """What is typed or chosen is meant among all payments."""
        if self._narrowed.end():
            self._list.focus_find()
        self.look_up()

    def _search(self) -> Search:
        narrowed = self._narrowed.search
        return narrowed or search_for(
            self._field.edit.text(), Days(self._days.choice), self._states.choice, self._today()
        )

    def _today(self) -> date:
        return shop_day(self._till.clock.corrected())

    def _show_change(self, payment: Payment) -> None:
        if self.isVisible():
            self._model.show_change(payment)
            self._show_figures()
            self._counting.start()

    def _show_answer(self) -> None:
        found = self._model.rowCount() > 0
        self._list.show_part(self._table if found else self._empty)
        if not found and self._narrowed.search:
            self._empty.setText("None of these is there any more.")
        elif not found:
            days = Days(self._days.choice)
            self._empty.setText(nothing_found(self._field.edit.text(), days, self._states.choice))
        self._show_figures()

    def _show_failure(self, text: str) -> None:
        self._empty.setText(text)
        self._list.show_part(self._empty)

    def _enter_list(self) -> None:
        """Enter looks at once; where nothing was found, in all days."""
        if self._list.shows(self._empty):
            self._days.choose(Days.ALL.value)
        elif self._typing.isActive():
            self._look_for_others()
        else:
            self._table.setFocus()

    def _show_figures(self) -> None:
        """Of everything that was found: added up here where all of it is loaded, otherwise by the store."""
        payments = self._model.payments
        if self._model.complete:
            self._footer.show_totals(totals_of(payments))
            return
        if self._search() != self._counted:  # otherwise the figures stay until there are newer ones
            self._counted = None
            self._footer.show_counting(len(payments))
        self._counting.start()

    def _ask_for_sums(self) -> None:
        """The owner may have decided otherwise, at any till."""
        self._looks.end()
        newest = self._looks.current()

        def show(may: bool) -> None:
            if newest():
                self._footer.show_sums(may)

        self._tasks.run(self._till.figures.may_be_seen, show, lambda _: show(may=False), owner=self)

    def _count(self) -> None:
        """Ask for the figures of everything that was found, however many rows are loaded."""
        self._ask_for_sums()
        if self._model.complete:
            return
        self._question += 1
        question, search = self._question, self._search()

        def show(totals: Totals) -> None:
            if question == self._question and search == self._search() and not self._model.complete:
                self._counted = search
                self._footer.show_totals(totals)

        self._tasks.run(lambda: self._till.reader.totals_found(search), show, owner=self)
