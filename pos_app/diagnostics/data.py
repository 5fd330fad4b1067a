"""The payments: whether the database is whole, and whether there are copies of it."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pos_app.bootstrap.shop_database import shop_database
from pos_app.check_result import Verdict, amber, green, red
from pos_app.diagnostics.computer import size
from pos_app.domain.cancelling import Cancel
from pos_app.domain.kenya_time import duration, shop_time
from pos_app.domain.payment import OPEN_STATES
from pos_app.domain.pull_run import SETTING, read_pull_run
from pos_app.errors import Cancelled
from pos_app.messages.pull import last_round
from pos_app.settings.settings import Settings
from pos_app.store.backups.copies import Copies
from pos_app.store.backups.marks import COPIED, StateMark
from pos_app.store.database import open_database
from pos_app.store.files import sqlite_file
from pos_app.store.integrity import SHOP, UNREADABLE, contents, count, faults, is_damage, words
from pos_app.vault.vault import Vault

T = TypeVar("T")
LOOK = 6.0  # seconds that looking through the file may take; the till does it without a limit when it opens
OLD = timedelta(hours=2)
_RECORD_LATE = timedelta(hours=1)
_WRONG_SUMS = (
    "The sums of {days} are not those of the payments: another program has written into the database. The payments "
    "themselves are what counts; no money moved by it. Call for help, and keep the support file."
)
_WRONG_CLOSES = (
    "What the closes have counted is not what the payments moved: another program has written into the database. "
    "The payments themselves are what counts; no money moved by it. Call for help, and keep the support file."
)
_STEPS = 20_000  # of SQLite's machine between two looks at the clock


def database(settings: Settings, vault: Vault | None = None, look: float = LOOK) -> Verdict:
    """Whether the database opens and is whole, and what is in it."""
    with closing(open_database(shop_database(settings, vault), settings.environment)) as opened:
        counts = opened.reader.count_by_state()
        shop = opened.reader.setting(SHOP) or ""
        wrong = _in_time(opened.reader.wrong_days, look / 3)
        moved = _in_time(opened.reader.wrong_movements, look / 6)
        closes = _in_time(opened.reader.wrong_closes, look / 6)
    if wrong:
        return red(_WRONG_SUMS.format(days=f"{len(wrong)} days" if len(wrong) > 1 else f"{wrong[0]:%d/%m/%Y}"))
    if moved or closes:
        return red(_WRONG_CLOSES)
    total = sum(counts.values())
    unsettled = sum(number for state, number in counts.items() if state in OPEN_STATES)
    inside = f"{count(total)}, {unsettled:,} open, shop {shop[:8]}"
    if wrong is None or moved is None or closes is None:
        inside += "; too many to add all up now: whether the sums are theirs was not looked at"
    file = sqlite_file(settings.database)
    if file is None:
        return green(f"The server answers; {inside}")
    whole = _whole(file, look)
    if whole is False:
        return red(words(file))
    looked = "Whole" if whole else "Opens; too large to look through now, the till does it by itself when it opens"
    return green(f"{looked}; {inside}; {size(file.stat().st_size)}")


def record(settings: Settings, now: Callable[[], datetime], vault: Vault | None = None) -> Verdict:
    """Whether M-PESA's own record comes in by Pull Transactions, where the shop has switched it on."""
    if not settings.pull:
        return green("Not asked for by itself: the statement of M-PESA's portal is read when somebody gives it")
    with closing(open_database(shop_database(settings, vault), settings.environment)) as opened:
        run = read_pull_run(opened.reader.setting(SETTING))
    said = last_round(run)
    late = run is None or now() - (run.ended or run.begun) > _RECORD_LATE
    return amber(said) if late or (run and run.trouble) else green(said)


def copies(settings: Settings, now: Callable[[], datetime], *, till_open: bool) -> Verdict:
    """The automatic copies: how many, and how old the newest is."""
    file = sqlite_file(settings.database)
    if file is None:
        return amber(
            "The payments are on a database server: this till makes no copies of it, nor sees whether anybody does. "
            "Ask whoever keeps the server when it was copied last, and whether such a copy was ever put back on trial."
        )
    found = Copies(file).all()
    if not found:
        return _no_copy(file)
    newest = Copies(file).newest(now()) or found[0]
    still_same = StateMark(file, COPIED).moment()  # until when nothing was written after it
    age = now() - max(newest.made_at, still_same or newest.made_at)
    all_of_them = f"{len(found)} automatic {'copy' if len(found) == 1 else 'copies'}"
    text = f"{all_of_them}, the newest from {shop_time(newest.made_at)}"
    if till_open and age > OLD:
        return amber(
            f"{text}: {duration(age.total_seconds())} ago, though the open till makes one each hour. See whether the "
            "disk is full; the log says more."
        )
    return green(text)


def _no_copy(file: Path) -> Verdict:
    try:
        payments = contents(file).payments if file.is_file() else 0
    except UNREADABLE as error:  # damaged, so there is something to lose; or being made at this moment
        payments = int(is_damage(error))
    if payments == 0:
        return green("Nothing to copy yet")
    return amber("There is no automatic copy yet. The till makes one each hour while it is open: leave it open.")


def _in_time(find: Callable[[Cancel], list[T]], look: float) -> list[T] | None:
    """What is not as the payments have it; None where there was no time (seconds) to look at all of them."""
    cancel = Cancel()
    timer = threading.Timer(look, cancel.cancel)
    timer.start()
    try:
        return find(cancel)
    except Cancelled:
        return None
    finally:
        timer.cancel()
        timer.join()


def _whole(file: Path, look: float) -> bool | None:
    """Whether SQLite finds nothing wrong; None where it could not look through the file in time."""
    ends = time.monotonic() + look
    with closing(sqlite3.connect(file)) as connection:
        connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        try:
            return not faults(connection, quick=True)
        except sqlite3.OperationalError:
            return None
