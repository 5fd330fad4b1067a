"""python-escpos is loaded for the first print, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_SCRIPT = """
import logging, os, sys, tempfile
from pathlib import Path
import pos_app.ui.application, pos_app.ui.main_window, pos_app.bootstrap.till, pos_app.diagnostics.all_checks
from pos_app.printers.library import escpos

heavy = {"escpos", "PIL", "qrcode", "usb", "serial", "yaml", "barcode"} & sys.modules.keys()
assert not heavy - {"yaml"}, heavy  # pyngrok has that one
before = dict(os.environ)
escpos()
assert "escpos" in sys.modules
assert dict(os.environ) == before
assert logging.getLogger().handlers == []
assert list(Path(tempfile.gettempdir()).iterdir()) == []
tempfile.mkdtemp = None  # a full disk: what is loaded prints all the same
escpos()
"""


def test_it_slows_no_start_and_leaves_nothing(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={"TMPDIR": str(tmp_path), "PATH": "", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
