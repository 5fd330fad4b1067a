"""Scenarios about what M-PESA and others say: contradictions, false evidence, odd shapes."""

import json
from functools import partial
from random import Random

from pos_app.domain.payment import Payment
from pos_app.simulator import Fault, Json
from tests.faults.oracles.invariants import check, settle
from tests.faults.oracles.truth import told_by
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody, failing
from tests.faults.simulation.shapes import DAMAGES, any_shapes, reshaped
from tests.faults.simulation.transport import FINE, Fate, Kind
from tests.faults.simulation.world import World, world

_CODES = ("0", "1032", "1037", "2001", "1", "4999", "2029")
_CLASHES = ("amount", "checkout", "merchant", "reused", "another's", "none")


def contradiction(seed: int, runs: int) -> None:
    """T12: callbacks and queries contradict each other and themselves, and the operator asks again and again."""
    with world(seed) as shop:
        random = shop.random
        shop.lies = True

        def weather(kind: Kind) -> Fate:
            lie = kind is Kind.QUERY and random.random() < 0.7
            return Fate(says=partial(_saying, code=random.choice(_CODES))) if lie else FINE

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            bodies = [body, failing(body, random.choice(_CODES[1:]))]
            if random.random() < 0.3:
                bodies.append(_changed(body, random, random.choice(_CLASHES), []))
            return [as_sent(told, random.uniform(0.1, 300.0)) for told in random.sample(bodies, len(bodies))]

        shop.weather, shop.environment.deliveries, shop.environment.customer = weather, post, anybody(random)
        for payment in shop.sell_many(runs, 5.0):
            for _ in range(3):
                shop.kernel.after(random.uniform(0.0, 600.0), partial(_check_now, shop, payment))
        shop.run(900)
        check(shop)


def _saying(body: Json, code: str) -> Json:
    return {**body, "ResultCode": code, "ResultDesc": "M-PESA's word."}


def _check_now(shop: World, payment: Payment) -> None:
    shop.counter.reconciler.check_now(payment.id)
    shop.counter.asking.wake()


def falsified(seed: int, runs: int) -> None:
    """T13: callbacks with another amount, other ids, a receipt code of another payment; strangers guess addresses."""
    with world(seed, faults={Fault.CALLBACK_STRANGER: 0.3}) as shop:
        random, told = shop.random, list[Json]()
        shop.lies = True  # some who did not pay are said to have paid

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            claim = body if random.random() < 0.7 else _claimed(body, shop)
            change = random.choice(_CLASHES)
            false = _changed(claim, random, change, told)
            told.append(claim)
            deliveries = [as_sent(false, random.uniform(0.1, 5.0))]
            if random.random() < 0.3:  # and the true one comes too
                deliveries.append(as_sent(body, random.uniform(0.1, 5.0)))
            return deliveries

        def weather(kind: Kind) -> Fate:
            return FINE if kind is not Kind.QUERY or random.random() < 0.5 else Fate(says=partial(_saying, code="4999"))

        shop.weather, shop.environment.deliveries, shop.environment.customer = weather, post, anybody(random)
        shop.sell_many(runs, 8.0)
        shop.run(400)
        check(shop)


def _claimed(body: Json, shop: World) -> Json:
    """The success of a prompt, whether it was paid or not."""
    stk = body["Body"]["stkCallback"]
    prompt = shop.truth.by_checkout[stk["CheckoutRequestID"]]
    if stk["ResultCode"] == 0:
        return body
    code = f"UKN{shop.random.randrange(10**7):07}"
    items = [{"Name": "Amount", "Value": prompt.amount}, {"Name": "MpesaReceiptNumber", "Value": code}]
    return {"Body": {"stkCallback": {**stk, "ResultCode": 0, "CallbackMetadata": {"Item": items}}}}


def _changed(body: Json, random: Random, change: str, others: list[Json]) -> Json:
    """A callback with one thing wrong; unchanged where it says not paid."""
    body = json.loads(json.dumps(body))
    stk = body["Body"]["stkCallback"]
    paid = [other for other in others if other["Body"]["stkCallback"]["ResultCode"] == 0]
    if change in ("checkout", "merchant"):
        name = {"checkout": "CheckoutRequestID", "merchant": "MerchantRequestID"}[change]
        donor = random.choice(others)["Body"]["stkCallback"][name] if others and random.random() < 0.5 else "ws_CO_0"
        stk[name] = donor
    if stk["ResultCode"] != 0:
        return dict(body)
    items = {item["Name"]: item for item in stk["CallbackMetadata"]["Item"]}
    if change == "amount":
        items["Amount"]["Value"] += random.choice((-1, 1, 1_000))
    if change in ("reused", "another's") and paid:
        donor = random.choice(paid)["Body"]["stkCallback"]
        items["MpesaReceiptNumber"]["Value"] = told_by({"Body": {"stkCallback": donor}}).receipt
        if change == "another's":  # another payment's whole callback, posted to this one's address
            stk.update(donor)
    return dict(body)


def odd(seed: int, runs: int) -> None:
    """T14: every shape a callback may come in, and broken ones: read right, or parked, and never a crash."""
    with world(seed) as shop:
        random = shop.random

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            damaged = random.choice(DAMAGES)(json.dumps(body).encode(), random)
            deliveries = [CallbackDelivery(damaged, None, 0.1)] if random.random() < 0.3 else []
            shaped, told = reshaped(body, told_by(body), any_shapes(random), random)
            return [*deliveries, CallbackDelivery(shaped, told, 0.2)]

        shop.environment.deliveries, shop.environment.customer = post, anybody(random)
        shop.sell_many(runs, 5.0)
        shop.run(120)
        settle(shop)
        check(shop)
