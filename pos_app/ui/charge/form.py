"""The form that asks a customer for money."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.messages import counter as counter_words
from pos_app.sales.checkout import Guarded
from pos_app.sales.till import Till
from pos_app.ui.charge.customer_look import CustomerLook
from pos_app.ui.charge.customer_room import CustomerRoom
from pos_app.ui.charge.form_column import FormColumn, FormParts
from pos_app.ui.charge.form_words import FormWords
from pos_app.ui.charge.keypad import Keypad
from pos_app.ui.charge.typed import Typed
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.basket import Basket, asks_for, since
from pos_app.ui.widgets.basket_panel import BasketPanel
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.phone_field import PhoneField
from pos_app.ui.widgets.renewal import Holdings

ROOMY = QSize(1100, 700)  # with less, the keypad folds away


class ChargeForm(QWidget):
    """Posts, phone, and the one big button. The prompt leaves only by that button (or Enter, which presses it).

    While a charge is being saved, what it was made of stands here and cannot be changed.

    Args:
        is_barcode: whether a text is the barcode of a post: then it is nobody's phone.

    Attributes:
        send: ask the customer now: a `ChargeRequest`.
        basket_changed: other posts are chosen now.
    """

    send = Signal(object)
    basket_changed = Signal()

    def __init__(self, till: Till, tasks: Tasks, is_barcode: Callable[[str], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = clock = till.clock
        self._is_barcode = is_barcode
        self.retry_of: Payment | None = None
        self.phone = PhoneField()
        self.customer = CustomerRoom(CustomerLook(till, tasks, self), clock)
        self.keypad = Keypad()
        self._sent: ChargeRequest | None = None  # what stands here and is being saved
        self.lines = BasketPanel(clock, Holdings(till, tasks, self), self.held)
        self._retry = Label(role="small", wrap=True)
        self._words = FormWords(clock, lambda box: self._scroll.show_soon(box))
        self._button = Button("", name="ask", kind=Kind.PRIMARY, key="Enter", height=64)
        parts = FormParts(self.lines, self._retry, self.phone, self.customer, self.keypad, self._words)
        self._scroll = FormColumn(self, parts, self._button).scroll
        self._connect()
        self.clear()

    def _connect(self) -> None:
        self.phone.changed.connect(self._phone_changed)
        self.customer.chosen.connect(self._choose_phone)
        self.customer.refused.connect(self.show_error)
        self.customer.told.connect(self.phone.edit.setAccessibleDescription)
        self.keypad.unfold.clicked.connect(self._keypad_unfolded)
        self.lines.changed.connect(self._basket_changed)
        self.lines.refused.connect(self.show_error)
        self.keypad.pressed.connect(self._keypad_pressed)
        self.keypad.entered.connect(self._keypad_entered)
        self.phone.refused.connect(self.show_error)
        self._button.clicked.connect(self.press)
        self._words.guard.despite.connect(self._send)
        self._words.guard.cleared.connect(self._refresh)

    def fit(self, window: QSize) -> None:
        """The keypad folds away where the window has little room.

        Args:
            window: in px of the normal text size.
        """
        self.customer.fit(window)
        self.keypad.fold(window.width() < ROOMY.width() or window.height() < ROOMY.height())

    @property
    def pristine(self) -> bool:
        """Whether nobody has chosen or typed anything since it was cleared."""
        return not self.basket and not self.phone.text() and not self.busy

    @property
    def basket(self) -> Basket:
        """What is chosen."""
        return self.lines.basket

    @property
    def busy(self) -> bool:
        """Whether a charge is being saved: it can neither be changed nor taken back."""
        return self._sent is not None

    def held(self) -> bool:
        """Whether a charge is being saved; then that is said, to whoever wants to change the form."""
        if self.busy:
            self.hint(counter_words.IS_BEING_SAVED)
        return self.busy

    @property
    def ready(self) -> bool:
        """Whether Enter would ask somebody, once what has changed was seen."""
        there = self.lines.amount and self.phone.msisdn() and not self._is_barcode(self.phone.text())
        return bool(there and self._words.selling and not self.busy and not self._words.guard.raised)

    @property
    def asking(self) -> tuple[QAbstractButton, ...]:
        """The buttons that send a prompt."""
        return (self._button, self._words.guard.anyway)

    def clear(self) -> None:
        """Empty the form for the next customer, where nothing is being saved."""
        if self.held():
            return
        self.retry_of = None
        self.phone.clear()
        self.lines.take(())

    def renew(self, posts: Mapping[int, Post]) -> None:
        """The catalogue was read: the posts for sale as they are now, by id.

        What the customer would be asked for never becomes something else unseen: it is said, and the next Enter only
        takes that away. A charge that is being saved was for the posts as they stood there.
        """
        if self.busy:
            return
        told = self.lines.renew(posts)
        if told:
            self._words.forget()
            self.keypad.make_room()
            self._words.say_changed(told)
        self._follow_basket()

    def fill(self, basket: Basket, payment: Payment) -> None:
        """Ask again for a not-paid payment, for what its posts are now; the prompt still leaves only by the button."""
        self.clear()
        self.lines.take(basket)
        self.phone.set_msisdn(payment.phone)
        self.retry_of = payment
        told = since(basket, payment)
        if told:
            self._words.say_changed(told)
        self._refresh()

    def typed(self) -> Typed:
        """What stands in the form."""
        return Typed(self.basket, self.phone.text(), self.retry_of)

    def put_back(self, typed: Typed) -> None:
        """Put back what stood in the form."""
        if self.busy:
            return
        self.lines.take(typed.basket)
        self.phone.edit.setText(typed.phone)
        self.retry_of = typed.retry_of
        self._refresh()

    def ended(self, request: ChargeRequest) -> bool:
        """A charge is saved, or will not be; whether it was the one that stands here, which is free again by that."""
        if request is not self._sent:
            return False
        self._hold(None)
        self._words.forget()
        return True

    def _hold(self, request: ChargeRequest | None) -> None:
        self._sent = request
        self.phone.edit.setReadOnly(self.busy)
        self._refresh()

    def show_guarded(self, guarded: Guarded) -> None:
        """The guard stopped it: say why, here."""
        self.keypad.make_room()  # whose phone it is must be seen beside the warning
        self._words.show_guarded(guarded)
        self._refresh()

    def show_error(self, text: str) -> None:
        """Something does not work: say what, here. A charge that is being saved goes on."""
        self._words.say_trouble(text)
        self._refresh()

    @Slot()
    def _keypad_unfolded(self) -> None:
        if self.keypad.isVisible():
            self._scroll.show_soon(self.keypad)
        self._refresh()

    def set_stopped(self, why: str) -> None:
        """Charging stops while nothing can be saved (rule 11), and where this till has lost its letter (rule 27)."""
        self._words.set_stopped(why)
        self._refresh()

    def hint(self, text: str) -> None:
        """Something to know about what was just done; the next thing done takes it away."""
        self._words.say_hint(text)

    @Slot()
    def press(self) -> None:
        """Press the big button, or say what is missing; where the post has changed, only take it that this was seen."""
        if self._words.see_changed():
            self._refresh()
        elif self.ready:
            self._send(frozenset())
        elif not self._words.selling:
            self._words.say_stopped()
        elif not self.busy and not self._words.guard.raised:
            self._say_what_is_missing()

    def _say_what_is_missing(self) -> None:
        trouble = (self.lines.trouble if self.basket else "") or (self._phone_trouble() if self.phone.text() else "")
        if trouble:
            self.show_error(trouble)
        else:
            self.hint(counter_words.TYPE_PHONE if self.basket else counter_words.CHOOSE_FIRST)

    def _phone_trouble(self) -> str:
        barcode = counter_words.IS_A_BARCODE if self._is_barcode(self.phone.text()) else ""
        return self.customer.trouble or self.phone.trouble() or barcode

    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed: a warning about it, and what is known of its customer, say what is true now."""
        self.customer.on_payment_changed(payment)
        self._words.guard.on_payment_changed(payment)

    def press_anyway(self) -> None:
        """Go past the guard, where it leaves that to the operator."""
        self._words.guard.press()

    def dismiss(self) -> bool:
        """Put a warning away; whether there was one."""
        shown = self._words.dismiss()
        self._refresh()
        return shown

    @Slot(object)
    def _send(self, despite: frozenset[int]) -> None:
        msisdn = self.phone.msisdn()
        if self.lines.amount is None or msisdn is None or self.customer.trouble:
            self._say_what_is_missing()
            return
        request = self.typed().request(msisdn, despite, self._clock.since_boot())
        self._words.forget()
        self._words.slow.begin()
        self._hold(request)
        self.send.emit(request)

    @Slot(str)
    def _choose_phone(self, msisdn: str) -> None:
        if not self.held():
            self.phone.set_msisdn(msisdn)
        self.phone.setFocus()

    def take_customer(self, key: int) -> None:
        """Fill in the phone of the nth customer who is offered, where nothing is being saved."""
        if not self.held() and not self.customer.choose(key):
            self.hint(counter_words.nobody_at(key))

    @Slot(str)
    def type_phone(self, key: str) -> None:
        """A key for the phone that did not fall there; see `PhoneField.press`."""
        if not self.held():
            self.phone.press(key)

    @Slot(str)
    def _keypad_pressed(self, key: str) -> None:
        """Into the field of a line where somebody put the cursor, else into the phone."""
        if self.lines.field:
            self.lines.press(key)
        else:
            self.type_phone(key)

    @Slot()
    def _keypad_entered(self) -> None:
        self.phone.setFocus() if self.lines.field or self.customer.naming else self.press()

    def clear_phone(self) -> None:
        """Empty the phone, where nothing is being saved."""
        if not self.held():
            self.phone.clear()

    @Slot()
    def _phone_changed(self) -> None:
        if self.retry_of and self.phone.msisdn() != self.retry_of.phone:
            self.retry_of = None
        self._words.forget()
        if self._words.selling and (self.phone.wrong_for_good() or self._is_barcode(self.phone.text())):
            self._show_phone_trouble()
        self._refresh()

    @Slot()
    def _basket_changed(self) -> None:
        self._words.dismiss()
        self._follow_basket()

    def _follow_basket(self) -> None:
        if self.retry_of and not asks_for(self.basket, self.retry_of):
            self.retry_of = None
        self._refresh()
        self.basket_changed.emit()

    def _show_phone_trouble(self) -> None:
        """Say what is wrong with the phone while it is typed. Keys that a finger is on never move away under it."""
        self._words.say_trouble(self._phone_trouble(), into_sight=not self.keypad.unfolded)

    @Slot()
    def _refresh(self) -> None:
        self.lines.show_for(self.phone.msisdn())
        self._retry.setText(f"Asking again for {self.retry_of.number}" if self.retry_of else "")
        self._retry.setVisible(self.retry_of is not None)
        self.customer.show_for(self.phone, barcode=self._is_barcode(self.phone.text()))
        self.customer.stand_below(listed=self.lines.listed)
        self.keypad.set_low(self.lines.listed)
        self.customer.setVisible(not self._words.guard.raised)  # a warning needs the room more
        self._button.set_text(self._button_words())
        if not self.busy or not self._words.selling:
            self._words.slow.end()
        self._button.setEnabled(self.ready)

    def _button_words(self) -> str:
        if self.keypad.unfolded and self._words.selling and self.phone.wrong_for_good():
            return counter_words.CHECK_PHONE  # what is wrong with it is said below the keypad
        return "Ask" if self.lines.amount is None else f"Ask for {kes(self.lines.amount)}"
