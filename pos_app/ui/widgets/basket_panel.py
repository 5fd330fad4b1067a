"""What the customer pays for, above the phone: one post, large; where it is more than one post once, a list."""

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import total
from pos_app.domain.money import kes
from pos_app.errors import BadInput
from pos_app.messages import counter as counter_words
from pos_app.messages.access import access_promised
from pos_app.messages.renewals import renewal_words
from pos_app.sales.ports import Clock
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets import basket as baskets
from pos_app.ui.widgets.basket import Basket, ChosenPost
from pos_app.ui.widgets.basket_row import BasketRow
from pos_app.ui.widgets.fields import LineEdit
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.renewal import Holdings, Renewal
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.tab_order import tab_in_place

_SEEN = 3  # lines of a list at once, so that the phone is seen below them
_LINE, _APART = 44, 4  # px
_BELOW_HEAD = 6  # px


class BasketPanel(QWidget):
    """Holds what is chosen, and shows it.

    Args:
        held: whether what stands here is being saved, so that nobody changes it; it says so itself.

    Attributes:
        changed: it is another basket now.
        refused: it stays as it was, in words; or what was typed in a line is wrong.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, clock: Clock, holdings: Holdings, held: Callable[[], bool]) -> None:
        super().__init__()
        self._held = held
        self._clock = clock
        self._holdings = holdings
        self._basket: Basket = ()
        self._touched: int | None = None  # the post id of the line that was changed last
        self._listing = False  # there is more than one post once, or somebody types just now how many
        self._msisdn: str | None = None
        self._rows: list[BasketRow] = []
        self._title = Label(role="title", wrap=True)
        self._amount = Label(role="amount")
        self._access = Label(role="small", wrap=True)
        self._renewal = Renewal()
        self._lines = QWidget()
        self._list = _List(self._lines)
        self._lay_out()
        self._arrange()
        holdings.told.connect(self._show_renewals)
        self._show()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_APART)
        self._column.addStretch(1)
        self._head = QGridLayout()
        self._head.setSpacing(4)
        self._head.setColumnStretch(0, 1)
        self._head.addWidget(self._access, 1, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._list)
        column.addWidget(self._renewal)
        # Boxes keep RING pixels free for the focus ring; the labels start where the boxes are seen to start.
        for label in (self._title, self._access, self._renewal):
            label.setContentsMargins(RING, 0, 0, 0)
        self._amount.setContentsMargins(0, 0, RING, 0)

    def _arrange(self) -> None:
        """What it costs below the name of one post; beside the count of several, whose lines need the room."""
        listed, bottom = self._listing, Qt.AlignmentFlag.AlignBottom
        self._head.addWidget(self._title, 0, 0, 1, 1 if listed else 2)
        self._head.addWidget(self._amount, 0 if listed else 1, 1, bottom)
        self._access.setVisible(not listed)
        self._head.setContentsMargins(0, 0, 0, _BELOW_HEAD if listed else 0)

    @property
    def field(self) -> LineEdit | None:
        """The field of a line that has the cursor."""
        return next((field for row in self._rows for field in row.fields if field.hasFocus()), None)

    @property
    def basket(self) -> Basket:
        """What is chosen."""
        return self._basket

    @property
    def listed(self) -> bool:
        """Whether it is shown as a list, line by line."""
        return self._listing

    @property
    def amount(self) -> int | None:
        """What it costs, in KES; None while it cannot be charged as it stands."""
        return None if self.trouble else total(baskets.lines_of(self._basket))

    @property
    def trouble(self) -> str:
        """Why it cannot be charged as it stands; empty where it can."""
        try:
            baskets.lines_of(self._basket)
        except BadInput as error:
            return error.user_text
        return ""

    def take(self, basket: Basket) -> None:
        """Hold another basket."""
        self._hold(basket)
        self.changed.emit()

    def _hold(self, basket: Basket, *, typing: bool = False) -> None:
        listed, self._basket = self._listing, basket
        plain = len(basket) == 1 and basket[0].plain
        self._listing = bool(basket) and (not plain or (typing and listed))
        if self._listing is not listed:
            self._arrange()
        if baskets.find(basket, self._touched) is None:
            self._touched = basket[-1].post.id if basket else None
        self._show()

    def add(self, post: Post) -> None:
        """One more of a post."""
        self._change(post.id, lambda basket: baskets.added(basket, post))

    def take_out(self) -> None:
        """The line that came last leaves."""
        if not self._held():
            self.take(self._basket[:-1])

    def count(self, more: int) -> None:
        """So many more of the line with the cursor, else of the one that was changed last; or less of it."""
        with_cursor = (row.post.id for row in self._rows if self.field in row.fields)
        post_id = next(with_cursor, self._touched)
        if post_id is not None:
            self._count(post_id, more)

    def renew(self, posts: Mapping[int, Post]) -> str:
        """Take the posts as they are now, by id; what that made of the basket, in words."""
        basket, told = baskets.renewed(self._basket, posts)
        self._hold(basket)
        return told

    def show_for(self, msisdn: str | None) -> None:
        """Say what this customer has of it already; None: nobody's whole number stands there."""
        self._msisdn = msisdn
        self._holdings.ask([chosen.post.id for chosen in self._basket], msisdn)
        self._show_renewals()

    def _count(self, post_id: int, more: int) -> None:
        self._change(post_id, lambda basket: baskets.counted(basket, post_id, more))

    def _change(self, post_id: int, change: Callable[[Basket], Basket]) -> None:
        if self._held():
            return
        self._touched = post_id
        try:
            basket = change(self._basket)
        except BadInput as error:
            self.refused.emit(error.user_text)
        else:
            self.take(basket)

    def _typed(self, post_id: int, **fields: str) -> None:
        if self._held():
            self._show()  # as it was
            return
        self._touched = post_id
        self._hold(baskets.typed(self._basket, post_id, **fields), typing=True)
        self.changed.emit()
        wrong = next((chosen.wrong for chosen in self._basket if chosen.wrong), "")
        if wrong and all(fields.values()):
            self.refused.emit(wrong)

    def press(self, key: str) -> None:
        """A key of the keypad, "back" deletes, for the field that has the cursor."""
        if self.field is not None:
            self.field.backspace() if key == "back" else self.field.insert(key)
            self.field.textEdited.emit(self.field.text())

    def ask_price(self, *, again: bool = False) -> bool:
        """The cursor into the price that is still to be typed; whether there is such a line.

        Args:
            again: into a price that has been typed, too.
        """
        rows = zip(self._rows, self._basket, strict=False)
        asked = [row for row, chosen in rows if chosen.waits_for_price or (again and chosen.post.open_price)]
        if asked:
            edit = asked[-1].price.edit
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
            edit.selectAll()
        return bool(asked)

    def _show(self) -> None:
        self._show_head()
        self._show_rows()
        self.show_for(self._msisdn)

    @property
    def _alone(self) -> ChosenPost | None:
        """The one post, once, that most charges are."""
        return self._basket[0] if self._basket and not self._listing else None

    def _show_head(self) -> None:
        alone = self._alone
        if alone:
            self._title.setText(alone.post.title)
            self._access.setText(access_promised(alone.post.days))
        elif self._basket:
            self._title.setText(counter_words.basket_title(self._count_all()))
            self._access.setText("")
        else:
            self._title.setText("Choose a post")
            self._access.setText(counter_words.HOW_TO_CHOOSE)
        self._amount.setText("" if self.amount is None else kes(self.amount))
        self._renewal.setVisible(alone is not None or not self._basket)

    def _count_all(self) -> int | None:
        """How many things lie in it; None while that is not known."""
        return None if self.trouble else sum(line.quantity for line in baskets.lines_of(self._basket))

    def _show_rows(self) -> None:
        listed = self._basket if self._listing else ()
        if [row.post for row in self._rows] != [chosen.post for chosen in listed]:
            self._replace(listed)
        for row, chosen in zip(self._rows, listed, strict=True):
            row.show_line(chosen)
            if chosen.post.id == self._touched:
                self._list.show_soon(row)
        self._list.setVisible(bool(listed))
        self._list.updateGeometry()

    def _replace(self, listed: Basket) -> None:
        """Rows for these lines; those that stay keep what has the cursor."""
        kept = {row.post: row for row in self._rows}
        rows = [kept.pop(chosen.post) if chosen.post in kept else self._row(chosen) for chosen in listed]
        for row in kept.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, row in enumerate(rows):
            self._column.insertWidget(place, row)
            row.show()  # else it takes its room only later
        self._rows = rows
        tab_in_place(self._list, *rows)

    def _row(self, chosen: ChosenPost) -> BasketRow:
        row = BasketRow(chosen)
        post_id = chosen.post.id
        row.counted.connect(lambda more: self._count(post_id, more))
        row.quantity_typed.connect(lambda text: self._typed(post_id, quantity=text))
        row.price_typed.connect(lambda text: self._typed(post_id, price=text))
        return row

    @Slot()
    def _show_renewals(self) -> None:
        now = self._clock.corrected()
        alone = self._alone
        self._renewal.show_words(self._renewal_of(alone, now) if alone else ())
        for row, chosen in zip(self._rows, self._basket, strict=False):
            row.show_renewal(self._renewal_of(chosen, now))

    def _renewal_of(self, chosen: ChosenPost, now: datetime) -> tuple[str, ...]:
        if chosen.trouble:
            return ()
        return renewal_words(chosen.line(), self._holdings.of(chosen.post.id), now)


class _List(Scrolled):
    """As high as its lines, up to three of them; whatever else the form says, it stays as high."""

    def __init__(self, lines: QWidget) -> None:
        super().__init__(lines, "basketLines", "What the customer pays for")
        self.hide()
        self._lines = lines

    def sizeHint(self) -> QSize:
        lines = self._lines.layout()
        high = lines.totalHeightForWidth(self.width()) if lines else 0
        line = max(_LINE, 2 * self.fontMetrics().lineSpacing())
        return QSize(0, min(high, _SEEN * (line + _APART) - _APART))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width the names take other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
