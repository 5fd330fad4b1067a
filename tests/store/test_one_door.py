"""One public address for all tills of a shop, on PostgreSQL: real processes, and a tunnel and an M-PESA that pose."""

from pathlib import Path
from random import Random

import pytest

from pos_app.bootstrap.callbacks import try_route
from pos_app.domain.callback_route import RouteState
from pos_app.domain.shop_address import AddressHolder, HolderWord
from pos_app.settings.settings import load
from pos_app.store.address_store import SqlAddressStore
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import open_vault
from tests.callbacks.posing import Agent
from tests.faults.scenarios.holder import Holders
from tests.faults.simulation.shop import ShopOfTills, TillProcess, free_port, shop_of_tills, until
from tests.store.server import Server

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pyngrok's
LEASE_LEFT = 29.0  # seconds of thirty that a test does not wait for


def test_t45_the_holder_is_killed_stands_still_and_closes(server: Server, tmp_path: Path) -> None:
    """Another till has the same address each time, and what customers pay meanwhile at either is settled."""
    with shop_of_tills(server.create(), tmp_path, "AB", delay=1.0) as shop:
        holders = Holders(shop, Random(1))
        holders.begin()
        holders.kill(LEASE_LEFT)
        _stands_still(shop, holders)
        _closes(shop)
        holders.check()


def _stands_still(shop: ShopOfTills, holders: Holders) -> None:
    """The other till has the address in the database, and gets it at ngrok once the first one wakes and lets it go."""
    first, other = _holder_and_other(shop)
    first.freeze(True)
    shop.pass_lease(LEASE_LEFT)
    until(lambda: shop.rows("SELECT 1 FROM public_address WHERE till = :till", till=other.letter), "not taken over")
    holders.charge(other)
    first.freeze(False)
    until(holders.all_know, "the one that woke has not let it go")
    for till in shop.tills:
        holders.charge(till)


def _closes(shop: ShopOfTills) -> None:
    """It gives the address back."""
    closes, other = _holder_and_other(shop)
    closes.tell("close")
    until(lambda: other.holds, "one that closed did not give it back")
    closes.ended()
    assert closes.process.returncode == 0


def _holder_and_other(shop: ShopOfTills) -> tuple[TillProcess, TillProcess]:
    holder = shop.holder()
    assert holder
    [other] = [till for till in shop.tills if till is not holder]
    return holder, other


def test_a_test_of_the_settings_leaves_the_address_to_the_till_that_holds_it(
    server: Server, tmp_path: Path, agent: Agent
) -> None:
    """Opened a second time it would be refused, and would end what customers' results come by."""
    url = server.create(template="empty")
    environ = {
        "POS_ENVIRONMENT": "sandbox",
        "POS_SHORTCODE": "174379",
        "POS_CALLBACK": "ngrok",
        "POS_NGROK_PATH": str(agent.path),
        "POS_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "POS_DATABASE_URL": url,
    }
    settings = load(tmp_path, False, environ)
    store, other = SqlAddressStore(url), AddressHolder(holder="another", run="1", till="B", address="", stays=True)
    store.claim(other)
    store.tell("1", HolderWord(address="https://shop.example.co.ke", state=RouteState.UP, good=True))
    status = try_route(settings, open_vault(settings), SystemClock())
    assert (status.state, status.at) == (RouteState.UP, "B")
    assert not agent.starts()
    store.release("1")
    assert (try_route(settings, open_vault(settings), SystemClock()).at, len(agent.starts())) == ("", 1)
