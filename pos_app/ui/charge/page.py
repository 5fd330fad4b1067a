"""The page where customers are charged: the active payments, the posts, and the panel on the right."""

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.payment import Payment, State
from pos_app.domain.post_finder import Shelf
from pos_app.messages import counter as counter_words
from pos_app.messages.window import cannot_save
from pos_app.sales.till import Till
from pos_app.ui.charge.active_column import ActiveColumn
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.answers import LateAnswers
from pos_app.ui.charge.flow import ChargeFlow
from pos_app.ui.charge.form import ROOMY, ChargeForm
from pos_app.ui.charge.keyboard import ChargeKeyboard
from pos_app.ui.charge.post_grid import PostGrid
from pos_app.ui.charge.progress_panel import ProgressPanel
from pos_app.ui.charge.result_panel import ResultPanel
from pos_app.ui.charge.side_panel import IN_PROGRESS, SidePanel
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.basket import Basket

PAID_SHOWN = 6_000  # ms until a paid result makes room for the next customer
_NO_CARDS_BELOW = 1060
_FIGURES_AFTER = 300  # ms: several changes in a row are one look at the figures
_DAY_LOOKED_AT = 5_000  # ms: yesterday's figures stay no longer; a timer until midnight would sleep with the computer


class ChargePage(QWidget):
    """Serves one customer after the other.

    Attributes:
        receipt_wanted: show the receipt of a payment (its id).
        posts_wanted: go to the posts page.
        said: something to know about the till, in words, whatever the page shows.
        customer: the id of the payment of who is served now, whose result may take the panel over; None for nobody.
    """

    said = Signal(str)
    receipt_wanted = Signal(int)
    posts_wanted = Signal()

    def __init__(self, till: Till, tasks: Tasks, events: TillEvents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._till = till
        self.customer: int | None = None
        self._last_paid: Payment | None = None
        self.active = ActivePayments(till, tasks, events, self)
        self.flow = ChargeFlow(till, tasks, self)
        self.column = ActiveColumn(self.active, self)
        self.grid = PostGrid(self)
        self.panel = SidePanel(self, self.active)
        self.form = ChargeForm(till, tasks, self.grid.has_barcode, self.panel.stack)
        self.progress = ProgressPanel(till.shop, self.panel.stack)
        self.result = ResultPanel(till.checkout.wait_left, self.panel.stack)
        self.panel.hold(self.form, self.progress, self.result)
        self.keyboard = ChargeKeyboard(self, till.clock)
        self._paid_timer = QTimer(self, singleShot=True, interval=PAID_SHOWN)
        self._paid_timer.setObjectName("paidTimer")
        self._figures_timer = QTimer(self, singleShot=True, interval=_FIGURES_AFTER)
        self._day_timer = QTimer(self, interval=_DAY_LOOKED_AT)
        self._day_timer.setObjectName("dayTimer")
        self._lay_out()
        self._connect()
        LateAnswers(self)
        events.payment_changed.connect(self._any_changed)
        events.saving_changed.connect(self.set_saving)
        events.letter_lost.connect(self.form.set_stopped)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(21, 17, 21, 17)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addSpacing(4)  # the rest of the gap is the column's own, for its scroll bar
        row.addWidget(self.grid, 1)
        row.addSpacing(14)
        row.addWidget(self.panel)

    def _connect(self) -> None:
        self.active.changed.connect(self._payment_changed)
        self.active.ticked.connect(self.panel.tick)
        self.column.chosen.connect(self.show_active)
        self.column.attention_chosen.connect(self.show_payment)
        self.grid.chosen.connect(self.choose_post)
        self.grid.posts_wanted.connect(self.posts_wanted)
        self.form.phone.changed.connect(self.flow.warm)
        self.form.send.connect(self.flow.charge)
        self.form.send.connect(self.grid.begin)
        self.form.basket_changed.connect(self._mark_posts)
        self.progress.check_wanted.connect(self.check_now)
        self.progress.next_wanted.connect(self.serve_next)
        self.progress.stop_wanted.connect(self.new_charge)
        self.result.new_wanted.connect(self.new_charge)
        self.result.again_wanted.connect(self.flow.ask_again)
        self.result.receipt_wanted.connect(self.receipt_wanted)
        self.result.check_wanted.connect(self.check_now)
        self._paid_timer.timeout.connect(self.new_charge)
        self._figures_timer.timeout.connect(self.flow.read_figures)
        self._day_timer.timeout.connect(self.flow.read_new_day)
        self._connect_flow()

    def _connect_flow(self) -> None:
        flow = self.flow
        flow.charged.connect(self._charged)
        flow.posts.connect(self._show_posts)
        flow.recent.connect(self.form.customer.show_recent)
        flow.totals.connect(self.column.show_totals)
        flow.attention.connect(self.column.show_attention)
        flow.last_paid.connect(self._remember_paid)

    def load(self) -> None:
        """Read everything that the page shows."""
        self.active.load()
        self.flow.read_posts()
        self.flow.read_recent()
        self.flow.read_figures()
        self.flow.read_last_paid()
        self._day_timer.start()
        self.set_saving(self._till.writer.saving)

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it reads the figures again: another till may have sold."""
        super().showEvent(event)
        self._figures_timer.start()

    def fit(self, window: QSize) -> None:
        """Where the window has little room the keypad folds away first, then the active payments become counts."""
        self.form.fit(window)
        self.column.set_narrow(window.width() < _NO_CARDS_BELOW)
        for panel in (self.progress, self.result):
            panel.set_compact(window.height() < ROOMY.height())

    # --- what the operator does ----------------------------------------------------------------------

    @property
    def shown(self) -> Payment | None:
        """The payment on the panel; None where the form is there."""
        return self.panel.shown

    @property
    def makes_room(self) -> bool:
        """Whether the panel shows a customer's payment that is paid: any key goes on to the next one."""
        return self._paid_timer.isActive()

    @Slot()
    def new_charge(self) -> None:
        """An empty charge, with the cursor in the phone field (F2)."""
        self.customer = None
        self.show_form()
        self.form.clear()
        self.grid.begin()
        self.form.phone.setFocus()

    @Slot()
    def serve_next(self) -> None:
        """Leave a payment on its way; its result comes back here while nobody types for the next customer."""
        self.show_form()
        self.form.phone.setFocus()

    def take_cursor(self) -> None:
        """Back on this page: the cursor where it was left, else in the phone field."""
        left = self.focusWidget()
        if self.shown is None and (left is None or left is self or not left.isVisible()):
            left = self.form.phone
        (left or self).setFocus()

    def leave_panel(self) -> None:
        """Somebody begins to serve the next customer while the panel shows a payment."""
        self.new_charge() if self.makes_room else self.serve_next()

    @Slot()
    def to_phone(self) -> None:
        """The cursor in the phone field (F3)."""
        self.serve_next()

    @Slot()
    def escape(self) -> None:
        """Leave what the panel shows; else empty the form, one thing a press."""
        if self.shown is None:
            self.keyboard.escape()
        elif self.shown.state in IN_PROGRESS:
            self.serve_next()
        else:
            self.new_charge()

    @Slot()
    def check_now(self) -> None:
        """Ask M-PESA about the payment on the panel, or about the oldest open one (F5)."""
        shown = self.shown if self.isVisible() else None
        if shown is None:
            self.flow.check_oldest()
        elif shown.state.open:
            self.flow.check(shown)
        else:
            self.panel.set_message(counter_words.FINISHED)

    @Slot()
    def show_receipt(self) -> None:
        """The receipt of the payment on the panel, never another customer's; with no panel, the last one (F9)."""
        shown = self.shown if self.isVisible() else None
        if shown and shown.state is not State.PAID:
            self.panel.set_message(counter_words.NO_RECEIPT)
            return
        paid = shown or self._last_paid
        if paid is None:
            self.said.emit(counter_words.NO_RECEIPT_YET)
            return
        self._paid_timer.stop()
        if shown is None:
            self.said.emit(counter_words.last_receipt(paid))
        self.receipt_wanted.emit(paid.id)

    def ask_again(self, payment: Payment) -> None:
        """Show a payment that is not paid, and see whether it may be asked for again: that fills the form."""
        self.show_payment(payment)
        self.result.press_again()

    @Slot()
    def previous_payment(self) -> None:
        """Go through the payments in progress, from the newest to the oldest (Alt+Left)."""
        payments = [payment for payment in self.active.payments() if payment.state.open]
        older = [payment for payment in payments if self.shown and payment.id < self.shown.id]
        if payments:
            self.show_payment((older or payments)[0])
        else:
            self.said.emit(counter_words.NOBODY_PAYS)

    @Slot(int)
    def show_active(self, payment_id: int) -> None:
        """Show an active payment."""
        payment = self.active.payment(payment_id)
        if payment:
            self.show_payment(payment)

    @Slot(object)
    def show_payment(self, payment: Payment) -> None:
        """Show a payment on the panel; what was typed for the next customer stays in the form."""
        self.customer = None
        self._present(self.active.newest(payment))

    @Slot(object)
    def choose_post(self, post: Post) -> None:
        """One more of this is what the customer pays for. What was typed of the phone stays."""
        self.show_form()
        self.form.lines.add(post)
        self.grid.search.edit.clear()
        if not self.form.lines.ask_price():
            self.form.phone.setFocus()

    @Slot()
    def to_price(self) -> None:
        """The cursor into the price that is still to be typed, of the one post whose price is asked, if any (F4)."""
        self.show_form()
        if self.form.lines.ask_price(again=True):
            return
        post = self.grid.open_price
        if post:
            self.choose_post(post)
        else:
            self.form.hint(counter_words.NO_OPEN_PRICE)

    # --- what the till says --------------------------------------------------------------------------

    @Slot(object)
    def _show_posts(self, shelf: Shelf) -> None:
        self.grid.show_shelf(shelf)
        if self.grid.empty and self.form.phone.edit.hasFocus() and self.form.pristine:
            self.grid.offer_to_add()
        if self.form.basket:
            self.form.renew(self.grid.by_id)

    @Slot(bool)
    def set_saving(self, saving: bool) -> None:
        """Let the form charge, or stop it while the computer cannot save."""
        lease = self._till.lease
        stopped = "" if saving else cannot_save(server=lease is not None)
        self.form.set_stopped((lease.lost if lease else "") or stopped)

    @Slot(object, object)
    def _charged(self, request: ChargeRequest, payment: Payment) -> None:
        self.flow.read_recent()
        if self.form.ended(request):
            self.customer = payment.id
            if self.shown is None:  # else somebody looks at another payment, and this one is among those in progress
                self._present(self.active.newest(payment))
            self.form.clear()  # after: behind the panel no line that goes is laid out again

    @Slot(object)
    def _payment_changed(self, payment: Payment) -> None:
        if payment.state is State.PAID:
            self._remember_paid(payment)
        shown = self.shown is not None and self.shown.id == payment.id
        result = payment.id == self.customer and payment.state not in IN_PROGRESS
        if shown or (result and self.idle):
            self._present(payment)

    @Slot(object)
    def _any_changed(self, payment: Payment) -> None:
        """Any payment changed, also one that is not active any more, or another till's that is settled here."""
        self._figures_timer.start()
        self.form.on_payment_changed(payment)
        shown = self.shown
        if shown and shown.id == payment.id and payment.version > shown.version:
            self._present(payment)

    @property
    def idle(self) -> bool:
        """Whether nobody has begun to serve the next customer."""
        return self.shown is None and self.form.pristine and not self.grid.search.edit.text()

    def fill_again(self, basket: Basket, payment: Payment) -> None:
        """Have the form ask the customer of a not-paid payment once more; the prompt leaves only by its button."""
        self.new_charge()
        self.form.fill(basket, payment)
        self.form.phone.setFocus()

    @Slot(object)
    def _remember_paid(self, payment: Payment | None) -> None:
        if payment and (self._last_paid is None or payment.id >= self._last_paid.id):
            self._last_paid = payment

    # --- the panel -----------------------------------------------------------------------------------

    def _present(self, payment: Payment) -> None:
        changed = self.panel.show_payment(payment)
        self.column.mark(payment.id)
        leaves = payment.state is State.PAID and payment.id == self.customer and not payment.needs_attention
        if changed:
            self.setFocus()  # no button of a panel that appears by itself must catch the next key
        if not leaves:
            self._paid_timer.stop()  # also where it turns out only now that somebody must look at it
        elif changed:
            self._paid_timer.start()

    def show_form(self) -> None:
        """The form in the panel's place, as it was left."""
        self._paid_timer.stop()
        self.panel.show_form()
        self.column.mark(None)

    @Slot()
    def _mark_posts(self) -> None:
        self.grid.mark({chosen.post.id: chosen.quantity for chosen in self.form.basket})
