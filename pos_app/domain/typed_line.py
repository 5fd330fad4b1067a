"""What somebody types or pastes in one line, as it is kept."""

import unicodedata

_JOINERS = "\u200c\u200d"  # between the parts of one emoji, and of letters in some scripts
_NO_CHARACTERS = ("Cc", "Cs")  # what steers a machine, and half of a pair of surrogates, as a broken paste leaves it


def one_line(typed: str) -> str:
    """The words, parted by one space each.

    Marks that only direct how text runs, as they come along with what is pasted, are left out: a number with one among
    its digits is a number.
    """
    return " ".join("".join(one for one in typed if one in _JOINERS or unicodedata.category(one) != "Cf").split())


def name_line(typed: str) -> str:
    """A name in one line, without joiners too: two names that look the same are the same."""
    return one_line("".join(one for one in typed if one not in _JOINERS))


def is_plain(text: str) -> bool:
    """Whether every character is one that every database keeps and every screen shows."""
    return not any(unicodedata.category(one) in _NO_CHARACTERS for one in text)


def with_our_digits(text: str) -> str:
    """The same with the digits of every script as `0` to `9`."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
