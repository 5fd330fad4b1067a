"""Scenarios about access tokens."""

import base64
import json
from random import Random

import httpx

from pos_app.simulator import OAUTH_PATH, Fault, Request
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.people import anybody
from tests.faults.simulation.transport import FINE, Fate, Kind, Raw
from tests.faults.simulation.world import World, world

_REFUSED = (
    Fate(reaches=False, instead=Raw(400)),
    Fate(reaches=False, instead=Raw(401, b'{"errorCode": "400.008.01"}', "application/json")),
    Fate(instead=Raw(503, b"<html>busy</html>")),
    Fate(instead=Raw(302, b"<html>log in to the hotel's network</html>")),
    Fate(instead=Raw(200, b"<html>welcome to the hotel's network</html>")),
    Fate(instead=Raw(200, json.dumps({"access_token": "x", "expires_in": "soon"}).encode(), "application/json")),
    Fate(instead=Raw(200, json.dumps({"access_token": "", "expires_in": "3599"}).encode(), "application/json")),
    Fate(opens=httpx.ConnectError),
    Fate(opens=httpx.ConnectTimeout, delay=60.0),
    Fate(breaks=httpx.ReadError),
    Fate(breaks=httpx.ReadTimeout, delay=30.0),
    Fate(delay=20.0),
    Fate(drip=0.5),
    Fate(cut=10),
)


def refusals(seed: int, runs: int) -> None:
    """T18: access tokens are refused, expire, die early, are killed by another till, are slow; the clock is wrong."""
    with world(seed, faults={Fault.TOKEN_DIES_EARLY: 0.3}, token_lifetime=_lifetime(seed)) as shop:
        random = shop.random
        shop.clock.ahead = random.choice((0.0, 3_600.0, -3_600.0))
        bad = False

        def weather(kind: Kind) -> Fate:
            if kind is not Kind.OAUTH:
                return Fate(delay=random.uniform(0.1, 4.0))
            return random.choice(_REFUSED) if bad else random.choice((FINE, Fate(delay=9.0)))

        shop.weather, shop.environment.customer = weather, anybody(random)
        for _ in range(runs):
            bad = random.random() < 0.3
            if random.random() < 0.3:
                _another_till(shop)
            shop.sell()
            shop.run(random.uniform(0.0, 90.0))
        bad = False
        shop.run(120)
        settle(shop)
        check(shop)
        _spoken_of(shop)


def _lifetime(seed: int) -> int:
    return Random(seed).choice((30, 90, 300, 3_599))


def _another_till(shop: World) -> None:
    """A till with the same keys fetches a token, which kills ours."""
    keys = base64.b64encode(b"practice-key:practice-secret").decode()
    request = Request(
        method="GET", path=OAUTH_PATH, asked={"grant_type": "client_credentials"}, authorization=f"Basic {keys}"
    )
    shop.mpesa.handle(request, lambda _: None)


def _spoken_of(shop: World) -> None:
    """A push without an access token is surely not sent; one that left is never called so, but when refused twice."""
    for row in shop.rows("SELECT * FROM payment WHERE state = 'not_sent'"):
        assert row["reason"] in ("credentials", "unreachable", "access_token", "late"), row["reason"]
    unsure = shop.rows("SELECT number FROM payment WHERE state = 'unknown' AND checkout_request_id IS NULL")
    assert not unsure, f"no access token leaves nothing unsure: {[row['number'] for row in unsure]}"
    once = max(shop.truth.refused.values(), default=0)
    assert once <= 2, f"one push was sent {once} times"
