"""Whether M-PESA can be reached: the light tells the truth in both directions."""

import threading
from collections.abc import Iterator

import pytest

from pos_app.sales.contact import STALE, TEST_EVERY, Contact, ContactStatus, ContactWatch, Reach
from tests.support.fakes import FakeClock


@pytest.fixture
def contact(clock: FakeClock) -> Contact:
    return Contact(clock)


def test_before_the_first_test_nothing_is_said(contact: Contact) -> None:
    assert contact.status == ContactStatus(Reach.UNTESTED)
    assert contact.begin_test()
    assert contact.status == ContactStatus(Reach.CONNECTING)


def test_the_first_answer_makes_it_ready_and_its_age_grows(contact: Contact, clock: FakeClock) -> None:
    contact.tell(True)
    assert contact.status == ContactStatus(Reach.REACHED, 0.0)
    clock.advance(40)
    assert contact.status == ContactStatus(Reach.REACHED, 40.0)


def test_the_first_failure_of_all_says_so(contact: Contact) -> None:
    contact.tell(False)
    assert contact.status == ContactStatus(Reach.LOST)


def test_one_question_that_fails_changes_nothing(contact: Contact, clock: FakeClock) -> None:
    contact.tell(True)
    clock.advance(10)
    for _ in range(3):  # three at the same moment are one hiccup
        contact.tell(False)
    assert contact.status.reach is Reach.REACHED
    contact.tell(True)
    clock.advance(10)
    contact.tell(False)
    assert contact.status.reach is Reach.REACHED


def test_failures_that_last_put_it_out_and_one_answer_brings_it_back(contact: Contact, clock: FakeClock) -> None:
    contact.tell(True)
    clock.advance(10)
    contact.tell(False)
    clock.advance(6)
    contact.tell(False)
    assert contact.status == ContactStatus(Reach.LOST, 16.0)
    contact.tell(True)
    assert contact.status == ContactStatus(Reach.REACHED, 0.0)


def test_what_was_heard_long_ago_says_nothing_about_now(contact: Contact, clock: FakeClock) -> None:
    """Also after sleep, which no failure tells of."""
    contact.tell(True)
    clock.sleep(STALE + 1)
    assert contact.status == ContactStatus(Reach.LOST, STALE + 1)


def test_a_wall_clock_that_is_set_changes_nothing(contact: Contact, clock: FakeClock) -> None:
    contact.tell(True)
    clock.jump(86_400)
    assert contact.status == ContactStatus(Reach.REACHED, 0.0)


@pytest.mark.parametrize("heard", [True, False])
def test_it_is_tested_only_where_nothing_was_tried_for_a_minute(
    contact: Contact, clock: FakeClock, heard: bool
) -> None:
    tests: list[bool] = []

    def test() -> None:
        tests.append(True)
        contact.tell(heard)

    watch = ContactWatch(contact, test)
    for _ in range(25):  # two minutes
        watch.step()
        clock.advance(5)
    assert len(tests) == 3
    contact.tell(heard)  # somebody spoke to M-PESA
    for _ in range(11):
        watch.step()
        clock.advance(5)
    assert len(tests) == 3


@pytest.fixture
def watching(contact: Contact) -> Iterator[tuple[ContactWatch, threading.Semaphore]]:
    tested = threading.Semaphore(0)

    def test() -> None:
        tested.release()
        raise ValueError("a fault in our own code")

    watch = ContactWatch(contact, test)
    yield watch, tested
    watch.stop()


def test_the_thread_tests_at_once_and_outlives_a_fault(
    watching: tuple[ContactWatch, threading.Semaphore], caplog: pytest.LogCaptureFixture
) -> None:
    watch, tested = watching
    watch.start()
    assert tested.acquire(timeout=10)
    watch.stop()
    assert "contact" not in [thread.name for thread in threading.enumerate()]
    assert "the test of the connection failed in our own code" in caplog.text


def test_a_minute_is_not_longer_than_what_counts_as_recent() -> None:
    assert 2 * TEST_EVERY < STALE
