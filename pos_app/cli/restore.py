"""`restore`: put a copy of the database back."""

import argparse
from dataclasses import asdict

from pos_app.bootstrap.restoring import database_file, restore
from pos_app.cli.books import say_upgrading, say_where_large
from pos_app.cli.console import Console
from pos_app.domain.database_copy import Whose
from pos_app.messages.copies import NOBODY_KNOWS, gone_words
from pos_app.settings.settings import load
from pos_app.store.backups.restore import Restored
from pos_app.store.integrity import count


def run(options: argparse.Namespace) -> int:
    """Put the copy in the place of this environment's database, which is kept; no till may be open."""
    settings = load(options.data_dir, options.practice)
    database = database_file(settings)
    say_where_large(options.file)
    restored = restore(settings, options.file, another_shop=options.another_shop, on_long_upgrade=say_upgrading)
    if options.json:
        kept = str(restored.kept) if restored.kept else None
        Console().result(
            {"file": str(database), "payments": restored.payments, "kept": kept, "whose": restored.whose}
            | asdict(restored.gone)
        )
    else:
        Console().say(
            f"Put back: {database} now holds {count(restored.payments)}, as in {options.file}. {_kept(restored)}"
        )
    return 0


def _kept(restored: Restored) -> str:
    if restored.kept is None:
        return "There was no database before."
    whose = f"{NOBODY_KNOWS} " if restored.whose is Whose.UNKNOWN else ""
    return (
        f"{whose}The file that was there is kept as {restored.kept}. Payments made since that copy are only in the "
        f"kept file and on the M-PESA statement: compare before you go on.{_after(gone_words(restored.gone))}"
    )


def _after(words: str) -> str:
    return f" {words}" if words else ""
