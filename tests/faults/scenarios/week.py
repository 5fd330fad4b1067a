"""Days of selling, to see that nothing grows: payments come and go, memory and handles stay."""

import gc
import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pos_app.simulator import Json
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody
from tests.faults.simulation.world import World, world

LIMIT = 20 * 2**20  # bytes that may be added for a week of selling
_BATCH = 250
_WARM_UP = 48  # batches until every cache is full, also the simulator's own; in a short run half of them
_STATM = Path("/proc/self/statm")
_SHARED_MEMORY = Path("/dev/shm")


class Size(NamedTuple):
    """How large the process is: bytes in memory, open files, threads."""

    memory: int
    handles: int
    threads: int


def flat(seed: int, runs: int) -> None:
    """T35: neither memory nor handles grow with the payments that are over. The database is a file."""
    fast = str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None
    with TemporaryDirectory(dir=fast) as folder, world(seed, folder=Path(folder)) as shop:
        sizes = []
        for _ in range(runs // _BATCH):
            _sell(shop)
            sizes.append(size())
        before, after = sizes[min(_WARM_UP, len(sizes) // 2) - 1], sizes[-1]
        assert after.memory - before.memory < LIMIT, f"memory grew from {before.memory:,} to {after.memory:,} bytes"
        assert after.handles <= before.handles + 2, f"handles grew from {before.handles} to {after.handles}"
        assert after.threads <= before.threads + 2, f"threads grew from {before.threads} to {after.threads}"


def _sell(shop: World) -> None:
    random = shop.random

    def post(token: str, body: Json) -> list[CallbackDelivery]:
        return [as_sent(body, random.uniform(0.1, 9.0)) for _ in range(random.choice((0, 1, 1, 1, 2)))]

    shop.environment.deliveries, shop.environment.customer = post, anybody(random)
    shop.sell_many(_BATCH, 6.0)
    shop.run(120)
    settle(shop)
    check(shop)
    shop.close_books()


def size() -> Size:
    """Of this process, now."""
    gc.collect()
    pages = int(_STATM.read_text().split()[1]) if _STATM.exists() else 0
    handles = len(os.listdir("/proc/self/fd")) if _STATM.exists() else 0
    return Size(pages * 4_096, handles, threading.active_count())
