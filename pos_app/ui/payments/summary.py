"""What a payment is and where it stands: amount, state, customer, code, access, and why."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, Source, State
from pos_app.domain.phone import group, local, mask
from pos_app.domain.unprompted import bound_by, found_by
from pos_app.messages import payments as words
from pos_app.messages.amounts import shown
from pos_app.messages.payment_facts import why_words
from pos_app.ui.style.state_style import ColourRole, state_style
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.name_label import NameLabel
from pos_app.ui.widgets.pill import Pill

_GAP = 12  # px between post and phone
_LONG_AMOUNT = 10_000  # from here on it is set smaller, so that the state fits beside it


class PaymentSummary(QWidget):
    """The upper part of the panel beside the list. The phone number is masked until somebody asks for it.

    Signals:
        copied: the M-PESA code is on the clipboard.
        number_wanted: somebody wants to see the phone number of the `Payment` in full.
    """

    copied = Signal()
    number_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._payment: Payment | None = None
        self._phone_open = False
        self._visits = Visits()
        self._make_parts()
        self._lay_out()
        self._show_number.clicked.connect(self._toggle_number)
        self._code_copy.clicked.connect(self._copy_code)

    def mask_phone(self) -> None:
        """Another payment comes: its number is masked at first."""
        self._visits.end()
        self._phone_open = False

    def show_payment(self, payment: Payment, callback_expected: bool) -> None:
        """Show what is known of a payment now.

        Args:
            callback_expected: whether M-PESA can still bring the code of a paid one by itself.
        """
        self._payment = payment
        paid = payment.state is State.PAID
        self._amount.setText(kes(shown(payment)))
        self._amount.setProperty("long", shown(payment) >= _LONG_AMOUNT)
        self._amount.style().polish(self._amount)
        self._pill.show_payment(payment)
        self._show_phone(payment)
        self._show_code(payment, callback_expected)
        why = why_words(payment)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._why.set_colour(ColourRole.REVIEW if paid else state_style(payment).colour)

    def _make_parts(self) -> None:
        self._amount = Label("", "amount")
        self._amount.setObjectName("detailAmount")
        self._pill = Pill("detailState")
        self._what = NameLabel("", "muted")
        self._what.setObjectName("detailWhat")
        self._phone = Label("", "muted")
        self._phone.setObjectName("detailPhone")
        self._show_number = Button("Show", name="detailShowNumber", kind=Kind.QUIET, height=44, spoken="Show number")
        kept = self._show_number.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the row is as high as it
        self._show_number.setSizePolicy(kept)
        self._show_number.hide()  # until it is known for whom numbers are
        self._code_from = Label("", "small", wrap=True)
        self._code_from.setObjectName("detailCodeFrom")
        self._access = Label("", "small", wrap=True)
        self._access.setObjectName("detailAccess")
        self._code = Label("", "code")
        self._code.setObjectName("detailCode")
        self._code_copy = Button("Copy", name="detailCopyCode", spoken="Copy M-PESA code", height=44)
        self._why = Label("", "note", wrap=True)
        self._why.setObjectName("detailWhy")

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(FlowLayout(self._amount, self._pill, last_right=True))
        who = QHBoxLayout()
        who.setSpacing(0)
        words = QVBoxLayout()
        words.setContentsMargins(0, 4, 0, 4)
        words.addStretch(1)
        words.addLayout(FlowLayout(self._what, self._phone, spacing=_GAP, rows_apart=0))
        words.addStretch(1)
        who.addLayout(words, 1)
        who.addWidget(self._show_number)
        box.addLayout(who)
        box.addWidget(self._code_box())
        box.addWidget(self._why)

    def _code_box(self) -> QWidget:
        self._code_frame = QFrame()
        self._code_frame.setObjectName("sunkenBox")
        row = QHBoxLayout(self._code_frame)
        row.setContentsMargins(14, 8, 11, 8)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._code_from)
        texts.addWidget(self._code)
        texts.addWidget(self._access)
        row.addLayout(texts, 1)
        row.addWidget(self._code_copy)
        return self._code_frame

    def _show_code(self, payment: Payment, callback_expected: bool) -> None:
        paid = payment.state is State.PAID
        self._code_frame.setVisible(paid or payment.receipt is not None)
        self._code_from.setText(f"M-PESA code{_whose(payment)}")
        self._access.setText(words.access_given(payment) if paid else "")
        self._access.setVisible(paid)
        self._code.setText(words.code_or_why_not(payment, callback_expected))
        self._code.setProperty("role", "code" if payment.receipt else "strong")
        self._code.style().polish(self._code)
        self._code_copy.setVisible(payment.receipt is not None)

    def _show_phone(self, payment: Payment) -> None:
        phone = group(local(payment.phone)) if self._phone_open else mask(payment.phone)
        self._what.setText(payment.post_title)
        self._phone.setText(phone)
        self._show_number.set_text("Hide" if self._phone_open else "Show")

    def visit(self) -> Callable[[], bool]:
        """Gives what says, whenever it is called, whether the same payment is still looked at."""
        return self._visits.current()

    def offer_number(self, may: bool) -> None:
        """Offer to show the phone number in full; or do not, and show it no more."""
        self._show_number.setVisible(may)
        if not may and self._payment is not None:
            self._phone_open = False
            self._show_phone(self._payment)

    def show_number(self) -> None:
        """Show the phone number in full."""
        if self._payment is not None:
            self._phone_open = True
            self._show_phone(self._payment)

    def _toggle_number(self) -> None:
        if self._payment is None:
            return
        if self._phone_open:
            self._phone_open = False
            self._show_phone(self._payment)
        else:
            self.number_wanted.emit(self._payment)

    def _copy_code(self) -> None:
        if self._payment is not None and self._payment.receipt:
            QGuiApplication.clipboard().setText(self._payment.receipt)
            self.copied.emit()


def _whose(payment: Payment) -> str:
    """By whose word a code is a payment's, where it is not M-PESA's."""
    if by := bound_by(payment):
        return f", bound by {by}"
    if payment.receipt_by is not Source.OWNER:
        return ""
    return f", found by {by}" if (by := found_by(payment)) else ", as the owner typed it"
