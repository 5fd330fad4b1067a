"""How soon after Enter a charge is saved, and how soon the window says that the customer's PIN is awaited.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.counter [--charges 100] [--lines 20]

A person at the real window with a till on a file of the disk; M-PESA accepts at once. Each customer buys as many
different posts; one post beside it, since that is what most buy. Between Enter and the push lies the commit; between
Enter and the words lie the commit, M-PESA's answer, its commit and the painting thread.
"""

import argparse
import statistics
from time import perf_counter

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import State
from tests.faults.simulation.window import Patience, at_the_counter
from tests.ui.counter import Counter


def measure(counter: Counter, patience: Patience, charges: int, lines: int, first: int) -> dict[str, list[float]]:
    """Milliseconds for each charge: until the push leaves, so the row is saved, and until it is said on screen."""
    page, gateway = counter.page, counter.harness.gateway
    posts = list(page.grid.by_id.values())[:lines]
    left: list[float] = []
    gateway.opening = lambda _push: left.append(perf_counter())
    told: dict[str, list[float]] = {"saved": [], "waiting": []}
    for number in range(first, first + charges):
        counter.next_customer()
        for post in posts:
            page.choose_post(post)
        counter.write(f"07{number:08}")
        before = len(left)
        counter.harness.clock.advance(1)
        begun = perf_counter()
        counter.enter()
        patience.waitUntil(lambda: page.shown is not None and page.shown.state is State.PROMPTED)
        told["waiting"].append((perf_counter() - begun) * 1000)
        told["saved"].append((left[before] - begun) * 1000)
    return told


def main() -> None:
    """Measure one post and many."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--charges", type=int, default=100)
    parser.add_argument("--lines", type=int, default=20)
    options = parser.parse_args()
    with at_the_counter() as (counter, patience, _):
        counter.harness.till.catalogue.add_all([draft_post(f"Post {number}", 10, 0) for number in range(options.lines)])
        counter.page.flow.read_posts()
        patience.waitUntil(lambda: len(counter.page.grid.by_id) >= options.lines)
        for turn, lines in enumerate((1, options.lines)):
            told = measure(counter, patience, options.charges, lines, 10_000_000 + turn * options.charges)
            for name, took in told.items():
                cuts = statistics.quantiles(took, n=20)
                print(f"{lines:>3} lines, {name:>8}: p50 {cuts[9]:6.1f} ms, p95 {cuts[18]:6.1f} ms")


if __name__ == "__main__":
    main()
