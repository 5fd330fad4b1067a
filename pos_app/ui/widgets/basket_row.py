"""A line of the basket: what it is, how many, what for one where that is asked, and what it costs."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.messages import counter as words
from pos_app.ui.style.theme import RING, scaled
from pos_app.ui.widgets.basket import ChosenPost
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field, LineEdit
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.name_label import NameLabel
from pos_app.ui.widgets.renewal import Renewal

_HEIGHT = 38  # px of its boxes
_QUANTITY, _PRICE = 58, 84  # px at the normal text size: three digits, six
_USUAL = "0,000"  # KES
_AROUND_TEXT = 6  # px that a line keeps free round its text
_LONGEST = 64  # characters that fit into its fields: a scanned code too, to be taken back whole


class BasketRow(QWidget):
    """A row of the form. What is typed in its fields stays there, right or wrong, until somebody changes it.

    Attributes:
        counted: one more of it (1), or one less (-1).
        quantity_typed, price_typed: what stands in its fields.
    """

    counted = Signal(int)
    quantity_typed = Signal(str)
    price_typed = Signal(str)

    def __init__(self, chosen: ChosenPost) -> None:
        super().__init__()
        post = chosen.post
        self.post = post
        self._title = NameLabel("", "strong")
        self._title.setObjectName("lineTitle")
        self._amount = _Amount("", "number")
        self.renewal = Renewal(f"renewal{post.id}")
        self.renewal.hide()
        self.quantity = _NarrowField(f"quantity{post.id}", f"How many of {post.title}", _QUANTITY)
        self.price = _NarrowField(f"price{post.id}", f"Price of {post.title}", _PRICE)
        self.price.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)  # for what it may be
        self.price.setVisible(post.open_price)
        self._less = Button("\N{MINUS SIGN}", name=f"less{post.id}", kind=Kind.CHIP, height=_HEIGHT)
        self._more = Button("+", name=f"more{post.id}", kind=Kind.CHIP, height=_HEIGHT)
        for button, spoken in ((self._less, f"One {post.title} less"), (self._more, f"One more {post.title}")):
            button.setAccessibleName(spoken)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has + and -
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        self._less.clicked.connect(lambda: self.counted.emit(-1))
        self._more.clicked.connect(lambda: self.counted.emit(1))
        self.quantity.edit.textEdited.connect(self.quantity_typed)
        self.price.edit.textEdited.connect(self.price_typed)
        self.show_line(chosen)

    def _lay_out(self) -> None:
        what = QVBoxLayout()
        what.setSpacing(0)
        what.addStretch(1)
        for label in (self._title, self.renewal):
            label.setContentsMargins(RING, 0, 0, 0)
            what.addWidget(label)
        what.addWidget(self.price)
        what.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, RING, 0)
        row.setSpacing(0)
        row.addLayout(what, 1)
        for part in (self._less, self.quantity, self._more):
            row.addWidget(part)
        row.addSpacing(4)
        row.addWidget(self._amount)

    @property
    def fields(self) -> tuple[LineEdit, ...]:
        """Where something can be typed."""
        return (self.price.edit, self.quantity.edit)

    def show_renewal(self, told: tuple[str, ...]) -> None:
        """Say what the customer has of it already, the longest that has room."""
        self.renewal.show_words(told)
        self.renewal.setVisible(bool(told))

    def show_line(self, chosen: ChosenPost) -> None:
        """Show it as it stands in the basket."""
        self._title.setText(chosen.post.title)
        self._amount.setText("" if chosen.trouble else f"{chosen.line().amount:,}")
        for edit, text in ((self.quantity.edit, chosen.quantity), (self.price.edit, chosen.price)):
            if edit.text() != text:
                edit.setText(text)
        self.price.offer(words.price_hints(chosen.post))


class _Amount(Label):
    """Figures in a column, as wide as most of them need."""

    def minimumSizeHint(self) -> QSize:
        least = QFontMetrics(self.font()).horizontalAdvance(_USUAL)
        return super().minimumSizeHint().expandedTo(QSize(least, 0))


class _NarrowField(Field):
    """As wide as so many px at the normal text size; it says what may be typed in words that are never cut."""

    def __init__(self, name: str, spoken: str, width: int) -> None:
        super().__init__(name=name, spoken=spoken, height=_HEIGHT)
        self._width = width
        self._hints: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.row.setContentsMargins(RING + 8, RING, RING + 8, RING)
        self.edit.setMaxLength(_LONGEST)

    def sizeHint(self) -> QSize:
        return QSize(scaled(self._width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def offer(self, hints: Sequence[str]) -> None:
        """While it is empty it says the first of these that has room, the longest first."""
        self._hints = hints
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, room = QFontMetrics(self.edit.font()), self.edit.width() - _AROUND_TEXT
        fitting = (hint for hint in self._hints if metrics.horizontalAdvance(hint) <= room)
        self.edit.setPlaceholderText(next(fitting, self._hints[-1] if self._hints else ""))
