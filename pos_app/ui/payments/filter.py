"""Which payments an operator looks for: a text, some days, some states."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from pos_app.domain.day_range import DayRange
from pos_app.domain.payment import NOT_PAID_STATES, State
from pos_app.domain.search import Search, shown


class Days(StrEnum):
    """The days to look at, by the words on the button."""

    TODAY = "Today"
    YESTERDAY = "Yesterday"
    WEEK = "7 days"
    MONTH = "This month"
    ALL = "All days"
    CHOSEN = "From day to day"


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
_WHEN = {
    Days.TODAY: " today",
    Days.YESTERDAY: " yesterday",
    Days.WEEK: " in 7 days",
    Days.MONTH: " this month",
    Days.ALL: "",
    Days.CHOSEN: " in these days",
}


def days_of(days: Days, today: date) -> DayRange:
    """The days that a choice means, all of them for those that are chosen one by one. They end before today only for
    yesterday: what comes while the page is open belongs to them.
    """
    match days:
        case Days.TODAY:
            return DayRange(today)
        case Days.YESTERDAY:
            yesterday = today - timedelta(days=1)
            return DayRange(yesterday, yesterday)
        case Days.WEEK:
            return DayRange(today - timedelta(days=6))
        case Days.MONTH:
            return DayRange(today.replace(day=1))
        case Days.ALL | Days.CHOSEN:
            return DayRange()


def search_for(text: str, days: DayRange, states: str) -> Search:
    """The look-up."""
    attention = states == TO_LOOK_AT
    return Search(text=text.strip(), states=STATES[states], attention=attention, since=days.since, until=days.until)


def nothing_found(text: str, days: Days, states: str, narrowed: Sequence[str] = ()) -> str:
    """What stands in place of an empty list, with the next key.

    Args:
        narrowed: by what else it is narrowed, as chosen: an operator, a till.
    """
    when = "".join((_WHEN[days], *(f", {choice}" for choice in narrowed)))
    more = "in all days" if not narrowed else "everywhere"
    widen = "" if days is Days.ALL and not narrowed else f" Press Enter to look {more}."
    if shown(text):
        hint = widen or (
            " Try the last 4 digits of the phone or other dates. M-PESA codes have 10 characters; O and 0 look alike."
        )
        return f'Nothing matches "{shown(text)}"{when}.{hint}'
    if states == TO_LOOK_AT:
        return f"Nothing{when} needs a look.{widen}"
    if states != next(iter(STATES)):
        return f"No payment{when} stands as {states.lower()}.{widen}"
    if days is Days.TODAY and not narrowed:
        return f"The first payment of today will show here.{widen}"
    return f"No payments{when}.{widen}" if widen else "The first payment will show here. F2 starts a charge."
