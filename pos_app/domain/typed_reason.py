"""The reason for what somebody does by hand, as they typed it."""

from pos_app.domain.typed_line import is_plain, one_line
from pos_app.errors import BadInput

MAX_WHY = 200  # characters


def read_why(typed: str, stays: str = "the payment") -> str:
    """A reason with one blank between its words.

    Args:
        stays: what it stays with, in words.

    Raises:
        BadInput: empty, too long, or with a character in it that is none.
    """
    why = one_line(typed)
    if not why or len(why) > MAX_WHY:
        raise BadInput(f"Type the reason, {MAX_WHY} characters at most. It stays with {stays}. Nothing was changed.")
    if not is_plain(why):
        raise BadInput("The reason has a character in it that is none. Nothing was changed: type it again.")
    return why
