"""What the charge page reads: whatever order the answers come in, the newest counts."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import draft_post
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment_event import NoAnswer
from pos_app.domain.post_finder import Shelf
from pos_app.sales.checkout import WAIT
from pos_app.ui.charge.flow import ChargeFlow
from pos_app.ui.tasks import Lane, Tasks
from tests.support.builders import a_request, end, sell
from tests.support.till_harness import TillHarness
from tests.ui.counter import stock


class Later(Executor):
    """Does nothing before it is told to, in the order that it is told."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.jobs.append(lambda: fn(*args, **kwargs))
        return Future()


def test_questions_that_hang_hold_up_neither_a_charge_nor_a_look_up(
    qtbot: QtBot, harness: TillHarness, tasks: Tasks
) -> None:
    """M-PESA does not answer, and somebody has pressed Ctrl+R more often than there are threads."""
    post, other = stock(harness)[:2]
    asked = [end(harness, sell(harness, post, f"071234567{n}", f"secret {n}"), "1037") for n in range(6)]
    harness.clock.advance(WAIT)
    free, hanging = threading.Event(), threading.Semaphore(0)

    def hang(checkout_request_id: str) -> NoAnswer:
        hanging.release()
        assert free.wait(20)
        return NoAnswer(detail="ReadTimeout")

    harness.gateway.query_answers.extend([hang] * len(asked))
    flow = ChargeFlow(harness.till, tasks)
    for payment in asked:
        flow.ask_again(payment)
    for _ in range(Lane.MPESA.threads):
        assert hanging.acquire(timeout=10)
    with qtbot.waitSignals([flow.charged, flow.posts]):
        flow.charge(a_request(other, "0722345678"))
        flow.read_posts()
    free.set()


def test_an_older_answer_that_comes_late_is_not_shown(qapp: QApplication, qtbot: QtBot, harness: TillHarness) -> None:
    later = Later()
    tasks = Tasks(later)
    flow = ChargeFlow(harness.till, tasks)
    shown: list[Shelf] = []
    flow.posts.connect(shown.append)
    flow.read_posts()
    flow.read_posts()
    old, new = later.jobs
    harness.till.catalogue.add(draft_post("Tea", 30))
    new()
    old()
    flow.read_posts()
    later.jobs[2]()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert [[post.title for post in shelf.posts] for shelf in shown] == [["Tea"], ["Tea"]]
    tasks.close()


def test_figures_that_were_read_for_who_stood_there_before_are_nobody_s(
    qapp: QApplication, qtbot: QtBot, harness: TillHarness
) -> None:
    later = Later()
    tasks = Tasks(later)
    flow = ChargeFlow(harness.till, tasks)
    shown: list[object] = []
    flow.totals.connect(shown.append)
    flow.read_figures()
    of_the_one_before, _ = later.jobs
    flow.change_hands()
    assert shown == [None], "at once"
    of_the_one_before()
    later.jobs[2]()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown[1] == harness.till.reader.totals(shop_day(harness.clock.corrected()))
    flow.read_figures()
    later.jobs[4]()
    qtbot.waitUntil(lambda: len(shown) == 3)
    tasks.close()
