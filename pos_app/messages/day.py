"""The shop's day in words. Plain text, no Qt."""

from pos_app.domain.day import CarriedOver, DayClose, DayGroup, DayReport, close_name, waits
from pos_app.domain.kenya_time import day_words, duration, shop_day, shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Remark, State
from pos_app.messages.remarks import remark_words

NO_CLOSE = "A day of the calendar, not a close: what was recorded in it, whatever was closed."
NO_RECORD = "M-PESA's record of this time is not seen yet: nothing here is compared with it."
NO_CLOSES = "No day was closed yet."
CLOCK_WENT_BACK = (
    "This computer's clock stands before the last close: one of the two was wrong. Closes go by their numbers, and no "
    "money is counted twice or left out. Look at the clock."
)
BEFORE_CLOSES = "before days were closed"
NOBODY = "Nobody signed in"
SEVERAL = "Several posts at once"
HEADS = ("Last line of each till", "to compare: verify --against")
_OPEN_SHORT = {
    State.REQUESTED: "Sending",
    State.PROMPTED: "Waiting for PIN",
    State.UNKNOWN: "Not sure yet",
    State.REVIEW: "Needs checking",
}
_OPEN_WORDS = {
    State.REQUESTED: "Sending request",
    State.PROMPTED: "Waiting for customer's PIN",
    State.UNKNOWN: "Not sure yet",
    State.REVIEW: "Needs checking",
}


def heading(report: DayReport, close: DayClose | None = None) -> str:
    """`Z 0117`, `X, not closed yet`, `24 Nov 2026`."""
    if close:
        return close.name
    if report.after is None and report.since:
        return day_words(shop_day(report.since))
    return "X, not closed yet"


def since_words(report: DayReport) -> str:
    """From when on a report counts: `since Z 0116, 22 Nov 2026 20:11`."""
    if report.since is None:
        return "since this shop began"
    if not report.after:
        return f"since {shop_time(report.since)}"
    return f"since {close_name(report.after)}, {shop_time(report.since)}"


def lost_words(report: DayReport) -> str:
    """What is said where closes went with a replaced database; empty where none did."""
    if not report.lost:
        return ""
    first, last = (report.after or 0) + 1, report.lost
    which = close_name(first) if first == last else f"{close_name(first)} to {close_name(last)}"
    return (
        f"{which} went with a database that an older copy has replaced. These numbers are not used again; what is in "
        "this database of their days is counted here."
    )


def carried_words(report: DayReport) -> str:
    """`3 payments are carried over (KES 410): each is on the next report again until it is worked off.`"""
    if not report.open_count:
        return "Nothing is carried over."
    one = report.open_count == 1
    return (
        f"{report.open_count:,} payment{' is' if one else 's are'} carried over ({kes(report.open_amount)}): still "
        f"open, not sure yet, or waiting for a look. {'It is' if one else 'They are'} on each report until worked off."
    )


def record_words(report: DayReport) -> str:
    """What M-PESA's record says of that time, as far as it was recorded."""
    record = report.record
    if record is None:
        return NO_RECORD
    told = [f"fees {_cents(record.fees)}"] if record.fees else []
    told += [f"{record.differs:,} otherwise there than here"] if record.differs else []
    if record.unprompted:
        told.append(f"{record.unprompted:,} that no prompt asked for, {_cents(record.unprompted_amount)}")
    return f"M-PESA's record seen until {shop_time(record.until)}: {'; '.join(told) or 'nothing differs'}."


def notes(report: DayReport) -> list[str]:
    """What to know of a report beside its figures."""
    told = (lost_words(report), CLOCK_WENT_BACK if report.clock_went_back else "", record_words(report))
    return [words for words in told if words]


def _cents(amount: int) -> str:
    """`KES 12`, `KES 12.50`."""
    return kes(amount // 100) + (f".{amount % 100:02}" if amount % 100 else "")


def item_words(item: CarriedOver) -> str:
    """Why a payment is carried over: `Not sure yet`, `Paid twice: refund due`."""
    if item.state in _OPEN_WORDS:
        return _OPEN_WORDS[item.state]
    if _is_due(item):
        return "Paid twice: refund due"
    return remark_words(min(item.remarks)) if item.remarks else "Waits for a look"


def item_short(item: CarriedOver) -> str:
    """The same in a word or two, for a list."""
    if item.state in _OPEN_SHORT:
        return _OPEN_SHORT[item.state]
    return "Refund due" if _is_due(item) else "Look at it"


def _is_due(item: CarriedOver) -> bool:
    return Remark.DOUBLE in item.remarks and Remark.OTHER_PAID not in item.remarks


def age_words(item: CarriedOver, report: DayReport) -> str:
    """How long it has waited: `3 h 20 min`."""
    return duration(waits(item, report).total_seconds())


def group_name(group: DayGroup, kind: str) -> str:
    """`14:00 - 15:00`, `Week pass`, `Amina`; `kind`: posts, operators or hours."""
    if kind == "hours":
        hour = group.key or 0
        return f"{hour:02}:00 - {(hour + 1) % 24:02}:00"
    if group.key is None:
        return SEVERAL if kind == "posts" else NOBODY
    return group.name


def closed_words(close: DayClose) -> str:
    """Who closed it, and when: `23 Nov 2026 20:11, till A, by Amina`."""
    if not close.number:
        return f"{shop_time(close.at)}, {BEFORE_CLOSES}"
    by = f", by {close.operator}" if close.operator else ""
    return f"{shop_time(close.at)}, till {close.till}{by}{', owner' if close.owner else ''}"


def figure_rows(report: DayReport) -> list[tuple[str, int | None, int]]:
    """The totals, each with its words, how many, and KES; None where nobody counts how many."""
    figures = report.figures
    rows: list[tuple[str, int | None, int]] = [
        ("Asked", figures.payments, figures.asked),
        ("Paid by M-PESA", figures.paid, figures.received),
        ("of which late", figures.late, figures.late_received),
        ("Refunded, reversed", figures.refunds, figures.refunded),
        ("Not paid", figures.not_paid, figures.not_paid_asked),
        ("Still open", figures.unsure, figures.unsure_asked),
    ]
    if figures.returned:
        rows.append(("Sent back, never counted as paid", None, figures.returned))
    return [*rows, ("Net", None, figures.net)]
