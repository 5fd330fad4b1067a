"""What a charge costs beside the sample code of Daraja, against one simulated M-PESA in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.bench.comparison.process import tell
from tests.bench.comparison.row import LeftOut, Line, Row

_SAMPLE = "requests and a token for each"
_NAME = "charge: processor for each"


def rows(charges: int) -> Iterator[Line]:
    """The processor's time of each charge, and the time that one takes from the decision to M-PESA's answer."""
    with _simulator() as url:
        ours = tell("tests.bench.comparison.charging", url, charges)
    if find_spec("requests") is None:
        yield LeftOut(_NAME, "requests is not installed")
        return
    with _simulator() as url:
        sample = tell("tests.bench.baselines.sample_charge", url, charges)
    scale = 1_000
    yield Row(_NAME, ours["processor"] * scale, "ms", _SAMPLE, sample["processor"] * scale, most=0.5)
    yield Row("charge: decision to M-PESA's answer", ours["seconds"] * scale, "ms", _SAMPLE, sample["seconds"] * scale)


@contextmanager
def _simulator() -> Iterator[str]:
    main = Path(__file__).parents[3] / "main.py"
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, str(main), "--data-dir", folder, "simulator", "--port", "0", "--delay", "20", "--json"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield json.loads(process.stdout.readline())["url"]
            finally:
                process.terminate()
