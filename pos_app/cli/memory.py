"""How the C library hands out memory to the threads of a long day."""

import ctypes
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
