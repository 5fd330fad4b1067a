"""Links: each line of the journal and of the audit is bound to the line before it, one row of lines for each till.

What exactly is bound, in which form, is rule 24: a change here makes every line that was ever written look edited.
"""

import hmac
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from pos_app.domain.base32 import base32, from_base32
from pos_app.errors import BadInput

NO_LINK = bytes(32)  # what the first line of a till is bound to
SALT_BYTES = 16
_HASH_BYTES = 32
_HEAD_BITS = 60  # of a link, in the code of a head: twelve letters that can be typed
_HEAD = re.compile(r"\b([A-Z][A-Z0-9]{0,3})-([1-9][0-9]{0,11})-([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b")
_EXAMPLE = "A-18221-7K3F-9D2M-X4QZ"
# What the salts of a line say of each of its texts: there was none; its salt; what stands for it now that it is gone;
# it is there without a salt, as the line is from before there were links; it is bound as it is, since it never goes.
_NEVER, _SALTED, _GONE, _OLD, _PLAIN = range(5)
_LENGTHS = {_NEVER: 0, _SALTED: SALT_BYTES, _GONE: _HASH_BYTES, _OLD: 0, _PLAIN: 0}
Texts = Sequence[str | None]  # of a line: code, detail, body; what erasing may take
OldText = Callable[[int, str], bytes]  # what stands for a text without a salt, given its place


class LinkKey:
    """What links are made with: whoever has only the database can make none.

    Args:
        secret: 32 bytes, derived from the shop's key.
        shop_key: the fingerprint of that one; empty where nobody asks.
        seals: whether that one is of a program that seals all lines before, where it renews the key.
    """

    def __init__(self, secret: bytes, shop_key: str = "", *, seals: bool = False) -> None:
        self._secret = secret
        self.shop_key = shop_key
        self.seals = seals
        self._hmac = hmac.new(secret, digestmod="sha256")  # copied for each line: half the time of a new one
        self._stamps = hmac.new(hmac.digest(secret, b"stamps", "sha256"), digestmod="sha256")

    def __repr__(self) -> str:
        return "LinkKey(...)"

    def link(self, before: bytes, line: str) -> bytes:
        """The link of a line, given the link before it and the line as `event_text` or `audit_text` has it."""
        bound = self._hmac.copy()
        bound.update(before + line.encode("utf-8", "surrogatepass"))
        return bound.digest()

    def stamp(self, said: str) -> bytes:
        """What binds a line to itself alone, as it is once the shop's key was renewed; see `renewal_seal`."""
        stamped = self._stamps.copy()
        stamped.update(said.encode("utf-8", "surrogatepass"))
        return stamped.digest()

    def old_text(self, line_id: int) -> OldText:
        """What stands for the texts of a journal line from before there were links."""

        def stands(place: int, text: str) -> bytes:
            return hmac.digest(self._secret, _encoded(f"old\0{line_id}\0{place}\0{text}"), "sha256")

        return stands


class LastLines(NamedTuple):
    """The ids of the last line of the journal and of the last one of the audit, 0 where there is none."""

    event: int
    audit: int


class Head(NamedTuple):
    """The last line that a till has written: how many there are by then, and its link."""

    till: str
    seq: int
    link: bytes

    @property
    def code(self) -> "HeadCode":
        """The same, short enough to be printed and typed."""
        return HeadCode(self.till, self.seq, short_link(self.link))


@dataclass(frozen=True, slots=True)
class HeadCode:
    """A head as it is printed: `A-18221-7K3F-9D2M-X4QZ`.

    Attributes:
        seq: of the line, counted from 1 in its till.
        short: the first bits of its link.
    """

    till: str
    seq: int
    short: int

    def __str__(self) -> str:
        letters = base32(self.short, _HEAD_BITS)
        return f"{self.till}-{self.seq}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def short_link(link: bytes) -> int:
    """As much of a link as the code of a head has."""
    return int.from_bytes(link[:8], "big") >> (64 - _HEAD_BITS)


def heads_text(heads: Iterable[Head]) -> str:
    """The heads of all tills as one text, for an audit line and for paper; `find_heads` reads it."""
    return " ".join(str(head.code) for head in heads)


def find_heads(text: str) -> list[HeadCode]:
    """Every code of a head in a text of the program's own."""
    return [code for found in _HEAD.finditer(text) if (code := _to_head(found))]


def read_heads(text: str) -> list[HeadCode]:
    """The codes of one or more heads as somebody typed them from paper, apart by blanks or commas.

    Raises:
        BadInput: one of them is none.
    """
    words = text.upper().replace(",", " ").split()
    if not words:
        raise BadInput(f"A head of a till is needed, as a close prints it: {_EXAMPLE}. Nothing was compared.")
    return [_read_head(word) for word in words]


def _read_head(word: str) -> HeadCode:
    found = _HEAD.fullmatch(word)
    code = _to_head(found) if found else None
    if code is None:
        raise BadInput(
            f"{word[:40]!r} is no head of a till: one looks like {_EXAMPLE}. Nothing was compared. Type it as it is "
            "printed."
        )
    return code


def _to_head(found: "re.Match[str]") -> HeadCode | None:
    try:
        return HeadCode(found[1], int(found[2]), from_base32(found[3].replace("-", "")))
    except ValueError:
        return None


def moment_text(moment: datetime) -> str:
    """A time as links have it, UTC to the microsecond: `2026-11-23 11:03:00.000000`.

    Args:
        moment: with its zone, or without one in UTC, as a server gives it.
    """
    plain = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return plain.isoformat(" ", "microseconds")


def event_text(place: str, about: str, texts: str) -> str:
    """A line of the journal as it is bound.

    Args:
        place: which line it is: `linked_place`, or `old_place`.
        about: what is never taken away, as `event_facts` has it.
        texts: what stands for code, detail and body, as `bound_texts` gives it.
    """
    return f"event\0{place}\0{about}\0{texts}"


def event_facts(payment_id: int, at: str, source: str, kind: str, outcome: str, before: str, after: str) -> str:
    """What a line of the journal says that never goes; `at` as `moment_text` has it."""
    return f"{payment_id}\0{at}\0{source}\0{kind}\0{outcome}\0{before}\0{after}"


def audit_text(place: str, at: str, said: Iterable[str | int | None], *, owner: bool) -> str:
    """A line of the audit as it is bound.

    Args:
        place, at: as of `event_text`.
        said: act, operator's id, role, subject, value before and after.
        owner: whether the owner's passphrase was typed for it.
    """
    told = "\0".join("" if one is None else f"={one}" for one in said)
    return f"audit\0{place}\0{at}\0{int(owner)}\0{told}"


def stamped_line(place: str, link: bytes | None, text: str) -> str:
    """A line as a renewal of the key stamps it.

    Args:
        place: its id, and which of its till's lines it is.
        link: as it is kept with it.
        text: as `event_text` or `audit_text` has it.
    """
    return f"{place}\0{'' if link is None else link.hex()}\0{text}"


def linked_place(till: str, seq: int) -> str:
    """Which line it is: of which till, and its number there."""
    return f"{till}\0{seq}"


def old_place(line_id: int) -> str:
    """Which line it is of those that nobody has linked: by its id."""
    return f"\0{line_id}"


def new_salts(texts: Texts, random: bytes, *, plain: bool) -> tuple[bytes | None, str]:
    """What is kept beside the texts of a new line, and what stands for them in its link.

    Args:
        random: `SALT_BYTES` of its own for each text.
        plain: whether the first of them, the code, is a word of M-PESA's or of the till's, which never goes.

    Returns:
        The salts, None where no text may ever go; and what `bound_texts` makes of both.
    """
    kept, bound, salty = b"", [], False
    for place, text in enumerate(texts):
        if text is None:
            kept += bytes([_NEVER])
            bound.append("")
        elif plain and place == 0:
            kept += bytes([_PLAIN])
            bound.append(f"={text}")
        else:
            salt = random[place * SALT_BYTES : (place + 1) * SALT_BYTES]
            kept += bytes([_SALTED]) + salt
            bound.append(_hash(salt, text).hex())
            salty = True
    return (kept if salty else None), "\0".join(bound)


class Mismatch(Exception):
    """What is kept beside the texts of a line does not fit them."""


def bound_texts(texts: Texts, salts: bytes | None) -> tuple[str, bool]:
    """What stands for the texts of a linked line in its link, and whether one of them was erased.

    Raises:
        Mismatch: a text was taken away or put there by other means than erasing.
    """
    if salts is None:
        code, *others = texts
        if any(text is not None for text in others):
            raise Mismatch
        return ("" if code is None else f"={code}") + "\0" * len(others), False
    return _bound(texts, salts, None)


def old_texts(texts: Texts, salts: bytes | None, old: OldText) -> str:
    """What stands for the texts of a line that nobody has linked. Raises Mismatch."""
    if salts is None:
        return "\0".join("" if text is None else old(place, text).hex() for place, text in enumerate(texts))
    return _bound(texts, salts, old)[0]


def _bound(texts: Texts, salts: bytes, old: OldText | None) -> tuple[str, bool]:
    bound, salted, erased, start = [], False, False, 0
    for place, text in enumerate(texts):
        kind = salts[start] if start < len(salts) else None
        start += 1
        if (text is None) != (kind in (_NEVER, _GONE)) or (kind == _OLD and old is None):
            raise Mismatch
        if kind == _SALTED and text is not None:
            bound.append(_hash(salts[start : start + SALT_BYTES], text).hex())
            start += SALT_BYTES
            salted = True
        elif kind == _GONE:
            bound.append(salts[start : start + _HASH_BYTES].hex())
            start += _HASH_BYTES
            erased = True
        elif kind == _OLD and text is not None and old is not None:
            bound.append(old(place, text).hex())
        else:
            bound.append("" if text is None else f"={text}")
    if start != len(salts) or not (salted or erased):
        raise Mismatch
    return "\0".join(bound), erased


def erased_salts(texts: Texts, salts: bytes | None, going: Collection[int], old: OldText | None) -> bytes | None:
    """What is kept beside the texts of a line once some of them are erased; None where it never fitted them.

    Args:
        going: the places of those that go.
        old: for a line that nobody has linked.
    """
    if all(texts[place] is None for place in going):
        return salts
    parts = _old_parts(texts) if salts is None else _parts(salts)
    kept = []
    for place, ((kind, held), text) in enumerate(zip(parts, texts, strict=False)):
        if place in going and text is not None:
            stands = _stands(kind, held, text, place, old)
            if stands is None:
                return None
            kept.append(bytes([_GONE]) + stands)
        else:
            kept.append(bytes([kind]) + held)
    return b"".join(kept)


def _stands(kind: int, held: bytes, text: str, place: int, old: OldText | None) -> bytes | None:
    """What stands for a text in its link; None where nothing does."""
    if kind == _SALTED:
        return _hash(held, text)
    return old(place, text) if kind == _OLD and old else None


def _old_parts(texts: Texts) -> list[tuple[int, bytes]]:
    return [(_NEVER if text is None else _OLD, b"") for text in texts]


def _parts(salts: bytes) -> list[tuple[int, bytes]]:
    """What the salts of a line say of each text, as far as they are any."""
    parts, start = [], 0
    while start < len(salts):
        kind = salts[start]
        ends = start + 1 + _LENGTHS.get(kind, 0)
        parts.append((kind, salts[start + 1 : ends]))
        start = ends
    return parts


def _hash(salt: bytes, text: str) -> bytes:
    return sha256(salt + _encoded(text)).digest()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
