"""How long customers are kept, and the day's run."""

from datetime import UTC, date, datetime

import pytest

from pos_app.domain.retention import CHOICES, Run, cutoff, read_months, read_run
from pos_app.errors import BadInput

RUN = Run(day=date(2026, 11, 23), till="A", at=datetime(2026, 11, 23, 11, tzinfo=UTC), after=7, erased=2, done=True)


@pytest.mark.parametrize("months", CHOICES)
def test_a_choice_is_read(months: int) -> None:
    assert read_months(f" {months} ") == months
    assert months >= 12, "who buys a year's pass comes once a year"


@pytest.mark.parametrize("text", ["off", " OFF "])
def test_off_keeps_them(text: str) -> None:
    assert read_months(text) is None


@pytest.mark.parametrize("text", ["", "0", "6", "11", "13", "-12", "12.0", "\u0661\u0662", "never"])
def test_nothing_else_is_offered(text: str) -> None:
    with pytest.raises(BadInput, match="12, 24, 36, 60 months"):
        read_months(text)


@pytest.mark.parametrize(
    ("now", "months", "since"),
    [
        ("2026-11-23T11:00:00+00:00", 12, "2025-11-23T11:00:00+00:00"),
        ("2026-11-23T11:00:00+00:00", 24, "2024-11-23T11:00:00+00:00"),
        ("2028-02-29T11:00:00+00:00", 12, "2027-02-28T11:00:00+00:00"),
        ("2026-12-31T11:00:00+00:00", 12, "2025-12-28T11:00:00+00:00"),
        ("2026-11-30T22:00:00+00:00", 12, "2025-11-30T22:00:00+00:00"),  # December already in Nairobi
        ("2026-01-15T00:00:00+00:00", 60, "2021-01-15T00:00:00+00:00"),
    ],
)
def test_so_many_months_ago(now: str, months: int, since: str) -> None:
    assert cutoff(datetime.fromisoformat(now), months) == datetime.fromisoformat(since)


def test_a_run_is_read_as_it_is_kept() -> None:
    assert read_run(RUN.text()) == RUN


@pytest.mark.parametrize(
    "text", [None, "", "no run", "[]", "7", "null", "{}", '{"day": 1, "at": 2}', '{"at": "2026-11-23"}']
)
def test_what_nobody_can_read_is_no_run(text: str | None) -> None:
    assert read_run(text) is None


def test_a_newer_program_s_run_is_no_run() -> None:
    assert read_run(RUN.text().replace('"after"', '"beyond"')) is None
