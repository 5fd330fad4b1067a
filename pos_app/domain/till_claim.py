"""Which computer is which till, where the tills of a shop share one database, and who asks for one that is gone."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from string import ascii_uppercase
from typing import Any

SETTING = "tills"  # of the database, which all tills of the shop share
LEASE = 30.0  # seconds without a word after which a till counts as gone


@dataclass(frozen=True, slots=True, kw_only=True)
class TillClaim:
    """One till's word that it is there.

    Attributes:
        holder: tells one data folder of one computer from every other; empty where nobody has claimed the letter yet.
        run: tells one opening of that folder from every other; a copied disk is opened on two computers.
        computer: the computer's name, for people.
        account: where its customers' money goes. Only a till of the same account can ask M-PESA for it.
        seen: when it last said so, in seconds by the database's clock; 0 where it has closed.
        asks: the tills that are gone and about whose payments it asks.
    """

    holder: str
    computer: str
    account: str
    run: str = ""
    seen: float = 0.0
    asks: tuple[str, ...] = ()

    def is_of(self, other: "TillClaim") -> bool:
        """Whether it was claimed by the very till that this other claim is of, as it was opened then."""
        return (self.holder, self.run) == (other.holder, other.run)

    def is_there(self, now: float) -> bool:
        """Whether it counts as open; `now` is of the same clock, which may have been set meanwhile."""
        return abs(now - self.seen) < LEASE


Claims = Mapping[str, TillClaim]
_NAMES = frozenset(field.name for field in fields(TillClaim))


def read_claims(text: str | None) -> dict[str, TillClaim]:
    """The claims by letter as the database keeps them; none where nobody can read them: each till says anew."""
    try:
        found = json.loads(text or "{}")
        return {till: _claim(says) for till, says in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _claim(says: Mapping[str, Any]) -> TillClaim:
    known = {name: value for name, value in says.items() if name in _NAMES}  # a newer till may say more
    return TillClaim(**known | {"asks": tuple(says["asks"])})


def claims_text(claims: Claims) -> str:
    """As the database keeps them; `read_claims` reads it."""
    return json.dumps({till: asdict(claim) for till, claim in claims.items()})


def taken_by(claims: Claims, till: str, holder: str, now: float) -> TillClaim | None:
    """Who else has this letter; None where nobody has, or has been heard of for long enough."""
    claim = claims.get(till)
    return claim if claim and claim.holder != holder and claim.is_there(now) else None


def with_unclaimed(claims: Claims, letters: Collection[str], account: str) -> dict[str, TillClaim]:
    """All claims, and one by nobody for each letter that has payments and was never claimed: its till ended before
    letters were, and counts as gone.
    """
    return {till: TillClaim(holder="", computer="", account=account) for till in letters} | dict(claims)


def beat(claims: Claims, till: str, mine: TillClaim, now: float) -> dict[str, TillClaim]:
    """All claims, with this till's own as of now: it asks for whoever is gone and asked for by no other.

    One that comes back asks for itself again: nobody else does any more, as soon as he says something himself.
    """
    others = {letter: claim for letter, claim in claims.items() if letter != till}
    there = {letter for letter, claim in others.items() if claim.is_there(now)}
    asked = {letter for other in there for letter in others[other].asks}
    gone = [
        letter
        for letter, claim in sorted(others.items())
        if letter not in there | asked and claim.account == mine.account
    ]
    return others | {till: replace(mine, seen=now, asks=tuple(gone))}


def free_letter(taken: Collection[str]) -> str:
    """A letter that no till of the shop has or ever had."""
    return next((letter for letter in ascii_uppercase if letter not in taken), "A2")
