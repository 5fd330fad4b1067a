"""Notices a save that hangs: a disk or server that neither saves nor refuses is as bad as one that refuses."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLOW = 6.0  # seconds: longer than the store itself waits for another program that writes
HANGS = (
    "This computer cannot save safely: the disk or the server does not answer. Charging has stopped so no payment is "
    "lost. If it stays so, close the till and start it again."
)
_LOOKS = 6  # in that time


class SaveWatch:
    """Watches over one save at a time from a thread of its own.

    Args:
        monotonic: seconds that only go forward.
        hangs: told of a save that takes too long, again and again while it does, and never after its end; quick.
        meanwhile: called after it each time; may take long.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        hangs: Callable[[], None],
        meanwhile: Callable[[], None],
        slow: float = SLOW,
    ) -> None:
        self._monotonic = monotonic
        self._hangs = hangs
        self._meanwhile = meanwhile
        self._slow = slow
        self._since: float | None = None
        self._door = threading.Lock()  # a save that has ended is not called one that hangs
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._run, name="save-watch", daemon=True).start()

    def stop(self) -> None:
        """Watch no more. Returns at once."""
        self._stopping.set()

    @contextmanager
    def over(self) -> Iterator[None]:
        """A save, from its beginning to its commit."""
        self._since = self._monotonic()
        try:
            yield
        finally:
            with self._door:
                self._since = None

    def _run(self) -> None:
        while not self._stopping.wait(self._slow / _LOOKS):
            self.look()

    def look(self) -> None:
        """See whether a save hangs now."""
        with self._door:
            since = self._since
            hanging = since is not None and self._monotonic() - since >= self._slow
            if hanging:
                self._hangs()
        if hanging:
            self._meanwhile()
