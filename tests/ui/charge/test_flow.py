"""What the charge page reads: whatever order the answers come in, the newest counts."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post, draft_post
from pos_app.ui.charge.flow import ChargeFlow
from pos_app.ui.tasks import Tasks
from tests.support.till_harness import TillHarness


class Later(Executor):
    """Does nothing before it is told to, in the order that it is told."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.jobs.append(lambda: fn(*args, **kwargs))
        return Future()


def test_an_older_answer_that_comes_late_is_not_shown(qapp: QApplication, qtbot: QtBot, harness: TillHarness) -> None:
    later = Later()
    tasks = Tasks(later)
    flow = ChargeFlow(harness.till, tasks)
    shown: list[list[Post]] = []
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
    assert [[post.title for post in posts] for posts in shown] == [["Tea"], ["Tea"]]
    tasks.close()
