"""The models of a day's groups and of what is carried over."""

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import Supplement, ToldRow
from pos_app.ui.day.model import BY, CarriedColumn, CarriedModel, DayColumn, DayModel, LaterColumn, LaterModel
from tests.support.builders import end, prompt, sell
from tests.support.fakes import START
from tests.support.model_rules import watched
from tests.support.till_harness import TillHarness


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Week pass", 250, days=7))


def cells(model: DayModel | CarriedModel | LaterModel) -> list[str]:
    return [model.index(0, column).data() for column in range(model.columnCount())]


def test_the_groups_of_a_day(harness: TillHarness, post: Post) -> None:
    end(harness, sell(harness, post), "0")
    report = harness.till.days.open()
    model = watched(DayModel())
    for kind in BY.values():
        model.show_report(report, kind)
        assert model.rowCount() == 1
        assert cells(model)[DayColumn.NET] == "250"
        model.show_report(None, kind)
        assert not model.rowCount()


def test_what_is_carried_over(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post))
    model = watched(CarriedModel())
    model.show_report(harness.till.days.open())
    assert cells(model)[CarriedColumn.AMOUNT] == "250"
    model.show_report(None)
    assert not model.rowCount()


def test_what_a_supplement_names() -> None:
    model = watched(LaterModel())
    row = ToldRow(outcome=RowOutcome.UNPROMPTED, receipt="UKN4X7Q2ZT", at=START, cents=45_050)
    told = Supplement(close=117, part=1, at=START, source="statement 1f0c22aa", since=None, until=None, rows=(row,))
    model.show_supplement(told)
    assert cells(model)[LaterColumn.CODE] == "UKN4X7Q2ZT"
    model.show_supplement(None)
    assert not model.rowCount()
