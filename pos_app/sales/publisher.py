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


class ShopWatcher(Protocol):
    """Told what people have done at other tills, as the audit names it; on any thread, must be quick."""

    def __call__(self, acts: frozenset[str], /) -> None: ...


class Publisher:
    """Tells of payments, in the order in which somebody asked to be told; on the thread that publishes.

    What another till has done to its own payments is told apart, and only to whoever asks for it: nothing prints,
    sounds or asks M-PESA by it.

    Attributes:
        hears_others: whether somebody tells of other tills.
    """

    def __init__(self) -> None:
        self.hears_others = False
        self._subscribers: list[Subscriber] = []
        self._watchers: list[ChangeWatcher] = []
        self._of_others: list[Subscriber] = []
        self._of_shop: list[ShopWatcher] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be told about each payment that is published."""
        self._subscribers.append(subscriber)

    def watch(self, watcher: ChangeWatcher) -> None:
        """Be told of each payment that is new or not as it was, with how it was."""
        self._watchers.append(watcher)

    def subscribe_others(self, subscriber: Subscriber) -> None:
        """Be told about each payment of another till that is new or changed there; on any thread."""
        self._of_others.append(subscriber)

    def watch_shop(self, watcher: ShopWatcher) -> None:
        """Be told what people have done at other tills."""
        self._of_shop.append(watcher)

    def publish(self, payment: Payment) -> None:
        """Tell the subscribers."""
        for subscriber in self._subscribers:
            _call(partial(subscriber, payment))

    def publish_change(self, before: Payment | None, after: Payment) -> None:
        """Tell the subscribers, then those who watch changes."""
        self.publish(after)
        for watcher in self._watchers:
            _call(partial(watcher, before, after))

    def publish_other(self, payment: Payment) -> None:
        """Tell of a payment of another till, as it stands there."""
        for subscriber in self._of_others:
            _call(partial(subscriber, payment))

    def publish_acts(self, acts: frozenset[str]) -> None:
        """Tell what people have done."""
        for watcher in self._of_shop:
            _call(partial(watcher, acts))


def _call(tell: Callable[[], None]) -> None:
    try:
        tell()
    except Exception:  # noqa: BLE001 - one failing subscriber must not silence the others
        _log.exception("a subscriber failed")
