"""Callbacks on a disk that takes 10 ms for each flush, as many a shop's does: one flush carries many of them.

python -m tests.bench.comparison.slow_disk PAYMENTS CONNECTIONS
"""

import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.callbacks import listening, load
from tests.bench.comparison.process import tell
from tests.bench.comparison.row import LeftOut, Line, Row

CONNECTIONS = 64
_GOAL = 1_000.0  # a second
_NAME = f"callbacks, 10 ms a flush, {CONNECTIONS} at a time"
_SOURCE = Path(__file__).with_suffix(".c")


def rows(payments: int) -> Iterator[Line]:
    """Beside the same without the pause."""
    compiler = shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        yield LeftOut(_NAME, "this needs Linux and gcc")
        return
    with tempfile.TemporaryDirectory() as folder:
        library = f"{folder}/slow_disk.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, _SOURCE, "-ldl"], check=True)
        fast = tell("tests.bench.comparison.slow_disk", payments, CONNECTIONS)
        slow = tell("tests.bench.comparison.slow_disk", payments, CONNECTIONS, environment={"LD_PRELOAD": library})
    yield Row(_NAME, slow["rate"], "/s", least=_GOAL)
    yield Row(_NAME, slow["rate"], "/s", "without the pause", fast["rate"])


def main() -> None:
    """Post, tell."""
    payments, connections = map(int, sys.argv[1:])
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1) as pool,
        listening(Path(folder) / "practice.db") as (port, wait_for),
    ):
        wait_for(0, payments)
        told = pool.apply(load, (port, 0, payments, connections))
    print(json.dumps({"rate": told.rate}), flush=True)


if __name__ == "__main__":
    main()
