"""python-escpos, loaded when something is printed first, on the thread that prints, and without what it does besides.

Loading it takes a fifth of a second: it reads what a hundred models can do. Ours is told of rolls of paper instead, of
which every model prints one. It would also send warnings to the terminal, and leave a folder behind.
"""

import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pos_app.domain.receipt import ROLLS

DOTS = 8  # in a mm
_FILE = "ESCPOS_CAPABILITIES_FILE"
_loading = threading.Lock()


def escpos() -> Any:
    """The printers of python-escpos (`escpos.printer`)."""
    with _loading:
        return _load()


@cache
def _load() -> Any:
    with _quiet_log(), _our_capabilities():
        printers = import_module("escpos.printer")
    shutil.rmtree(import_module("escpos.capabilities").pickle_dir, ignore_errors=True)
    return printers


def profile(paper: int) -> str:
    """The name of what python-escpos knows of a roll of paper (mm)."""
    return "default" if paper == next(iter(ROLLS)) else f"roll{paper}"


@contextmanager
def _quiet_log() -> Iterator[None]:
    """It sets up a log of its own on the terminal where there is none."""
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addHandler(nothing)
    try:
        yield
    finally:
        root.removeHandler(nothing)


@contextmanager
def _our_capabilities() -> Iterator[None]:
    before = os.environ.get(_FILE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "capabilities.json"
        file.write_text(json.dumps(_capabilities()), encoding="utf-8")
        os.environ[_FILE] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ[_FILE]
            else:
                os.environ[_FILE] = before


def _capabilities() -> dict[str, object]:
    return {
        "profiles": {
            profile(roll.paper): {
                "name": f"{roll.paper} mm",
                "codePages": {"0": "CP437"},
                "features": {"paperFullCut": True, "paperPartCut": True},
                "fonts": {"0": {"name": "Font A", "columns": roll.columns}},
                "media": {"width": {"mm": roll.head, "pixels": roll.head * DOTS}},
            }
            for roll in ROLLS.values()
        },
        "encodings": {"CP437": {"name": "CP437", "python_encode": "cp437"}},
    }
