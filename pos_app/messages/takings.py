"""Takings in words: what a group is called, and which days cannot be looked at."""

from datetime import date, timedelta

from pos_app.domain.day_range import day_range
from pos_app.domain.kenya_time import day_words
from pos_app.domain.takings import LONGEST, By, Taking, Takings
from pos_app.errors import BadInput

NOBODY = "Nobody signed in"
SEVERAL = "Several posts at once"
NOT_FOR_YOU = "Sums are for a supervisor or the owner. The owner decides that, in the settings (F10)."
ADDING_UP = "Adding up..."
HEADINGS = {By.DAY: "Day", By.HOUR: "Hour", By.POST: "Post", By.OPERATOR: "Operator", By.TILL: "Till"}


def group_words(by: By, group: Taking) -> str:
    """`24 Nov 2026`, `14:00 - 15:00`, `Week pass`, `Amina`, `Till A`."""
    match group.key:
        case date():
            return day_words(group.key)
        case None:
            return SEVERAL if by is By.POST else NOBODY
        case int() if by is By.HOUR:
            return f"{group.key:02}:00 - {(group.key + 1) % 24:02}:00"
        case _:
            return f"Till {group.key}" if by is By.TILL else group.name


def days_words(first: date, last: date) -> str:
    """`24 Nov 2026`, or `1 Nov 2026 to 30 Nov 2026`."""
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def nothing_came(takings: Takings) -> str:
    """What stands in place of an empty picture."""
    days = days_words(takings.first, takings.last)
    return f"No payments {'on' if takings.first == takings.last else 'from'} {days}. Choose other days."


def of_group(takings: Takings, group: Taking) -> str:
    """Which payments those of a group are: `Tea, 1 Nov 2026 to 30 Nov 2026`."""
    name = group_words(takings.by, group)
    return name if takings.by is By.DAY else f"{name}, {days_words(takings.first, takings.last)}"


def check_days(first: date, last: date) -> None:
    """Whether takings of these days can be asked for.

    Raises:
        BadInput: they end before they begin, or are more than anybody can look at.
    """
    day_range(first, last)
    if last - first >= timedelta(days=LONGEST):
        raise BadInput(f"More than {LONGEST:,} days at once are too many. Choose fewer.")
