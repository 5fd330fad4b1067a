"""What draws and what writes workbooks is loaded when it is wanted: neither the window nor a charge waits for it."""

import subprocess
import sys

LOOK = """
import sys

import pos_app.ui.application
import pos_app.ui.charge.page
import pos_app.ui.payments.page
import pos_app.ui.takings.page
import pos_app.bootstrap.till
import pos_app.cli.charge
import pos_app.cli.payments
import pos_app.exports.csv_file
heavy = {"numpy", "pyqtgraph", "xlsxwriter"} & sys.modules.keys()
assert not heavy, heavy

import pos_app.exports.xlsx_file
from pos_app.ui.takings.page import load_chart

load_chart()
assert {"numpy", "pyqtgraph", "xlsxwriter"} <= sys.modules.keys()
"""


def test_it_is_loaded_when_it_is_wanted() -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
