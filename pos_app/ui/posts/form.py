"""The fields of one post, and what they say."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.catalogue import NO_ACCESS, Post, PostDraft, draft_post
from pos_app.errors import BadInput
from pos_app.ui.posts.history import HistoryLines
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
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


@dataclass(frozen=True, slots=True)
class PostFields:
    """What stands in the form, as typed."""

    title: str = ""
    price: str = ""  # of a new post: one that stood there would be sold at by accident
    access: str = NOT_CHOSEN
    days: str = ""
    favourite: str = NO_KEY
    barcode: str = ""
    active: bool = True
    highest: str = ""
    category: str = NO_CATEGORY

    @classmethod
    def of(cls, post: Post) -> "PostFields":
        """A post, as it would be typed."""
        access = FOR_EVER if post.days is None else NOTHING if post.days == NO_ACCESS else SOME_DAYS
        return cls(
            title=post.title,
            price=str(post.price),
            access=access,
            days=str(post.days) if access == SOME_DAYS else "",
            favourite=str(post.favourite or NO_KEY),
            barcode=post.barcode or "",
            active=post.active,
            highest="" if post.highest is None else str(post.highest),
            category=post.category or NO_CATEGORY,
        )


class PostForm(QWidget):
    """Fills its fields and reads them, checked with the catalogue's own rules; says below them what is wrong.

    Signals:
        save_wanted, cancel_wanted: its buttons; Enter in a field is the first.
    """

    save_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._categories: tuple[str, ...] = (NO_CATEGORY,)
        self._make_parts()
        self._lay_out()
        for field in (self._title, self._price, self._highest, self._days, self._barcode):
            field.edit.returnPressed.connect(self.save_wanted)
        self._access.chosen.connect(self._show_optional)
        self._save.clicked.connect(self.save_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)

    @property
    def waits(self) -> bool:
        """Whether it is being saved: nothing is submitted twice."""
        return not self._save.isEnabled()

    def wait(self) -> None:
        """It is being saved."""
        self._save.setEnabled(False)

    def show_error(self, text: str) -> None:
        """Say what is wrong, or nothing where it is empty; what is typed stays."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))
        self._save.setEnabled(True)

    def show_history(self, prices: str, others: str) -> None:
        """What was done to the post, in lines."""
        self._history.show_lines(prices, others)

    def offer_categories(self, choices: tuple[str, ...]) -> None:
        """What a post may be in; what is chosen stays chosen. Without any there is nothing to choose."""
        if choices != self._categories:
            kept = self._category.choice
            self._categories = choices
            self._category.offer(choices)
            self._category.choose(kept)  # also one that is gone: saving says so
            self._show_optional()

    def fill(self, heading: str, typed: PostFields) -> None:
        """Show a post, with the cursor in its name."""
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
        self.show_error("")
        self._show_optional()
        self._title.edit.setFocus()
        self._title.edit.selectAll()

    def typed(self) -> PostFields:
        """What stands there."""
        return PostFields(
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

    def draft(self) -> PostDraft:
        """What stands there, checked. Raises BadInput, with the focus on what is missing."""
        typed = self.typed()
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

    def _make_parts(self) -> None:
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
        content = QWidget()
        content.setObjectName("editorForm")
        box = QVBoxLayout(content)
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
        scroll = QScrollArea()
        scroll.setObjectName("editorScroll")
        scroll.setAccessibleName("Post")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._framed(self._trouble))
        actions = ButtonRow(self._cancel, self._save)
        actions.setContentsMargins(0, 6, 0, 0)
        whole.addWidget(actions)

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

    def _show_optional(self) -> None:
        for part in (self._days_caption, self._days):
            part.setVisible(self._access.choice == SOME_DAYS)
        for part in (self._category_caption, self._category):
            part.setVisible(len(self._categories) > 1)
