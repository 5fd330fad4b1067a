"""Scenarios in which the till's clock is wrong or is set, and in which the computer sleeps."""

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from random import Random

import httpx

from pos_app.simulator import Choice, Json, Prompt
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody
from tests.faults.simulation.transport import Fate, Kind
from tests.faults.simulation.world import World, world

_JUMPS = (3_600.0, -3_600.0, 86_400.0, -86_400.0)
_SLEEPS = (10.0, 600.0, 30_000.0)
# Seconds after a charge: while its push is under way, before and after the customer acts, around each question.
_STEPS = (0.0, 0.5, 1.9, 2.1, 5.0, 19.0, 21.0, 34.0, 60.0, 112.0, 149.0, 151.0, 299.0)
_GAP = 17.0  # seconds between charges
_AFTER = 700.0
_GONE = Fate(opens=httpx.ConnectError)

Spoil = Callable[[World], None]
Outcome = list[tuple[str, str | None]]


def jumps(seed: int, runs: int) -> None:
    """T27: the clock jumps an hour or a day at each step, or the computer sleeps; the outcome is as without."""
    random = Random(seed)
    at = _GAP * random.randrange(runs) + random.choice(_STEPS)
    if random.random() < 0.2:
        seconds = random.choice(_SLEEPS)
        what, spoil = f"asleep for {seconds:.0f} s", partial(_sleep, seconds=seconds)
    else:
        seconds = random.choice(_JUMPS)
        what, spoil = f"clock set by {seconds:+.0f} s", partial(_jump, seconds=seconds)
    plain, spoilt = _play(seed, runs, at, lambda _: None), _play(seed, runs, at, spoil)
    assert plain == spoilt, f"{what}, {at:.1f} s after the first charge: {spoilt}; without: {plain}"


def _jump(shop: World, seconds: float) -> None:
    shop.clock.ahead += seconds


def _sleep(shop: World, seconds: float) -> None:
    """The till does nothing, nobody reaches it, and its monotonic clock stands still."""
    inbox, shop.door.inbox = shop.door.inbox, None
    shop.counter.asking.pause()
    awake, shop.weather = shop.weather, lambda kind: _GONE
    shop.run(seconds)
    shop.clock.slept += seconds
    shop.weather, shop.door.inbox = awake, inbox
    shop.counter.asking.resume()


def _play(seed: int, runs: int, at: float, spoil: Spoil) -> Outcome:
    """Where each payment ends; every payment has its own chance, so that nothing else can make a difference."""
    with world(seed) as shop:
        lost: set[str] = set()

        def customer(prompt: Prompt) -> tuple[float, Choice] | None:
            chance = shop.chance(f"customer {prompt.phone}")
            if chance.random() < 0.5:
                lost.add(prompt.phone)
            return anybody(chance)(prompt)

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            prompt = shop.truth.by_checkout[body["Body"]["stkCallback"]["CheckoutRequestID"]]
            return [] if prompt.phone in lost else [as_sent(body, 2.0)]

        shop.environment.customer, shop.environment.deliveries = customer, post
        shop.weather = lambda kind: Fate(delay=2.0 if kind is Kind.PUSH else 0.1)
        _sell(shop, runs, at, spoil)
        shop.run(_AFTER)
        settle(shop)
        check(shop)
        return [(row["state"], row["reason"]) for row in shop.rows("SELECT * FROM payment ORDER BY id")]


def _sell(shop: World, runs: int, at: float, spoil: Spoil) -> None:
    """A charge each 17 s; at one moment the clock is spoilt."""
    charges = [(_GAP * number, shop.sell) for number in range(runs)]
    moments: list[tuple[float, Callable[[], object]]] = [*charges, (at, partial(spoil, shop))]
    gone = 0.0
    for moment, action in sorted(moments, key=itemgetter(0)):
        shop.run(moment - gone)
        gone = moment
        action()
