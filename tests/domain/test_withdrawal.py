"""What becomes of a customer's other access when some of it is withdrawn (rule 19)."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.access import Held, extended, starts
from pos_app.domain.withdrawal import ByHand, Given, OfLine, held_of, moved
from tests.support.fakes import START

Sold = tuple[int, int | None]  # on which day, and for how many


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def sell(*many: Sold) -> list[Given]:
    """What a customer was given, each after the other as rule 15 says; the payments are numbered from 1."""
    given: list[Given] = []
    held: Held | None = None
    for number, (at, days) in enumerate(many, 1):
        begin, held = starts(held, day(at)), extended(held, days, day(at))
        assert held
        given.append(Given(origin=OfLine(number, 1), days=days, starts_at=begin, until=held.until))
    return given


def after(given: list[Given], which: int, at: float) -> dict[int, tuple[float, float | None]]:
    """From which day to which day each of the others counts, once this payment's access is withdrawn."""
    rest = [each for each in given if each.origin[0] != which]
    new = {each.origin[0]: each for each in rest} | {each.origin[0]: each for each in moved(rest, day(at))}
    return {number: (_day(each.starts_at), _day(each.until) if each.until else None) for number, each in new.items()}


def _day(moment: datetime) -> float:
    return (moment - START) / timedelta(days=1)


def test_what_waited_behind_it_begins_at_once_and_keeps_its_length() -> None:
    assert after(sell((0, 30), (10, 30), (11, 7)), 1, 20) == {2: (20, 50), 3: (50, 57)}


def test_what_was_used_up_moves_nothing() -> None:
    given = sell((0, 30), (10, 30), (50, 30))
    assert after(given, 1, 45) == {2: (30, 60), 3: (60, 90)}
    assert moved([], day(1)) == []


def test_what_has_begun_stays_and_what_waits_behind_the_gap_moves_up_to_it() -> None:
    assert after(sell((0, 30), (1, 30), (2, 30)), 2, 10) == {1: (0, 30), 3: (30, 60)}


def test_nothing_begins_before_the_withdrawal() -> None:
    assert after(sell((0, 30), (40, 30), (41, 30)), 2, 50) == {1: (0, 30), 3: (50, 80)}


def test_days_that_for_ever_swallowed_count_from_when_they_were_paid() -> None:
    assert after(sell((0, None), (10, 30), (11, 7)), 1, 20) == {2: (10, 40), 3: (40, 47)}
    assert after(sell((0, None), (10, 30)), 1, 300) == {2: (10, 40)}, "they are over"


def test_days_before_for_ever_come_before_those_that_it_swallowed() -> None:
    assert after(sell((0, 30), (5, 30), (10, None), (12, 30)), 3, 40) == {1: (0, 30), 2: (30, 60), 4: (60, 90)}
    assert after(sell((0, 30), (10, None), (12, 30)), 2, 40) == {1: (0, 30), 3: (30, 60)}


def test_where_something_for_ever_is_left_nothing_changes() -> None:
    given = sell((0, 30), (5, 30), (10, None), (12, 30))
    assert moved([given[1], given[2], given[3]], day(20)) == []


def test_one_after_the_other() -> None:
    given = sell((0, 30), (5, 30), (10, None))
    assert moved(given[1:], day(20)) == []
    assert after([given[1], given[2]], 3, 25) == {2: (25, 55)}


def test_days_of_which_no_older_program_wrote_down_when_they_begin() -> None:
    given = sell((0, 30), (10, 30))
    old = [given[0], Given(origin=OfLine(2, 1), days=30, starts_at=day(10), until=day(60))]
    assert after(old, 1, 20) == after(given, 1, 20)


def test_days_that_never_end_stay_so() -> None:
    endless = 3_650 * 999
    assert after(sell((0, 30), (1, endless)), 1, 10) == {2: (10, None)}


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([1, 7, 30, 30, None])), min_size=1, max_size=7),
    st.integers(0, 6),
    st.integers(0, 90),
)
def test_nobody_loses_a_day_that_is_left_and_nobody_gains_one(sold: list[Sold], which: int, later: int) -> None:
    sold.sort(key=lambda each: each[0])
    given, at = sell(*sold), sold[-1][0] + later
    which = which % len(sold) + 1
    rest = [each for each in given if each.origin[0] != which]
    result = after(given, which, at)
    if any(each.days is None for each in rest):
        return
    spans = sorted(result.values())
    assert all(end is not None for _, end in spans)
    assert all(end == begin for (_, end), (begin, _) in pairwise(spans) if begin > at)
    assert all((end or 0) <= begin for (_, end), (begin, _) in pairwise(spans)), "no day twice"
    assert all((end or 0) - begin == given[number - 1].days for number, (begin, end) in result.items())
    unswallowed = {each.origin[0]: _day(each.starts_at) for each in rest if each.until}
    assert all(result[number][0] <= begin for number, begin in unswallowed.items()), "forward only"
    assert all(result[number][0] >= min(at, begin) for number, begin in unswallowed.items())


def test_days_that_overlap_as_a_wrong_clock_left_them_hold_up_to_the_last_of_them() -> None:
    spans = ((0, 60), (10, 40), (60, 90))
    given = [
        Given(origin=OfLine(number, 1), days=end - begin, starts_at=day(begin), until=day(end))
        for number, (begin, end) in enumerate(spans, 1)
    ]
    assert moved(given, day(20)) == []


def test_access_by_hand_moves_like_any_other() -> None:
    given = sell((0, 30), (10, 30))
    by_hand = Given(origin=ByHand(1), days=7, starts_at=day(60), until=day(67))
    assert moved([given[1], by_hand], day(20)) == [
        Given(origin=OfLine(2, 1), days=30, starts_at=day(20), until=day(50)),
        Given(origin=ByHand(1), days=7, starts_at=day(50), until=day(57)),
    ]


def test_what_all_of_it_gives_together() -> None:
    given = sell((0, 30), (10, 30))
    assert held_of([], day(0)) is None
    assert held_of(given, day(59)) == held_of(given[::-1], day(59)) == Held(day(60))
    assert held_of(given, day(60)) is None
    assert held_of(sell((0, 30), (10, None)), day(900)) == Held(None)
