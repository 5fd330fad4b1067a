"""What the program's memory holds over a long day, and what looks through it."""

import ctypes
import gc
import sys
from contextlib import suppress

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


def begin_loading() -> None:
    """The garbage collector rests: of what a program loads nothing is garbage, and it was an eighth of the start."""
    gc.disable()


def end_loading() -> None:
    """It works again, and leaves alone what is loaded by now, which stays until the end.

    Each time it looked through all of that the window stood still for a tenth of a second, and callbacks with it.
    """
    gc.freeze()
    gc.enable()
