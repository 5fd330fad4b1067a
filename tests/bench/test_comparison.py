"""The table says what is reached, what is missed and what could not be measured."""

from collections.abc import Callable, Iterable

import pytest

from tests.bench.__main__ import _measured
from tests.bench.comparison import books, charge, slow_disk
from tests.bench.comparison.row import LeftOut, Line, Row, as_json, as_text


@pytest.mark.parametrize(
    ("row", "ratio", "met", "goal"),
    [
        (Row("callbacks", 900.0, "/s", "Django", 300.0, least=3.0), 3.0, True, "≥ 3 x"),
        (Row("callbacks", 899.0, "/s", "Django", 300.0, least=3.0), 899 / 300, False, "≥ 3 x"),
        (Row("first window", 1.0, "s", "bare", 0.5, most=2.5), 2.0, True, "≤ 2.5 x"),
        (Row("till open", 1.2, "s", most=1.0), None, False, "≤ 1"),
        (Row("wake-ups", 7.0, "/s"), None, None, ""),
    ],
)
def test_a_goal_is_for_the_ratio_or_without_a_baseline_for_the_figure(
    row: Row, ratio: float | None, met: bool | None, goal: str
) -> None:
    assert (row.ratio, row.met, row.goal()) == (ratio, met, goal)


def test_the_table_has_ratios_first_and_says_what_is_missing() -> None:
    lines: list[Line] = [
        Row("callbacks", 600.0, "/s", "Django", 300.0, least=3.0),
        LeftOut("callbacks on PostgreSQL", "no PostgreSQL server is installed"),
    ]
    head, row, left = as_text(lines)
    assert head.split() == ["ratio", "ours", "baseline", "unit", "goal"]
    assert row.split() == [
        "2.00",
        "x",
        "callbacks",
        "beside",
        "Django",
        "600.00",
        "300.00",
        "/s",
        "≥",
        "3",
        "x",
        "MISSED",
    ]
    assert left.endswith(
        "callbacks on PostgreSQL                                  left out: no PostgreSQL server is installed"
    )
    assert [line.get("met") for line in as_json(lines)] == [False, None]


def test_a_kind_that_fails_ends_no_other() -> None:
    def fails() -> list[Line]:
        raise OSError("no room")

    assert list(_measured("start", fails)) == [LeftOut("start", "OSError: no room")]


@pytest.mark.ci
def test_charges_are_measured_against_a_simulated_m_pesa() -> None:
    lines = list(charge.rows(2))
    assert lines
    assert all(isinstance(line, LeftOut) or 0 < line.ours < 30_000 for line in lines)


@pytest.mark.ci
@pytest.mark.parametrize("lines", [lambda: slow_disk.rows(200), lambda: books.rows(None, scale=0.02)])
def test_what_is_measured_on_a_slow_disk_and_of_a_day_comes_to_figures(lines: Callable[[], Iterable[Line]]) -> None:
    assert all(isinstance(line, LeftOut) or line.ours > 0 for line in lines())
