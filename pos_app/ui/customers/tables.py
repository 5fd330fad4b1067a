"""The tables of customers and of one customer's payments, and how their rows look."""

import math

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from pos_app.domain.customer_record import FoundCustomer
from pos_app.domain.payment import Payment
from pos_app.ui.customers.model import CustomerColumn, CustomersModel, TheirColumn, TheirPaymentsModel
from pos_app.ui.style.state_style import state_style
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ROW_ROLE
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, FIRST_LEFT, ROW_HEIGHT, Index, ListTable
from pos_app.ui.widgets.pill import draw_pill, pill_width

_NAME, _PHONE, _POST = 100, 160, 90  # px at the normal text size
_TIME, _AMOUNT = 52, 84  # the time at least
_SHOWN = 4  # payments that are seen at once


class _CustomerDelegate(ListDelegate):
    """Most customers have a number only: it comes first."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        weight = QFont.Weight.Medium if index.column() == CustomerColumn.PHONE else QFont.Weight.Normal
        paint_text(painter, rect, index, font(15, weight), theme.ink)


class CustomersTable(ListTable):
    """The customers that were found.

    Signals:
        current_changed: the `FoundCustomer` that is current now; None where there is none.
    """

    current_changed = Signal(object)

    def __init__(self, model: CustomersModel) -> None:
        self._customers = model
        self._kept: int | None = None
        super().__init__(model, name="customersTable", spoken="Customers", main=CustomerColumn.NAME)
        self.setItemDelegate(_CustomerDelegate(self))
        model.modelAboutToBeReset.connect(self._keep_current)
        model.modelReset.connect(self._restore_current)

    @property
    def current(self) -> FoundCustomer | None:
        """The customer that is selected."""
        return self._customers.row_at(self.currentIndex().row())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell who is current now."""
        super().currentChanged(current, previous)
        self.current_changed.emit(self._customers.row_at(current.row()))

    def fit(self) -> None:
        """The name has what the number leaves."""
        self.fit_columns({CustomerColumn.NAME: scaled(_NAME), CustomerColumn.PHONE: scaled(_PHONE)}, ())

    def _keep_current(self) -> None:
        current = self.current
        self._kept = current.id if current else None

    def _restore_current(self) -> None:
        """After a new look-up: the same customer where they are still there, otherwise the first."""
        row = self._customers.row_of(self._kept) if self._kept is not None else None
        if self._customers.rowCount():
            self.go_to_row(row or 0)
        else:
            self.current_changed.emit(None)


class _PaymentDelegate(ListDelegate):
    """The state is a pill, the amount is bold."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        match index.column():
            case TheirColumn.STATE:
                style, text = state_style(index.data(ROW_ROLE)), str(index.data())
                text = text if pill_width(style.icon, text) <= rect.width() else ""
                draw_pill(painter, QPointF(rect.left(), rect.center().y()), style.icon, text, style.colour)
            case TheirColumn.AMOUNT:
                short = f"{index.data(ROW_ROLE).received:,}"
                paint_text(painter, rect, index, font(15, QFont.Weight.DemiBold), theme.ink, short)
            case column:
                paint_text(painter, rect, index, font(15), theme.muted if column == TheirColumn.TIME else theme.ink)


class TheirPaymentsTable(ListTable):
    """The payments of the customer that is shown, a few of them seen at once. Enter opens one."""

    def __init__(self, model: TheirPaymentsModel) -> None:
        self._payments = model
        super().__init__(model, name="customerPayments", spoken="Their payments", main=TheirColumn.POST)
        self.setItemDelegate(_PaymentDelegate(self))
        for changed in (model.modelReset, model.rowsInserted):
            changed.connect(self.fit)

    @property
    def current(self) -> Payment | None:
        """The payment that is selected."""
        return self._payments.row_at(self.currentIndex().row())

    def fit(self) -> None:
        """As high as its payments, and its columns as the room allows."""
        rows = max(1, min(_SHOWN, self._payments.rowCount()))
        self.setFixedHeight(rows * ROW_HEIGHT + self.horizontalHeader().sizeHint().height() + 2)
        times, states = self._texts(TheirColumn.TIME), self._texts(TheirColumn.STATE)
        time = max((math.ceil(QFontMetricsF(font(15)).horizontalAdvance(text)) for text in times), default=0)
        widths: dict[int, int] = {
            TheirColumn.TIME: max(time + CELL_LEFT + CELL_RIGHT, scaled(_TIME)),
            TheirColumn.POST: scaled(_POST),
            TheirColumn.AMOUNT: scaled(_AMOUNT),
        }
        room = self.viewport().width() - widths[TheirColumn.TIME] - widths[TheirColumn.AMOUNT] - FIRST_LEFT
        words = max(map(_state_width, states), default=0)
        icon = max(_state_width(""), self.horizontalHeader().sectionSizeHint(TheirColumn.STATE))
        widths[TheirColumn.STATE] = words if icon <= words <= room else icon  # what is not paid never looks paid
        self.fit_columns(widths, (TheirColumn.POST,))

    def _texts(self, column: TheirColumn) -> set[str]:
        """What stands in a column."""
        rows = range(self._payments.rowCount())
        return {str(self._payments.index(row, column).data()) for row in rows}


def _state_width(text: str) -> int:
    return math.ceil(pill_width("check", text)) + CELL_LEFT + CELL_RIGHT
