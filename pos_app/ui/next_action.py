"""What a person wants next, once a window has closed."""

from enum import StrEnum
from typing import NamedTuple


class Wish(StrEnum):
    """The window after this one."""

    NOTHING = "nothing"
    PRACTICE = "practice"
    SET_UP = "set up"
    AGAIN = "again"  # the till, with the settings as they are now
    FRESH = "fresh"  # the settings cannot be read: put them aside, and set up anew


WORDS = {
    Wish.PRACTICE: "Try without M-PESA",
    Wish.SET_UP: "Set up M-PESA",
    Wish.AGAIN: "Try to open again",
    Wish.FRESH: "Start with fresh settings...",
}


class Sure(NamedTuple):
    """What to know before a wish that cannot be taken back, and the words of the button that means it."""

    words: str
    button: str


SURE = {
    Wish.FRESH: Sure(
        "This is for the owner. The shop's settings are put aside, and the set-up asks for all of them again: M-PESA's "
        "numbers and keys too. Payments stay as they are. Mending the file is quicker, where somebody can.",
        "Put the old settings aside",
    )
}
