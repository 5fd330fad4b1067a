"""What can be done about a payment: the buttons below what happened to it."""

from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from pos_app.domain.correction import can_be_undone
from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.payment import NOT_PAID_STATES, Payment, Remark, State
from pos_app.domain.phone import is_erased
from pos_app.domain.refund import refundable
from pos_app.domain.withdrawal import lasting_lines
from pos_app.ui.text_form import FINISH
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button


class PaymentActions(QWidget):
    """Which of them are there depends on the payment. Whoever shows it connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("detailActions")
        self.check = Button("Check now", name="detailCheck", key="F5")
        self.receipt = Button("Receipt", name="detailReceipt", icon="printer", spoken="Show the receipt")
        self.type_code = Button("Type code from SMS", name="detailTypeCode", icon="pencil")
        self.again = Button("Ask again", name="detailAgain", key="Ctrl R")
        self.note = Button("Add note", name="detailNote", spoken="Add a note")
        self.copy = Button("Copy for support", name="detailCopy", spoken="Copy for support, numbers masked")
        self.settle = Button("Owner settles...", name="detailSettle", icon="pencil")
        self.slip = Button("Refund slip", name="detailSlip", icon="printer", spoken="Show the refund slip")
        self.refund = Button("Refund...", name="detailRefund", icon="corner-down-left", spoken="Record a refund")
        self.withdraw = Button("Withdraw access...", name="detailWithdraw", icon="x", spoken="Withdraw access")
        self.unbind = Button("Undo bind...", name="detailUnbind", spoken="Undo the bind")
        self._buttons = (
            self.type_code,
            self.settle,
            self.slip,
            self.refund,
            self.withdraw,
            self.unbind,
            self.check,
            self.receipt,
            self.again,
            self.note,
            self.copy,
        )
        self._due = False  # money has to go back: that is the first thing to do
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setSpacing(4)
        self._rows.setContentsMargins(0, 0, 0, 0)
        for part in (
            self.type_code,
            self.settle,
            ButtonRow(self.slip, self.refund, self.withdraw, among=True),
            ButtonRow(self.unbind, self.check, self.receipt, self.again, among=True),
            ButtonRow(self.note, self.copy, among=True),
        ):
            self._rows.addWidget(part)

    def show_for(self, payment: Payment, now: datetime, *, typing_code: bool, has_note: bool) -> None:
        """Offer what a payment allows.

        Args:
            now: UTC, by M-PESA's clock where that is known.
            typing_code: its code is being typed.
            has_note: a note about it was begun.
        """
        paid = payment.state is State.PAID
        self.settle.setVisible(bool(allowed_settlements(payment, now)))
        self.note.setVisible(not is_erased(payment.phone))
        self.check.setVisible(payment.state.open)
        self.check.setEnabled(payment.query_id is not None)
        self.receipt.setVisible(paid)
        self.slip.setVisible(payment.refunded > 0)
        self.refund.setVisible(refundable(payment) > 0 or payment.refunded > 0)  # it can be taken back, too
        self.unbind.setVisible(can_be_undone(payment))
        self.withdraw.setVisible(bool(lasting_lines(payment, now)))
        self._due = payment.refund_due or Remark.REST_DUE in payment.unseen
        self.again.setVisible(payment.state in NOT_PAID_STATES)
        self.type_code.setVisible(paid and payment.receipt is None and not typing_code)
        self.note.set_text(FINISH if has_note else "Add note")
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where all of them fit beside each other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wanted = sum(button.sizeHint().width() + 4 for button in self._buttons if not button.isHidden())
        fits = wanted <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._rows.direction():
            self._rows.setDirection(direction)

    def show_printed(self, printed: bool) -> None:
        """Whether the next print of the receipt is a copy."""
        self.receipt.set_text("Print copy" if printed else "Receipt")

    def first(self) -> Button:
        """The first of those that can be done."""
        buttons = (
            *([self.refund] if self._due else []),
            self.type_code,
            self.settle,
            self.check,
            self.receipt,
            self.again,
            self.copy,
        )
        return next(button for button in buttons if not button.isHidden())
