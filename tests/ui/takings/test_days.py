"""Which days an owner looks at."""

from datetime import date

import pytest

from pos_app.ui.takings.days import Span, days_of


@pytest.mark.parametrize(
    ("span", "today", "first", "last"),
    [
        (Span.TODAY, "2026-11-24", "2026-11-24", "2026-11-24"),
        (Span.YESTERDAY, "2026-12-01", "2026-11-30", "2026-11-30"),
        (Span.WEEK, "2026-11-24", "2026-11-18", "2026-11-24"),
        (Span.MONTH, "2026-11-24", "2026-11-01", "2026-11-24"),
        (Span.LAST_MONTH, "2026-03-31", "2026-02-01", "2026-02-28"),
        (Span.LAST_MONTH, "2026-01-01", "2025-12-01", "2025-12-31"),
        (Span.YEAR, "2026-11-24", "2026-01-01", "2026-11-24"),
        (Span.LAST_YEAR, "2024-02-29", "2023-01-01", "2023-12-31"),
    ],
)
def test_the_days_of_a_span(span: Span, today: str, first: str, last: str) -> None:
    assert days_of(span, date.fromisoformat(today)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_other_days_are_typed() -> None:
    assert days_of(Span.OTHER, date(2026, 11, 24)) is None
