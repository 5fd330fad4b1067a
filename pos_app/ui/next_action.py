"""What a person wants next, once a window has closed."""

from enum import StrEnum
from typing import NamedTuple


class NextAction(StrEnum):
    """The window after this one."""

    NOTHING = "nothing"
    PRACTICE = "practice"
    SET_UP = "set up"
    AGAIN = "again"  # the till, with the settings as they are now
    SEVERAL_TILLS = "several tills"  # the till is closed: change where the payments are, or its letter
    PUT_BACK = "put back"  # the till is closed: put a copy of the database in its place, then open it again
    HERE = "here"  # the shop's file was elsewhere: it is at home here from now on; the till is opened
    FRESH = "fresh"  # the settings cannot be read: put them aside, and set up anew


WORDS = {
    NextAction.PRACTICE: "Try without M-PESA",
    NextAction.SET_UP: "Set up M-PESA",
    NextAction.AGAIN: "Try to open again",
    NextAction.SEVERAL_TILLS: "Server and letter...",
    NextAction.PUT_BACK: "Put a copy back...",
    NextAction.HERE: "The till has moved here...",
    NextAction.FRESH: "Start with fresh settings...",
}


class Confirmation(NamedTuple):
    """What to know before an action that cannot be taken back, and the words of the button that means it."""

    words: str
    button: str


CONFIRMATIONS = {
    NextAction.FRESH: Confirmation(
        "This is for the owner. The shop's settings are put aside, and the set-up asks for all of them again: M-PESA's "
        "numbers and keys too. Payments stay as they are. Mending the file is quicker, where somebody can.",
        "Put the old settings aside",
    ),
    NextAction.HERE: Confirmation(
        "This is for the owner. The other computer, or the other folder, must not open this till any more. What was "
        "sold there since this copy was made is not in it.",
        "It is opened only here from now on",
    ),
}
