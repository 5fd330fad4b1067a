"""T33: somebody with the database, but not the shop's key, edits a line or a close, deletes, inserts, swaps, cuts."""

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import draft_post
from pos_app.domain.day import close_name
from pos_app.domain.links import LinkKey
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import JournalLine, NewPayment, Outcome, State
from pos_app.domain.renewal_seal import read_renewal
from pos_app.domain.verification import Wrong
from pos_app.store import tables as t
from pos_app.store.database import Database, open_database
from pos_app.store.engine import open_engines
from pos_app.store.transaction import SqlTransaction
from pos_app.store.verification import verified
from tests.support.builders import a_line, close_in
from tests.support.fakes import PHONE, START
from tests.support.renewing import renew

KEY = LinkKey(b"t" * 32)
_TABLES = (t.payment_event, t.audit)
_LINKED = ("writer", "seq", "link")
_names = count()
Place = tuple[str, int]  # a line: of which till, and its number there
Row = dict[str, Any]


def tampered(seed: int, edits: int) -> None:
    """So many edits, each of the same history of two tills, and each undone: all are found, and the first is named. A
    third of them where the shop's key was never renewed, one where it was once, and one where it was twice.
    """
    chance = random.Random(seed)
    for renewals in range(3):
        _tampered(chance, (edits + renewals) // 3, renewals)


def _tampered(chance: random.Random, edits: int, renewals: int) -> None:
    name = f"sqlite:///file:tampered{next(_names)}?mode=memory&cache=shared&uri=true"
    with closing(open_database(name, "practice")) as database:
        add_payments(database)
        key = KEY
        for number in range(renewals):
            write_history(database, chance, key, first=30 * number, lines=30)
            at = START + timedelta(seconds=30 * number + 29.5)
            key = renew(database, chance.choice("AB"), key, at)
        write_history(database, chance, key, first=30 * renewals, lines=40 - 10 * renewals)
        engines = open_engines(name)
        with engines.writer.connect() as connection:
            _drop_guards(connection)
            found = verified(connection, key)
            assert found.whole, found.broken
            connection.rollback()
            for _ in range(edits):
                if chance.random() < 0.3:
                    edit_closes_and_verify(connection, chance, key)
                elif renewals and chance.random() < 0.1:
                    edit_blocks_and_verify(connection, chance, key)
                else:
                    edit_and_verify(connection, chance, key)
        engines.dispose()


def add_payments(database: Database) -> None:
    """The two that all is about."""
    with database.write() as transaction:
        post = transaction.add_post(draft_post("Maji", 250))
        for number in "01":
            new = NewPayment(
                till="A", lines=(a_line(post),), phone=PHONE, address=number * 64, retry_of=None, created_at=START
            )
            transaction.add_payment(new)


def write_history(database: Database, chance: random.Random, key: LinkKey, first: int, lines: int) -> None:
    """Two tills that write in turns about two payments, of which one is paid now and then; one day after the other is
    closed.

    Args:
        first: with which second of the history it begins.
    """
    for second in range(first, first + lines):
        database.link_lines(chance.choice("AB"), lambda: key)
        with database.write() as transaction:
            at = START + timedelta(seconds=second)
            if chance.random() < 0.3:
                transaction.add_audit([audit_line(Actor(), Act.CHARGE, at, f"A-{second}", "KES 250")])
            else:
                said = [None if chance.random() < 0.4 else f"{column} {second}" for column in ("0", "detail", "{}")]
                line = JournalLine(
                    at=at, source="callback", kind="result", outcome=Outcome.APPLIED, before=State.PROMPTED,
                    after=State.PAID, code=said[0], detail=said[1], body=said[2],
                )  # fmt: skip
                transaction.add_line(chance.choice((1, 2)), line)
            if second % 8 == 7:
                _close_day(transaction, at)


def _close_day(transaction: SqlTransaction, at: datetime) -> None:
    """As closing the day does; money moved in it, and one figure of it back."""
    for payment_id in (1, 2):
        payment = transaction.payment(payment_id)
        assert payment
        paid = replace(payment, state=State.PAID, amount_paid=(payment.amount_paid or 250) + payment_id, updated_at=at)
        transaction.update(payment, paid)
    close_in(transaction, transaction.open_day(at), "A")


def edit_closes_and_verify(connection: sa.Connection, chance: random.Random, key: LinkKey) -> None:
    """One edit of a close, or of a movement, which is found and its close named; then it is undone."""
    with connection.begin() as transaction:
        table = chance.choice((t.day_close, t.movement))
        column_of = next(iter(table.primary_key.columns))
        rows = [dict(row) for row in connection.execute(table.select().order_by(column_of)).mappings()]
        row = chance.choice(rows)
        number = row["number" if table is t.day_close else "close_number"]
        if chance.random() < 0.2:
            connection.execute(table.delete().where(column_of == row[column_of.name]))
            done = f"{table.name} has lost {row[column_of.name]}"
        elif chance.random() < 0.2:
            last = rows[-1][column_of.name]
            connection.execute(table.insert().values(row | {column_of.name: last + 1}))
            number = last + 1 if table is t.day_close else number
            done = f"{table.name} has one more like {row[column_of.name]}"
        else:
            column = chance.choice([*row])
            value = _other(row[column], chance)
            connection.execute(table.update().where(column_of == row[column_of.name]).values({column: value}))
            done = f"{table.name}.{column} of {row[column_of.name]} is {value!r} instead of {row[column]!r}"
        named = {broken.close for broken in verified(connection, key).broken}
        assert close_name(number) in named, f"{done}: {named} does not name {close_name(number)}"
        transaction.rollback()


def _other(value: Any, chance: random.Random) -> Any:
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.choice((1, -1, 86_400_000_000)))
    if isinstance(value, int):
        return value + 1_000  # no key of another row
    return 1 if value is None else f"{value}x"


def edit_blocks_and_verify(connection: sa.Connection, chance: random.Random, key: LinkKey) -> None:
    """One edit of what would name a line from before the last renewal, with another of such a line or none: both are
    found; then they are undone.
    """
    with connection.begin() as transaction:
        seal = connection.scalar(
            sa.select(t.audit.c.new).where(t.audit.c.act == Act.KEYS.value).order_by(-t.audit.c.id)
        )
        named = read_renewal(seal)
        assert named
        of = t.seal_block.c.seal == named.name
        block = chance.choice([dict(row) for row in connection.execute(t.seal_block.select().where(of)).mappings()])
        which = of, t.seal_block.c.journal == block["journal"], t.seal_block.c.number == block["number"]
        if chance.random() < 0.3:
            connection.execute(t.seal_block.delete().where(*which))
        elif chance.random() < 0.3:
            connection.execute(
                t.seal_block.insert().values(block | {"number": block["number"] + chance.choice((1, -1))})
            )
        else:
            column = chance.choice(("digest", "tags", "lines"))
            value = block[column]
            value = value + 1 if isinstance(value, int) else chance.randbytes(8) + value[8:]
            connection.execute(t.seal_block.update().where(*which).values({column: value}))
        whole = chance.random() < 0.5
        if not whole:
            connection.execute(t.payment_event.update().where(t.payment_event.c.id == 1).values(source="x"))
        what = {broken.what for broken in verified(connection, key).broken}
        assert what == {Wrong.BLOCKS if whole else Wrong.BEFORE}
        transaction.rollback()


def edit_and_verify(connection: sa.Connection, chance: random.Random, key: LinkKey) -> None:
    """One edit, which is found, and its first line named; then it is undone."""
    with connection.begin() as transaction:
        done, first = chance.choice(_EDITS)(connection, chance)
        found = verified(connection, key)
        assert found.broken, f"not found: {done}"
        named = (found.broken[0].till, found.broken[0].since or found.broken[0].line)
        assert named in first, f"{done}: {found.broken[0]} instead of {first}"
        transaction.rollback()
    assert not connection.in_transaction()


def _drop_guards(connection: sa.Connection) -> None:
    connection.exec_driver_sql("COMMIT")  # the one that the writer begins by itself
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN")
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.commit()


def _rows(connection: sa.Connection, table: sa.Table) -> list[Row]:
    return [dict(row) for row in connection.execute(table.select().order_by(table.c.id)).mappings()]


def _place(row: Row) -> Place:
    return row["writer"], row["seq"]


def _pick(connection: sa.Connection, chance: random.Random) -> tuple[sa.Table, Row]:
    table = chance.choice(_TABLES)
    return table, chance.choice(_rows(connection, table))


def _change(connection: sa.Connection, table: sa.Table, line_id: int, values: Row) -> None:
    connection.execute(table.update().where(table.c.id == line_id).values(values))


def _edit(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    """One column of one line says something else."""
    table, row = _pick(connection, chance)
    column = chance.choice([name for name in row if name not in ("id", *_LINKED)])
    before = row[column]
    others: list[Any] = [None, "", "0", f"{before}x"]
    if column in ("payment_id", "operator_id"):
        others = [1, 2, 3]
    elif column == "at":
        others = [before + timedelta(microseconds=1), before + timedelta(days=400)]
    elif column == "owner":
        others = [not before]
    elif column == "salts":
        others = [None, b"", bytes(3), b"\2" + bytes(34), bytes(len(before or b"")), chance.randbytes(20)]
    nullable = table.c[column].nullable
    value = chance.choice([other for other in others if other != before and (nullable or other is not None)])
    _change(connection, table, row["id"], {column: value})
    return f"{table.name}.{column} of {_place(row)} is {value!r} instead of {before!r}", {_place(row)}


def _relink(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    """A line claims another place, or another link, or none."""
    table, row = _pick(connection, chance)
    column = chance.choice(_LINKED)
    claims: dict[str, list[Any]] = {
        "writer": ["A", "B", "C", None], "seq": [1, 5, 999, None], "link": [bytes(32), b"", None],
    }  # fmt: skip
    others = claims[column]
    value = chance.choice([other for other in others if other != row[column]])
    _change(connection, table, row["id"], {column: value})
    till, seq = claimed = _place(row | {column: value})
    # Found is the line that it is not any more, or the first one that the claimed till lacks until then.
    first = {_place(row), claimed, ("", row["id"])} | {(name, _next(connection, table, row, name)) for name in "ABC"}
    if till and seq:
        first |= {(till, between) for between in range(_next(connection, table, row, till), seq)}
    return f"{table.name}.{column} of {_place(row)} is {value!r}", first


def _next(connection: sa.Connection, table: sa.Table, row: Row, till: str) -> int:
    """Which of a till's lines would be the next where a line stands."""
    at = row["at"]
    seqs = [
        other["seq"]
        for each in _TABLES
        for other in _rows(connection, each)
        if other["writer"] == till and other["at"] < at and (each, other["id"]) != (table, row["id"])
    ]
    return max((seq for seq in seqs if seq is not None), default=0) + 1


def _delete(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    table, row = _pick(connection, chance)
    connection.execute(table.delete().where(table.c.id == row["id"]))
    return f"{table.name} has lost {_place(row)}", {_place(row)}


def _insert(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    """A line is there twice, or one that nobody has linked is behind the others."""
    table, row = _pick(connection, chance)
    rows = _rows(connection, table)
    copy = row | {"id": rows[-1]["id"] + 1}
    last = {row.till: row.seq for row in connection.execute(t.head.select())}
    first = {_place(row)}
    if chance.random() < 0.5:
        copy |= dict.fromkeys(_LINKED)
        first = {("", copy["id"])}
    elif chance.random() < 0.5:
        copy |= {"seq": last[row["writer"]] + 1}
        first = {_place(copy)}
    connection.execute(table.insert().values(copy))
    return f"{table.name} has one more like {_place(row)}", first


def _swap(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    """Two lines of a till change places, whole or in what they say."""
    table, row = _pick(connection, chance)
    others = [one for one in _rows(connection, table) if one["writer"] == row["writer"] and one["id"] != row["id"]]
    other = chance.choice(others)
    first = min(row, other, key=lambda one: one["id"])
    stays = ("id",) if chance.random() < 0.5 else ("id", *_LINKED)
    if all(row[name] == other[name] for name in row if name not in stays):
        return _delete(connection, chance)
    named = {_place(first)}
    if Act.KEYS.value in (row.get("act"), other.get("act")):  # the seal on the lines before is gone with its own line
        named = {_place(row), _place(other)}
    for one, two in ((row, other), (other, row)):
        _change(connection, table, one["id"], {name: value for name, value in two.items() if name not in stays})
    return f"{table.name}: {_place(row)} and {_place(other)} have changed places", named


def _cut(connection: sa.Connection, chance: random.Random) -> tuple[str, set[Place]]:
    """All lines from some moment on are gone."""
    _, row = _pick(connection, chance)
    gone = [_place(one) for each in _TABLES for one in _rows(connection, each) if one["at"] >= row["at"]]
    for each in _TABLES:
        connection.execute(each.delete().where(each.c.at >= row["at"]))
    first = {till: min(seq for of, seq in gone if of == till) for till, _ in gone}
    return f"all from {_place(row)} on is gone", set(first.items())


_EDITS: list[Callable[[sa.Connection, random.Random], tuple[str, set[Place]]]] = [
    _edit, _edit, _edit, _edit, _relink, _delete, _insert, _swap, _cut,
]  # fmt: skip
