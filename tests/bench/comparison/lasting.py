"""What is left of a day of selling, and of a look through a long history: memory."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.comparison.process import NO_SCREEN, tell
from tests.bench.comparison.row import Line, Row


def rows(history: Path | None, hours: float, pages: int) -> Iterator[Line]:
    """How much a till grows in an hour of a customer a minute, after a first day that fills what is kept, on a virtual
    clock; and what its window holds after so many pages of a history.
    """
    told = tell("tests.bench.comparison.virtual_day", hours)
    yield Row("memory: growth in a virtual hour", told["growth"] / hours, "MB", most=1.0)
    if history:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copyfile(history, Path(folder) / "practice.db")  # it is charged in, too
            told = tell("tests.bench.driver", folder, time.time(), pages, 1, environment=NO_SCREEN)
        before, after = told["memory before scrolling, MB"], told["memory after scrolling, MB"]
        yield Row(f"memory after {pages:,} pages of rows", after, "MB", "before them", before)
        yield Row(f"memory after {pages:,} pages of rows", after, "MB", most=200)
