"""Text for a receipt printer: ASCII, and not one character that a printer could take for a command.

Which letters beyond ASCII a printer has nobody knows: its tables are often not those that it names. What is typed into
a title or a shop's name may hold anything, also what a printer obeys (ESC, GS, DLE).
"""

import unicodedata

_INSTEAD = {
    **dict.fromkeys("•‣◦▪●∙⦁×", "x"),
    **dict.fromkeys("−⁃", "-"),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **{"·": ".", "…": "...", "⁄": "/", "÷": "/", "€": "EUR", "£": "GBP"},
    **{"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"},
    **{"ł": "l", "Ł": "L", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ŋ": "ng", "Ŋ": "Ng"},
}
_LEFT_OUT = frozenset(("Mn", "Me", "Cf"))  # marks upon a letter, and what only steers how text runs
_BLANKS = frozenset(("Zs", "Zl", "Zp"))


def plain_ascii(text: str) -> str:
    """The text in printable ASCII: bullets become x, dashes -, letters lose their marks, everything else is a ?."""
    return "".join(map(_plain, unicodedata.normalize("NFKD", "".join(_INSTEAD.get(one, one) for one in text))))


def plain_lines(text: str) -> str:
    """The same for a text of some lines, whose ends stay: in a QR code whoever reads it guesses at everything else."""
    return "\n".join(map(plain_ascii, text.split("\n")))


def _plain(character: str) -> str:
    if " " <= character <= "~":
        return character
    kind = unicodedata.category(character)
    if kind in _LEFT_OUT:
        return ""
    if kind in _BLANKS:
        return " "
    return "-" if kind == "Pd" else _INSTEAD.get(character, "?")
