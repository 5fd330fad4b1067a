"""`restore`: put a copy of the database back."""

import argparse
from contextlib import ExitStack

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.cli.backup import database_file
from pos_app.cli.console import Console
from pos_app.private_files import tighten
from pos_app.settings.settings import load
from pos_app.store.backups.restore import Restored, put_back
from pos_app.store.integrity import count
from pos_app.system_clock import SystemClock


def run(options: argparse.Namespace) -> int:
    """Put the copy in the place of this environment's database, which is kept; no till may be open."""
    settings = load(options.data_dir, options.practice)
    database = database_file(settings)
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        tighten(settings.data_dir)
        restored = put_back(options.file, database, settings.environment, SystemClock().now)
    if options.json:
        kept = str(restored.kept) if restored.kept else None
        Console().result({"file": str(database), "payments": restored.payments, "kept": kept})
    else:
        Console().say(
            f"Put back: {database} now holds {count(restored.payments)}, as in {options.file}. {_kept(restored)}"
        )
    return 0


def _kept(restored: Restored) -> str:
    if restored.kept is None:
        return "There was no database before."
    return (
        f"The file that was there is kept as {restored.kept}. Payments made since that copy are only in the kept file "
        "and on the M-PESA statement: compare before you go on."
    )
