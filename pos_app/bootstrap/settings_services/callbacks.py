"""How results reach this computer: kept, and tested from outside."""

import os
from pathlib import Path

from pos_app.bootstrap.callbacks import try_route
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.settings_services.shop import ShopSettings
from pos_app.check_result import Finding, Status
from pos_app.domain.audit import CHANGED
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, Locked, SettingsError, refuse_overruled
from pos_app.settings import settings as config
from pos_app.settings.settings import Settings
from pos_app.ui.settings.service import NGROK, Answers, RouteChoice
from pos_app.vault.vault import NGROK_AUTHTOKEN, MemoryStore, Vault


class CallbackSettings:
    """Fits `ui.settings.service.CallbackService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess, shop: ShopSettings) -> None:
        self._folder = folder
        self._owner = owner
        self._shop = shop

    def answers(self) -> Answers:
        """What is set now."""
        return self._shop.answers()

    def authtoken_kept(self) -> bool:
        """Whether the auth token of ngrok is known to be kept; a locked file does not tell."""
        try:
            return bool(self._folder.vaults.of(self._folder.settings()).get(NGROK_AUTHTOKEN))
        except (Locked, SettingsError):
            return False

    def keep(self, route: RouteChoice) -> None:
        """Keep the settings and the auth token, both or none.

        Raises:
            PosError: they cannot be used; what was kept before stays.
        """
        _check_ngrok(route)
        if route.ngrok_authtoken:
            refuse_overruled({NGROK_AUTHTOKEN: route.ngrok_authtoken}, self._folder.environ)
        with config.kept_together(self._folder.data_dir):
            changed = self._shop.change(_route_settings(route))
            token = {NGROK_AUTHTOKEN: route.ngrok_authtoken} if route.ngrok_authtoken else {}
            vault = self._folder.vaults.of(self._folder.settings())
            if token:
                vault.check()
            self._owner.record(Act.KEYS, changed | dict.fromkeys(token, (None, CHANGED)))  # first, as in `MpesaAccount`
            if token:
                vault.put(token)

    def test(self, route: RouteChoice) -> list[Finding]:
        """Reach this computer from outside; where the till is open already, it has done so by itself.

        Raises:
            PosError: it cannot be used, or is not what the open till runs with.
        """
        self._owner.require()
        _check_ngrok(route)
        settings = self._folder.proposed(_route_settings(route))
        till = self._folder.running()
        if till:
            if route.ngrok_authtoken or _route_of(settings) != _route_of(self._folder.settings()):
                raise BadInput(
                    "Save this first and open the till again: it tests this by itself, and the header says it."
                )
            return [_finding(till.route.status)]
        vault = self._folder.vaults.of(settings)
        if route.ngrok_authtoken:
            vault = Vault(MemoryStore(), {})
            vault.put({NGROK_AUTHTOKEN: route.ngrok_authtoken})
        with self._folder.door:
            lock = hold_data_dir(settings)
            try:
                return [_finding(try_route(settings, vault, self._folder.clock))]
            finally:
                lock.release()


def _route_settings(route: RouteChoice) -> dict[str, str]:
    return {
        "callback": route.callback,
        "public_url": route.public_url,
        "listen_port": route.listen_port,
        "ngrok_path": route.ngrok_path,
    }


def _route_of(settings: Settings) -> tuple[object, ...]:
    return settings.callback, settings.public_url, settings.listen_port, settings.ngrok_path


def _check_ngrok(route: RouteChoice) -> None:
    program = Path(route.ngrok_path)
    if route.callback == NGROK and not (program.is_file() and os.access(program, os.X_OK)):
        raise BadInput(
            "There is no ngrok program at that place. Install it from ngrok.com, then type where it is. "
            "Nothing was changed."
        )


def _finding(status: RouteStatus) -> Finding:
    if status.state is RouteState.UP and status.words:
        return Finding("Results", Status.AMBER, status.words)
    if status.state is RouteState.UP and status.at:
        where = f"The shop's public address is at till {status.at}: M-PESA's results come in there."
        return Finding("Results", Status.GREEN, where)
    if status.state is RouteState.UP:
        return Finding("Results", Status.GREEN, "Our own test came in from the internet: M-PESA can reach this till.")
    if status.state is RouteState.OPENING:
        return Finding("Results", Status.AMBER, "Not ready yet. Test again in a minute.")
    return Finding("Results", Status.RED, status.words)
