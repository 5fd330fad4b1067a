"""Taking out of a text whatever belongs to the shop, its customers or M-PESA, before it leaves the shop."""

import re
from collections.abc import Iterable

from pos_app.domain.phone import mask_in

_SHORTEST = 3  # characters of a name that is looked for: shorter ones stand in every word
_OPEN_HOSTS = r"(?:127\.0\.0\.1|localhost|\[::1\]|api\.safaricom\.co\.ke|sandbox\.safaricom\.co\.ke)(?![\w.-])"

# In this order: what is longer and says more first.
_PATTERNS = (
    (re.compile(rf"\b[a-z][a-z0-9+]*://(?!{_OPEN_HOSTS})[^\s\"'<>]+", re.IGNORECASE), "[address]"),
    (re.compile(r"\b[\w.-]+\.ngrok[\w.-]*", re.IGNORECASE), "[address]"),
    (re.compile(r"/stk/[A-Za-z0-9_-]+"), "/stk/[secret]"),
    (re.compile(r"\bws_CO_\w+(?:•••)?"), "[id]"),
    (re.compile(r"\b[0-9A-Fa-f]{4,8}(?:-[0-9A-Fa-f]{4}){2,3}-[0-9A-Fa-f]{6,}"), "[id]"),  # MerchantRequestID, newer
    (re.compile(r"\b\d{3,6}-\d{5,12}-\d{1,3}\b"), "[id]"),  # MerchantRequestID, older
    (re.compile(r"\b[0-9A-Fa-f]{24,}\b"), "[secret]"),
    (re.compile(r"[A-Za-z0-9+/_=]{28,}"), "[secret]"),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z0-9]{14,}\b"), "[secret]"),
    (re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}\b"), "[code]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"\+?\d{3,4}\s?•••\s?\d{3}"), "[phone]"),
    (re.compile(r"(?<!\d)(?:\+?254|0)[ .-]?[17](?:[ .-]?\d){8}(?!\d)"), "[phone]"),
    (re.compile(r"(?<![\w.-])\+?\d(?:[ ().]?\d){8,}(?![\w-])"), "[number]"),
)


class Redactor:
    """Call it with a text.

    Args:
        known: names, numbers, hosts and secrets of this shop; each is taken out wherever it stands as a word.
        places: folders, each with what stands for it: paths carry the names of people.
    """

    def __init__(self, known: Iterable[str], places: dict[str, str] | None = None) -> None:
        self._places = sorted((places or {}).items(), key=lambda place: len(place[0]), reverse=True)
        words = {word.strip() for word in known}
        self._known = sorted((word for word in words if len(word) >= _SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without what must not leave the shop."""
        for folder, stands_for in self._places:
            text = text.replace(folder, stands_for)
        lower = text.lower()
        for word in self._known:
            if word.lower() in lower:  # a look is cheaper than an expression: there may be many thousands of names
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[hidden]", text, flags=re.IGNORECASE)
        text = mask_in(text)
        for pattern, stands_for in _PATTERNS:
            text = pattern.sub(stands_for, text)
        return text
