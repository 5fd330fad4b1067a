"""A line of the table, and the table as text and JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside what it is compared with, from the same run.

    Attributes:
        ours, baseline: both in `unit`; a baseline of None is one that there is none for.
        beside: what the baseline is.
        least, most: the goal for the ratio, or without a baseline for the figure itself.
    """

    name: str
    ours: float
    unit: str
    beside: str = ""
    baseline: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours in baselines."""
        return self.ours / self.baseline if self.baseline else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.least is None and self.most is None:
            return None
        figure = self.ours if self.ratio is None else self.ratio
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)

    def goal(self) -> str:
        """In words."""
        times = "" if self.baseline is None else " x"
        parts = [f"≥ {self.least:g}{times}" if self.least is not None else ""]
        parts.append(f"≤ {self.most:g}{times}" if self.most is not None else "")
        return " ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be measured here, and why."""

    name: str
    why: str


Line = Row | LeftOut


def as_text(lines: Iterable[Line]) -> Iterator[str]:
    """Ratios first."""
    yield f"{'ratio':>8}  {'':<56} {'ours':>10} {'baseline':>10} {'unit':<12} {'goal':<10}"
    for line in lines:
        if isinstance(line, LeftOut):
            yield f"{'-':>8}  {line.name:<56} left out: {line.why}"
            continue
        ratio = "" if line.ratio is None else f"{line.ratio:.2f} x"
        baseline = "" if line.baseline is None else f"{line.baseline:,.2f}"
        met = {None: "", True: "met", False: "MISSED"}[line.met]
        beside = f" beside {line.beside}" if line.beside else ""
        name = f"{line.name}{beside}"
        yield f"{ratio:>8}  {name:<56} {line.ours:>10,.2f} {baseline:>10} {line.unit:<12} {line.goal():<10} {met}"


def as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [asdict(line) | ({"ratio": line.ratio, "met": line.met} if isinstance(line, Row) else {}) for line in lines]
