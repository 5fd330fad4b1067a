"""Tills of one shop, each as its client of M-PESA on the shop's database."""

from pos_app.daraja import wire
from pos_app.daraja.client import DarajaClient
from pos_app.daraja.shared_token import SharedToken, Waits
from pos_app.daraja.token_seal import TokenSeal
from pos_app.daraja.wire import Account, Keys
from pos_app.store.token_store import SqlTokenStore
from tests.support.fakes import FakeClock

KEYS = Keys("practice-key", "practice-secret", "practice-passkey")


def a_till(
    database: str,
    daraja: str,
    *,
    keys: Keys = KEYS,
    clock: FakeClock | None = None,
    lease: float = Waits().lease,
    alone: bool = True,
) -> DarajaClient:
    """One till; `lease` in seconds."""
    time = clock or FakeClock()
    seal = TokenSeal(keys, "sandbox", daraja)
    return DarajaClient(
        base_url=daraja,
        account=Account("174379"),
        keys=keys,
        callback_base=lambda: wire.NO_ROUTE,
        now=time.now,
        monotonic=time.monotonic,
        shared=SharedToken(SqlTokenStore(database), seal, alone=alone, waits=Waits(lease=lease)),
    )
