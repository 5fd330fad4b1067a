"""How a command ends when somebody ends it: Ctrl+C, a terminal that closes, a system that shuts down."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# A closing terminal hangs up (SIGHUP); on Windows it breaks (SIGBREAK).
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


class Ended(threading.Event):
    """Set when somebody wants the command to end. The command goes on until it is at a place to stop."""


@contextmanager
def told_to_end() -> Iterator[Ended]:
    """A command that must not be stopped in its middle asks here whether it should end. However often it is told."""
    ended = Ended()
    with _handled(lambda *_: ended.set()):
        yield ended


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Every signal that ends a program is a `KeyboardInterrupt`, so that files are closed; a second waits for that."""
    told = Ended()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if not told.is_set():
            told.set()
            raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """What is ignored already stays so: whoever started the program with `nohup` wants it to go on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    ours = [number for number, old in before.items() if old is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
