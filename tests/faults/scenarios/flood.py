"""T17: a flood of forged posts from another process, while customers pay and somebody works at the window."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer

from pos_app.callbacks.listener import DEADLINE
from tests.faults.simulation.fuzz import Fuzzer
from tests.faults.simulation.hostile import Owed, Shop, on_the_air, open_shop
from tests.support.garbage import set_aside_anew
from tests.ui.watchdog import watched_application

RATE = 2_000  # forged posts a second
ANSWERED = 1.0  # seconds within which each genuine one is answered
STALL = 0.25  # seconds that the window may stand still on a busy machine; on a quiet one it is 0.05
_TICK = 5  # milliseconds
_START = 30.0  # seconds for the other process to start, and to read its last answers
_ROOT = Path(__file__).parents[3]
_BAITS = 5  # payments whose addresses the strangers have


def flooded(seed: int, runs: int, rate: int = RATE) -> None:
    """So many forged posts, at so many a second."""
    random, seconds = Random(seed), runs // rate
    with open_shop(random) as shop:
        baits, owed = shop.sell(_BAITS), shop.sell(seconds)
        fuzzer = Fuzzer(random, taken=owed[0].receipt)
        with on_the_air(shop, DEADLINE) as port:
            told = {
                "port": port,
                "rate": rate,
                "seconds": seconds,
                "seed": f"flood {seed}",  # its own chance: from the same it would guess the payments' addresses
                "forged": [[bait.token, fuzzer.forged(bait).decode()] for bait in baits for _ in range(10)],
                "genuine": [[one.token, one.genuine().decode()] for one in owed],
            }
            result, gap = _watched(told, seconds + _START)
        _check(shop, owed, result, gap, rate)


def _watched(told: dict[str, Any], limit: float) -> tuple[dict[str, Any], float]:
    """What the flooder tells, and the longest time that the GUI thread's own timer was kept waiting."""
    application = watched_application()
    flooder = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.simulation.flooder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    )
    assert flooder.stdin
    json.dump(told, flooder.stdin)
    flooder.stdin.close()
    flooder.stdin = None  # or `communicate` would want to write to it
    gc.freeze()  # as `pos_app.cli.window` does when the till is open
    try:
        gap = _gap_until(lambda: flooder.poll() is not None, limit)
        said, _ = flooder.communicate(timeout=_START)
    finally:
        flooder.kill()
        flooder.wait()
        set_aside_anew()
    assert application is watched_application()
    assert flooder.returncode == 0, "the flooder failed"
    result: dict[str, Any] = json.loads(said)
    return result, gap


def _gap_until(over: Callable[[], bool], limit: float) -> float:
    """Run the GUI thread until it is over."""
    loop, timer = QEventLoop(), QTimer()
    begun = last = time.perf_counter()
    longest = 0.0

    def tick() -> None:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if over() or now - begun > limit:
            loop.quit()

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(_TICK)
    loop.exec()
    timer.stop()
    return longest


def _check(shop: Shop, owed: list[Owed], result: dict[str, Any], gap: float, rate: int) -> None:
    statuses, took = zip(*result["genuine"], strict=True)
    figures = (
        f"{result['sent']:,} forged, answered {result['answers']}; {len(took)} genuine, the slowest after "
        f"{max(took) * 1000:.0f} ms; the window stood still for {gap * 1000:.0f} ms at most"
    )
    sys.stdout.write(f"T17: {figures}\n")
    assert set(statuses) == {"200"}, figures
    assert len(statuses) == len(owed), figures
    assert max(took) < ANSWERED, figures
    assert gap < STALL, figures
    assert result["sent"] >= rate * len(owed) / 4, f"that was no flood: {figures}"
    granted, paid = shop.granted(), {one.id for one in owed}
    assert granted == paid, f"without a grant: {paid - granted}, with one that is not due: {granted - paid}"
    shop.check_masks()
