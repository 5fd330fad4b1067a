"""What the program's memory holds over a long day, and what looks through it."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ARENA_MAX, _ARENAS = -8, 2  # mallopt(3)


def few_arenas() -> None:
    """Have all threads take memory from two places.

    GNU's library gives each thread a place of its own, up to eight for each processor, and what a thread gave back to
    its place is of no use to another: some twenty megabytes of a till that looked back, exported and printed.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # another library, which does it in its own way
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def spare_sources() -> None:
    """Keep PySide from reading the source of each module that is imported after it.

    It looks whether one says `from __feature__ import`, which nothing does here, and what it has read stays in
    `linecache`: 27 MB, and a tenth of the start. There is no public way to tell it; a PySide without this function
    reads on, and nothing else is different.
    """
    import PySide6.QtCore  # noqa: F401 - brings the module below

    with suppress(ImportError):
        import shibokensupport.feature as feature  # type: ignore[import-not-found]

        feature._mod_uses_pyside = lambda _module: False


@contextmanager
def not_collecting() -> Iterator[None]:
    """Python looks for garbage by itself no more: `pos_app.ui.garbage` does, on the GUI thread.

    Of what a program loads nothing is garbage, and looking for it was an eighth of the start, too.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def set_aside_loaded() -> None:
    """What is loaded by now stays until the end, and is never looked through.

    Each time it was, the window stood still for a tenth of a second, and callbacks with it.
    """
    gc.freeze()
