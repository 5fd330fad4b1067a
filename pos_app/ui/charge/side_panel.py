"""The card on the right of the charge page: the form, a payment under way, or its result."""

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.domain.payment import Payment, State
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.form import ChargeForm
from pos_app.ui.charge.progress_panel import ProgressPanel
from pos_app.ui.charge.result_panel import ResultPanel
from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.scrolled import BAR

IN_PROGRESS = (State.REQUESTED, State.PROMPTED)  # the customer is still to act
_WIDTH = 378  # px at the normal text size
_SHARE = 0.46  # of the page at most: the posts need their room too
_EDGE = 20  # px; the boxes inside bring three pixels of their own, and the three panels the room for a bar


class SidePanel(Card):
    """Shows one of the three, as wide as the text size asks and the page allows.

    Args:
        page: what it stands on.
        active: knows the time, and whether a payment's result comes by itself.

    Attributes:
        stack: the three are made in it. What is made elsewhere and moved in is styled again, down to its last part.
        changed: it shows something else, or the same payment as it is now.
    """

    changed = Signal()

    def __init__(self, page: QWidget, active: ActivePayments) -> None:
        super().__init__(parent=page)
        self.body.setContentsMargins(_EDGE, _EDGE + 3, _EDGE - BAR, _EDGE)
        self._page = page
        self._active = active
        self._shown: Payment | None = None
        self.stack = QStackedWidget(self)
        self.body.addWidget(self.stack)

    def hold(self, form: ChargeForm, progress: ProgressPanel, result: ResultPanel) -> None:
        """Take the three, which were made in its `stack`."""
        self._form, self._progress, self._result = form, progress, result
        for part in (form, progress, result):
            self.stack.addWidget(part)
        self._page.installEventFilter(self)
        self._fit()

    @property
    def shown(self) -> Payment | None:
        """The payment that it shows; None where the form is there."""
        return self._shown

    def show_form(self) -> None:
        """Show the form, as it was left."""
        self._shown = None
        self.stack.setCurrentWidget(self._form)
        self.changed.emit()

    def show_payment(self, payment: Payment) -> bool:
        """Show how a payment goes, or how it went; gives whether that is another payment or another state."""
        before, self._shown = self._shown, payment
        part = self._part(payment)
        part.show_payment(payment, self._active.now(), self._active.callback_expected(payment))
        self.stack.setCurrentWidget(part)
        another = before is None or (before.id, before.state) != (payment.id, payment.state)
        if another:
            part.scroll_to_top()  # the focus that the form lost may have gone to what lies below
        self.changed.emit()
        return another

    @Slot()
    def tick(self) -> None:
        """A second has gone: ages and waits are others now."""
        if self._shown:
            self._part(self._shown).tick(self._active.now(), self._active.callback_expected(self._shown))

    @Slot(str)
    def set_message(self, text: str) -> None:
        """Say something about the payment that is shown, in its own place."""
        if self._shown:
            self._part(self._shown).set_message(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page has another size, or the text."""
        if watched is self._page and event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._fit()
        return super().eventFilter(watched, event)

    def _part(self, payment: Payment) -> ProgressPanel | ResultPanel:
        return self._progress if payment.state in IN_PROGRESS else self._result

    def _fit(self) -> None:
        self.setFixedWidth(min(scaled(_WIDTH), round(self._page.width() * _SHARE)))
