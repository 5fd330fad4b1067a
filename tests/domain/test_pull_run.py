"""When it is time for another round, and what the database keeps of the last one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.pull_run import AT_OPENING, EVERY, LEASE, PullRun, is_due, read_pull_run
from tests.support.fakes import START

SECOND = timedelta(seconds=1)
DONE = PullRun(till="A", begun=START, ended=START + SECOND, covered=START - EVERY, trouble="no")
UNDER_WAY = replace(DONE, ended=None)


@pytest.mark.parametrize("run", [DONE, UNDER_WAY, PullRun(till="B", begun=START)])
def test_it_is_kept_as_it_was(run: PullRun) -> None:
    assert read_pull_run(run.text()) == run


@pytest.mark.parametrize(
    "text", [None, "", "no", "[]", "{}", '{"begun": null}', DONE.text().replace('"till"', '"who"')]
)
def test_what_nobody_can_read_is_none(text: str | None) -> None:
    assert read_pull_run(text) is None


def test_a_round_without_a_beginning_is_none() -> None:
    assert read_pull_run(DONE.text().replace(f'"{START.isoformat()}"', "null", 1)) is None


@pytest.mark.parametrize("after", [EVERY, AT_OPENING, timedelta()])
def test_a_round_follows_the_one_before_when_its_time_is_over(after: timedelta) -> None:
    assert DONE.ended is not None
    assert is_due(DONE, DONE.ended + after, after)
    assert not is_due(DONE, DONE.ended + after - SECOND, after)


def test_nobody_begins_beside_a_till_that_asks_but_for_one_that_has_ended_itself() -> None:
    assert not is_due(UNDER_WAY, START + LEASE - SECOND, timedelta())
    assert is_due(UNDER_WAY, START + LEASE, EVERY)


def test_a_clock_that_was_far_ahead_holds_up_nobody() -> None:
    assert is_due(None, START, EVERY)
    assert is_due(DONE, START - timedelta(hours=3), EVERY)
    assert not is_due(DONE, START - timedelta(minutes=3), EVERY)


def test_two_rounds_both_look_at_the_window_of_a_payment() -> None:
    assert DONE.since() == START - timedelta(minutes=25)
    assert PullRun(till="A", begun=START).since() is None
