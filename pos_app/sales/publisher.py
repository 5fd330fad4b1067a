"""Who is told of payments after each commit. One that fails silences no other."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from pos_app.domain.payment import Payment

_log = logging.getLogger(__name__)


class Subscriber(Protocol):
    """Told about a payment after the commit, on the writer's thread; must be quick and must not raise."""

    def __call__(self, payment: Payment, /) -> None: ...


class ChangeWatcher(Protocol):
    """Told in the same way of a payment that is new (`before` is None) or not as it was."""

    def __call__(self, before: Payment | None, after: Payment, /) -> None: ...


class Publisher:
    """Tells of payments, in the order in which somebody asked to be told; on the thread that publishes."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []
        self._watchers: list[ChangeWatcher] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be told about each payment that is published."""
        self._subscribers.append(subscriber)

    def watch(self, watcher: ChangeWatcher) -> None:
        """Be told of each payment that is new or not as it was, with how it was."""
        self._watchers.append(watcher)

    def publish(self, payment: Payment) -> None:
        """Tell the subscribers."""
        for subscriber in self._subscribers:
            _call(partial(subscriber, payment))

    def publish_change(self, before: Payment | None, after: Payment) -> None:
        """Tell the subscribers, then those who watch changes."""
        self.publish(after)
        for watcher in self._watchers:
            _call(partial(watcher, before, after))


def _call(tell: Callable[[], None]) -> None:
    try:
        tell()
    except Exception:  # noqa: BLE001 - one failing subscriber must not silence the others
        _log.exception("a subscriber failed")
