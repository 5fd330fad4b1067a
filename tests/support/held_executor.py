"""Threads that wait for the test."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class HeldExecutor(Executor):
    """Keeps work until the test lets it run, in any order."""

    def __init__(self) -> None:
        self.held: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.held.append(lambda: fn(*args, **kwargs))
        return Future()

    def run(self, place: int = 0) -> None:
        self.held.pop(place)()

    def run_all(self) -> None:
        while self.held:
            self.run()
