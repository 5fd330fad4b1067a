"""Ending a look-up that nobody waits for any more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pos_app.errors import Cancelled


class Cancel:
    """Handed to a look-up by whoever asks for it, who can end it from any thread; one for each look-up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._end: Callable[[], object] | None = None

    @property
    def cancelled(self) -> bool:
        """Whether somebody has ended it."""
        return self._cancelled

    def cancel(self) -> None:
        """End the look-up, which raises `Cancelled` where it runs; nothing happens where it has ended before."""
        with self._lock:
            self._cancelled = True
            if self._end:
                self._end()

    @contextmanager
    def ending_by(self, end: Callable[[], object]) -> Iterator[None]:
        """For whoever looks up: while the block runs, `cancel` calls this, which must not wait.

        Raises:
            Cancelled: somebody has ended it, before the block or within.
        """
        with self._lock:
            if self._cancelled:
                raise Cancelled
            self._end = end
        try:
            yield
        finally:
            with self._lock:
                self._end = None
        if self._cancelled:
            raise Cancelled
