"""How soon after the decision to charge the push is with M-PESA.

    .venv/bin/python -m tests.bench.pushes [--charges 200]

Charges customers of a practice till, with the connection made ready before each or not, and measures from the call
of `Checkout.charge` until the simulated M-PESA has taken the push: the row's commit lies between.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.settings.settings import load
from tests.support.builders import a_request


def measure(opened: OpenTill, first: int, charges: int, *, warm: bool) -> list[float]:
    """Seconds for each."""
    assert opened.phone
    simulator, checkout = opened.phone.simulator, opened.till.checkout
    [post, *_] = opened.till.catalogue.posts()
    took = []
    for number in range(first, first + charges):
        before = simulator.pushes
        if warm:
            opened.till.checkout.warm()
        begun = time.perf_counter()
        checkout.charge(a_request(post, f"07{number:08}"))
        while simulator.pushes == before:
            time.sleep(0.0005)
        took.append(time.perf_counter() - begun)
    return took


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=200)
    charges = parser.parse_args().charges
    with tempfile.TemporaryDirectory() as folder:
        opened = open_till(load(Path(folder), practice=True), customer_by_himself=False)
        try:
            for turn, warm in enumerate((False, True)):
                cuts = statistics.quantiles(measure(opened, turn * charges, charges, warm=warm), n=20)
                name = "ready" if warm else "not ready"
                print(f"{name:>9}: p50 {cuts[9] * 1000:5.1f} ms, p95 {cuts[18] * 1000:5.1f} ms")
        finally:
            opened.close()


if __name__ == "__main__":
    main()
