"""What verifying the lines of journal and audit has found, in words."""

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.domain.verification import Broken, Verification, Wrong

_WHAT = {
    Wrong.EDITED: "{line} was edited: it is not as the till has written it.",
    Wrong.DELETED: "{line} was deleted.",
    Wrong.INSERTED: "{line} was inserted: there stands one that the till has not written there.",
    Wrong.SWAPPED: "{line} stands in another line's place.",
    Wrong.CUT: "{line} and all behind it are missing: they were there.",
    Wrong.REWRITTEN: (
        "{line} is not the one that was there when its head was printed: it, or what is before it, was written anew."
    ),
    Wrong.UNLINKED: (
        "Line {id} was written without the shop's key: by another program, or by a till or command that had no key. "
        "If you know why, the owner seals it: `verify --seal`."
    ),
    Wrong.SEALED: (
        "Among the lines that nobody has linked one was edited, deleted or inserted after they were sealed together."
    ),
    Wrong.RENEWED: (
        "The shop's key was renewed: {line} and all before it were bound with the key before, and cannot be checked "
        "any more. What is behind them was checked. They were not sealed, as a renewal does now."
    ),
    Wrong.BEFORE: (
        "Among the lines from before the shop's key was renewed one was edited, deleted or inserted after they were "
        "sealed by that. Which one cannot be told: what would name it was edited, too."
    ),
    Wrong.BLOCKS: (
        "What would name an edited line from before the shop's key was renewed was itself edited or deleted. The lines "
        "are as they were sealed."
    ),
}
_CLOSES = {
    Wrong.EDITED: "{close} was edited: it is not as it was written.",
    Wrong.DELETED: "{close} was deleted: the audit says that it was written.",
    Wrong.INSERTED: "{close} was inserted: no line of the audit says that it was written.",
    Wrong.COUNTED: (
        "What {close} has counted is not what it was: money was edited, added, taken away, or put into another close."
    ),
    Wrong.SEALED: (
        "Among the closes up to {close} one was edited, deleted or inserted after they were sealed together, or what "
        "it has counted was."
    ),
}
NOT_GENUINE = (
    "This is no receipt of this shop as it was printed: its number or its check value was invented, altered, or typed "
    "wrongly. Type both once more. Nothing was changed; what was paid is what the till has."
)
_SEALED_BEFORE = (
    "The shop's key was renewed: lines that were sealed together with the key before cannot be checked any more."
)
_OPEN_TILL = (
    "Lines {first} to {last} of till {till} do not fit the shop's new key: it was open while the key was renewed and "
    "went on with the one before, or they were edited. That cannot be told; what is before and behind them was checked."
)
_RENEWED = (
    "That says nothing against anybody. `audit` says when the key was renewed: where the owner did not do that, keep a "
    "copy of the database as it is, and call for help."
)
_DO = (
    "No money moved by that. Keep a copy of the database as it is, call for help, and compare with M-PESA's statement."
)


def broken_words(broken: Broken) -> str:
    """What is wrong with a line: `Line 512 of till A was edited: ... It is about payment A-20261123-0042.`"""
    if broken.what is Wrong.RENEWED and not broken.till:
        return _SEALED_BEFORE
    if broken.what is Wrong.RENEWED and broken.since:
        return _OPEN_TILL.format(till=broken.till, first=f"{broken.since:,}", last=f"{broken.line:,}")
    if broken.close:
        return _CLOSES[broken.what].format(close=broken.close)
    whose = f" of till {broken.till}" if broken.till else ", which no till linked,"
    line = f"Line {broken.line:,}{whose}"
    words = _WHAT[broken.what].format(line=line, id=f"{broken.line:,}")
    return f"{words} It is about payment {broken.payment}." if broken.payment else words


def found_words(found: Verification) -> str:
    """All of it, the worst first."""
    parts = [broken_words(broken) for broken in found.broken]
    renewed = sum(broken.what is Wrong.RENEWED for broken in found.broken)
    if any(broken.what is Wrong.RENEWED and not broken.since for broken in found.broken):
        parts.append(_RENEWED)
    if renewed < len(found.broken):
        parts.append(_DO)
    parts.append(_count_words(found))
    if found.sealed:
        many = "1 line is" if found.sealed == 1 else f"{found.sealed:,} lines are"
        parts.append(f"{many} from before there were links, and sealed: what was edited before that cannot be found.")
    if found.renewed:
        many = "1 line is" if found.renewed == 1 else f"{found.renewed:,} lines are"
        parts.append(
            f"{many} from before the shop's key was renewed, and sealed by that: what was edited before that cannot be "
            "found."
        )
    if found.unsealed:
        many = "1 line is" if found.unsealed == 1 else f"{found.unsealed:,} lines are"
        parts.append(
            f"{many} from before there were links, and not sealed yet: an open till does that by itself, in a few "
            "minutes. What is edited until then cannot be found."
        )
    if found.closes and not found.broken:
        many = "1 close of the day is" if found.closes == 1 else f"{found.closes:,} closes of the day are"
        parts.append(f"{many} as written, with what was counted.")
    if found.unsealed_closes:
        many = "1 close is" if found.unsealed_closes == 1 else f"{found.unsealed_closes:,} closes are"
        parts.append(
            f"{many} from before closes were bound to the audit, and not sealed yet: an open till does that by itself, "
            "in a few minutes."
        )
    if found.heads and renewed == len(found.broken):
        parts.append("The last lines, to be compared later: " + ", ".join(str(head.code) for head in found.heads))
    return "\n".join(parts)


def _count_words(found: Verification) -> str:
    erased = f" Of {found.erased:,} of them texts about erased customers are gone." if found.erased else ""
    if found.broken:
        return f"{found.lines:,} linked lines were looked through.{erased}"
    if not found.lines:
        return "No line is linked yet: the till begins to do so when it is opened."
    many = "The one linked line is" if found.lines == 1 else f"All {found.lines:,} linked lines are"
    return f"{many} as the tills have written them.{erased}"


def genuine_words(payment: Payment) -> str:
    """A genuine receipt, with what must stand on it: its amount could be altered on paper."""
    when = shop_time(payment.closed_at) if payment.closed_at else "-"
    code = f", M-PESA code {payment.receipt}" if payment.receipt else ""
    back = f" {kes(payment.refunded)} went back since." if payment.refunded else ""
    return (
        f"Genuine: receipt {payment.number} is this shop's. {kes(payment.received)} paid {when}{code}.{back} Compare "
        "that with the paper: where it says anything else, the paper was altered."
    )
