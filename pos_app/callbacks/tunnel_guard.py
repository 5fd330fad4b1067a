"""Ends the ngrok program where its till ends without having done so: a process of its own, which waits for that.

A tunnel that outlives its till keeps the shop's reserved address, and no other till could open it.
"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent
_RUN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from pos_app.callbacks.tunnel_guard import main; main(*sys.argv[2:])"
)


class TunnelGuard:
    """Guards one process, until `stop`. Where it cannot be started, nothing is guarded, and all else works.

    Args:
        pid: of the process.
    """

    def __init__(self, pid: int) -> None:
        import psutil

        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError, psutil.Error):
            began = psutil.Process(pid).create_time()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
                [sys.executable, "-I", "-c", _RUN, str(_ROOT), str(pid), repr(began)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def stop(self) -> None:
        """The process has ended: nothing is to be guarded any more."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


def main(pid: str, began: str) -> None:
    """Wait for the end of the till, with which the pipe to it ends; then end what it has left."""
    sys.stdin.buffer.read()
    import psutil

    from pos_app.callbacks.process_tree import end_tree

    with suppress(psutil.Error):
        left = psutil.Process(int(pid))
        if left.create_time() == float(began):  # or another process has its number by now
            end_tree(left)
