"""Which computer has which letter, for whoever chooses one: how a letter stands, and in words. Plain text, no Qt."""

from enum import StrEnum

from pos_app.domain.till_claim import Claims


class LetterStanding(StrEnum):
    """How a letter stands for a computer that would have it."""

    FREE = "free"
    MINE = "mine"
    OPEN = "open"  # another computer has it, and is there
    CLOSED = "closed"  # another computer has it, and is not there now
    UNCLAIMED = "unclaimed"  # it has payments, and no computer was ever heard of


def standing(claims: Claims, till: str, holder: str, now: float) -> LetterStanding:
    """How a letter stands for whoever would claim it as `holder`; `now` is of the database's clock, in seconds."""
    claim = claims.get(till)
    if claim is None:
        return LetterStanding.FREE
    if claim.holder == holder:
        return LetterStanding.MINE
    if not claim.holder:
        return LetterStanding.UNCLAIMED
    return LetterStanding.OPEN if claim.is_there(now) else LetterStanding.CLOSED


def letters_words(claims: Claims, holder: str, now: float) -> str:
    """Which computer has which letter, for whoever chooses one."""
    if not claims:
        return "No letter is taken yet."
    said = (
        f"{letter} {_who(standing(claims, letter, holder, now), claims[letter].computer)}" for letter in sorted(claims)
    )
    return f"Taken: {'; '.join(said)}."


def _who(standing: LetterStanding, computer: str) -> str:
    match standing:
        case LetterStanding.MINE:
            return "by this computer"
        case LetterStanding.OPEN:
            return f"by {computer}, open now"
        case LetterStanding.CLOSED:
            return f"by {computer}, not open now"
        case _:
            return "by a till that was never seen on this server"


def taken_words(letter: str, standing: LetterStanding, computer: str, free: str) -> str:
    """Why a letter cannot be this computer's, and which one can."""
    whose = "has payments" if standing is LetterStanding.UNCLAIMED else f"is the till on the computer {computer}"
    when = {LetterStanding.OPEN: ", which is open now", LetterStanding.CLOSED: ", which is not open now"}.get(
        standing, ""
    )
    return f"{letter} {whose}{when}. {free} is free."
