"""T37 in a sample. At full size: `.venv/bin/python -m tests.faults --full --fault T37`."""

import pytest

from tests.faults.scenarios.machine import explore


@pytest.mark.timeout(900)  # where a rule is broken, hypothesis looks for the shortest way to it for some minutes
def test_t37_anything_may_happen_in_any_order(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    explore(0, 150, 30)
