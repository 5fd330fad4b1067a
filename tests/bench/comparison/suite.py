"""The README's test command."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.bench.comparison.row import LeftOut, Line, Row

_PROJECT = Path(__file__).parents[3]
_NAME = "the README's test command, where nothing is to be installed"


def rows(*, quick: bool) -> Iterator[Line]:
    """All of it, as it stands there."""
    if quick:
        yield LeftOut(_NAME, "it takes three minutes")
        return
    said = subprocess.run([".ci/run", "command"], cwd=_PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    begun = perf_counter()
    subprocess.run(["bash", "-euo", "pipefail", "-c", said.stdout], cwd=_PROJECT, stdout=subprocess.DEVNULL, check=True)
    yield Row(_NAME, perf_counter() - begun, "s", most=180.0)
