"""Scenarios in which the shop's network is down."""

import httpx

from pos_app.simulator import Json
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody
from tests.faults.simulation.transport import FINE, Fate, Kind, Raw
from tests.faults.simulation.world import world

_PORTAL = b"<html><body>Accept the terms to go on</body></html>"
KINDS = (
    Fate(opens=httpx.ConnectError),  # no route, or names that cannot be looked up
    Fate(opens=httpx.ConnectError, delay=4.0),  # names that lead elsewhere: the certificate is not M-PESA's
    Fate(opens=httpx.ConnectTimeout, delay=60.0),  # silence; IPv6 that leads nowhere
    Fate(reaches=False, instead=Raw(302, _PORTAL)),
    Fate(reaches=False, instead=Raw(200, _PORTAL)),
    Fate(reaches=False, instead=Raw(511, _PORTAL)),
    Fate(reaches=False, breaks=httpx.ReadTimeout, delay=90.0),
    Fate(reaches=False, breaks=httpx.ReadError),
)


def down(seed: int, runs: int) -> None:
    """T20: the network goes for 0.1 s to 8 h, in the middle of selling. What M-PESA posts meanwhile is lost."""
    with world(seed) as shop:
        random = shop.random
        lasts, broken = 0.1 * (8 * 3_600 / 0.1) ** random.random(), random.choice(KINDS)
        is_down = False

        def weather(kind: Kind) -> Fate:
            return broken if is_down else FINE

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            return [] if is_down else [as_sent(body)]

        shop.weather, shop.environment.deliveries, shop.environment.customer = weather, post, anybody(random)
        sold = shop.sell_many(runs, 10.0)
        is_down = True
        while_down = shop.sell_many(runs if lasts > 60 else 0, lasts / runs / 3)
        shop.run(max(0.0, lasts))
        begun = shop.transport.requests[Kind.PUSH]
        is_down = False
        settle(shop)
        assert shop.transport.requests[Kind.PUSH] == begun, "a charge left by itself when the network was back"
        check(shop)
        for payment in (*sold, *while_down):
            stored = shop.now_is(payment)
            assert stored.checkout_request_id is None or not stored.state.open, f"{stored.number} is left open"


def killed(seed: int, runs: int) -> None:
    """R8: the program dies at any moment, again and again, and starts again; what was on its way is heard by nobody."""
    with world(seed) as shop:
        random = shop.random

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            return [] if random.random() < 0.2 else [as_sent(body, random.uniform(0.1, 9.0))]

        shop.environment.deliveries, shop.environment.customer = post, anybody(random)
        shop.weather = lambda kind: Fate(delay=random.uniform(0.1, 6.0))
        for _ in range(runs):
            shop.sell()
            for _ in range(random.choice((0, 0, 1, 2))):
                shop.run(random.uniform(0.0, 8.0))
                shop.crash()
            shop.run(random.uniform(0.0, 8.0))
        shop.run(120)
        settle(shop)
        check(shop)
        stuck = shop.rows("SELECT number FROM payment WHERE state = 'requested'")
        assert not stuck, f"still said to be on its way: {[row['number'] for row in stuck]}"
