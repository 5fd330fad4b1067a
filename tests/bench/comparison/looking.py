"""Looking payments up, by the time that the slow ones take."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.comparison.row import Line, Row
from tests.bench.history import Shop, generate
from tests.bench.million import measure

SMALL = 10_000  # payments
GOAL = 20.0  # ms


def rows(history: Path | None, payments: int, rounds: int) -> Iterator[Line]:
    """Every kind of question, in a small shop and in a long history, which has so many payments."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "practice.db"
        generate(small, _shop(SMALL))
        before = measure(small, _shop(SMALL), rounds)
    after = measure(history, _shop(payments), rounds) if history else before
    most = [slow for _, slow in after.values()]
    beside = f"{SMALL:,} payments" if history else ""
    for name, own, other in (
        ("middle of all", statistics.median, statistics.median([slow for _, slow in before.values()])),
        ("slowest", max, max(slow for _, slow in before.values())),
    ):
        yield Row(f"look-up, 99 %, {name}", own(most), "ms", beside, other if history else None)
    under = sum(slow < GOAL for slow in most)
    yield Row(f"look-ups of {len(most)} with 99 % under {GOAL:.0f} ms", under, "", least=len(most))


def _shop(payments: int) -> Shop:
    return Shop(payments, customers=payments // 5, posts=payments // 50)
