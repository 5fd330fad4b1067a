"""`payments`: look up."""

import argparse
from contextlib import closing

from pos_app.cli.console import Console
from pos_app.cli.output import payment_json, payment_row
from pos_app.domain.search import Search
from pos_app.settings.settings import load
from pos_app.store.database import open_database


def run(options: argparse.Namespace) -> int:
    """Print what was found, newest first. Works beside an open till."""
    settings = load(options.data_dir, options.practice)
    with closing(open_database(settings.database, settings.environment)) as database:
        found = database.reader.search(Search(text=options.find, limit=options.limit))
    console = Console()
    if options.json:
        console.result([payment_json(payment) for payment in found])
    elif found:
        console.say("\n".join(map(payment_row, found)))
    else:
        console.say("Nothing found. Try the last 4 digits of the phone, or the beginning of the code.")
    return 0
