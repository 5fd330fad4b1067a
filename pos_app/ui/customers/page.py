"""Looking customers up: find, the list, and one of them in detail."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.search import shown
from pos_app.sales.till import Till
from pos_app.ui.customers.detail import CustomerDetail
from pos_app.ui.customers.handing_out import ChooseFile, ask_for_file
from pos_app.ui.customers.model import CustomersModel
from pos_app.ui.customers.tables import CustomersTable
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import EmptyLabel, Label
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel, PanelWidth

DEBOUNCE = 40  # ms from the last key typed to the look-up: those of a scanner are one
NOBODY = "No customers yet: whoever is asked for money is one."
_DETAIL_WIDTH = PanelWidth(470, 400, 0.5)


class CustomersPage(QWidget):
    """The page of customers. Reads only in tasks.

    Signals:
        payment_wanted: the number of a payment to look at.
    """

    payment_wanted = Signal(str)

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        events: TillEvents,
        parent: QWidget | None = None,
        *,
        choose_file: ChooseFile = ask_for_file,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("customersPage")
        self._till = till
        self._model = CustomersModel(tasks, self)
        self._typing = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._field = SearchField(
            name="customersFind",
            spoken="Find customers by phone or name",
            placeholder="Phone or name",
            key="Ctrl F",
        )
        self._table = CustomersTable(self._model)
        self._empty = EmptyLabel(name="customersEmpty")
        self._below = Label("", "small", wrap=True)
        self._below.setObjectName("customersFooter")
        self._below.setContentsMargins(17, 12, 17, 12)
        self._detail = CustomerDetail(till, tasks, choose_file)
        self._list = ListBesidePanel(
            self._field,
            above=(FieldRow(self._field),),
            table=self._table,
            instead=(self._empty,),
            below=self._below,
            panel=self._detail,
            width=_DETAIL_WIDTH,
        )
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._list)
        self.setFocusProxy(self._field.edit)
        self._connect(events)

    def look_up(self) -> None:
        """Look up what the field says, now."""
        self._typing.stop()
        text = self._field.edit.text()
        self._model.ask(lambda last: self._till.cards.find(text, last.id if last else None))

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it looks again."""
        super().showEvent(event)
        self._detail.read_posts()
        self.look_up()
        self._list.focus_find()

    def _connect(self, events: TillEvents) -> None:
        events.payment_changed.connect(self._show_change)
        self._typing.timeout.connect(self.look_up)
        self._field.edit.textChanged.connect(lambda: self._typing.start())
        self._field.edit.returnPressed.connect(self._enter_list)
        self._model.answered.connect(self._show_answer)
        self._model.failed.connect(self._show_failure)
        self._table.current_changed.connect(self._detail.show_customer)
        self._table.opened.connect(self._open_customer)
        self._detail.left.connect(self._table.setFocus)
        self._detail.named.connect(self.look_up)
        self._detail.payment_wanted.connect(self.payment_wanted)

    @property
    def _is_behind(self) -> bool:
        """Whether the rows are not those of what is typed, yet: Enter means none of them."""
        return self._typing.isActive() or self._model.awaited

    def _open_customer(self) -> None:
        if not self._is_behind:
            self._detail.focus_first()

    def _enter_list(self) -> None:
        """Enter looks at once; into the rows only where they are those of what is typed."""
        if self._typing.isActive():
            self.look_up()
        elif not self._is_behind and self._list.shows(self._table):
            self._table.setFocus()

    def _show_answer(self) -> None:
        count, typed = self._model.rowCount(), shown(self._field.edit.text())
        self._list.show_part(self._table if count else self._empty)
        if not count:
            self._empty.setText(nothing_found(typed) if typed else NOBODY)
        more = self._model.canFetchMore(self._model.index(-1, -1))
        words = "1 customer" if count == 1 else f"{count:,} customers"
        self._below.setText(f"{words} and more" if more else words)

    def _show_failure(self, text: str) -> None:
        self._empty.setText(text)
        self._list.show_part(self._empty)
        self._below.setText("")

    def _show_change(self, payment: Payment) -> None:
        if self.isVisible() and (current := self._table.current) and current.id == payment.customer_id:
            self._detail.reload()


def nothing_found(typed: str) -> str:
    """Why nobody was found."""
    return (
        f"Nobody matches '{typed}'. Type the phone, or three and more of its last digits, or the beginning of the name."
    )
