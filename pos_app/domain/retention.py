"""How long the shop keeps customers who buy nothing any more, and the day's run over all of them (rule 21)."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from pos_app.domain.kenya_time import NAIROBI
from pos_app.errors import BadInput

SETTING = "retention_months"  # of the database: what counts for every till
RUN = "retention_run"  # of the database: the day's run, as far as it is
# Nothing below a year: who buys a year's pass comes once a year, and what is erased cannot be undone. The books, which
# the law wants for five years, hold amounts and codes, and those stay in any case.
CHOICES = (12, 24, 36, 60)  # months
OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run of one day.

    Attributes:
        till: the one till that does it, and `at`: when it last said so (UTC): after a while another one takes it over.
        after: the customers up to this id are looked at.
        erased: how many were erased on this day so far.
        done: it is over for this day.
        swept: what is left of those numbers beside the rows was looked for. Nobody keeps which they were: where the
            till ended before, the file is written anew.
    """

    day: date
    till: str
    at: datetime
    after: int = 0
    erased: int = 0
    done: bool = False
    swept: bool = False

    def text(self) -> str:
        """As the database keeps it; `read_run` reads it."""
        return json.dumps(asdict(self) | {"day": self.day.isoformat(), "at": self.at.isoformat()})


def read_run(text: str | None) -> Run | None:
    """The last run as the database keeps it; None where there was none, or nobody can read it."""
    try:
        found = json.loads(text or "")
        moment = datetime.fromisoformat(found.pop("at")).astimezone(UTC)
        return Run(day=date.fromisoformat(found.pop("day")), at=moment, **found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def read_months(text: str) -> int | None:
    """After how many months without a purchase a customer is erased, as typed; None: never.

    Raises:
        BadInput: neither `off` nor one of `CHOICES`.
    """
    typed = text.strip().lower()
    if typed == OFF:
        return None
    if typed not in map(str, CHOICES):
        offered = ", ".join(map(str, CHOICES))
        raise BadInput(f"Customers can be kept for {offered} months, or {OFF}: for ever. Nothing was changed.")
    return int(typed)


def cutoff(now: datetime, months: int) -> datetime:
    """The moment (UTC) so many months ago: who has bought nothing since then has bought nothing for that long."""
    there = now.astimezone(NAIROBI)
    year, month = divmod(there.year * 12 + there.month - 1 - months, 12)
    # The day before, where a month is shorter: nobody is erased a day too early.
    return there.replace(year=year, month=month + 1, day=min(there.day, 28)).astimezone(UTC)
