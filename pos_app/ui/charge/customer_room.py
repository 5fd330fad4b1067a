"""Who the typed digits mean, below the phone: the last customers, those that four digits may mean, or what is known."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.customer import KnownPhone, told_apart
from pos_app.domain.payment import Payment
from pos_app.domain.phone import is_erased, last_digits, mask
from pos_app.messages import customers as words
from pos_app.sales.ports import Clock
from pos_app.ui.charge.customer_chips import SHOWN, CustomerChips
from pos_app.ui.charge.customer_look import NOTHING, CustomerLook, FoundCustomers, Question
from pos_app.ui.charge.customer_name import CustomerNameField
from pos_app.ui.style.state_style import state_style
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fitting_label import FittingLabel
from pos_app.ui.widgets.phone_field import PhoneField

_LINES = 3  # who and what they have; what is open; what they bought
_GAP = 4  # px
_ROOMY = 560  # px of the window's height from which the lines may have more room than the chips need


class CustomerRoom(QStackedWidget):
    """One place of a fixed height: whatever is known, and whenever it is, nothing around it moves.

    While nothing is typed it offers the last customers, at four digits those who have such a phone, and at a whole
    number it says what is known. Nobody is in it whom the digits do not mean: what was there goes with the first key.

    Args:
        look: finds it out.

    Attributes:
        chosen: the MSISDN of a customer who was touched, or whose key was pressed.
        refused: a name could not be written down, and why, in words.
        told: all that is known of the customer, in words for screen readers; nothing where nothing is.
    """

    chosen = Signal(str)
    refused = Signal(str)
    told = Signal(str)

    def __init__(self, look: CustomerLook, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("customer")
        self.setAccessibleName("Customer")
        self._look = look
        self._clock = clock
        self._wrong = False  # what is typed can only be the end of a number
        self._roomy = True
        self._below_list = False
        self.recent = CustomerChips("recent", "Recent customer")
        self._offers = _Offers()
        self._about = _About()
        self._name = CustomerNameField()
        self._page: QWidget = self.recent  # but while somebody is being named
        for part in (self.recent, self._offers, self._about, self._name):
            self.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.recent.chosen.connect(self.chosen)
        self._offers.chips.chosen.connect(self.chosen)
        self._about.name_wanted.connect(self.begin_name)
        self._name.given.connect(look.give_name)
        self._name.ended.connect(self._turn)
        self._name.refused.connect(self.refused)
        look.refused.connect(self.refused)
        look.answered.connect(self._show)

    @Slot(object)
    def show_recent(self, phones: Sequence[str]) -> None:
        """Offer the last customers (MSISDNs) while nothing is typed."""
        self.recent.show_customers([KnownPhone(phone) for phone in phones])

    @property
    def offers(self) -> tuple[str, ...]:
        """The MSISDNs that are offered for the digits that are typed."""
        return self._offers.chips.phones if self.currentWidget() is self._offers else ()

    @property
    def trouble(self) -> str:
        """Why nobody is asked while somebody is offered, or is given what is no name; empty where that is not so."""
        return self._name.trouble or (words.TOUCH_TO_TAKE if self.offers else "")

    def choose(self, place: int) -> bool:
        """Take the nth of those who can be seen, from 1, or with 0 name whoever stands there; whether there is one."""
        if place == 0:
            return self.begin_name()
        if self.currentWidget() is self.recent:
            return self.recent.choose(place)
        return self.currentWidget() is self._offers and self._offers.chips.choose(place)

    @property
    def naming(self) -> bool:
        """Whether the cursor is where somebody is being named."""
        return self._name.edit.hasFocus()

    @Slot()
    def begin_name(self) -> bool:
        """The cursor into the name of the customer whose number stands there; whether anything is known of one."""
        answer = self._look.answer
        known = answer.customer if answer else None
        if known is None:
            return False
        self.setCurrentWidget(self._name)
        self._name.begin(known.phone, known.name or "")
        return True

    def drop_name(self) -> bool:
        """Leave the name as it was; whether somebody was being named."""
        return self._name.drop()

    def fit(self, window: QSize) -> None:
        """Where the window is low for its text, the lines get no more room than the chips need: there are fewer.

        Args:
            window: in px of the normal text size.
        """
        self._roomy = window.height() >= _ROOMY
        self.updateGeometry()

    def stand_below(self, *, listed: bool) -> None:
        """Below a list of posts, which needs the room more, the lines get no more than the chips need, too."""
        if listed != self._below_list:
            self._below_list = listed
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        chips = self.recent.high
        return QSize(
            super().sizeHint().width(), max(chips, self._about.high) if self._roomy and not self._below_list else chips
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height has room for other lines."""
        super().resizeEvent(event)
        self._show()

    def show_for(self, phone: PhoneField, *, barcode: bool) -> None:
        """Show who the typed number means; a post's barcode is nobody."""
        typed, msisdn = phone.text(), phone.msisdn()
        self._wrong = phone.wrong()
        self._look.ask(NOTHING if barcode else Question(msisdn, None if msisdn else last_digits(typed)))
        self._page = self._about if msisdn else self._offers if typed else self.recent
        if self._name.msisdn != msisdn:
            self._name.end()  # what was typed for somebody is theirs
        self._turn()
        self._show()

    @Slot()
    def _turn(self) -> None:
        self.setCurrentWidget(self._page if self._name.msisdn is None else self._name)

    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed: what is known of its customer is another thing now."""
        if is_erased(payment.phone):  # whoever looks like them comes back with the next charge
            self.recent.leave_out(mask(payment.phone)[-3:])
        self._look.read_anew(payment.phone)

    @Slot()
    def _show(self) -> None:
        answer = self._look.answer
        self._offers.show_found(answer, wrong=self._wrong)
        told = self._about.show_found(answer, self._clock.corrected(), self.height())
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)
            self.told.emit(told)


class _Offers(QWidget):
    """Those who have paid before and have a phone that ends in four digits, and how many there are beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.chips = CustomerChips("offer", "Customer")
        self._beside = FittingLabel("moreOffers", "Customers who are not offered")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._beside.setContentsMargins(RING, 0, 0, 0)
        row.addWidget(self.chips)
        row.addWidget(self._beside, 1)
        self.setMaximumHeight(self.chips.high)  # at the top, as the last customers' are

    def show_found(self, answer: FoundCustomers | None, *, wrong: bool) -> None:
        """Offer them; nobody, where there is no such answer.

        Args:
            wrong: whether the digits are the end of a number, or nothing.
        """
        digits = answer.question.last if answer else None
        found = answer.ending if answer and digits else ()
        offered = told_apart(found)[:SHOWN]
        self.chips.show_customers(offered)
        self.chips.setVisible(bool(offered))
        beside: words.Line = ()
        if answer and answer.failed:
            beside = words.CANNOT_LOOK
        elif digits and len(found) > len(offered):
            beside = words.others(len(found) - len(offered), digits, alone=not offered)
        elif digits and wrong and not found:
            beside = words.nobody(digits)
        self._beside.show_words(beside)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for names, or has not."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.chips.fit(self.width() - _GAP - self._beside.least)


class _About(QWidget):
    """What is known of a customer, in as many lines as there is room for.

    Attributes:
        name_wanted: they are to get a name, or another one.
    """

    name_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = Button(
            "", name="nameCustomer", kind=Kind.CHIP, icon="pencil", height=38, spoken="The customer's name"
        )
        self._name.setToolTip("The customer's name (Alt+0)")
        self._name.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab and Enter behind the phone lead to the big button
        self._name.clicked.connect(self.name_wanted)
        self._lines = [FittingLabel(f"customer{place}", "About the customer") for place in range(1, _LINES + 1)]
        self._lines[0].set_role("note")
        row = QHBoxLayout(self)
        row.setContentsMargins(RING, 0, 0, 0)
        row.setSpacing(_GAP)
        column = QVBoxLayout()
        column.setSpacing(0)
        for line in self._lines:
            column.addWidget(line)
        column.addStretch(1)
        row.addLayout(column, 1)
        row.addWidget(self._name, alignment=Qt.AlignmentFlag.AlignTop)

    @property
    def high(self) -> int:
        """All lines, in px."""
        return _LINES * self._lines[0].sizeHint().height()  # hidden ones may not know the size of their text yet

    def show_found(self, answer: FoundCustomers | None, now: datetime, height: int) -> str:
        """Say it in lines that have room in so many px; gives all of it, nothing where there is no such answer."""
        count = max(1, min(_LINES, height * _LINES // self.high))
        told: tuple[words.Line, ...] = ()
        if answer and answer.question.msisdn:
            told = (words.CANNOT_LOOK,) if answer.failed else words.about(answer.customer, now, count)
        pending = answer.customer.pending if answer and answer.customer else ()
        colour = state_style(pending[0]).colour if pending and count > 1 else ""
        for place, line in enumerate(self._lines):
            line.setVisible(place < count)
            line.show_words(told[place] if place < len(told) else ())
            line.set_colour(colour if place == 1 else "")
        self._name.setVisible(bool(answer and answer.customer))
        return words.in_full(answer.customer, now) if answer and told and not answer.failed else ""
