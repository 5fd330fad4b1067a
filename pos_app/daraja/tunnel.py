"""A public address for the listener, by the ngrok agent (through pyngrok)."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.errors import SettingsError

if TYPE_CHECKING:
    from pyngrok.conf import PyngrokConfig

START_TIMEOUT = 20.0  # seconds
_log = logging.getLogger(__name__)


class Tunnel:
    """Runs the agent. pyngrok does not keep its own start timeout, so it gets a thread and a watchdog here."""

    def __init__(
        self,
        agent: Path,
        auth_token: str,
        on_address: Callable[[str], None],
        start_timeout: float = START_TIMEOUT,
    ) -> None:
        if not os.access(agent, os.X_OK) or agent.is_dir():
            raise SettingsError(
                f"The ngrok agent is not at {agent}, so results could not reach this till. Nothing was sent. "
                "Install ngrok and set POS_NGROK_PATH, or set POS_CALLBACK=none to work by asking."
            )
        self._agent = agent
        self._auth_token = auth_token
        self._on_address = on_address
        self._start_timeout = start_timeout
        self._thread: threading.Thread | None = None
        self._stopping = False

    def start(self, port: int) -> None:
        """Begin to open a tunnel to the listener's port; `on_address` is told its address when it is up."""
        self._thread = threading.Thread(target=self._open, args=(port,), name="tunnel", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the agent, also one that hangs or is only just starting; at most two seconds."""
        self._stopping = True
        for _ in range(20):
            self._kill()
            if not self._thread or not self._thread.is_alive():
                break
            self._thread.join(0.1)
        self._kill()

    def _open(self, port: int) -> None:
        from pyngrok import ngrok
        from pyngrok.exception import PyngrokError

        watchdog = threading.Timer(self._start_timeout, self._kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            # A full address: a bare port becomes "localhost", which may be ::1, where nobody listens.
            tunnel = ngrok.connect(f"http://127.0.0.1:{port}", pyngrok_config=self._config())
            if tunnel.public_url and not self._stopping:
                _log.info("the tunnel is up")
                self._on_address(tunnel.public_url)
        except (PyngrokError, OSError) as error:
            if not self._stopping:
                # The agent's own words can repeat the auth token.
                _log.warning("the tunnel did not open (%s); the till works by asking", type(error).__name__)
        finally:
            watchdog.cancel()

    def _config(self) -> "PyngrokConfig":
        """The auth token goes by the environment: in the argument list every user of the computer could read it."""
        from pyngrok.conf import PyngrokConfig

        for name in ("NO_PROXY", "no_proxy"):  # or pyngrok asks a proxy whether the agent is healthy
            os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost")))
        # pyngrok logs each line of the agent, and the line about a refused auth token repeats it.
        logging.getLogger("pyngrok.process.ngrok").setLevel(logging.CRITICAL + 1)
        os.environ["NGROK_AUTHTOKEN"] = self._auth_token
        config = PyngrokConfig(ngrok_path=str(self._agent))
        config.auth_token = None
        return config

    def _kill(self) -> None:
        """End the agent's process directly: pyngrok's own `kill` waits for the lock that a hanging start holds."""
        from pyngrok import process

        running = process._current_processes.get(str(self._agent))
        if running and running.proc and running.proc.poll() is None:
            running.proc.kill()
            running.proc.wait(5)
