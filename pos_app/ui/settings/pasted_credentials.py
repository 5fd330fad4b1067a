"""Keys as people paste them."""

import re

from pos_app.errors import BadInput

_AROUND = "\"'`\u2018\u2019\u201c\u201d"
_INVISIBLE = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff]+")
_PLAIN = re.compile("[!-~]{1,512}")


def clean_key(name: str, text: str) -> str:
    """A pasted key without blanks, line breaks and quotes; empty stays empty.

    Args:
        name: what people call it, for the refusal.

    Raises:
        BadInput: a character that no key has; the text does not repeat the key.
    """
    key = _INVISIBLE.sub("", text).strip(_AROUND)
    if key and not _PLAIN.fullmatch(key):
        raise BadInput(
            f"The {name} has characters that no key of M-PESA has. Copy it once more from the Daraja portal. "
            "Nothing was changed."
        )
    return key
