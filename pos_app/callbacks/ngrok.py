"""One run of the ngrok program, driven through pyngrok.

pyngrok does not keep its own start timeout, starts a dead process again when asked about it, and hands the auth token
over in the argument list: so it gets a watchdog, is never asked about a process that runs, and finds the token in the
environment. What ngrok itself says is never shown or logged: it can repeat the token.
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from pos_app.callbacks.pyngrok_private import close_pipe, drop_exit_hook, forget_ended, known_process
from pos_app.callbacks.tunnel_guard import TunnelGuard
from pos_app.errors import PosError

if TYPE_CHECKING:
    from pyngrok.conf import PyngrokConfig
    from pyngrok.process import NgrokProcess as PyngrokProcess

START_TIMEOUT = 20.0  # seconds
_API_TIMEOUT = 2.0  # seconds
_MOMENT = 0.25  # seconds for what follows at once where all is well, and is not waited for where it does not
_WATCH = 0.02  # seconds
_NAME = "kaunta"
_log = logging.getLogger(__name__)
_NO_NETWORK = re.compile("dial|no such host|unreachable|i/o timeout|lookup", re.IGNORECASE)
_OLD_CODES = ("120", "121")
_USED_UP_CODE = "727"
_TOKEN_CODES = ("105", "106", "107", "4018")
_LIMIT_CODES = ("108", "324", "18021")
_HELD_CODE = "334"

_MISSING = "The ngrok program is not at {path}. Install ngrok, or set POS_NGROK_PATH to where it is."
_NOT_A_PROGRAM = "{path} is not a program that this computer can run. Install ngrok again, or set POS_NGROK_PATH."
_NOT_TAKEN = "ngrok does not take the shop's auth token. Copy it again from the ngrok dashboard."
_LIMIT = "ngrok allows no more tunnels on this account now. Stop ngrok on the other computer, or get a larger plan."
_HELD = "ngrok still has the shop's address open elsewhere (ERR_NGROK_334). It is tried again until that one has ended."
_OLD = "ngrok does not take this old version of its program any more ({code}). Update it: run ngrok update."
_USED_UP = "The month's requests of the ngrok plan are used up (ERR_NGROK_727)."
_SILENT = "The ngrok program did not get ready, so it was stopped. It is tried again by itself; get its newest version."
_OFFLINE = "ngrok cannot be reached. Check the internet connection."
_ENDED = "The ngrok program ended by itself. It is started again."
_CLOSED = "ngrok has closed the tunnel. It is opened again."
_REFUSED = "ngrok refused the tunnel ({code}). The ngrok website says what that means."
_ODD = "The ngrok program opened no tunnel. See whether it is the newest version."
_GOES_ON = "Payments go on: the till asks M-PESA for their results."


class NoTunnel(PosError):
    """There is no tunnel, or no more; why, and what to do. No money is in danger."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {_GOES_ON}")


class UsedUp(NoTunnel):
    """ngrok carries nothing more this month: there is no use in opening the tunnel again soon."""


class StillHeld(NoTunnel):
    """ngrok has the address open elsewhere, where it ends soon."""


class NgrokProcess:
    """Starts the ngrok program, looks after its process, ends it.

    `prevent_start` and `end` are for any thread, the rest for one.

    Args:
        path: the installed program; nothing is ever downloaded.
        url: a reserved address, or None for one that ngrok chooses.
        pid_file: the file with the process's number, for a till that was killed.
        used_up: the words for a month whose requests are used up.
        guarded: whether it ends with this program also where that is killed: another till may need the address.
    """

    def __init__(
        self,
        path: Path,
        auth_token: str,
        url: str | None,
        pid_file: Path,
        start_timeout: float = START_TIMEOUT,
        used_up: Callable[[], str] = lambda: _USED_UP,
        guarded: bool = False,
    ) -> None:
        self._used_up = used_up
        self._guarded = guarded
        self._guard: TunnelGuard | None = None
        self._path = path
        self._auth_token = auth_token
        self._url = url
        self._pid_file = pid_file
        self._start_timeout = start_timeout
        self._running: PyngrokProcess | None = None
        self._endpoint = ""
        self._http: httpx.Client | None = None
        self._start_prevented = threading.Event()
        self._too_slow = False
        self._opening = False

    def open(self, port: int) -> str:
        """Start the program and open a tunnel to a port of this computer; gives its public address.

        Raises:
            NoTunnel: why not.
        """
        self._check_program()
        self.kill_orphan()
        from pyngrok import ngrok
        from pyngrok.exception import PyngrokError

        forget_ended(self._path)  # the one before, or the watchdog could take it for the new one
        self._running, self._too_slow, self._opening, opened = None, False, True, threading.Event()
        watchdog = threading.Thread(target=self._watch, args=(opened,), name="tunnel watchdog", daemon=True)
        watchdog.start()
        try:
            with self._environment():
                options = {"url": self._url} if self._url else {}
                # A full address: a bare port becomes "localhost", which may be ::1, where nobody listens.
                tunnel = ngrok.connect(f"http://127.0.0.1:{port}", name=_NAME, pyngrok_config=self._config(), **options)
            self._endpoint = f"{tunnel.api_url}{tunnel.uri}"
            return str(tunnel.public_url)
        except (PyngrokError, OSError, ValueError, HTTPException) as error:
            failed = self._why(error)
        finally:
            opened.set()
            watchdog.join()
            self._opening = False
            drop_exit_hook()
        raise failed  # out here, so that nothing holds on to pyngrok's error and ngrok's words in it

    def check_running(self) -> None:
        """See whether the process lives. Never through pyngrok, which would start another.

        Raises:
            NoTunnel: it has ended.
        """
        if self._running is None or self._running.proc.poll() is not None:
            raise NoTunnel(_ENDED)

    def address(self) -> str | None:
        """The public address as ngrok names it now; None where it does not answer.

        Raises:
            NoTunnel: it has no tunnel any more.
        """
        if self._http is None:
            self._http = httpx.Client(timeout=_API_TIMEOUT, trust_env=False)  # a proxy must not stand between
        try:
            response = self._http.get(self._endpoint)
        except httpx.HTTPError:
            return None
        if response.status_code == 404:
            raise NoTunnel(_CLOSED)
        try:
            return str(response.raise_for_status().json()["url"])
        except (httpx.HTTPStatusError, ValueError, KeyError, TypeError):
            return None

    def prevent_start(self) -> None:
        """Let no process run from now on; one that is only just starting is ended as soon as it is there."""
        self._start_prevented.set()

    def end(self) -> None:
        """End the process and all that it has started, also what hangs; about a second and a half at most."""
        running = self._running
        if running is None:
            return
        import psutil

        from pos_app.callbacks.process_tree import end_tree

        # Not by pyngrok's `kill`, which waits for the lock that a hanging start holds.
        if running.proc.poll() is None:  # or its number may be somebody else's by now
            with suppress(psutil.Error):
                end_tree(psutil.Process(running.proc.pid))
            running.proc.poll()
        if self._guard:
            self._guard.stop()
        if not self._opening:  # or the thread that opens reads the pipe
            closing = threading.Thread(target=close_pipe, args=(running,), name="tunnel pipe", daemon=True)
            closing.start()
            closing.join(_MOMENT)
        forget_ended(self._path)
        with suppress(OSError):
            self._pid_file.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connection by which the process is asked for its address."""
        if self._http:
            self._http.close()

    def kill_orphan(self) -> None:
        """End the process that a killed till has left, if it still is one."""
        import psutil

        from pos_app.callbacks.process_tree import kill_all

        try:
            left = psutil.Process(int(self._pid_file.read_text(encoding="ascii")))
            if self._path.resolve() in {Path(word).resolve() for word in (left.exe(), *left.cmdline()[:2])}:
                kill_all([left])
                _log.info("ended the ngrok program that the last run had left")
        except (OSError, ValueError, psutil.Error):
            pass  # there is none, or it is not ours
        with suppress(OSError):
            self._pid_file.unlink(missing_ok=True)

    def _check_program(self) -> None:
        if not self._path.is_file():  # or pyngrok would download one
            raise NoTunnel(_MISSING.format(path=self._path))
        if not os.access(self._path, os.X_OK):
            raise NoTunnel(_NOT_A_PROGRAM.format(path=self._path))

    def _watch(self, opened: threading.Event) -> None:
        """Remember the process as soon as there is one; end it when it takes too long or may not run."""
        waited = 0.0
        while True:
            done = opened.wait(_WATCH)
            waited += _WATCH
            started = known_process(self._path)
            if started and self._running is None:
                self._running = started
                if self._guarded:
                    self._guard = TunnelGuard(started.proc.pid)
                with suppress(OSError):
                    self._pid_file.write_text(str(started.proc.pid), encoding="ascii")
            if waited >= self._start_timeout and not done:
                self._too_slow = True
            if self._running and (self._too_slow or self._start_prevented.is_set()):
                self.end()
            if done:
                return

    def _config(self) -> "PyngrokConfig":
        from pyngrok.conf import PyngrokConfig

        # pyngrok logs each line of ngrok, and the line about a refused auth token repeats it.
        logging.getLogger("pyngrok.process.ngrok").setLevel(logging.CRITICAL + 1)
        # Later than the watchdog: pyngrok itself would end the program alone, and not what that has started.
        config = PyngrokConfig(ngrok_path=str(self._path), startup_timeout=2 * round(self._start_timeout) + 10)
        config.auth_token = None  # it would go into the argument list, which every user of the computer can read
        return config

    @contextmanager
    def _environment(self) -> Iterator[None]:
        """While ngrok starts: its auth token, and no proxy between this computer and itself."""
        wanted = {"NGROK_AUTHTOKEN": self._auth_token} if self._auth_token else {}
        for name in ("NO_PROXY", "no_proxy"):
            wanted[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost")))
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def _why(self, error: Exception) -> NoTunnel:
        said = f"{getattr(error, 'ngrok_error', '')} {getattr(error, 'body', '')}"
        code = re.search("ERR_NGROK_([0-9]+)", said)
        if code and code[1] == _USED_UP_CODE:
            return UsedUp(self._used_up())
        if code and code[1] in _TOKEN_CODES:
            return NoTunnel(_NOT_TAKEN)
        if code and code[1] in _LIMIT_CODES:
            return NoTunnel(_LIMIT)
        if code and code[1] == _HELD_CODE:
            return StillHeld(_HELD)
        if code and code[1] in _OLD_CODES:
            return NoTunnel(_OLD.format(code=code[0]))
        if code:
            return NoTunnel(_REFUSED.format(code=code[0]))
        if _NO_NETWORK.search(said):
            return NoTunnel(_OFFLINE)
        if self._too_slow:
            return NoTunnel(_SILENT)
        if self._running is None and isinstance(error, OSError):
            return NoTunnel(_NOT_A_PROGRAM.format(path=self._path))
        return NoTunnel(_ODD)
