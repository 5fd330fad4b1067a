"""What a person wants next, once a window has closed."""

from enum import StrEnum


class Wish(StrEnum):
    """The window after this one."""

    NOTHING = "nothing"
    PRACTICE = "practice"
    SET_UP = "set up"
    AGAIN = "again"  # the till, with the settings as they are now
