"""Which days an owner looks at."""

from datetime import date, timedelta
from enum import StrEnum


class Span(StrEnum):
    """The days to look at, by the words on the button."""

    TODAY = "Today"
    YESTERDAY = "Yesterday"
    WEEK = "7 days"
    MONTH = "This month"
    LAST_MONTH = "Last month"
    YEAR = "This year"
    LAST_YEAR = "Last year"
    OTHER = "Other days"


def days_of(span: Span, today: date) -> tuple[date, date] | None:
    """The first and the last of the days; None where they are chosen otherwise."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    one = timedelta(days=1)
    match span:
        case Span.TODAY:
            return today, today
        case Span.YESTERDAY:
            return today - one, today - one
        case Span.WEEK:
            return today - 6 * one, today
        case Span.MONTH:
            return month, today
        case Span.LAST_MONTH:
            return (month - one).replace(day=1), month - one
        case Span.YEAR:
            return year, today
        case Span.LAST_YEAR:
            return (year - one).replace(month=1, day=1), year - one
        case Span.OTHER:
            return None
