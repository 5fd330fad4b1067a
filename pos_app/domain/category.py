"""Categories: what the owner sorts posts by, in an order of the owner's own."""

from collections.abc import Collection
from dataclasses import dataclass

from pos_app.domain.operators import name_key
from pos_app.domain.typed_line import name_line
from pos_app.errors import BadInput

MAX_CATEGORIES = 100
MAX_NAME = 30  # characters: it stands on a button of the charge page


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a post may be in, one at most.

    Attributes:
        place: where it stands among the others, from 1.
    """

    id: int
    name: str
    place: int


def category_name(text: str) -> str:
    """A category's name, as somebody typed it.

    Raises:
        BadInput: empty, too long, or not to be printed.
    """
    name = name_line(text)
    if not name:
        raise BadInput("A category needs a name. Nothing was saved.")
    if not name.isprintable():
        raise BadInput("The category's name has a character that cannot be shown. Nothing was saved. Type it anew.")
    if len(name) > MAX_NAME:
        raise BadInput(f"The category's name has {len(name)} characters; {MAX_NAME} fit. Nothing was saved.")
    return name


def find_category(categories: Collection[Category], name: str) -> Category | None:
    """The category of this name, however it is spelt."""
    key = name_key(name)
    return next((one for one in categories if name_key(one.name) == key), None)
