"""How soon a till without callbacks sees that its customers have paid, where M-PESA answers questions slowly."""

from pos_app.simulator import Choice
from tests.faults.simulation.transport import Fate, Kind
from tests.faults.simulation.world import world

CUSTOMERS = 30  # who have their prompts at the same time


def waits(seed: int, answers_take: float) -> list[float]:
    """Seconds between paying and being seen as paid, in order. `answers_take`: seconds, to each question."""
    with world(seed, route=False) as shop:
        random = shop.random

        def weather(kind: Kind) -> Fate:
            return Fate(delay=answers_take if kind is Kind.QUERY else 0.1)

        shop.weather = weather
        shop.environment.customer = lambda _: (random.uniform(5.0, 40.0), Choice.PIN)
        shop.environment.deliveries = lambda token, body: []
        for _ in range(CUSTOMERS):
            shop.sell()
            shop.run(1.0)
        seen: dict[str, float] = {}
        while len(seen) < CUSTOMERS:
            shop.run(0.5)
            for row in shop.rows("SELECT checkout_request_id FROM payment WHERE state = 'paid'"):
                seen.setdefault(row["checkout_request_id"], shop.kernel.now)
            assert shop.kernel.now < 1_000, "they are never seen as paid"
        paid = shop.truth.by_checkout
        return sorted(seen[checkout] - (paid[checkout].ended or 0.0) for checkout in seen)
