"""Writing payments to a file by command."""

import sys
from pathlib import Path

from pos_app.cli.console import Console
from pos_app.cli.unix_signals import told_to_end
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.exports.export import FindsPayments, export
from pos_app.private_files import must_be_new

_TOLD = 20_000  # payments between two words about how far it is


def check_target(path: Path, *, force: bool) -> None:
    """Refuse a file that is there, before anything is looked up or recorded; what `force` replaces stays until then.

    Raises:
        BadInput: it is there.
    """
    if not force:
        must_be_new(path, "Choose another name, or replace it by --force.")


def export_found(reader: FindsPayments, search: Search, path: Path, mark: Mark, *, json: bool) -> int:
    """Write everything that a search finds; gives the exit code. Told to end, it leaves nothing behind.

    Raises:
        BadInput: the file cannot be written there.
        ExportStopped: somebody has told it to end.
    """
    console = Console()

    def told(count: int) -> None:
        if count % _TOLD == 0 and sys.stderr and sys.stderr.isatty():
            console.warn(f"{count:,} written so far...")

    with told_to_end() as ended:
        count = export(reader, search, path, mark, told=told, stopped=ended.is_set)
    if json:
        console.result({"written": count, "file": str(path)})
    else:
        console.say(f"{count:,} written to {path}")
    return 0
