"""Scenarios in which a customer is asked twice, and pays twice."""

from pos_app.domain.payment import Payment, Remark, State
from pos_app.errors import BadInput
from pos_app.simulator import Choice, Json
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.transport import FINE, Fate, Kind
from tests.faults.simulation.world import World, world

_HOUR = 3_600.0


def twice(seed: int, runs: int) -> None:
    """T24: M-PESA says "no answer", the operator asks again, and then both prompts turn out to be paid."""
    with world(seed) as shop:
        random = shop.random
        late: dict[str, float] = {}  # by phone: how late the first prompt's callback comes

        def weather(kind: Kind) -> Fate:
            return Fate(says=_no_answer) if kind is Kind.QUERY else FINE

        def post(token: str, body: Json) -> list[CallbackDelivery]:
            prompt = shop.truth.by_checkout[body["Body"]["stkCallback"]["CheckoutRequestID"]]
            return [as_sent(body, late.pop(prompt.phone, 0.5))]

        shop.weather, shop.environment.deliveries = weather, post
        shop.environment.customer = lambda _: (random.uniform(2.0, 10.0), Choice.PIN)
        pairs = []
        for _ in range(runs):
            phone = shop.phone()
            late[phone] = random.choice((400.0, 2 * _HOUR, 47 * _HOUR))
            first = shop.sell(phone)
            pairs.append((first, _ask_again(shop, first)))
        shop.run(48 * _HOUR)
        shop.lies = True  # the queries said "no answer" of what was paid
        settle(shop)
        check(shop)
        for first, second in pairs:
            _both_paid(shop.now_is(first), shop.now_is(second))


def _no_answer(body: Json) -> Json:
    return {**body, "ResultCode": "1037", "ResultDesc": "DS timeout user cannot be reached."}


def _ask_again(shop: World, first: Payment) -> Payment:
    """The operator tries each ten seconds, as soon as the till lets him; how long it must wait is checked."""
    for _ in range(60):
        shop.run(10.0)
        try:
            payment = shop.now_is(first)
            shop.kernel.call(lambda payment=payment: shop.counter.checkout.may_ask_again(payment))  # type: ignore[misc]
            second = shop.sell(first.phone, retry_of=first.id)
        except BadInput:
            continue
        age = (shop.clock.now() - first.created_at).total_seconds()
        assert payment.state is State.EXPIRED, payment.state
        assert age >= 120, f"asked again after {age:.0f} s"
        return second
    raise AssertionError("the till never let the operator ask again")


def _both_paid(first: Payment, second: Payment) -> None:
    """The first is late; whichever was paid later is the double, and its access is not added."""
    assert first.state is second.state is State.PAID, f"{first.number} {first.state}, {second.number} {second.state}"
    assert first.closed_at
    assert second.closed_at
    assert second.retry_of == first.id
    assert Remark.LATE in first.remarks
    later, earlier = (first, second) if first.closed_at > second.closed_at else (second, first)
    assert Remark.DOUBLE in later.remarks, f"{later.number} is no double"
    assert later.needs_attention, f"{later.number}: nobody sees that a refund is due"
    assert Remark.DOUBLE not in earlier.remarks, f"{earlier.number} is a double too"
    access = [payment.gives_access if payment.granted else None for payment in (earlier, later)]
    assert access == [True, False], f"{earlier.number}, {later.number}: access is {access}"
