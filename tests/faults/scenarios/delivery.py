"""Scenarios about callbacks on their way: lost, many times, early, without the push's answer, out of order."""

from datetime import UTC, datetime

import httpx

from pos_app.simulator import Choice, Fault, Json
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody, failing, payer
from tests.faults.simulation.transport import FINE, Fate, Kind
from tests.faults.simulation.world import SETTLED, World, world
from tests.support.fakes import START

_DAY = 86_400.0
_QUERY_FAILS = (
    Fate(breaks=httpx.ReadError),
    Fate(opens=httpx.ConnectError),
    Fate(reaches=False, breaks=httpx.ReadTimeout, delay=15.0),
)
_ENDS = (Choice.PIN, Choice.CANCEL, Choice.NO_MONEY)
_ANSWER_LOST = (
    Fate(breaks=httpx.ReadError),
    Fate(breaks=httpx.ReadTimeout, delay=60.0),
    Fate(breaks=httpx.RemoteProtocolError),
    Fate(cut=20),
)


def lost(seed: int, runs: int) -> int:
    """T7: three callbacks in ten are lost and two queries in ten fail; gives how many were not known in 5 minutes."""
    with world(seed) as shop:
        random = shop.random

        def weather(kind: Kind) -> Fate:
            return random.choice(_QUERY_FAILS) if kind is Kind.QUERY and random.random() < 0.2 else FINE

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            return [] if random.random() < 0.3 else [as_sent(body, random.uniform(0.1, 20))]

        shop.weather, shop.environment.deliveries, shop.environment.customer = weather, post, anybody(random)
        shop.sell_many(runs, 8.0)
        shop.run(120)
        settle(shop)
        check(shop)
        return _late(shop)


def _late(shop: World) -> int:
    """How many payments were not settled 5 minutes after their prompt ended (promise R9)."""
    late = 0
    for row in shop.rows("SELECT checkout_request_id AS id, closed_at FROM payment WHERE closed_at IS NOT NULL"):
        ended = shop.truth.by_checkout[row["id"]].ended
        closed = datetime.fromisoformat(row["closed_at"]).replace(tzinfo=UTC)
        late += ended is not None and (closed - START).total_seconds() > ended + SETTLED
    return late


def hundredfold(seed: int, runs: int) -> None:
    """T8: the same callback a hundred times, at the same moment or over a minute."""
    with world(seed) as shop:

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            spread = shop.random.choice((0.0, 1.0, 60.0))
            return [as_sent(body, 0.1 + shop.random.uniform(0, spread)) for _ in range(100)]

        shop.environment.deliveries, shop.environment.customer = post, anybody(shop.random)
        shop.sell_many(runs, 5.0)
        shop.run(180)
        settle(shop)
        check(shop)
        _all_proofs_count(shop)


def early(seed: int, runs: int) -> None:
    """T9: the callback comes before the answer to our push."""
    with world(seed, faults={Fault.CALLBACK_FIRST: 0.5}) as shop:
        random = shop.random

        def weather(kind: Kind) -> Fate:
            return Fate(delay=random.uniform(5.0, 25.0)) if kind is Kind.PUSH else FINE

        shop.weather, shop.environment.customer = (
            weather,
            lambda _: (random.uniform(0.5, 8.0), random.choices(_ENDS, (8, 1, 1))[0]),
        )
        shop.sell_many(runs, 6.0)
        shop.run(120)
        settle(shop)
        check(shop)
        _all_proofs_count(shop)
        early_ones = shop.rows("SELECT count(*) AS n FROM payment_event WHERE source='callback' AND before='requested'")
        assert early_ones[0]["n"], "no callback was early"


def unanswered(seed: int, runs: int) -> None:
    """T10: the answer to our push is lost, and the callback comes."""
    with world(seed, faults={Fault.PUSH_ANSWER_LOST: 0.3}) as shop:
        random = shop.random

        def weather(kind: Kind) -> Fate:
            return random.choice(_ANSWER_LOST) if kind is Kind.PUSH else FINE

        shop.weather, shop.environment.customer = weather, payer(random)
        sold = shop.sell_many(runs, 6.0)
        shop.run(120)
        settle(shop)
        check(shop)
        paid = [payment for payment in sold if shop.now_is(payment).granted]
        assert len(paid) == runs, f"{runs - len(paid)} payments whose callback came are not paid"


def disordered(seed: int, runs: int) -> None:
    """T11: success after failure, failure after success, either up to 48 hours late."""
    with world(seed, faults={Fault.QUERY_DISAGREES: 0.3}) as shop:
        random = shop.random
        shop.lies = True  # a customer who did not pay may be said to have paid, and the other way round

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            late = random.choice((1.0, 60.0, 3_600.0, 2 * _DAY))
            other = failing(body, random.choice(("1032", "1037", "2001", "1")))
            return [as_sent(told, 0.1 + random.uniform(0.0, late)) for told in (body, other)]

        shop.environment.deliveries, shop.environment.customer = post, anybody(random)
        shop.sell_many(runs, 20.0)
        shop.run(2 * _DAY + 60)
        settle(shop)
        check(shop)
        _all_proofs_count(shop)
        _remarks_tell(shop)


def _all_proofs_count(shop: World) -> None:
    """Every callback came: whoever paid has paid (promise R6)."""
    paid = {row["checkout_request_id"] for row in shop.rows("SELECT * FROM payment WHERE state = 'paid'")}
    missing = [prompt.checkout for prompt in shop.truth.by_checkout.values() if prompt.code == "0"]
    missing = [checkout for checkout in missing if checkout not in paid]
    assert not missing, f"money moved, its proof came, and it is not paid: {missing[:5]}"


def _remarks_tell(shop: World) -> None:
    """Success after not paid is late; not paid after success is a conflict (rule 6)."""
    for row in shop.rows("SELECT * FROM payment WHERE state = 'paid'"):
        lines = shop.rows(f"SELECT * FROM payment_event WHERE payment_id = {row['id']} ORDER BY id")
        late = any(line["before"] in ("cancelled", "declined", "expired") for line in lines)
        conflict = any(line["before"] == "paid" and line["outcome"] == "conflict" for line in lines)
        remarks = (row["remark"] or "").split(",")
        assert late == ("late" in remarks), f"{row['number']}: late is {late}, remarked {remarks}"
        assert conflict == ("conflict" in remarks), f"{row['number']}: conflict is {conflict}, remarked {remarks}"
