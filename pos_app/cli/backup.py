"""`backup`: copy the database to a file."""

import argparse

from pos_app.bootstrap.restoring import database_file
from pos_app.cli.books import say_where_large
from pos_app.cli.console import Console
from pos_app.settings.settings import load
from pos_app.store.backups.backup import save_copy
from pos_app.store.integrity import count


def run(options: argparse.Namespace) -> int:
    """Copy this environment's database; works beside an open till."""
    settings = load(options.data_dir, options.practice)
    file = options.file.absolute()
    database = database_file(settings)
    say_where_large(database)
    payments = save_copy(database, file)
    if options.json:
        Console().result({"file": str(file), "payments": payments})
    else:
        Console().say(f"Copied to {file}: {count(payments)} of {settings.environment}. It holds customers' numbers.")
    return 0
