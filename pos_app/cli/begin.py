"""`begin`: a new, empty database where the old one is lost."""

import argparse
from contextlib import ExitStack, closing

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.restoring import database_file
from pos_app.cli.console import Console
from pos_app.settings.settings import load
from pos_app.store.database import open_database
from pos_app.store.traces import put_traces_aside
from pos_app.system_clock import SystemClock


def run(options: argparse.Namespace) -> int:
    """Begin anew; what is left of the old database is kept, and no till may be open."""
    settings = load(options.data_dir, options.practice)
    database = database_file(settings)
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        kept = put_traces_aside(database, SystemClock().now)
        stack.enter_context(closing(open_database(settings.database, settings.environment)))
    if options.json:
        Console().result({"file": str(database), "kept": str(kept) if kept else None})
    else:
        left = f" What was left of the old one: {kept}" if kept else ""
        Console().say(f"A new, empty database was begun: {database}.{left}")
    return 0
