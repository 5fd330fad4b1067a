"""The end of the process. Python waits for every thread of an executor, also for one that hangs for ever."""

import os
import sys
import threading
from contextlib import suppress

ENDS = 60.0  # seconds; whatever works, such as an export, has ended by then


def must_end(code: int, seconds: float = ENDS) -> int:
    """Let the process end with this exit code, by itself or, at the latest, after so many seconds.

    Everything that closes has closed by now: what could not be saved is in the file, or has been said. What is left
    are threads that wait for a disk or a server that does not answer.
    """
    last = threading.Timer(seconds, _end, (code,))
    last.daemon = True
    with suppress(RuntimeError):  # no thread can be started
        last.start()
    return code


def _end(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # it may be closed, or a pipe that nobody reads
            stream.flush()
    os._exit(code)
