"""What pyngrok does not offer and this program needs: all use of its private parts stands here."""

import atexit
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyngrok.process import NgrokProcess as PyngrokProcess


def known_process(path: Path) -> "PyngrokProcess | None":
    """The process that pyngrok has of a program; also one that has ended, or that is only just starting."""
    from pyngrok import process

    return process._current_processes.get(str(path))


def forget_ended(path: Path) -> None:
    """Take a process that has ended out of pyngrok's list, or it would be taken for the next one."""
    from pyngrok import process

    known = known_process(path)
    if known and known.proc.poll() is not None:
        process._current_processes.pop(str(path), None)


def drop_exit_hook() -> None:
    """Let pyngrok end nothing at exit: its hook would keep the pipe of each ended process open until then."""
    from pyngrok import process

    atexit.unregister(process._terminate_process)


def close_pipe(running: "PyngrokProcess") -> None:
    """Close what pyngrok reads the process's words from, once it reads no more: closing it sooner waits for the reader.

    The reader may stay for ever, where something that escaped holds the other end.
    """
    reader = running._monitor_thread
    if reader:
        reader.join()
    if running.proc.stdout:
        running.proc.stdout.close()
