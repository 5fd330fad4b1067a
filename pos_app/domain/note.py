"""Notes that people write about a payment or about a customer: added, never changed, and emptied only by an erasure."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.phone import mask_spelt
from pos_app.domain.typed_line import is_plain, one_line
from pos_app.errors import BadInput

MAX_NOTE = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote.

    Attributes:
        at: UTC.
        text: as it was written, phone numbers masked; empty where the customer was erased since.
        operator: the name of who wrote it; None in a shop without operators.
    """

    at: datetime
    text: str
    operator: str | None = None


def read_note(typed: str) -> str:
    """A note as it is kept, from what somebody typed or pasted: words parted by one space each, phone numbers masked.

    Marks that only direct how text runs, as they come along with what is pasted, are left out.

    Raises:
        BadInput: empty, too long, or with a character that is none.
    """
    text = one_line(typed)
    if not text:
        raise BadInput("Type the note first. Nothing was saved.")
    if len(text) > MAX_NOTE:
        raise BadInput(f"The note has {len(text):,} characters; {MAX_NOTE} fit. Nothing was saved.")
    if not is_plain(text):
        raise BadInput("The note has a character in it that is none. Nothing was saved: type it again.")
    return mask_spelt(text)
