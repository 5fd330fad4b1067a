"""The table of payments: columns that fit, and a place that does not jump when a payment is added on top."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.search import Sort
from pos_app.messages.amounts import cell_words, differs
from pos_app.ui.payments.delegate import PaymentDelegate, cell_width
from pos_app.ui.payments.model import SORTED, PaymentColumn, PaymentsModel
from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.list_table import ROW_HEIGHT, Index, ListTable

_TODAY, _OTHER_DAYS, _OTHER_YEARS = "00:00", "00 Mmm 00:00", "00 Mmm 0000 00:00"
_WIDEST = {
    PaymentColumn.NUMBER: "A-00000",
    PaymentColumn.PHONE: "0700 ••• 000",
    PaymentColumn.AMOUNT: "250,000",
    PaymentColumn.STATE: "Needs checking",
    PaymentColumn.CODE: "WWW0W0W0WW",
}
_POST_ROOM = 110  # px at the normal text size
_CAN_GO = (
    PaymentColumn.TIME,
    PaymentColumn.POST,
    PaymentColumn.NUMBER,
    PaymentColumn.CODE,
)  # where there is no room; the detail shows them


class PaymentsTable(ListTable):
    """The list of payments that were found.

    Signals:
        current_changed: the payment that is now current, or that changed; None where there is none.
        sort_wanted: the `Sort` that a click on a heading asks for.
    """

    current_changed = Signal(object)
    sort_wanted = Signal(object)

    def __init__(self, model: PaymentsModel, parent: QWidget | None = None) -> None:
        self._payments = model
        self._kept: Payment | None = None
        self._sort = Sort.NEWEST
        self._both_figures: set[str] = set()
        self._other_years = False
        super().__init__(model, name="paymentsTable", spoken="Payments", main=PaymentColumn.POST, parent=parent)
        self.setItemDelegate(PaymentDelegate(self))
        self._today_only = True
        self.show_days(today_only=True)
        model.modelAboutToBeReset.connect(self._keep_current)
        for changed in (model.modelReset, model.rowsInserted, model.dataChanged):
            changed.connect(self._fit_rows)
        model.modelReset.connect(self._restore_current)
        model.rowsInserted.connect(self._hold_still)
        model.dataChanged.connect(self._retell_current)
        for moved in (model.modelReset, model.rowsInserted, self.verticalScrollBar().valueChanged):
            moved.connect(self._tell_seen)
        self.doubleClicked.connect(self.opened)
        self._make_headings()

    @property
    def current(self) -> Payment | None:
        """The payment that is selected."""
        return self._payments.row_at(self.currentIndex().row())

    def show_days(self, *, today_only: bool) -> None:
        """Give the time column room for a date where the list spans days."""
        self._today_only = today_only
        self.fit()

    def show_sort(self, sort: Sort) -> None:
        """Mark the heading by which the list is in order."""
        self._sort = sort
        column = next(column for column, sorts in SORTED.items() if sort in sorts)
        # Qt's own style points up for what goes down; the computer's file manager points the way that the figures go
        order = Qt.SortOrder.AscendingOrder if sort.descending else Qt.SortOrder.DescendingOrder
        self.horizontalHeader().setSortIndicator(column, order)

    def show_current(self) -> None:
        """Scroll to the current row, which may have moved while nobody saw the list."""
        self.scrollTo(self.currentIndex())

    def fit(self) -> None:
        """The post has what the others leave; where there is no room for all, the detail shows what goes."""
        time = _OTHER_YEARS if self._other_years else _TODAY if self._today_only else _OTHER_DAYS
        texts = {**_WIDEST, PaymentColumn.TIME: time}
        widths: dict[int, int] = {column: cell_width(column, text) for column, text in texts.items()}
        both = max((cell_width(PaymentColumn.AMOUNT, text) for text in self._both_figures), default=0)
        room = self.viewport().width() - widths[PaymentColumn.PHONE] - widths[PaymentColumn.STATE]
        if widths[PaymentColumn.AMOUNT] < both <= room:
            widths[PaymentColumn.AMOUNT] = both  # where there is no room, the detail shows both
        widths[PaymentColumn.POST] = scaled(_POST_ROOM)
        self.fit_columns(widths, _CAN_GO)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which payment is current now."""
        super().currentChanged(current, previous)
        self._tell_seen()
        self.current_changed.emit(self._payments.row_at(current.row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are seen."""
        super().resizeEvent(event)
        self._tell_seen()

    def _make_headings(self) -> None:
        """Those by which the list can be put in order take a click."""
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._heading_clicked)
        self.show_sort(self._sort)

    def _heading_clicked(self, column: int) -> None:
        if column in SORTED:
            first, other = SORTED[PaymentColumn(column)]
            self.sort_wanted.emit(other if self._sort is first else first)
        self.show_sort(self._sort)  # Qt has marked whatever was clicked

    def _tell_seen(self) -> None:
        """What is seen is held; what is far from it need not be."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        end = self._payments.rowCount() - 1
        if end >= 0:
            self._payments.look_at(max(first, 0), last if last >= 0 else end, self.currentIndex().row())

    def _fit_rows(self) -> None:
        """Two figures stand in a row where another amount was paid than asked, and the year where it is another one."""
        payments = self._payments.payments
        both = {cell_words(payment) for payment in payments if differs(payment)}
        other_years = self._payments.reaches_another_year()
        if (both, other_years) != (self._both_figures, self._other_years):
            self._both_figures, self._other_years = both, other_years
            self.fit()

    def _keep_current(self) -> None:
        self._kept = self.current

    def _restore_current(self) -> None:
        """After a new look-up: the same payment where it is still there, otherwise the first."""
        row = self._payments.row_of(self._kept) if self._kept is not None else None
        if self._payments.rowCount():
            self.go_to_row(row or 0)
        else:
            self.current_changed.emit(None)

    def _hold_still(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Rows that come in above what is seen move the scroll bar, not what is seen."""
        if not self.currentIndex().isValid():
            self.go_to_row(0)
        bar = self.verticalScrollBar()
        if first * ROW_HEIGHT < bar.value():
            added = (last - first + 1) * ROW_HEIGHT
            bar.setMaximum(bar.maximum() + added)
            bar.setValue(bar.value() + added)

    def _retell_current(self, first: QModelIndex, last: QModelIndex, _roles: Sequence[int] = ()) -> None:
        if first.row() <= self.currentIndex().row() <= last.row():
            self.current_changed.emit(self.current)
