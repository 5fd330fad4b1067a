"""Supplements to closes: which day a moment lies in, and that one is read as it was written."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import (
    ClosedDays,
    CountsIn,
    Supplement,
    ToldRow,
    ToldSum,
    read_supplement,
    supplement_json,
    supplement_text,
)
from tests.support.fakes import START

HOUR = timedelta(hours=1)
ROW = ToldRow(outcome=RowOutcome.UNPROMPTED, receipt="UKN4X7Q2ZT", at=START, cents=45_050)
SUPPLEMENT = Supplement(
    close=117,
    part=2,
    at=START,
    source="statement 1f0c22aa",
    since=START - HOUR,
    until=START,
    told={
        RowOutcome.AGREES: ToldSum(12, 480_000),
        RowOutcome.UNPROMPTED: ToldSum(3, 135_000),
        RowOutcome.FEE: ToldSum(2, 110),
    },
    rows=(ROW, replace(ROW, outcome=RowOutcome.DIFFERS, receipt="", cents=None, payment="A-20261123-0042", ours=250)),
    counts_in=(CountsIn(118, 1, 250, 0),),
)


def test_a_moment_lies_between_two_closes() -> None:
    days = ClosedDays([(1, START), (2, START + HOUR), (4, START + 2 * HOUR)])
    assert days.end == START + 2 * HOUR
    moments = (-HOUR, -timedelta(microseconds=1), timedelta(), HOUR, 2 * HOUR - timedelta(microseconds=1), 2 * HOUR)
    assert [days.day_of(START + moment) for moment in moments] == [1, 1, 2, 4, 4, None]


def test_where_a_clock_was_set_back_it_lies_in_the_first_that_was_closed_later() -> None:
    days = ClosedDays([(1, START), (2, START - HOUR), (3, START + HOUR)])
    assert [days.day_of(START + moment) for moment in (-2 * HOUR, -HOUR, timedelta())] == [1, 1, 3]


def test_what_was_before_days_were_closed_has_no_supplement() -> None:
    assert ClosedDays([(0, START)]).day_of(START - HOUR) is None
    assert not ClosedDays([])
    assert ClosedDays([(0, START)])


def test_what_agrees_and_what_is_not_named() -> None:
    assert (SUPPLEMENT.name, SUPPLEMENT.agrees, SUPPLEMENT.more) == ("Z 0117/2", False, 1)
    agreeing = replace(
        SUPPLEMENT, told={RowOutcome.AGREES: ToldSum(1, 100), RowOutcome.SWEEP: ToldSum(1, 100)}, rows=()
    )
    assert (agreeing.agrees, agreeing.more) == (True, 0)


@pytest.mark.parametrize("supplement", [SUPPLEMENT, replace(SUPPLEMENT, since=None, until=None, rows=(), counts_in=())])
def test_it_is_read_as_it_was_written(supplement: Supplement) -> None:
    assert read_supplement(supplement_text(supplement)) == supplement
    assert json.loads(supplement_text(supplement)) == json.loads(json.dumps(supplement_json(supplement)))


def test_what_a_newer_program_adds_is_left_aside() -> None:
    assert read_supplement(json.dumps(supplement_json(SUPPLEMENT) | {"more_of_it": 1})) == SUPPLEMENT


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", supplement_text(SUPPLEMENT).replace("unprompted", "x")])
def test_what_no_program_of_ours_has_written_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_supplement(text)


@pytest.mark.parametrize("closes", [[(1, 0), (2, 2), (3, 1), (4, 3)], [(0, 0), (1, 2)], [(7, 1)], [(0, 3)], []])
def test_the_spans_of_closed_days_are_those_that_each_moment_lies_in(closes: list[tuple[int, int]]) -> None:
    days = ClosedDays([(number, START + hours * HOUR) for number, hours in closes])
    spans = list(days.spans(START - HOUR))
    for minutes in range(-60, 300, 15):
        at = START + timedelta(minutes=minutes)
        assert [number for number, since, until in spans if since <= at < until] == list(
            filter(None, [days.day_of(at)])
        )
