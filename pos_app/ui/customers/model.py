"""The customers that were found, and the payments of one of them: lists that load as they are scrolled."""

from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QObject

from pos_app.domain.customer_record import FoundCustomer
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.messages import payments as words
from pos_app.messages.amounts import cell_words
from pos_app.sales.customer_cards import PAGE
from pos_app.sales.ports import Clock
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.paged_model import PagedModel


class CustomerColumn(IntEnum):
    """The columns of the customers."""

    PHONE = 0
    NAME = 1


class CustomersModel(PagedModel[FoundCustomer]):
    """Customers, newest first, their numbers masked."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(("Phone", "Name"), _customer_text, (), tasks, parent, PAGE)

    def row_of(self, customer_id: int) -> int | None:
        """Where a customer stands, or None."""
        return next((row for row, one in enumerate(self._rows) if one.id == customer_id), None)


class TheirColumn(IntEnum):
    """The columns of a customer's payments."""

    TIME = 0
    POST = 1
    AMOUNT = 2
    STATE = 3


class TheirPaymentsModel(PagedModel[Payment]):
    """The payments of one customer, newest first."""

    def __init__(self, tasks: Tasks, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(
            ("Time", "Post", "KES", "State"),
            lambda payment, column: _payment_text(payment, column, clock.corrected()),
            (TheirColumn.AMOUNT,),
            tasks,
            parent,
            PAGE,
        )


def _customer_text(customer: FoundCustomer, column: int) -> str:
    return mask(customer.phone) if column == CustomerColumn.PHONE else customer.name or ""


def _payment_text(payment: Payment, column: int, now: datetime) -> str:
    match column:
        case TheirColumn.TIME:
            return words.since(payment.created_at, now)
        case TheirColumn.POST:
            return payment.post_title
        case TheirColumn.AMOUNT:
            return cell_words(payment)
        case _:
            return words.pill_words(payment)
