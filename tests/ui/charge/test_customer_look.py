"""Looking customers up while digits are typed: one question at a time, and only the latest one's answer counts."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.domain.customer import KnownPhone
from pos_app.errors import PosError
from pos_app.ui.charge.customer_look import NOTHING, CustomerLook, FoundCustomers, Question
from pos_app.ui.tasks import Lane, Tasks
from tests.support.till_harness import TillHarness
from tests.ui.selling import pay, sell

AMINA, OTIENO = "254712345678", "254722345678"


class SlowTasks(Tasks):
    """Threads that answer when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []
        self.asked = 0
        self.broken = False

    def run(
        self, work: Any, done: Any = None, failed: Any = None, *, owner: Any = None, lane: Lane = Lane.LOOK
    ) -> None:
        assert lane is Lane.LOOK
        self.asked += 1
        self.waiting.append(lambda: failed(PosError("Damaged.")) if self.broken else done(work()))

    def answer(self) -> None:
        """The oldest question."""
        self.waiting.pop(0)()


@pytest.fixture
def slow(qapp: object) -> SlowTasks:
    return SlowTasks()


@pytest.fixture
def look(harness: TillHarness, posts: list[Post], slow: SlowTasks) -> CustomerLook:
    """Amina has paid for a week pass, Otieno for a tea."""
    for number, (post, phone) in enumerate(((posts[1], AMINA), (posts[2], OTIENO))):
        pay(harness.till, sell(harness.till, post, phone), f"UKN000000{number}")
    return CustomerLook(harness.till, slow)


def answer(look: CustomerLook) -> FoundCustomers | None:
    """What it has now."""
    return look.answer


def test_the_answer_belongs_to_its_question(look: CustomerLook, slow: SlowTasks, qtbot: QtBot) -> None:
    look.ask(Question(last="5678"))
    assert answer(look) is None
    with qtbot.waitSignal(look.answered):
        slow.answer()
    assert look.answer is not None
    assert [known.phone for known in look.answer.ending] == [OTIENO, AMINA]
    look.ask(Question(msisdn=AMINA))
    assert answer(look) is None, "the offers are gone with the next key"
    slow.answer()
    assert look.answer.customer is not None
    assert [one.title for one in look.answer.customer.has] == ["Week pass"]


def test_of_many_keystrokes_the_latest_wins_and_those_between_are_never_asked(
    look: CustomerLook, slow: SlowTasks
) -> None:
    look.ask(Question(last="5678"))
    for last in ("1111", "2222", "3333"):
        look.ask(Question(last=last))
    look.ask(Question(msisdn=OTIENO))
    assert slow.asked == 1, "one at a time, however slow the store is"
    slow.answer()
    assert answer(look) is None, "nobody of an older question is offered"
    assert slow.asked == 2
    slow.answer()
    assert look.answer is not None
    assert look.answer.question == Question(msisdn=OTIENO)
    assert not slow.waiting


def test_a_late_answer_fills_nothing_in_where_nothing_is_asked_any_more(look: CustomerLook, slow: SlowTasks) -> None:
    look.ask(Question(last="5678"))
    look.ask(NOTHING)
    slow.answer()
    assert answer(look) is None
    assert not slow.waiting
    look.ask(Question(last="5678"))
    look.ask(Question(last="5678"))
    assert slow.asked == 2


def test_an_answer_to_the_same_question_asked_before_and_after_counts(look: CustomerLook, slow: SlowTasks) -> None:
    look.ask(Question(last="5678"))
    look.ask(NOTHING)
    look.ask(Question(last="5678"))
    slow.answer()
    assert look.answer is not None


def test_what_is_known_stands_until_it_was_read_anew(
    look: CustomerLook, slow: SlowTasks, harness: TillHarness, posts: list[Post]
) -> None:
    look.ask(Question(msisdn=AMINA))
    slow.answer()
    before = look.answer
    assert before is not None
    sell(harness.till, posts[0], AMINA, despite=[1])
    look.read_anew(OTIENO)
    assert not slow.waiting
    look.read_anew(AMINA)
    look.read_anew(AMINA)  # while it is being read: what comes may be old by then
    assert look.answer is before
    slow.answer()
    assert look.answer is not None
    assert look.answer.customer is not None
    assert [payment.post_title for payment in look.answer.customer.pending if payment.state.open] == ["Day pass"]
    slow.answer()
    assert not slow.waiting


def test_what_cannot_be_read_is_said_and_the_next_question_is_asked(look: CustomerLook, slow: SlowTasks) -> None:
    slow.broken = True
    look.ask(Question(msisdn=AMINA))
    slow.answer()
    assert look.answer is not None
    assert look.answer.failed
    slow.broken = False
    look.ask(Question(msisdn=OTIENO))
    slow.answer()
    assert not look.answer.failed


def test_it_reads_on_a_thread(
    harness: TillHarness, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def ending(_digits: str) -> list[KnownPhone]:
        threads.append(threading.get_ident())
        return []

    monkeypatch.setattr(harness.till.customers, "ending", ending)
    look = CustomerLook(harness.till, tasks)
    with qtbot.waitSignal(look.answered):
        look.ask(Question(last="5678"))
    assert threads != [threading.get_ident()]
