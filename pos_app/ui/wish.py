"""What a person wants next, once a window has closed."""

from enum import StrEnum


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
    Wish.FRESH: "Start with fresh settings",
}
