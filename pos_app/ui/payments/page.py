"""Looking payments up: find, days, states, the list, and one payment in detail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import Payment
from pos_app.domain.search import Search
from pos_app.errors import BadInput
from pos_app.sales.code_look import CodeLook
from pos_app.sales.till import Till
from pos_app.ui.payments.code_line import CodeLine
from pos_app.ui.payments.detail import PaymentDetail
from pos_app.ui.payments.exporting import ChosenFile, Exporting, ask_for_file
from pos_app.ui.payments.figures import FoundFigures
from pos_app.ui.payments.find_row import FindRow
from pos_app.ui.payments.footer import PaymentsFooter
from pos_app.ui.payments.model import PaymentsModel
from pos_app.ui.payments.narrowed import Narrowed
from pos_app.ui.payments.table import PaymentsTable
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.labels import EmptyLabel
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel, PanelWidth

DEBOUNCE = 40  # ms from the last key typed to the look-up: those of a scanner are one
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
        left: back to the page that has led here.
    """

    again_wanted = Signal(object)
    left = Signal()
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
        self._refused = False  # what the fields say is not looked up
        self._whole = self._to_open = False  # another page has led to one payment, which is shown alone
        self._model = PaymentsModel(till.reader, tasks, till.clock, self)
        self._typing = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._find.field.edit)
        self._connect(events)

    def look_up(self) -> None:
        """Look up what the fields say, now; days that end before they begin are said, and not looked up."""
        self._typing.stop()
        self._footer.set_message("")
        try:
            search = self._search()
        except BadInput as error:
            self._refused = True
            self._figures.clear()
            self._show_failure(error.user_text)
            return
        self._refused = False
        self._figures.start_afresh(search)
        self._table.show_days(today_only=self._find.one_day and not self._narrowed.search)
        self._table.show_sort(search.sort)
        self._model.find(search)

    def narrow(self, search: Search, words: str, *, back: str = "", whole: bool = False) -> None:
        """Show only those that a search finds, until somebody looks for others; `words` says which they are.

        Args:
            back: the title of the page that has led here.
            whole: what happened to the first of them has all the room, as soon as it is found.
        """
        self._narrowed.begin(search, words, back)
        self._whole = self._to_open = whole
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
        try:
            search = self._search()
        except BadInput as error:
            self._footer.set_message(error.user_text, ColourRole.FAILED)
            return
        self._exporting.press(search, f"payments-{self._today()}")

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it looks again: the day may have changed."""
        super().showEvent(event)
        self._whole = self._to_open = False
        self._offer_choices()
        self.look_up()
        self._list.focus_find()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes next may be one for whom the sums are not."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._figures.leave()
            self._close_detail()

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
        self._find = FindRow()
        self._table = PaymentsTable(self._model)
        self._empty = EmptyLabel(name="paymentsEmpty")
        self._footer = PaymentsFooter()
        self._narrowed = Narrowed()
        self._code = CodeLine(CodeLook(self._till.reader, self._till.clock), self._tasks)
        self._detail = PaymentDetail(self._till, self._tasks)
        self._figures = FoundFigures(self._till, self._tasks, self._model, self._footer)

    def _lay_out(self) -> None:
        self._list = ListBesidePanel(
            self._find.field,
            above=(self._find, self._narrowed, self._code),
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
        self._typing.timeout.connect(self._look_for_others)
        self._find.field.edit.textChanged.connect(lambda: self._typing.start())
        self._find.field.edit.returnPressed.connect(self._enter_list)
        self._find.chosen.connect(lambda: self._typing.start())
        self._narrowed.ended.connect(self._look_for_others)
        self._narrowed.left.connect(self.left)
        self._footer.sort_chosen.connect(self.look_up)
        self._table.sort_wanted.connect(self._footer.choose_sort)
        self._footer.export_wanted.connect(self.export)
        self._exporting.said.connect(self._footer.set_message)
        self._exporting.running_changed.connect(self._footer.show_exporting)
        self._model.answered.connect(self._show_answer)
        self._model.failed.connect(self._show_failure)
        self._table.current_changed.connect(self._detail.show_payment)
        self._table.opened.connect(self._open_detail)
        self._table.copy_wanted.connect(self._detail.copy_details)
        self._detail.changed.connect(self._show_change)
        self._detail.left.connect(self._back_to_list)
        self._detail.receipt_wanted.connect(self.receipt_wanted)
        self._detail.slip_wanted.connect(self.slip_wanted)
        self._detail.again_wanted.connect(self.again_wanted)

    def _is_own(self, event: QKeyEvent) -> bool:
        return (event.key(), event.modifiers()) in _OWN_KEYS

    def _look_for_others(self) -> None:
        """What is typed or chosen is meant among all payments."""
        self._whole = False
        if self._narrowed.end():
            self._list.focus_find()
        self.look_up()

    def _search(self) -> Search:
        """What the fields say. Raises BadInput where the days end before they begin."""
        narrowed, sort = self._narrowed.search, self._footer.sort
        return replace(narrowed, sort=sort) if narrowed else self._find.search(self._today(), sort)

    def _today(self) -> date:
        return shop_day(self._till.clock.corrected())

    def _show_change(self, payment: Payment) -> None:
        if self.isVisible() and not self._refused:
            self._model.show_change(payment)
            self._code.note_change(payment)
            self._figures.show()
            self._figures.count_soon()

    def _show_answer(self) -> None:
        if self._refused:  # meanwhile
            return
        found = self._model.rowCount() > 0
        self._list.show_part(self._table if found else self._empty)
        self._code.show_for("" if self._narrowed.search else self._find.field.edit.text(), found=found)
        if found and self._to_open and not self._is_behind:
            self._to_open = False
            self._open_detail()
        if not found:
            self._close_detail()
            none_left = "None of these is there any more." if self._narrowed.search else self._find.nothing()
            self._empty.setText(none_left)
        self._figures.show()

    def _show_failure(self, text: str) -> None:
        self._close_detail()
        self._code.show_for("", found=False)
        self._empty.setText(text)
        self._list.show_part(self._empty)

    @property
    def _is_behind(self) -> bool:
        """Whether the rows are not those of what is typed and chosen, yet: Enter means none of them."""
        return self._typing.isActive() or (self._model.awaited and not self._refused)

    def _enter_list(self) -> None:
        """Enter looks at once; where nothing was found, in all days. An answer that is on its way is waited for."""
        if self._typing.isActive():
            self._look_for_others()
        elif self._is_behind:
            return
        elif self._list.shows(self._empty):
            self._find.widen()
            self._look_for_others()
        else:
            self._table.setFocus()

    def _open_detail(self) -> None:
        """The payment alone, with what happened beside what it is."""
        if self._table.current is not None and not self._is_behind:
            self._list.open_panel(True)
            self._detail.show_opened(True, self._narrowed.back if self._whole else "")
            self._detail.focus_first()

    def _close_detail(self) -> None:
        self._list.open_panel(False)
        self._detail.show_opened(False)

    def _back_to_list(self) -> None:
        """To the same row, wherever it is by now; what another page has led to has no list to go back to."""
        if self._whole:
            self.left.emit()
            return
        self._close_detail()
        self._table.show_current()
        take_focus(self._table)

    def _offer_choices(self) -> None:
        reader = self._till.reader
        self._tasks.run(
            lambda: (reader.operators(), reader.tills()), lambda known: self._find.offer(*known), owner=self
        )
