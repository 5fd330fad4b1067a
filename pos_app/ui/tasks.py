"""Between threads and widgets: what is worked out on a thread reaches the window only here, on the GUI thread."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from pos_app.errors import PosError
from pos_app.messages.window import FAULT

THREADS = 4
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Tasks(QObject):
    """Runs work on threads and brings the result back. Make it on the GUI thread.

    Attributes:
        trouble: what went wrong, in words, where the caller named no `failed`, or is gone.
    """

    trouble = Signal(str)
    _ended = Signal(object)

    def __init__(
        self, executor: Executor | None = None, parent: QObject | None = None, *, threads: int = THREADS
    ) -> None:
        super().__init__(parent)
        self._executor = executor or ThreadPoolExecutor(threads, "task")
        self._own = executor is None
        self._closed = False
        self._ended.connect(self._deliver)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[PosError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run `work` on a thread, then one of the others on the GUI thread.

        A callback that is a method of a widget is dropped when that widget is gone by then; for a lambda, name the
        widget as `owner`. Whatever `work` raises comes to `failed` as a `PosError`: a fault of ours is logged and
        comes as one plain sentence. What went wrong is never dropped: where nobody waits for it, it is `trouble`.
        """
        if self._closed:
            return

        def job() -> None:
            try:
                result = work()
            except PosError as error:
                self._end(partial(self._fail, failed, error, owner))
            except Exception:  # noqa: BLE001 - whatever it is, the window must hear of it
                _log.exception("a task failed")
                self._end(partial(self._fail, failed, PosError(FAULT), owner))
            else:
                self._end(partial(_call, done, result, owner))

        self._executor.submit(job)

    def deliver(self, callback: Callable[[T], object], value: T, owner: QObject | None = None) -> None:
        """Call back on the GUI thread, from any thread that is not one of these; dropped like a result."""
        self._end(partial(_call, callback, value, owner))

    def close(self, *, wait: bool = False) -> None:
        """Take no more work, drop what is queued, deliver nothing more; `wait` for what runs."""
        self._closed = True
        if self._own and isinstance(self._executor, ThreadPoolExecutor):
            self._executor.shutdown(wait=wait, cancel_futures=True)

    def _end(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            self._ended.emit(deliver)

    def _fail(self, failed: Callable[[PosError], object] | None, error: PosError, owner: QObject | None) -> None:
        if failed is None or _is_gone(failed, owner):
            self.trouble.emit(error.user_text)
        else:
            failed(error)

    @Slot(object)
    def _deliver(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            deliver()


def _call(callback: Callable[[Any], object] | None, value: object, owner: QObject | None) -> None:
    if callback is not None and not _is_gone(callback, owner):
        callback(value)


def _is_gone(callback: Callable[[Any], object], owner: QObject | None) -> bool:
    """Whether the widget that waits for it was destroyed meanwhile."""
    waiting = owner or getattr(callback, "__self__", None)
    return isinstance(waiting, QObject) and not isValid(waiting)
