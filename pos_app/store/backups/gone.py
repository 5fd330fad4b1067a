"""What goes back with an older copy: closes and refunds that it does not know; their numbers are not used again."""

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from pos_app.domain.database_copy import Gone
from pos_app.store.backups.copies import Copies
from pos_app.store.day import LOST
from pos_app.store.files import beside, sync
from pos_app.store.integrity import UNREADABLE

_log = logging.getLogger(__name__)


def what_goes(replaced: Path | None, new: Path, database: Path) -> Gone:
    """What the replaced file knows and the copy in its place does not, as far as it can be read; the numbers of closes
    that any copy of the database knows are written into the new file, so that none of them is given again.

    Args:
        replaced: the file that was there, None where there was none.
        new: the copy that takes its place.
        database: whose copies are looked at, too.
    """
    others = [*([replaced] if replaced else []), *database.parent.glob(f"{database.name}.replaced-*")]
    copies = Copies(database)
    others += [copy.path for copy in (*copies.all(), *copies.aside())]
    known = _last_close(new)
    highest = max(map(_last_close, others), default=0)
    if highest > known:
        _keep(new, highest)
    refunds, refunded = _refunds(replaced, new) if replaced else (0, 0)
    given = _last_close(replaced) if replaced else 0
    return Gone(known + 1 if given > known else 0, given if given > known else 0, refunds, refunded)


def _last_close(database: Path) -> int:
    """The highest number that a file knows to be given; 0 where it knows none or cannot be read."""
    numbers = [0]
    with suppress(*UNREADABLE), closing(_read_only(database)) as connection:
        kept = connection.execute("SELECT value FROM setting WHERE key = ?", (LOST,)).fetchone()
        numbers.append(int(kept[0]) if kept and kept[0].isdecimal() else 0)
        numbers.append(connection.execute("SELECT max(number) FROM day_close").fetchone()[0] or 0)
    return max(numbers)


def _refunds(replaced: Path, new: Path) -> tuple[int, int]:
    """How many refunds the replaced file has behind the last one of the copy, and KES of them."""
    with suppress(*UNREADABLE), closing(_read_only(new)) as there, closing(_read_only(replaced)) as before:
        last = there.execute("SELECT max(id) FROM refund").fetchone()[0] or 0
        count, amount = before.execute(
            "SELECT count(*), sum(amount) FROM refund WHERE id > ? AND status = 'done'", (last,)
        ).fetchone()
        return int(count), int(amount or 0)
    return 0, 0


def _keep(new: Path, number: int) -> None:
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (LOST, str(number)))
        connection.commit()
    sync(new)
    _log.info("closes up to number %d went with the replaced database", number)


def _read_only(database: Path) -> sqlite3.Connection:
    """Nothing is written beside the file, which is not in use."""
    changes = beside(database, "-wal").exists()
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro{'' if changes else '&immutable=1'}", uri=True)
