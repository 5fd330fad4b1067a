"""Crockford's base 32: digits and letters that are not taken for one another, for what is read from paper."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 5  # of a letter
_MEANT = str.maketrans("OIL", "011")  # no code has these: whoever types one has read the digit


def base32(value: int, bits: int) -> str:
    """A whole number of so many bits (a multiple of five) as letters, the most significant first."""
    return "".join(_LETTERS[value >> shift & 31] for shift in range(bits - _BITS, -1, -_BITS))


def from_base32(text: str) -> int:
    """The number that letters stand for, in whatever case.

    Raises:
        ValueError: there is a character that is none of them.
    """
    value = 0
    for letter in text.upper().translate(_MEANT):
        value = value << _BITS | _LETTERS.index(letter)
    return value
