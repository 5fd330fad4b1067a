"""How soon the screen shows what was saved, and how long the window stands while callbacks pour in."""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.comparison.process import NO_SCREEN, tell
from tests.bench.comparison.row import Line, Row

RATE = 500  # callbacks a second


def rows(history: Path | None, seconds: int) -> Iterator[Line]:
    """In a window over a history, or over an empty database, for so many seconds."""
    told = tell(
        "tests.bench.comparison.at_screen", RATE, seconds, *([history] if history else []), environment=NO_SCREEN
    )
    yield Row("paid: commit to painted, 50 %", told["painted, middle"], "ms")
    yield Row("paid: commit to painted, 99 %", told["painted, most"], "ms", most=100)
    yield Row("callbacks a second that came while it scrolled", told["rate"], "/s")
    yield Row("window stands meanwhile, 99 %", told["stall, most"], "ms", "without callbacks", told["idle stall, most"])
    yield Row("window stands meanwhile, longest", told["stall, longest"], "ms", most=16)
    yield Row("window stands without callbacks, longest", told["idle stall, longest"], "ms")
