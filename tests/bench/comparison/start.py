"""From the start of the program to its window, memory, and what it does while nobody serves."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.comparison.process import NO_SCREEN, tell
from tests.bench.comparison.row import Line, Row

ROUNDS = 5
_BARE = "a bare PySide6 window"


def rows(history: Path | None, rest: float) -> Iterator[Line]:
    """The till without payments, and over a long history, each beside the bare window, in turns.

    Args:
        rest: seconds that both are watched at rest.
    """
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        _till(Path(empty), 0)  # makes its database
        if history:
            (Path(full) / "practice.db").symlink_to(history.resolve())
            _till(Path(full), 0)
        bare, ours, long = [], [], []
        for _ in range(ROUNDS):
            bare.append(_bare(0))
            ours.append(_till(Path(empty), 0))
            long += [_till(Path(full), 0)] if history else []
        plain = _median(bare)
        yield from _of_start("empty", _median(ours), plain)
        if history:
            yield from _of_start("a long history", _median(long), plain)
        if rest:
            yield from _of_rest(_till(Path(empty), rest), _bare(rest))


def _bare(rest: float) -> dict[str, float]:
    return tell("tests.bench.baselines.bare_window", time.time(), rest, environment=NO_SCREEN)


def _till(folder: Path, rest: float) -> dict[str, float]:
    return tell("tests.bench.comparison.at_rest", folder, time.time(), rest, environment=NO_SCREEN)


def _median(told: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in told) for name in told[0]}


def _of_start(name: str, ours: dict[str, float], bare: dict[str, float]) -> Iterator[Line]:
    first, used = "start to first painted window, s", "start to first painted window, s of processor"
    yield Row(f"first window, {name}", ours[first], "s", _BARE, bare["first window"], most=2.5)
    yield Row(f"first window, {name}, processor", ours[used], "s", _BARE, bare["first window, processor"])
    yield Row(f"till open, {name}", ours["start to the open till, s"], "s", most=1.0)


def _of_rest(ours: dict[str, float], bare: dict[str, float]) -> Iterator[Line]:
    yield Row("memory when open", ours["memory"], "MB", most=140)
    yield Row("memory when open", ours["memory"], "MB", _BARE, bare["memory"])
    for name, unit, most in (("per cent of a core", "%", 0.3), ("wake-ups a second", "/s", None)):
        yield Row(f"at rest: {name}", ours[f"at rest, {name}"], unit, most=most)
