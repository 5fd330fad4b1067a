"""A till's letter, claimed in the database and kept while it is open."""

import threading
from collections.abc import Callable, Collection
from typing import Any

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.till_claim import LEASE, SETTING, TillClaim, read_claims
from pos_app.errors import CannotSave, Occupied
from pos_app.sales.ports import Transaction
from pos_app.sales.till_lease import TillLease
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import BreakableStore, flush, sell
from tests.support.till_harness import TillHarness


def claim(holder: str, **changes: Any) -> TillClaim:
    says = {"holder": holder, "computer": f"{holder}-PC", "account": "600123"}
    return TillClaim(**says | changes)


@pytest.fixture
def lease(harness: TillHarness) -> Callable[..., TillLease]:
    def make(holder: str, till: str = "A", writer: GroupWriter | None = None, **changes: Any) -> TillLease:
        return TillLease(till, claim(holder, **changes), harness.till.reader, writer or harness.till.writer)

    return make


def claims(harness: TillHarness) -> dict[str, TillClaim]:
    flush(harness.till.writer)
    return read_claims(harness.till.reader.setting(SETTING))


def long_ago(harness: TillHarness, till: str) -> None:
    """Nobody has heard of this till for a lease's time."""

    def work(transaction: Transaction) -> None:
        text = transaction.setting(SETTING) or ""
        seen = read_claims(text)[till].seen
        transaction.set_setting(SETTING, text.replace(repr(seen), repr(seen - LEASE - 1)))

    harness.till.writer.run(work)


def test_rule_27_a_letter_that_is_taken_is_refused_with_whose_it_is_and_what_is_free(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    lease("one").claim()
    lease("three", "B").claim()
    with pytest.raises(Occupied, match=r"on the computer one-PC\. Nothing was sent\..*Several tills.*; C is free"):
        lease("two").claim()
    assert claims(harness)["A"].holder == "one"


def test_rule_27_a_till_that_crashed_has_its_own_again_at_once(lease: Callable[..., TillLease]) -> None:
    lease("one").claim()
    lease("one").claim()


def test_rule_27_one_that_was_not_heard_of_for_half_a_minute_or_has_closed_is_free(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    lease("one").claim()
    long_ago(harness, "A")
    second = lease("two")
    second.claim()
    second.stop()
    lease("three").claim()
    assert claims(harness)["A"].holder == "three"


def test_rule_27_who_has_lost_the_letter_sells_nothing_and_takes_nothing_back(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    first, second = lease("one"), lease("two")
    first.claim()
    harness.till.writer.run(first.must_be_mine)
    long_ago(harness, "A")
    second.claim()
    with pytest.raises(Occupied, match=r"two-PC has become till A\. Nothing was sent"):
        harness.till.writer.run(first.must_be_mine)
    first.stop()
    assert harness.till.writer.run(second.is_mine)
    assert second.lost == ""
    assert claims(harness)["A"].holder == "two"
    assert claims(harness)["A"].seen > 0


def test_rule_27_who_has_lost_the_letter_learns_it_by_its_next_word_and_says_so_once(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    first, second = lease("one"), lease("two")
    first.claim()
    long_ago(harness, "A")
    second.claim()
    said: list[str] = []
    first.watch(said.append)
    assert (first.lost, said) == ("", []), "it has not said anything since"
    for _ in range(2):
        first.step()
        flush(harness.till.writer)
    (words,) = said
    assert "two-PC has become till A" in words
    assert "another letter (Settings, Several tills" in words
    assert not harness.till.writer.run(first.is_mine)
    late: list[str] = []
    first.watch(late.append)
    assert late == [first.lost] == said, "a window that opens later is told at once"


def test_rule_27_of_a_till_and_a_copy_of_its_disk_the_one_that_opened_last_has_the_letter(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    first, copy = lease("one", run="first"), lease("one", run="copy")
    first.claim()
    copy.claim()
    with pytest.raises(Occupied, match=r"Till A was opened a second time.*Nothing was sent"):
        harness.till.writer.run(first.must_be_mine)
    first.step()
    first.stop()
    harness.till.writer.run(copy.must_be_mine)
    assert (claims(harness)["A"].run, claims(harness)["A"].seen > 0) == ("copy", True)


def test_rule_27_a_till_that_ended_before_letters_were_claimed_is_asked_for_too(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    post = harness.till.catalogue.add(draft_post("Maji", 250))
    sell(harness, post, till="C")
    first = lease("one")
    first.claim()
    assert claims(harness)["A"].asks == ("C",)
    lease("three", "C").claim()
    first.step()
    assert claims(harness)["A"].asks == ()


def test_rule_27_what_nobody_has_claimed_is_kept_from_no_till(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    """What was kept of the letters was lost while it was open, and another till has opened since."""
    sell(harness, harness.till.catalogue.add(draft_post("Maji", 250)))
    first = lease("one")
    first.claim()
    harness.till.writer.run(lambda transaction: transaction.set_setting(SETTING, "?"))
    lease("two", "B").claim()
    assert claims(harness)["A"].holder == ""
    harness.till.writer.run(first.must_be_mine)
    first.step()
    assert claims(harness)["A"].holder == "one"


def test_rule_27_a_till_asks_for_one_that_is_gone_until_it_comes_back(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    told: list[Collection[str]] = []
    first, second = lease("one"), lease("two", "B")
    second.claim()
    first.claim()
    first._on_asks = told.append
    long_ago(harness, "B")
    for _ in range(2):
        first.step()
        flush(harness.till.writer)
    assert told == [("B",)]
    second.claim()
    first.step()
    flush(harness.till.writer)
    assert told == [("B",), ()]


def test_a_till_says_by_itself_that_it_is_there(
    harness: TillHarness, lease: Callable[..., TillLease], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.sales.till_lease.BEAT", 0.01)
    asks, first = threading.Event(), lease("one")
    lease("two", "B").claim()
    long_ago(harness, "B")
    first.claim()
    first.start(lambda _: asks.set())
    assert asks.wait(10)
    first.stop()
    assert claims(harness)["A"].seen == 0.0


def test_a_letter_that_cannot_be_given_back_or_claimed_holds_up_nobody(
    harness: TillHarness, lease: Callable[..., TillLease], caplog: pytest.LogCaptureFixture
) -> None:
    store = BreakableStore(harness.database)
    writer = GroupWriter(store, harness.clock, retry=3_600)
    writer.start()
    store.broken = True
    first = lease("one", writer=writer)
    with pytest.raises(CannotSave):
        first.claim()
    first.step()
    first.stop()
    assert "could not be given back" in caplog.text
    writer.stop()
    assert claims(harness) == {}


def test_a_till_that_no_letter_was_ever_claimed_for_sells(
    harness: TillHarness, lease: Callable[..., TillLease]
) -> None:
    harness.till.writer.run(lease("one").must_be_mine)
    lease("one").stop()
    assert claims(harness) == {}
