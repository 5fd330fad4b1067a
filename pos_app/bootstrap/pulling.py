"""Who asks M-PESA for all money of the shop, where no till of this computer is open."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.practice import MEMORY, SHORTCODE, SimulatedPhone
from pos_app.bootstrap.shared_token import token_beside
from pos_app.daraja.client import DarajaClient
from pos_app.daraja.wire import NO_ROUTE, Account
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import load_keys
from pos_app.vault.vault import open_vault


@contextmanager
def open_pull_gateway(settings: Settings, clock: SystemClock) -> Iterator[DarajaClient]:
    """Ask M-PESA without a till, with the shop's access token. The data folder is held meanwhile.

    Args:
        clock: hears from M-PESA's answers what time it is there.

    Raises:
        PosError: in words; nothing was sent.
    """
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        url, account = settings.daraja_url, Account(settings.shortcode, settings.till_number)
        if settings.practice:
            phone = SimulatedPhone(settings.shop.registered, by_himself=True, memory=settings.data_dir / MEMORY)
            phone.start()
            stack.callback(phone.stop)
            url, account = phone.simulator.url, Account(SHORTCODE)
        vault = open_vault(settings)
        keys = load_keys(settings, vault)
        gateway = DarajaClient(
            base_url=url,
            account=account,
            keys=keys,
            callback_base=lambda: settings.public_url or NO_ROUTE,
            now=clock.corrected,
            dated=clock.mpesa.hear,
            shared=token_beside(settings, keys, url, vault),
        )
        stack.callback(gateway.close)
        yield gateway
