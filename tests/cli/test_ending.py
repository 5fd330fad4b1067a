"""The process ends, also where a thread of it never does."""

import subprocess
import sys
import time

import pytest

PATIENCE = 60.0  # seconds
_HANGING = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from pos_app.cli.ending import must_end
if sys.argv[1] == "hangs":
    ThreadPoolExecutor(1).submit(threading.Event().wait)
print("said", end="")
raise SystemExit(must_end(3, float(sys.argv[2])))
"""


@pytest.mark.parametrize(("thread", "seconds"), [("hangs", "0.2"), ("none", str(2 * PATIENCE))])
def test_it_ends_with_its_code_and_all_that_was_said(thread: str, seconds: str) -> None:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", _HANGING, thread, seconds], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "said", "")
    assert time.monotonic() - began < PATIENCE
