"""What waits until it can be saved: of what comes to one address only so much, or junk would fill memory and disk."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

MOST = 20  # of one address; M-PESA sends one or two
T = TypeVar("T")


class HeldJobs(Generic[T]):
    """Things in the order in which they came. Any thread.

    Args:
        about: whose address a thing came to; empty where that sets no limit.
    """

    def __init__(self, about: Callable[[T], str]) -> None:
        self._about = about
        self._things: dict[T, None] = {}
        self._many = Counter[str]()
        self._door = threading.Lock()

    def full(self, thing: T) -> bool:
        """Whether there are enough of its address without it."""
        return self._many[self._about(thing)] >= MOST

    def add(self, thing: T) -> None:
        """Hold it."""
        with self._door:
            self._things[thing] = None
            self._many.update(filter(None, [self._about(thing)]))

    def discard(self, thing: T) -> None:
        """Hold it no more, where it is held."""
        with self._door:
            if thing not in self._things:
                return
            del self._things[thing]
            about = self._about(thing)
            self._many[about] -= 1
            if self._many[about] <= 0:
                del self._many[about]

    def __contains__(self, thing: T) -> bool:
        """Whether it is held."""
        return thing in self._things

    def all(self) -> list[T]:
        """Everything, oldest first."""
        with self._door:
            return list(self._things)

    def first_of_each(self, things: Iterable[T]) -> list[T]:
        """These without those that are too many of one address."""
        so_far = Counter[str]()
        kept = []
        for thing in things:
            about = self._about(thing)
            so_far[about] += bool(about)
            if so_far[about] <= MOST:
                kept.append(thing)
        return kept
