"""A supplement to a close (rule 23): what M-PESA's record said of its time once the day was closed. It explains, and
changes no total.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple

from pos_app.domain.day import close_name
from pos_app.domain.statement_comparison import RowOutcome

NAMED = 100  # rows that a supplement names; the rest is counted
CONSENTING = frozenset({RowOutcome.AGREES, RowOutcome.FEE, RowOutcome.SWEEP})  # what asks nobody for a look


class ToldSum(NamedTuple):
    """How many rows are of one outcome, and what they moved, a hundred to the shilling."""

    rows: int = 0
    cents: int = 0


class CountsIn(NamedTuple):
    """Money that the record brought into the books: the number of the close that it counts in, which is the next one
    where that is not closed yet; of how many payments; and KES received, and gone back.
    """

    close: int
    payments: int
    received: int
    refunded: int


class BroughtRow(NamedTuple):
    """A row that a record brought first, or told of another way than a record before.

    Attributes:
        receipt, cents: as of `ToldRow`.
        payment_id: the payment that it is, or of which money went back; None where none surely is.
    """

    outcome: RowOutcome
    receipt: str
    at: datetime
    cents: int | None
    payment_id: int | None


class Moved(NamedTuple):
    """A movement of a payment: the number of the close that it is in, None while it is in none; KES."""

    payment_id: int
    close: int | None
    received: int
    refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One row that is not as the till had it.

    Attributes:
        receipt: M-PESA's code; empty where M-PESA has nothing.
        at: when M-PESA completed it, or our prompt left where M-PESA has nothing (UTC).
        cents: what M-PESA has; None where it has nothing.
        payment: the number of the payment that it is; None where none surely is.
        ours: what the till has of that payment now, KES.
    """

    outcome: RowOutcome
    receipt: str
    at: datetime
    cents: int | None
    payment: str | None = None
    ours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """What one record said of one closed day.

    Attributes:
        close: the number of the close, and `part`: its own number there, from 1, without a gap.
        at: when it was written (UTC).
        source: which record, as the audit names it: `statement 1f0c22aa`.
        since, until: of which time the record has everything (UTC); None where it does not say.
        told: by outcome, what it brought first; of what M-PESA has nothing of, what the till has.
        rows: the first of those that are not as the till had them.
        counts_in: where the money counts that the record settled or gave back.
    """

    close: int
    part: int
    at: datetime
    source: str
    since: datetime | None
    until: datetime | None
    told: Mapping[RowOutcome, ToldSum] = field(default_factory=dict)
    rows: tuple[ToldRow, ...] = ()
    counts_in: tuple[CountsIn, ...] = ()

    @property
    def name(self) -> str:
        """`Z 0117/1`."""
        return supplement_name(self.close, self.part)

    @property
    def agrees(self) -> bool:
        """Whether nothing is otherwise than the till had it."""
        return CONSENTING.issuperset(self.told)

    @property
    def more(self) -> int:
        """How many rows are not named."""
        return sum(told.rows for outcome, told in self.told.items() if outcome not in CONSENTING) - len(self.rows)


class ClosedDays:
    """Which closed day a moment lies in: between the close before and its own. Where a clock was set back, in the
    first one that was closed later.

    Args:
        closes: number and time (UTC), by number. What is before the first of them lies in that one.
    """

    def __init__(self, closes: Iterable[tuple[int, datetime]]) -> None:
        ordered = list(closes)
        self._numbers = [number for number, _ in ordered]
        self._ends = list(accumulate((at for _, at in ordered), max))

    def __bool__(self) -> bool:
        return bool(self._numbers)

    @property
    def end(self) -> datetime:
        """When the last of them was closed."""
        return self._ends[-1]

    def spans(self, since: datetime) -> Iterator[tuple[int, datetime, datetime]]:
        """The closed days that a time since a moment lies in: number, from when, and until when, which is not in it."""
        for number, end in zip(self._numbers, self._ends, strict=True):
            if since < end:
                if number:
                    yield number, since, end
                since = end

    def day_of(self, at: datetime) -> int | None:
        """The number of the close; None where that day is open, or was before days were closed."""
        place = bisect_right(self._ends, at)
        return (self._numbers[place] or None) if place < len(self._ends) else None


def supplement_name(close: int, part: int) -> str:
    """`Z 0117/1`."""
    return f"{close_name(close)}/{part}"


def supplement_json(supplement: Supplement) -> dict[str, object]:
    """For programs and as it is kept: times as ISO 8601 in UTC. Names are never changed, only added."""
    return {
        "close": supplement.close,
        "part": supplement.part,
        "name": supplement.name,
        "at": supplement.at.isoformat(),
        "source": supplement.source,
        "since": supplement.since.isoformat() if supplement.since else None,
        "until": supplement.until.isoformat() if supplement.until else None,
        "told": {outcome.value: told._asdict() for outcome, told in sorted(supplement.told.items())},
        "rows": [_row_json(row) for row in supplement.rows],
        "more": supplement.more,
        "counts_in": [counts._asdict() for counts in supplement.counts_in],
    }


def supplement_text(supplement: Supplement) -> str:
    """The same as a text that is kept."""
    return json.dumps(supplement_json(supplement), ensure_ascii=False, sort_keys=True)


def read_supplement(text: str) -> Supplement:
    """What `supplement_text` has written; what a newer program has added is left aside.

    Raises:
        ValueError: no program of ours has written it.
    """
    try:
        values = json.loads(text)
        return Supplement(
            close=values["close"],
            part=values["part"],
            at=datetime.fromisoformat(values["at"]),
            source=values["source"],
            since=_moment(values["since"]),
            until=_moment(values["until"]),
            told={RowOutcome(name): ToldSum(told["rows"], told["cents"]) for name, told in values["told"].items()},
            rows=tuple(map(_read_row, values["rows"])),
            counts_in=tuple(CountsIn(*(each[name] for name in CountsIn._fields)) for each in values["counts_in"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no supplement") from error


def _row_json(row: ToldRow) -> dict[str, object]:
    return {
        "outcome": row.outcome.value,
        "receipt": row.receipt,
        "at": row.at.isoformat(),
        "cents": row.cents,
        "payment": row.payment,
        "ours": row.ours,
    }


def _read_row(values: dict[str, Any]) -> ToldRow:
    return ToldRow(
        outcome=RowOutcome(values["outcome"]),
        receipt=values["receipt"],
        at=datetime.fromisoformat(values["at"]),
        cents=values["cents"],
        payment=values["payment"],
        ours=values["ours"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
