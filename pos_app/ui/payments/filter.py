"""Which payments an operator looks for: a text, some days, some states."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from pos_app.domain.kenya_time import day_start
from pos_app.domain.payment import NOT_PAID_STATES, State
from pos_app.domain.search import Search, shown


class Days(StrEnum):
    """The days to look at, by the words on the button."""

    TODAY = "Today"
    YESTERDAY = "Yesterday"
    WEEK = "7 days"
    ALL = "All days"


TO_LOOK_AT = "To look at"
STATES: dict[str, frozenset[State]] = {
    "All states": frozenset(),
    TO_LOOK_AT: frozenset(),  # whatever its state
    "Waiting": frozenset({State.REQUESTED, State.PROMPTED}),
    "Not sure yet": frozenset({State.UNKNOWN}),
    "Needs checking": frozenset({State.REVIEW}),
    "Paid": frozenset({State.PAID}),
    "Not paid": NOT_PAID_STATES,
}


def days_of(days: Days, today: date) -> list[date]:
    """Each of the days, newest first; empty for all."""
    match days:
        case Days.TODAY:
            return [today]
        case Days.YESTERDAY:
            return [today - timedelta(days=1)]
        case Days.WEEK:
            return [today - timedelta(days=back) for back in range(7)]
        case Days.ALL:
            return []


def search_for(text: str, days: Days, states: str, today: date) -> Search:
    """The look-up. It ends before today only for yesterday: what comes while the page is open belongs to it."""
    chosen = days_of(days, today)
    since: datetime | None = day_start(chosen[-1]) if chosen else None
    until = day_start(today) if days is Days.YESTERDAY else None
    attention = states == TO_LOOK_AT
    return Search(text=text.strip(), states=STATES[states], attention=attention, since=since, until=until)


def nothing_found(text: str, days: Days, states: str) -> str:
    """What stands in place of an empty list, with the next key."""
    when = "" if days is Days.ALL else f" in {days.value}" if days is Days.WEEK else f" {days.value.lower()}"
    widen = "" if days is Days.ALL else " Press Enter to look in all days."
    if shown(text):
        hint = widen or (
            " Try the last 4 digits of the phone or other dates. M-PESA codes have 10 characters; O and 0 look alike."
        )
        return f'Nothing matches "{shown(text)}"{when}.{hint}'
    if states == TO_LOOK_AT:
        return f"Nothing{when} needs a look.{widen}"
    if states != next(iter(STATES)):
        return f"No payment{when} stands as {states.lower()}.{widen}"
    if days is Days.TODAY:
        return f"The first payment of today will show here.{widen}"
    return f"No payments{when}.{widen}" if widen else "The first payment will show here. F2 starts a charge."
