"""How results come back to a till: listener, public address, tunnel and probes, put together."""

import threading
from collections.abc import Collection
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial

from pos_app.callbacks.last_callback import LastCallback
from pos_app.callbacks.listener import CallbackListener, Inbox
from pos_app.callbacks.ngrok import NgrokProcess, NoTunnel
from pos_app.callbacks.probe import Probes, probe
from pos_app.callbacks.route import RECORD, CallbackRoute, Clock
from pos_app.callbacks.tunnel import Tunnel
from pos_app.callbacks.tunnel_usage import Usage
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.payment import Change
from pos_app.domain.payment_event import Callback, UnreadableCallback
from pos_app.errors import SettingsError
from pos_app.settings.choices import CallbackMode, Environment
from pos_app.settings.settings import Settings
from pos_app.settings.urls import public_url
from pos_app.vault.keyring import NoKeyring
from pos_app.vault.vault import NGROK_AUTHTOKEN, Vault

TEST_LIMIT = 40.0  # seconds that a test of the callback route takes at most
_AGENT = "ngrok.pid"
_USAGE = "callbacks.json"  # of every environment: the plan is one account's
_LAST = ".callback.json"  # after the environment's name
_NOT_TAKEN = (
    "ngrok gave this till an address that M-PESA does not take. Reserve another one at ngrok, https and without the "
    "words that M-PESA refuses, and set it as POS_PUBLIC_URL."
)


class CallbackWiring:
    """The callback route of one till, closed until `start`.

    Attributes:
        route: where it stands, and the address that M-PESA is given.
    """

    def __init__(self, settings: Settings, vault: Vault, clock: Clock) -> None:
        self._settings = settings
        self._vault = vault
        self._probes = Probes()
        tunnel = settings.callback is CallbackMode.NGROK
        self._usage = Usage(settings.data_dir / _USAGE, clock.now, limited=tunnel)
        self.route = CallbackRoute(
            clock=clock,
            probe=partial(probe, probes=self._probes, used_up=self._usage.used_up),
            record=settings.data_dir / RECORD,
            environment=settings.environment,
            wanted=settings.callback is not CallbackMode.NONE,
            usage=self._usage,
            last=LastCallback(settings.data_dir / f"{settings.environment}{_LAST}"),
            own=not tunnel,
        )

    def start(self, inbox: Inbox, stack: ExitStack) -> CallbackListener | None:
        """Open it; `stack` closes it. The tunnel is not waited for.

        Returns:
            The listener, or None for a till that only asks.

        Raises:
            Occupied: another program holds the port.
        """
        settings, listener = self._settings, None
        if settings.callback is not CallbackMode.NONE:
            listener = CallbackListener(
                inbox, settings.listen_port, probes=self._probes, visited=self.route.visited, came=self.route.came
            )
            listener.start()
            stack.callback(listener.stop)
            if settings.callback is CallbackMode.NGROK:
                self._start_tunnel(listener.port, stack)
            else:
                self.route.found(settings.public_url or f"http://127.0.0.1:{listener.port}")
        self.route.start()
        stack.callback(self.route.stop)
        return listener

    def _start_tunnel(self, port: int, stack: ExitStack) -> None:
        settings = self._settings
        assert settings.ngrok_path is not None
        ngrok = NgrokProcess(
            settings.ngrok_path,
            self._auth_token(),
            settings.public_url,
            settings.data_dir / _AGENT,
            used_up=self._usage.used_up,
        )
        tunnel = Tunnel(ngrok, self.route, self._check)
        tunnel.start(port)
        stack.callback(tunnel.stop)

    def _check(self, address: str) -> None:
        try:
            public_url(address, real=self._settings.environment is Environment.PRODUCTION)
        except SettingsError:
            raise NoTunnel(_NOT_TAKEN) from None

    def _auth_token(self) -> str:
        try:
            return self._vault.get(NGROK_AUTHTOKEN)
        except NoKeyring:
            return ""  # ngrok may have one in a file of its own


def try_route(settings: Settings, vault: Vault, clock: Clock, limit: float = TEST_LIMIT) -> RouteStatus:
    """Open the callback route without a till, probe it until it is known whether it is open, and close it again.

    Whoever calls holds the data folder.

    Raises:
        Occupied: another program holds the port.
        Locked: the secrets are behind a passphrase.
    """
    with ExitStack() as stack:
        callbacks = CallbackWiring(settings, vault, clock)
        known = threading.Event()
        callbacks.route.subscribe(lambda status: known.set() if status.state is not RouteState.OPENING else None)
        callbacks.start(_Nobody(), stack)
        known.wait(limit)
        return callbacks.route.status


class _Nobody:
    """An inbox without payments."""

    def expects(self, address_token: str) -> bool:
        return False

    def knows(self, address_tokens: Collection[str]) -> set[str]:
        return set()

    def receive(
        self,
        address_token: str,
        event: Callback | UnreadableCallback,
        body: str,
    ) -> "Future[Change | None]":
        nothing: Future[Change | None] = Future()
        nothing.set_result(None)
        return nothing
