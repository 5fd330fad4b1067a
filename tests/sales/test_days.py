"""Closing the day: for whom, once, whatever is asked for meanwhile, and what is said."""

import pytest

from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.close_sum import read_close_sum, without_sum
from pos_app.domain.erasure import read_key
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.links import find_heads
from pos_app.domain.operators import Act, Need, Role
from pos_app.errors import BadInput, CannotSave, OwnerNeeded, SignInNeeded
from tests.support.builders import end, prompt, sell, success, tell
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Week pass", 250, days=7))


def sold(harness: TillHarness, post: Post, token: str = "secret") -> None:
    end(harness, sell(harness, post, token=token), "0")


def audit(harness: TillHarness) -> list[AuditLine]:
    return [line for line in harness.till.reader.audit(50) if line.act is Act.CLOSE]


def open_heads(harness: TillHarness) -> tuple[str, ...]:
    report = harness.till.days.open()
    assert report
    return report.heads


def test_a_close_and_what_the_next_one_begins_with(harness: TillHarness, post: Post) -> None:
    days = harness.till.days
    sold(harness, post)
    opened = days.open()
    assert opened is not None
    assert (opened.number, opened.figures.received) == (1, post.price)
    close = days.close(1)
    assert (close.number, close.till, close.at, close.report) == (1, "A", START, opened)
    assert days.named(1) == close
    assert days.closes(10) == [close]
    assert days.closes(10, before=1) == []
    [line] = audit(harness)
    assert line.subject == "Z 0001"
    assert read_close_sum(line.new)
    assert without_sum(line.new or "") == f"KES {post.price}, 0 carried over"
    after = days.open()
    assert after is not None
    assert (after.number, after.figures.nothing) == (2, True)
    day = days.calendar(shop_day(START))
    assert day is not None
    assert day.figures.received == post.price
    with pytest.raises(BadInput, match="no close Z 0002"):
        days.named(2)


def test_a_close_names_the_heads_of_the_lines(harness: TillHarness, post: Post) -> None:
    """By which a line that is cut off later is missed (rule 24)."""
    key = read_key("ab" * 32).links
    harness.database.link_lines("A", lambda: key)
    sold(harness, post)
    [head] = harness.till.reader.heads()
    assert open_heads(harness) == ()
    close = harness.till.days.close(1)
    [line] = audit(harness)
    assert find_heads(line.new or "") == [head.code]
    assert close.report.heads == (str(head.code),)
    harness.till.catalogue.add(draft_post("Tea", 30))
    assert harness.till.days.named(1) == close, "as it was written"
    assert open_heads(harness) == ()


def test_closing_twice_closes_once_in_words(harness: TillHarness, post: Post) -> None:
    """Two tills that were shown the same day: the second one hears of the first."""
    days = harness.till.days
    sold(harness, post)
    days.close(1)
    with pytest.raises(BadInput, match=r"closed already: Z 0001, 23 Nov 2026 14:00, at till A. Nothing was closed"):
        days.close(1)
    sold(harness, post, "another")
    with pytest.raises(BadInput, match="closed already: Z 0001"):
        days.close(1)
    with pytest.raises(BadInput, match="closed already: Z 0001"):
        days.close(3)
    assert days.close(2).report.figures.paid == 1
    assert [close.number for close in days.closes(10)] == [2, 1]


def test_there_must_be_something_to_close(harness: TillHarness, post: Post) -> None:
    days = harness.till.days
    with pytest.raises(BadInput, match=r"since this shop's days are closed. There is nothing to close"):
        days.close(1)
    with pytest.raises(BadInput, match="The day is another one than was shown"):
        days.close(7)
    sold(harness, post)
    days.close(1)
    with pytest.raises(BadInput, match=r"since Z 0001, 23 Nov 2026 14:00, at till A. There is nothing to close"):
        days.close(2)
    assert len(days.closes(10)) == 1


def test_a_prompt_on_its_way_is_carried_over_and_paid_in_the_next_one(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    first = harness.till.days.close(1)
    assert (first.report.open_count, first.report.figures.paid) == (1, 0)
    assert [item.number for item in first.report.open] == [payment.number]
    tell(harness, payment, success(payment))
    second = harness.till.days.close(2).report
    assert (second.open_count, second.figures.late_received) == (0, post.price)


def test_a_clock_that_was_set_back_closes_all_the_same(harness: TillHarness, post: Post) -> None:
    days = harness.till.days
    sold(harness, post)
    days.close(1)
    harness.clock.unheard()
    harness.clock.jump(-86_400 * 3)
    sold(harness, post, "another")
    second = days.close(2)
    assert second.report.clock_went_back
    assert [close.report.figures.paid for close in days.closes(10)] == [1, 1]


def test_rule_16_who_closes(harness: TillHarness, post: Post) -> None:
    till = harness.till
    sold(harness, post)
    assert till.days.need() is Need.NOTHING, "a shop with neither operators nor a passphrase"
    hire(till)
    stand(till, None)
    with pytest.raises(SignInNeeded):
        till.days.close(1)
    stand(till, Role.OPERATOR)
    assert till.days.need() is Need.PASSPHRASE
    with pytest.raises(BadInput):
        till.days.close(1)
    with pytest.raises(OwnerNeeded):
        till.authority.admit(till.reader, Act.CLOSE, till.authority.shift)
    assert till.days.close(1, PASSPHRASE).owner
    sold(harness, post, "another")
    stand(till, Role.SUPERVISOR)
    close = till.days.close(2)
    assert close.owner is False
    assert close.operator is not None
    with pytest.raises(BadInput, match=f"closed already: Z 0002, .* by {close.operator}"):
        till.days.close(2)
    assert [line.owner for line in audit(harness)] == [False, True]


def test_rule_16_sums_of_a_day_are_sums(harness: TillHarness, post: Post) -> None:
    till = harness.till
    sold(harness, post)
    till.days.close(1)
    hire(till)
    till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    stand(till, Role.OPERATOR)
    assert till.days.open() is None
    assert till.days.calendar(shop_day(START)) is None
    assert till.days.closes(10) == []
    with pytest.raises(OwnerNeeded):
        till.days.named(1)
    stand(till, Role.SUPERVISOR)
    assert till.days.named(1).number == 1
    assert till.days.open() is not None


def test_what_cannot_be_saved_is_not_closed(harness: TillHarness, post: Post) -> None:
    sold(harness, post)
    harness.till.writer.saving = False
    with pytest.raises(CannotSave):
        harness.till.days.close(1)
    harness.till.writer.saving = True
    assert harness.till.days.closes(10) == []
