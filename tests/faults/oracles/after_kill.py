"""What a dead till leaves, read past the code under test, and held against what it had promised."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pos_app.store.engine import open_engines, sqlite_url
from pos_app.store.reader import SqlReader
from tests.faults.simulation.killable_till import LINK_KEY, fate_of, receipt_of

_OPEN = ("requested", "prompted", "unknown")
_ENDS = {"0": ("paid",), "1032": ("cancelled",), "4999": _OPEN}
_TABLES = ("payment", "payment_event", '"grant"')


def address_of(token: str) -> str:
    """What a payment keeps of its address token (rule 4)."""
    return hashlib.sha256(token.encode()).hexdigest()


class Heard:
    """What the till reported in all its lives: how often, by kind and subject."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, kind: str, subject: str) -> None:
        self._counts[kind][subject] += 1

    def __getitem__(self, kind: str) -> Counter[str]:
        return self._counts[kind]


class AfterKill:
    """The database as the dead till left it, by payment."""

    def __init__(self, database: Path) -> None:
        with _copy_of(database) as connection:
            self.damage = [
                str(tuple(row))
                for pragma in ("integrity_check", "foreign_key_check")
                for row in connection.execute(f"PRAGMA {pragma}")
                if tuple(row) != ("ok",)
            ]
            payments, lines, grants = (
                connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in _TABLES
            )
            wares = connection.execute("SELECT payment_id FROM payment_line").fetchall()
            [file] = [row["file"] for row in connection.execute("PRAGMA database_list") if row["name"] == "main"]
            self.damage += _broken(file)
        self.payments = {row["address"]: row for row in payments}
        self.lines: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
        for line in lines:
            self.lines[line["payment_id"]].append(line)
        self.granted = Counter(row["payment_id"] for row in grants)
        self.sold = Counter(row["payment_id"] for row in wares)

    def of(self, token: str) -> sqlite3.Row | None:
        """The payment of an address token."""
        return self.payments.get(address_of(token))

    def requested(self) -> list[str]:
        """The numbers of the payments whose push is said to be on its way."""
        return [row["number"] for row in self.payments.values() if row["state"] == "requested"]


@contextmanager
def _copy_of(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy: opening the database itself would clear away what the next start must cope with."""
    with tempfile.TemporaryDirectory() as folder:
        for left in database.parent.glob(f"{database.name}*"):
            if not left.name.endswith("-shm"):  # belongs to the dead process
                shutil.copyfile(left, Path(folder) / left.name)
        with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection


def _broken(file: str) -> list[str]:
    """What is wrong with the links between the lines of journal and audit."""
    engines = open_engines(sqlite_url(Path(file)))
    try:
        return [str(broken) for broken in SqlReader(engines.reader).verify(LINK_KEY).broken]
    finally:
        engines.dispose()


def violations(heard: Heard, found: AfterKill) -> Iterator[str]:
    """What was promised and is not so."""
    yield from (f"damaged: {line}" for line in found.damage)
    numbers = {row["number"] for row in found.payments.values()}
    yield from (f"{number} was acknowledged and is lost" for number in heard["saved"] if number not in numbers)
    yield from (f"a push for no payment: {token}" for token in heard["left"] if not found.of(token))
    for kind in ("left", "rang"):
        yield from (f"{subject}: {count} pushes" for subject, count in heard[kind].items() if count > 1)
    yield from (f"a callback found nobody at the address of {token}" for token in heard["refused"])
    known = {address_of(token): token for token in heard["left"]}
    for address, row in found.payments.items():
        token = known.get(address)
        for violation in (*_of_grant(heard, found, row, token), *_of_news(heard, found, row, token)):
            yield f"{row['number']} ({row['state']}): {violation}"


def unsettled(found: AfterKill, heard: Heard) -> Iterator[str]:
    """What M-PESA could be asked about and is not closed as M-PESA has it."""
    for token in heard["left"]:
        row = found.of(token)
        if row and row["checkout_request_id"] and row["state"] not in _ENDS[fate_of(token).code]:
            yield f"{row['number']} was not taken up again: {row['state']}"


def _of_grant(heard: Heard, found: AfterKill, row: sqlite3.Row, token: str | None) -> Iterator[str]:
    """A grant stands exactly where M-PESA told the till of money, and where the till thanked for it."""
    granted = row["id"] in found.granted
    if found.granted[row["id"]] not in (0, found.sold[row["id"]]):
        yield f"{found.granted[row['id']]} of {found.sold[row['id']]} lines granted"
    if granted != (row["state"] == "paid"):
        yield "a grant, and not paid" if granted else "paid, and no grant"
    if granted and (token is None or not heard["told"][token] or fate_of(token).code != "0"):
        yield "a grant, and nobody told of money"
    if token and heard["acked"][token] and fate_of(token).code == "0":
        if not granted:
            yield "thanked for the money, and the grant is lost"
        if row["receipt"] != receipt_of(token):
            yield f"thanked for {receipt_of(token)}, and its receipt code is {row['receipt']}"


def _of_news(heard: Heard, found: AfterKill, row: sqlite3.Row, token: str | None) -> Iterator[str]:
    """What was acknowledged has its line; only what reached the till moved the payment; the journal has no gaps."""
    lines = found.lines[row["id"]]
    if token and heard["acked"][token] and not any(line["source"] == "callback" for line in lines):
        yield "thanked for a callback that is not in the journal"
    held_back = token is None and (row["state"], row["reason"]) == ("not_sent", "late")  # rule 18, on a slow computer
    told = _ENDS[fate_of(token).code] if token and heard["told"][token] else ()
    if row["state"] not in (*_OPEN, *told) and not held_back:
        yield "nobody said so"
    way = ["requested", *(line["after"] for line in lines)]
    if [line["before"] for line in lines] != way[:-1] or way[-1] != row["state"]:
        yield f"the journal has gaps: {' > '.join(way)}"
