"""T6: bytes of the database file are flipped, as a failing disk does; it is found, and the automatic copy put back."""

import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pos_app.domain.payment import State
from pos_app.domain.search import Search
from pos_app.errors import StoreError
from pos_app.store.backups.copies import Copies
from pos_app.store.backups.restore import put_back
from pos_app.store.database import open_database
from pos_app.store.files import copy_file
from pos_app.store.integrity import faults
from tests.store.conftest import PAID, Shop, line
from tests.support.fakes import START, FakeClock

_PAYMENTS = 40
_IN_THE_HEADER = 0.1  # of all flips; it is 100 bytes of some hundred thousand


class Found(StrEnum):
    """Where it came out."""

    START = "at the start"
    USE = "when it was read"
    CHECK = "by the daily check"
    NOWHERE = "nowhere, and nothing is lost: it was in unused space"
    VALUE = "nowhere, and a value is another: SQLite keeps no sums of values"


def flipped(seed: int, runs: int) -> None:
    """So many flips, each in a sound file; whatever is found is put right by the automatic copy."""
    random, found = Random(seed), Counter[Found]()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "practice.db"
        _fill(path)
        copy = Copies(path).at(START)
        copy.parent.mkdir()
        copy_file(path, copy)
        sound, content = path.read_bytes(), _dump(path)
        for _ in range(runs):
            place = random.randrange(100 if random.random() < _IN_THE_HEADER else len(sound))
            _replace(path, sound[:place] + bytes([sound[place] ^ random.randrange(1, 256)]) + sound[place + 1 :])
            where = _look(path, content)
            found[where] += 1
            if where in (Found.START, Found.USE, Found.CHECK):
                _put_back(path, copy, content, place)
    sys.stdout.write(f"T6: {'; '.join(f'{count} {where}' for where, count in found.most_common())}\n")
    assert all(found[where] for where in (Found.START, Found.CHECK)), "one of the looks finds nothing any more"


def _fill(path: Path) -> None:
    with closing(Shop(path)) as shop:
        post = shop.post("Maji")
        for number in range(_PAYMENTS):
            payment = shop.open(post, f"2547{number % 9:08}")
            shop.change(payment, **(PAID if number % 2 else {"state": State.PROMPTED, "next_check_at": START}))
            with shop.database.write() as transaction:
                transaction.add_line(payment.id, replace(line(), body="x" * 300))


def _replace(path: Path, content: bytes) -> None:
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    path.write_bytes(content)


def _look(path: Path, content: list[str]) -> Found:
    """What the till sees of it: at its start, in a day's use, and by the check of each day.

    Raises:
        Exception: anything but words for a person is a fault of ours.
    """
    try:
        database = open_database(path, "practice")
    except StoreError:
        return Found.START
    with closing(database):
        try:
            database.reader.posts()
            database.reader.search(Search(text="", limit=100))
            database.reader.to_ask("A")
            for payment in range(1, _PAYMENTS + 1):
                database.reader.journal(payment)
        except StoreError:
            return Found.USE
    with closing(sqlite3.connect(path)) as connection:
        if faults(connection):
            return Found.CHECK
    return Found.NOWHERE if _dump(path) == content else Found.VALUE


def _dump(path: Path) -> list[str]:
    """Everything that stands in it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        named = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = [row[0].decode() for row in connection.execute(named)]
        return [row for table in tables for row in sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))]


def _put_back(path: Path, copy: Path, content: list[str], place: int) -> None:
    put_back(copy, path, "practice", FakeClock().now)
    with closing(open_database(path, "practice")) as database:
        assert database.reader.posts(), f"byte {place}: nothing was put back"
    assert _dump(path) == content, f"byte {place}: the copy is not what was put back"
    for kept in path.parent.glob(f"{path.name}.replaced-*"):
        kept.unlink()
