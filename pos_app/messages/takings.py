"""Takings in words: what a group is called, and which days cannot be looked at."""

from datetime import date, timedelta

from pos_app.domain.kenya_time import day_words
from pos_app.domain.takings import LONGEST, By, Taking
from pos_app.errors import BadInput

NOBODY = "Nobody signed in"
SEVERAL = "Several posts at once"
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


def check_days(first: date, last: date) -> None:
    """Whether takings of these days can be asked for.

    Raises:
        BadInput: they end before they begin, or are more than anybody can look at.
    """
    if last < first:
        raise BadInput(f"The days end on {day_words(last)}, before they begin on {day_words(first)}.")
    if last - first >= timedelta(days=LONGEST):
        raise BadInput(f"More than {LONGEST:,} days at once are too many. Choose fewer.")
