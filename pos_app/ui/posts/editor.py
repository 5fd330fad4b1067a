"""The form for one post, new or old."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.catalogue import NO_ACCESS, Post, PostDraft, draft_post
from pos_app.errors import BadInput
from pos_app.ui.posts.history import HistoryLines
from pos_app.ui.style.theme import RING
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.key_watch import TAKES_SCAN
from pos_app.ui.widgets.labels import ElidedLabel, Label

NOT_CHOSEN = "Choose..."
FOR_EVER, SOME_DAYS, NOTHING = "For ever", "Days", "No access"
NO_KEY = "No key"
ON, OFF = "On", "Off"
NO_CATEGORY = "No category"
NEW_CHARGES_ONLY = "Price changes apply to new charges only."
HINT = (
    f"Enter changes the chosen post, Ins adds a new one.\n\n{NEW_CHARGES_ONLY} Posts are switched off, never deleted."
    "\n\nWhere a price is to be asked at the counter, type the lowest as its price, and below it the highest."
)
FINISH_FIRST = "Save this post (Enter) or cancel (Esc) first."


@dataclass(frozen=True, slots=True)
class _PostFields:
    """What stands in the form, as typed."""

    title: str
    price: str
    access: str
    days: str
    favourite: str
    barcode: str
    active: bool
    highest: str = ""
    category: str = NO_CATEGORY


class PostEditor(Card):
    """Checks what is typed with the catalogue's own rules and says beside the form what is wrong.

    Signals:
        submitted: the `Post` as it was opened (None: a new one) and a checked `PostDraft`.
        left: the form was closed without keeping it.
    """

    submitted = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("postEditor")
        self.setAccessibleName("Post")
        self._post: Post | None = None
        self._loaded: _PostFields | None = None
        self._visits = Visits()
        self._categories: tuple[str, ...] = (NO_CATEGORY,)
        self._make_parts()
        self._lay_out()
        for field in (self._title, self._price, self._highest, self._days, self._barcode):
            field.edit.returnPressed.connect(self.submit)
        self._access.chosen.connect(self._show_days)
        self._save.clicked.connect(self.submit)
        self._cancel.clicked.connect(self.leave)
        self._close()

    @property
    def editing(self) -> bool:
        """Whether a form is open."""
        return self._loaded is not None

    @property
    def changed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._loaded is not None and self._typed() != self._loaded

    def keeps_page(self) -> bool:
        """A scan takes nobody away from what is not kept yet."""
        return self.isVisible() and self.changed

    def visit(self) -> Callable[[], bool]:
        """Gives what says whether the form that is open now still is."""
        return self._visits.current()

    def edit_new(self) -> None:
        """An empty form: a price that stood there would be sold at by accident."""
        self._open(None, "New post", _PostFields("", "", NOT_CHOSEN, "", NO_KEY, "", True))

    def edit_post(self, post: Post) -> None:
        """The form of a post."""
        access = FOR_EVER if post.days is None else NOTHING if post.days == NO_ACCESS else SOME_DAYS
        days = str(post.days) if access == SOME_DAYS else ""
        key = str(post.favourite or NO_KEY)
        highest = "" if post.highest is None else str(post.highest)
        category = post.category or NO_CATEGORY
        typed = _PostFields(
            post.title, str(post.price), access, days, key, post.barcode or "", post.active, highest, category
        )
        self._open(post, post.title, typed)

    def offer_categories(self, names: Sequence[str]) -> None:
        """What a post may be in; what is chosen stays chosen. Without any there is nothing to choose."""
        choices = (NO_CATEGORY, *names)
        if choices != self._categories:
            kept = self._category.choice
            self._categories = choices
            self._category.offer(choices)
            self._category.choose(kept)  # also one that is gone: saving says so
            self._show_days()

    def submit(self) -> None:
        """Check it, then hand it on."""
        if self._loaded is None or not self._save.isEnabled():
            return
        try:
            draft = self._draft()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self.show_error("")
        self._save.setEnabled(False)
        self.submitted.emit(self._post, draft)

    def show_error(self, text: str) -> None:
        """Say what is wrong; the form stays open."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))
        self._save.setEnabled(True)

    def show_history(self, post_id: int, prices: str, others: str) -> None:
        """What was done to the post, in lines; nothing where another one is open by now."""
        if self.editing and self._post is not None and self._post.id == post_id:
            self._history.show_lines(prices, others)

    def leave(self) -> None:
        """Close the form, keep nothing."""
        self._close()
        self.left.emit()

    def finish(self) -> None:
        """Close the form: it was saved."""
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self._hint = Label(HINT, "muted", wrap=True)
        self._heading = ElidedLabel("", "title")
        self._title = Field(name="postTitle", spoken="Name", placeholder="Week pass")
        self._price = Field(name="postPrice", spoken="Price in KES", placeholder="250")
        self._highest = Field(name="postHighest", spoken="Highest price in KES", placeholder="Fixed price")
        self._access = ChoiceButton((NOT_CHOSEN, FOR_EVER, SOME_DAYS, NOTHING), name="postAccess", spoken="Access")
        self._days = Field(name="postDays", spoken="Days of access", placeholder="7")
        self._favourite = ChoiceButton((NO_KEY, *"123456789"), name="postFavourite", spoken="Favourite key")
        self._barcode = Field(name="postBarcode", spoken="Barcode", placeholder="Scan or type")
        self._barcode.edit.setProperty(TAKES_SCAN, True)  # a scan belongs here while the cursor does
        self._category = ChoiceButton((NO_CATEGORY,), name="postCategory", spoken="Category", most=200)
        self._active = ChoiceButton((ON, OFF), name="postActive", spoken="Sold")
        self._history = HistoryLines()
        self._trouble = Label("", "note", wrap=True)
        self._trouble.setObjectName("postTrouble")
        self._trouble.set_colour("failed")
        self._save = Button("Save post", name="postSave", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name="postCancel", key="Esc", height=52, spoken="Cancel, save nothing")

    def _lay_out(self) -> None:
        edge = self.body.contentsMargins().left() - RING  # what is inside brings its own ring
        self.body.setContentsMargins(edge, edge + RING, edge, edge)
        self._hint.setContentsMargins(RING, 0, RING, 0)
        self.body.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignTop)
        self._form = QWidget()
        self._form.setObjectName("editorForm")
        box = QVBoxLayout(self._form)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._framed(self._heading), 1)
        head.addWidget(self._active)
        box.addLayout(head)
        box.addLayout(self._fields())
        box.addWidget(self._framed(Label(NEW_CHARGES_ONLY, "small", wrap=True)))
        box.addWidget(self._framed(self._history))
        box.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("editorScroll")
        self._scroll.setAccessibleName("Post")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self._form)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._framed(self._trouble))
        self._actions = ButtonRow(self._cancel, self._save)
        self._actions.setContentsMargins(0, 6, 0, 0)
        self.body.addWidget(self._actions)

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for row, column, span, title, widget in (
            (0, 0, 2, "Name", self._title),
            (2, 0, 1, "Price in KES", self._price),
            (2, 1, 1, "Favourite key", self._favourite),
            (4, 0, 1, "Access", self._access),
            (4, 1, 1, "How many days", self._days),
            (6, 0, 2, "Barcode", self._barcode),
            (8, 0, 2, "Category", self._category),
            (10, 0, 2, "Price asked at the counter, up to KES", self._highest),
        ):
            caption = self._framed(Label(title, "caption", wrap=True))
            if widget is self._days:
                self._days_caption = caption
            if widget is self._category:
                self._category_caption = caption
            grid.addWidget(caption, row, column, 1, span)
            grid.addWidget(widget, row + 1, column, 1, span)
        return grid

    @staticmethod
    def _framed(widget: QWidget) -> QWidget:
        """In line with the boxes of the controls, which keep room for their ring."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(RING, 4, RING, 0)
        row.addWidget(widget)
        return holder

    def _open(self, post: Post | None, heading: str, typed: _PostFields) -> None:
        self._visits.end()
        self._post = post
        self._heading.setText(heading)
        self._title.edit.setText(typed.title)
        self._price.edit.setText(typed.price)
        self._highest.edit.setText(typed.highest)
        self._access.choose(typed.access)
        self._days.edit.setText(typed.days)
        self._favourite.choose(typed.favourite)
        self._barcode.edit.setText(typed.barcode)
        self._category.choose(typed.category)
        self._active.choose(ON if typed.active else OFF)
        self._history.show_lines("", "")
        self._loaded = typed
        self.show_error("")
        self._show_days()
        self._show_parts()
        self._title.edit.setFocus()
        self._title.edit.selectAll()

    def _close(self) -> None:
        self._visits.end()
        self._loaded = None
        self.show_error("")
        self._show_parts()

    def _show_parts(self) -> None:
        self._hint.setVisible(not self.editing)
        for part in (self._scroll, self._actions):
            part.setVisible(self.editing)

    def _show_days(self) -> None:
        for part in (self._days_caption, self._days):
            part.setVisible(self._access.choice == SOME_DAYS)
        for part in (self._category_caption, self._category):
            part.setVisible(len(self._categories) > 1)

    def _typed(self) -> _PostFields:
        return _PostFields(
            self._title.edit.text(),
            self._price.edit.text(),
            self._access.choice,
            self._days.edit.text(),
            self._favourite.choice,
            self._barcode.edit.text(),
            self._active.choice == ON,
            self._highest.edit.text(),
            self._category.choice,
        )

    def _draft(self) -> PostDraft:
        typed = self._typed()
        if not typed.price.strip():
            self._price.setFocus()
            raise BadInput("Price: type what it costs, in whole shillings. Nothing was saved.")
        if typed.access == NOT_CHOSEN:
            self._access.setFocus()
            raise BadInput("Access: choose how long it lasts, or no access. Nothing was saved.")
        if typed.access == SOME_DAYS and not typed.days.strip():
            self._days.setFocus()
            raise BadInput("Access: type how many days, or choose another access. Nothing was saved.")
        days: str | int | None = {FOR_EVER: None, NOTHING: NO_ACCESS}.get(typed.access, typed.days)
        favourite = None if typed.favourite == NO_KEY else typed.favourite
        category = None if typed.category == NO_CATEGORY else typed.category
        return draft_post(
            typed.title, typed.price, days, favourite, typed.barcode, typed.active, typed.highest, category
        )
