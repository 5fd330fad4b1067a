"""A till that serves a customer a minute, on a virtual clock. Prints as JSON by how many MB it has grown.

python -m tests.bench.comparison.virtual_day HOURS
"""

import gc
import json
import logging
import sys
import tempfile
from pathlib import Path

from pos_app.simulator import Json
from tests.bench.comparison.process import memory
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody
from tests.faults.simulation.world import World, world

CUSTOMERS = 60  # an hour
FIRST = 8  # hours that are not counted: what is kept, as statements and the last payments, is full after them


def serve(shop: World, customers: int) -> None:
    """They come one a minute, and each has been told how it ended."""

    def post(token: str, body: Json) -> list[CallbackDelivery]:
        return [as_sent(body, 5.0)]

    shop.environment.deliveries, shop.environment.customer = post, anybody(shop.random)
    shop.sell_many(customers, 60.0)
    shop.run(60.0 * customers)


def main() -> None:
    """Serve, tell."""
    logging.disable(logging.CRITICAL)
    hours = float(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, world(1, folder=Path(folder)) as shop:
        serve(shop, CUSTOMERS * FIRST)
        gc.collect()
        before = memory()
        serve(shop, int(CUSTOMERS * hours))
        gc.collect()
        print(json.dumps({"growth": memory() - before}), flush=True)


if __name__ == "__main__":
    main()
