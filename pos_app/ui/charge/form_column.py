"""How the parts of the charge form stand: those that scroll where there is little room, and the button below them."""

from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.charge.customer_room import CustomerRoom
from pos_app.ui.charge.form_words import FormWords
from pos_app.ui.charge.keypad import Keypad
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.basket_panel import BasketPanel
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.phone_field import PhoneField
from pos_app.ui.widgets.scrolled import BAR, Scrolled


class FormParts(NamedTuple):
    """The parts of the form that may scroll, from the top."""

    lines: BasketPanel
    retry: Label
    phone: PhoneField
    customer: CustomerRoom
    keypad: Keypad
    words: FormWords


class FormColumn(QVBoxLayout):
    """The whole form. The bar stands right of everything, in room of its own: nothing moves aside for it.

    Attributes:
        scroll: what scrolls; the button is always in sight.
    """

    def __init__(self, form: QWidget, parts: FormParts, button: Button) -> None:
        super().__init__(form)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(8)
        content = QWidget()
        self.scroll = Scrolled(content, "formScroll", "Charge")
        self.addWidget(self.scroll, 1)
        _fill(content, parts)
        self.scroll.keep_bar_room()
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, BAR, 0)
        foot.addWidget(button)
        self.addLayout(foot)


def _fill(content: QWidget, parts: FormParts) -> None:
    caption = Label("Customer's phone", "caption")
    above = QHBoxLayout()
    above.addWidget(caption, 1)
    above.addWidget(parts.keypad.unfold)
    # Boxes keep RING pixels free for the focus ring; the labels above start where the boxes are seen to start.
    for label in (parts.retry, caption):
        label.setContentsMargins(RING, 0, 0, 0)
    parts.keypad.setContentsMargins(0, 8, 0, 0)  # room that goes with it where it folds away
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(parts.lines)
    column.addWidget(parts.retry)
    column.addSpacing(8)
    column.addLayout(above)
    column.addSpacing(4)
    column.addWidget(parts.phone)
    column.addSpacing(8)
    column.addWidget(parts.customer)
    column.addWidget(parts.keypad)
    column.addStretch(1)
    column.addWidget(parts.words)
