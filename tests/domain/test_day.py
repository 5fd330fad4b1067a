"""A day's report: what it adds up to, and that it is read as it was written."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.day import (
    CarriedOver,
    DayClose,
    DayFigures,
    DayGroup,
    DayReport,
    RecordSeen,
    groups_in_order,
    waits,
)
from pos_app.domain.day_json import read_report, report_json, report_text
from pos_app.domain.payment import Remark, State
from tests.support.fakes import START

ITEM = CarriedOver(
    id=4,
    number="A-20261123-0004",
    opened_at=START,
    amount=250,
    state=State.PAID,
    reason=None,
    remarks=frozenset({Remark.DOUBLE, Remark.CONFLICT}),
)
REPORT = DayReport(
    since=START,
    until=START + timedelta(hours=9),
    after=116,
    figures=DayFigures(payments=3, asked=750, paid=2, received=500, refunds=1, refunded=20, late=1, late_received=250),
    posts=(DayGroup(key=2, name="Week pass", asked=750, paid=2, received=500), DayGroup(key=None, refunded=20)),
    operators=(DayGroup(key=None, asked=750, paid=2, received=500, refunded=20),),
    hours=(DayGroup(key=14, asked=750, paid=2, received=500, refunded=20),),
    open_count=1,
    open_amount=250,
    open=(ITEM,),
    record=RecordSeen(until=START, fees=1250, differs=1, unprompted=2, unprompted_amount=30_000),
    heads=("A-18221-7K3F-9D2M-X4QZ", "B-1-0000-0000-0001"),
)


def test_the_number_follows_the_last_close_and_those_that_were_lost() -> None:
    assert REPORT.number == 117
    assert replace(REPORT, lost=120).number == 121
    assert replace(REPORT, after=None).number is None


def test_net_is_what_was_paid_less_what_went_back() -> None:
    assert REPORT.figures.net == 480
    assert [group.net for group in REPORT.posts] == [500, -20]
    assert not REPORT.figures.nothing
    assert DayFigures().nothing


def test_a_clock_that_was_set_back_shows() -> None:
    assert not REPORT.clock_went_back
    assert not replace(REPORT, since=None).clock_went_back
    assert replace(REPORT, until=START - timedelta(seconds=1)).clock_went_back


def test_how_long_something_waits_is_never_less_than_nothing() -> None:
    assert waits(ITEM, REPORT) == timedelta(hours=9)
    assert waits(ITEM, replace(REPORT, until=START - timedelta(days=1))) == timedelta()


def test_a_close_is_called_by_its_number() -> None:
    close = DayClose(number=117, at=START, till="A", operator=None, owner=False, report=REPORT)
    assert close.name == "Z 0117"


def test_the_most_comes_first_and_what_is_of_none_last() -> None:
    groups = [DayGroup(key=key, received=net) for key, net in ((None, 900), (1, 20), (2, 30), (3, 30))]
    assert [group.key for group in groups_in_order(groups)] == [2, 3, 1, None]


@pytest.mark.parametrize("report", [REPORT, DayReport(since=None, until=START, after=None)])
def test_a_report_is_read_as_it_was_written(report: DayReport) -> None:
    assert read_report(report_text(report)) == report


def test_what_a_newer_program_adds_is_left_aside() -> None:
    values = report_json(REPORT) | {"more": 1}
    values["figures"] = {**values["figures"], "fees": 3}  # type: ignore[dict-item]
    assert read_report(json.dumps(values)) == REPORT


def test_a_close_from_before_has_no_heads() -> None:
    values = report_json(REPORT)
    del values["heads"]
    assert read_report(json.dumps(values)) == replace(REPORT, heads=())


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '"x"', report_text(REPORT).replace("paid", "paind")])
def test_what_no_program_of_ours_has_written_is_no_report(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_report(text)
