"""What stands above the posts: what to find, in which category, and what can be done with them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from pos_app.ui.posts.form import NO_CATEGORY
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.menu_button import MenuButton

ALL_CATEGORIES = "All categories"
_LONGEST = 160  # px of a category's name
_FIELD = 240  # px at the normal text size that the field has at least


class PostsFindRow(FieldRow):
    """The find field with the categories beside it, where the shop has any, and the buttons.

    Attributes:
        field: finds by name or barcode.

    Signals:
        changed: something else is to be found.
    """

    changed = Signal()

    def __init__(self, more: MenuButton, *buttons: Button) -> None:
        field = SearchField(
            name="postsFind", spoken="Find posts by name or barcode", placeholder="Find a post", key="Ctrl F"
        )
        categories = ChoiceButton((ALL_CATEGORIES,), name="postsCategory", spoken="Category", most=_LONGEST)
        narrowed = FieldRow(field, categories, least=_FIELD)
        super().__init__(narrowed, more, *buttons)
        self.field, self._categories, self._narrowed = field, categories, narrowed
        self._choices: dict[str, str | None] = {ALL_CATEGORIES: None}
        categories.hide()
        field.edit.textChanged.connect(self.changed)
        categories.chosen.connect(self.changed)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.edit.text()

    @property
    def category(self) -> str | None:
        """The category whose posts are wanted; empty for those that are in none, None for all posts."""
        return self._choices[self._categories.choice]

    def offer(self, names: Sequence[str]) -> None:
        """Offer these categories; where the chosen one is not among them any more, all posts are wanted."""
        choices: dict[str, str | None] = {ALL_CATEGORIES: None, **{name: name for name in names}, NO_CATEGORY: ""}
        if choices == self._choices:
            return
        wanted = self.category
        kept = next((words for words, category in choices.items() if category == wanted), ALL_CATEGORIES)
        self._choices = choices
        self._categories.blockSignals(True)
        self._categories.offer(tuple(choices))
        self._categories.choose(kept)
        self._categories.blockSignals(False)
        self._categories.setVisible(bool(names))
        self._narrowed.arrange()
        self.arrange()
        if self.category != wanted:
            self.changed.emit()

    def field_room(self) -> int:
        """The field with the categories beside it."""
        return self._narrowed.room()

    def widen(self) -> None:
        """Posts of every category are wanted."""
        self._categories.choose(ALL_CATEGORIES)

    def nothing(self) -> str:
        """What stands in place of an empty list, with the next key."""
        text, category = self.text.strip(), self.category
        matches = f' matches "{text}"' if text else ""
        if category is None:
            return f"No post{matches}. Ins adds a new one."
        if category:
            return f"No post in {category}{matches or ' yet'}. Ins adds a new one."
        return f"No post without a category{matches}."
