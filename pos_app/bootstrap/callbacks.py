"""How results come back to a till: listener, public address, tunnel and probes, put together."""

import threading
from collections.abc import Collection
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial

from pos_app.bootstrap.shop_database import shop_database
from pos_app.bootstrap.till_place import holder_of, new_run
from pos_app.callbacks.last_callback import LastCallback
from pos_app.callbacks.listener import CallbackListener, Inbox
from pos_app.callbacks.ngrok import NgrokProcess, NoTunnel
from pos_app.callbacks.probe import Probes, probe
from pos_app.callbacks.route import CallbackRoute
from pos_app.callbacks.route_record import RECORD, RouteRecord
from pos_app.callbacks.shop_route import ShopRoute
from pos_app.callbacks.shop_status import elsewhere
from pos_app.callbacks.tunnel import Tunnel
from pos_app.callbacks.tunnel_usage import Usage
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.payment import Change
from pos_app.domain.payment_event import Callback, UnreadableCallback
from pos_app.domain.shop_address import AddressHolder
from pos_app.errors import CannotSave, RowRefused, SettingsError
from pos_app.settings.choices import CallbackMode, Environment
from pos_app.settings.settings import Settings
from pos_app.settings.urls import public_url
from pos_app.store.address_store import SqlAddressStore
from pos_app.store.files import sqlite_file
from pos_app.system_clock import SystemClock
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

    Args:
        alone: whether it has nothing to do with other tills, as a test of the settings.

    Attributes:
        route: where it stands, and the address that M-PESA is given.
    """

    def __init__(self, settings: Settings, vault: Vault, clock: SystemClock, *, alone: bool = False) -> None:
        self._settings = settings
        self._vault = vault
        self._probes = Probes(key=self._key_of_shop)
        self._tunnel: Tunnel | None = None
        tunnel = settings.callback is CallbackMode.NGROK
        self._shared = isinstance(settings.database, str) and not sqlite_file(settings.database) and not alone
        self._usage = Usage(settings.data_dir / _USAGE, clock.now, limited=tunnel)
        record = RouteRecord(settings.data_dir / RECORD, settings.environment)
        self._own = CallbackRoute(
            clock=clock,
            probe=partial(probe, probes=self._probes, used_up=self._usage.used_up),
            record=None if self._shared else record,
            wanted=settings.callback is not CallbackMode.NONE,
            usage=self._usage,
            last=LastCallback(settings.data_dir / f"{settings.environment}{_LAST}"),
            own=not tunnel,
        )
        self._of_shop = self._shop_route(clock, record) if self._shared else None
        self.route: CallbackRoute | ShopRoute = self._of_shop or self._own
        self._port = 0

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
                inbox, settings.listen_port, probes=self._probes, visited=self._own.visited, came=self._own.came
            )
            listener.start()
            self._port = listener.port
            stack.callback(listener.stop)
        stack.callback(self._end_tunnel)
        if self._of_shop:
            self._own.start()
            stack.callback(self._own.stop)
            self._of_shop.start()
            stack.callback(self._of_shop.stop)
            return listener
        if listener:
            self.open()
        self._own.start()
        stack.callback(self._own.stop)
        return listener

    def open(self) -> None:
        """This till's own way to a public address: found, or begun to be."""
        if self._settings.callback is CallbackMode.NGROK:
            self._tunnel = self._make_tunnel()
            self._tunnel.start(self._port)
        else:
            self._own.found(self._settings.public_url or f"http://127.0.0.1:{self._port}")

    def close(self) -> None:
        """The way is closed: M-PESA is given its address no more."""
        self._end_tunnel()
        self._own.lost("")

    def _key_of_shop(self) -> str:
        return self._of_shop.key() if self._of_shop else ""

    def _end_tunnel(self) -> None:
        tunnel, self._tunnel = self._tunnel, None
        if tunnel:
            tunnel.stop()

    def _shop_route(self, clock: SystemClock, record: RouteRecord) -> ShopRoute:
        settings = self._settings
        own = settings.public_url if settings.callback is not CallbackMode.NONE else None
        holder = AddressHolder(
            holder=holder_of(settings), run=new_run(), till=settings.till, address=own or "", stays=own is not None
        )
        way = None if settings.callback is CallbackMode.NONE else self
        return ShopRoute(self._own, SqlAddressStore(shop_database(settings, self._vault)), holder, clock, way, record)

    def _make_tunnel(self) -> Tunnel:
        settings = self._settings
        assert settings.ngrok_path is not None
        ngrok = NgrokProcess(
            settings.ngrok_path,
            self._auth_token(),
            settings.public_url,
            settings.data_dir / _AGENT,
            used_up=self._usage.used_up,
            guarded=self._shared,
        )
        return Tunnel(ngrok, self._own, self._check)

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


def try_route(settings: Settings, vault: Vault, clock: SystemClock, limit: float = TEST_LIMIT) -> RouteStatus:
    """Open the callback route without a till, probe it until it is known whether it is open, and close it again; where
    another till holds the shop's address, how it stands there.

    Whoever calls holds the data folder.

    Raises:
        Occupied: another program holds the port.
        Locked: the secrets are behind a passphrase.
    """
    if held := _held_elsewhere(settings, vault, clock):
        return held
    with ExitStack() as stack:
        callbacks = CallbackWiring(settings, vault, clock, alone=True)
        known = threading.Event()
        callbacks.route.subscribe(lambda status: known.set() if status.state is not RouteState.OPENING else None)
        callbacks.start(_Nobody(), stack)
        known.wait(limit)
        return callbacks.route.status


def _held_elsewhere(settings: Settings, vault: Vault, clock: SystemClock) -> RouteStatus | None:
    if not isinstance(settings.database, str) or sqlite_file(settings.database):
        return None
    try:
        row = SqlAddressStore(shop_database(settings, vault)).look()
    except (CannotSave, RowRefused):  # the database has a check of its own
        return None
    if row is None or not row.is_held() or row.holder == holder_of(settings):
        return None
    return elsewhere(row, clock.now())


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
