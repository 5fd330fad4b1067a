"""What is left of a day of selling: memory, on a virtual clock."""

from collections.abc import Iterator

from tests.bench.comparison.process import tell
from tests.bench.comparison.row import Line, Row


def rows(hours: float) -> Iterator[Line]:
    """How much a till grows in an hour of a customer a minute, after a first day that fills what is kept."""
    told = tell("tests.bench.comparison.virtual_day", hours)
    yield Row("memory: growth in a virtual hour", told["growth"] / hours, "MB", most=1.0)
