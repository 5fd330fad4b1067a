"""Bringing a file to our schema, and refusing files that are not ours."""

import hashlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from pos_app.domain.access import Held
from pos_app.domain.customer import KnownPhone
from pos_app.domain.payment import Remark, Source, State
from pos_app.domain.search import Search
from pos_app.domain.unprompted import MoneySearch, RowWord, Standing
from pos_app.errors import Clash, Damaged, StoreError
from pos_app.store import migrate
from pos_app.store import tables as t
from pos_app.store.database import open_database
from pos_app.store.engine import open_engines, sqlite_url
from pos_app.store.files import sqlite_file
from pos_app.store.migrate import copy_file, prepare
from tests.store.conftest import Shop, line
from tests.store.server import Server
from tests.support.builders import grant_of, with_line
from tests.support.fakes import START


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def old(path: Path) -> Path:
    """A practice database that was used and closed."""
    open_database(path, "practice").close()
    return path


def print_of(folder: Path) -> dict[str, str]:
    """What is in the folder, byte by byte."""
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


def run(path: Path, statement: str) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
    return found


def schema(engine: sa.Engine) -> dict[str, Any]:
    inspector = sa.inspect(engine)

    def indexes(table: str) -> list[Any]:
        found = inspector.get_indexes(table)
        return [
            (i["name"], i["column_names"], i["unique"], str(i["dialect_options"].get("sqlite_where"))) for i in found
        ]

    return {
        table: {
            "columns": [{**column, "type": repr(column["type"])} for column in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
            "indexes": sorted(indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


class TestSchema:
    @pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
    @pytest.mark.sqlite
    def test_the_migrations_give_exactly_our_tables(self, shop: Shop, tmp_path: Path) -> None:
        plain = sa.create_engine(sqlite_url(tmp_path / "plain.db"))
        t.metadata.create_all(plain)
        assert schema(shop.engines.writer) == schema(plain)
        assert set(schema(plain)) == {
            "setting",
            "seal_block",
            "post",
            "post_change",
            "category",
            "customer",
            "payment",
            "payment_past",
            "payment_event",
            "grant",
            "repeated",
            "payment_line",
            "operator",
            "audit",
            "refund",
            "tally",
            "tally_day",
            "post_word",
            "customer_word",
            "note",
            "access_by_hand",
            "record_file",
            "record_row",
            "day_close",
            "close_supplement",
            "movement",
            "access_token",
            "head",
            "public_address",
        }
        plain.dispose()

    @pytest.mark.sqlite
    def test_what_is_an_index_of_an_expression(self, shop: Shop, tmp_path: Path) -> None:
        plain = sa.create_engine(sqlite_url(tmp_path / "plain.db"))
        t.metadata.create_all(plain)
        plain.dispose()
        for name in ("ix_customer_end", "ix_payment_cell"):
            statement = f"SELECT sql FROM sqlite_master WHERE name = '{name}'"
            [made], [meant] = run(shop.path, statement), run(tmp_path / "plain.db", statement)
            assert made[0].casefold() == meant[0].casefold()

    @pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
    def test_the_keys_that_stop_doubles(self, shop: Shop) -> None:
        """Rule 10, written out: a slip in both descriptions at once would show here."""
        inspector = sa.inspect(shop.engines.writer)
        unique = {tuple(key["column_names"]) for key in inspector.get_unique_constraints("payment")}
        assert unique == {
            ("number",),
            ("address",),
            ("checkout_request_id",),
            ("receipt",),
            ("till", "day", "day_seq"),
        }
        assert inspector.get_pk_constraint("grant")["constrained_columns"] == ["payment_id", "line"]
        assert [key["column_names"] for key in inspector.get_unique_constraints("refund")] == [["code"]]

    def test_the_known_versions_are_those_of_the_folder(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
        revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        assert revisions[0] == migrate.HEAD
        assert tuple(reversed(revisions)) == migrate.KNOWN

    def test_a_second_opening_changes_nothing(self, old: Path) -> None:
        before = print_of(old.parent)
        open_database(old, "practice").close()
        assert print_of(old.parent) == before
        assert run(old, "SELECT version_num FROM alembic_version") == [(migrate.HEAD,)]


@pytest.mark.parametrize("name", ["50% off", "%(here)s", "a b", "a#b?c", "Dükkân ☕", 'it\'s "ours"'])
def test_the_program_may_be_in_a_folder_of_any_name(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    program = tmp_path / name
    shutil.copytree(Path(migrate.__file__).with_name("migrations"), program / "migrations")
    monkeypatch.setattr(migrate, "__file__", str(program / "migrate.py"))
    open_database(path, "practice").close()
    assert run(path, "SELECT version_num FROM alembic_version") == [(migrate.HEAD,)]


class TestRefused:
    @pytest.mark.parametrize("mode", ["wal", "delete"])
    def test_a_newer_database_is_left_alone(self, old: Path, mode: str) -> None:
        run(old, "UPDATE alembic_version SET version_num = '9999'")
        run(old, f"PRAGMA journal_mode = {mode}")
        before = print_of(old.parent)
        with pytest.raises(StoreError, match=r"written by a newer Kaunta.*Nothing was changed"):
            open_database(old, "practice")
        assert print_of(old.parent) == before

    @pytest.mark.parametrize("environment", ["sandbox", "production"])
    def test_another_environment(self, old: Path, environment: str) -> None:
        before = print_of(old.parent)
        with pytest.raises(StoreError, match=f"holds practice payments and cannot be used for {environment}"):
            open_database(old, environment)
        assert print_of(old.parent) == before

    @pytest.mark.parametrize(
        "content",
        [b"this is no database, but a text that somebody saved here", b"SQLite format 3\x00" + b"\xff" * 9_000],
    )
    def test_a_damaged_file(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"damaged.*Put a copy back"):
            open_database(path, "practice")
        assert path.read_bytes() == content

    def test_a_file_that_lost_its_end(self, old: Path) -> None:
        content = old.read_bytes()[:6_000]
        old.write_bytes(content)
        with pytest.raises(StoreError, match="damaged"):
            open_database(old, "practice")
        assert old.read_bytes() == content

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way", encoding="utf-8")
        with pytest.raises(StoreError, match=r"The data folder .*file.* cannot be made or written.*--data-dir"):
            open_database(tmp_path / "file" / "data" / "till.db", "practice")

    def test_a_folder_where_the_file_should_be(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(StoreError, match="cannot be opened or written"):
            open_database(path, "practice")

    def test_a_file_that_may_only_be_read(self, path: Path) -> None:
        sqlite3.connect(path).close()
        path.touch()
        with pytest.raises(StoreError, match="cannot be opened or written"):
            open_database(f"sqlite:///file:{path}?mode=ro&uri=true", "practice")
        assert path.read_bytes() == b""

    @pytest.mark.parametrize("url", ["no address at all", "postgresql+nodriver://till@127.0.0.1/kaunta", "nosuch://x"])
    def test_an_address_of_no_server(self, url: str) -> None:
        with pytest.raises(StoreError, match="Several tills"):
            open_database(url, "practice")

    def test_a_locked_file(self, path: Path) -> None:
        engines = open_engines(sqlite_url(path))
        for engine in (engines.writer, engines.reader):
            sa.event.listen(engine, "connect", impatient)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            other.execute("CREATE TABLE held (a)")
            with pytest.raises(StoreError, match="Another program is using the database"):
                prepare(engines, "practice")
        prepare(engines, "practice")
        engines.dispose()


def impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 20").close()


@pytest.mark.parametrize("table", ["setting", "payment", "grant"])
def test_a_migration_that_fails_leaves_nothing_half_done(path: Path, table: str) -> None:
    run(path, f'CREATE TABLE "{table}" (somebody_else TEXT)')
    with pytest.raises(StoreError):
        open_database(path, "practice")
    assert run(path, "SELECT name FROM sqlite_master WHERE name != 'alembic_version'") == [(table,)]


@contextmanager
def at_schema(url: str, revision: str) -> Iterator[sa.Connection]:
    """A database brought to an older schema, for what a program of that time leaves in it."""
    file = sqlite_file(url)
    laid = file is not None and not file.exists()
    if file and laid:
        file.write_bytes(_empty_at(revision))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        if not laid:
            _upgrade_to(revision, connection)
        yield connection
    engine.dispose()


@cache
def _empty_at(revision: str) -> bytes:
    """A database of that time with nothing in it, made once in each process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        engine = sa.create_engine(sqlite_url(path))
        with engine.begin() as connection:
            _upgrade_to(revision, connection)
        engine.dispose()
        return path.read_bytes()


def _upgrade_to(revision: str, connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def at_version(path: Path, revision: str) -> None:
    """A practice database as an older program left it, with a payment."""
    with at_schema(sqlite_url(path), revision):
        pass
    run(path, "INSERT INTO setting VALUES ('environment', 'practice')")
    run(path, "INSERT INTO post (id, title, price, active) VALUES (1, 'Maji', 50, 1)")
    run(path, "INSERT INTO customer (id, phone) VALUES (1, '254708374149')")
    post, its = (", post_id, post_title", ", 1, 'Maji'") if revision < "0006" else ("", "")
    run(
        path,
        f"INSERT INTO payment (id, number, till, day, day_seq{post}, customer_id, amount, address, state,"
        f" created_at, updated_at, version) VALUES (1, 'A-20261123-0001', 'A', '2026-11-23', 1{its}, 1, 50, 'x',"
        " 'unknown', '2026-11-23 11:00:00', '2026-11-23 11:00:00', 1)",
    )
    if not post:
        run(path, "INSERT INTO payment_line VALUES (1, 1, 1, 'Maji', 50, 1, NULL)")


@pytest.mark.parametrize("version", migrate.KNOWN[:-1])
def test_an_older_database_is_copied_then_brought_up_to_date(path: Path, version: str) -> None:
    at_version(path, version)
    with closing(open_database(path, "practice")) as database:
        payment = database.reader.payment(1)
        assert payment is not None
        assert (payment.number, payment.state, payment.amount_paid) == ("A-20261123-0001", State.UNKNOWN, None)
        assert [open_one.id for open_one in database.reader.open_payments("A")] == [1]
        assert database.reader.journal(1) == []
    copy = path.with_name(f"{path.name}.before-{migrate.HEAD}")
    assert run(copy, "SELECT version_num FROM alembic_version") == [(version,)]
    assert run(copy, "SELECT number FROM payment") == [("A-20261123-0001",)]


@pytest.mark.sqlite
def test_bringing_older_records_up_to_date_is_said_where_it_takes_long(path: Path) -> None:
    at_version(path, "0005")
    told: list[str] = []
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode=WAL")  # as the program has it
        other.execute("BEGIN IMMEDIATE")  # another till is at it, until we have said so

        def tell() -> None:
            told.append("long")
            other.rollback()

        open_database(path, "practice", tell).close()
    assert told == ["long"]


@pytest.mark.sqlite
@pytest.mark.parametrize("fails", [False, True])
def test_what_older_programs_left_between_the_rows_is_written_over(
    path: Path, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_version(path, "0010")
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        older.execute("PRAGMA secure_delete=OFF")
        older.execute("INSERT INTO customer (id, phone) VALUES (2, '254712345678')")
        older.execute("DELETE FROM customer WHERE id = 2")
    assert b"254712345678" in path.read_bytes()
    if fails:
        monkeypatch.setattr(migrate, "closing", refuse_to_close)
    open_database(path, "practice").close()
    assert (b"254712345678" in path.read_bytes()) is fails


def refuse_to_close(connection: sqlite3.Connection) -> NoReturn:
    connection.close()
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.sqlite
def test_the_copy_from_before_is_the_older_one_though_two_programs_begin_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command and the till after an update: who came later copied what the first had brought up to date already."""
    at_version(path, "0013")
    looked, go_on = threading.Event(), threading.Event()
    upgrade = migrate._upgrade

    def late(*what: Any) -> None:
        if threading.current_thread().name == "late":
            looked.set()
            go_on.wait(10)
        upgrade(*what)

    monkeypatch.setattr(migrate, "_upgrade", late)
    second = threading.Thread(target=lambda: open_database(path, "practice").close(), name="late")
    second.start()
    assert looked.wait(10)
    open_database(path, "practice").close()
    go_on.set()
    second.join(10)
    copy = path.with_name(f"{path.name}.before-{migrate.HEAD}")
    assert run(copy, "SELECT version_num FROM alembic_version") == [("0013",)]


@pytest.mark.sqlite
def test_of_the_copies_from_before_the_last_stays_and_what_knows_more(path: Path) -> None:
    at_version(path, "0013")
    names = [path.with_name(f"{path.name}.before-{end}") for end in ("0009", "0012", "else", migrate.HEAD)]
    for name in names[:3]:
        shutil.copyfile(path, name)
    run(names[1], "UPDATE payment SET id = 2")
    open_database(path, "practice").close()
    assert [name.exists() for name in names] == [False, True, True, True]


@pytest.mark.sqlite
def test_what_is_up_to_date_at_once_is_not_said(path: Path) -> None:
    told: list[str] = []
    for _ in ("a new one", "the same again"):
        open_database(path, "practice", lambda: told.append("long")).close()
    assert told == []


@pytest.mark.parametrize("amount", ["0", "'abc'"])
def test_a_row_that_its_own_table_would_not_take_is_damage(path: Path, amount: str) -> None:
    at_version(path, "0005")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE payment SET amount = {amount}")
        connection.commit()
    with pytest.raises(Damaged):
        open_database(path, "practice")
    assert run(path, "SELECT version_num FROM alembic_version") == [("0005",)], "nothing was changed"


BODY = (
    '{"Body": {"stkCallback": {"ResultCode": 0, "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": 49.0}, '
    '{"Name": "MpesaReceiptNumber", "Value": "UKN0000003"}, {"Name": "PhoneNumber", "Value": 708•••149}]}}}}'
)
_ODD = ("callback", "result", "0", BODY)
OLD_PAYMENTS = (  # state, remark, receipt, until, and the journal's lines: source, kind, code, body
    ("unknown", None, None, None, ()),
    ("paid", None, "UKN0000002", "2026-11-30 11:00:00", (("callback", "result", "0", "{}"),)),
    (  # 49 of 50, settled with M-PESA's own code
        "paid",
        "by_owner",
        "UKN0000003",
        None,
        (("callback", "result", "0", BODY), ("owner", "settled", "paid", None)),
    ),
    ("paid", "by_owner", "UKN0000004", None, (("owner", "settled", "paid", None),)),  # with a code of his own
    ("review", None, "UKN0000005", None, (("callback", "result", "0", BODY),)),
    ("cancelled", None, None, None, (("query", "result", "1032", None),)),
    (
        "paid",
        "by_owner,late",
        "UKN0000007",
        None,
        (("owner", "settled", "closed", None), ("callback", "result", "0", "{}")),
    ),
    ("review", None, "UKN0000008", None, (("callback", "result", "0", BODY.replace("49.0", "50")), _ODD)),
    ("paid", "by_owner", "UKN0000009", None, (("callback", "result", "0", BODY.replace("49.0", "50")), _ODD)),
)


def fill(connection: sa.Connection, revision: str) -> None:
    """Payments as a program of that schema left them, the database stamped."""

    def run(statement: str, **values: object) -> None:
        connection.execute(sa.text(statement), values)

    run("INSERT INTO setting VALUES ('environment', 'practice')")
    run("INSERT INTO post (id, title, price, active, days) VALUES (1, 'Maji', 50, :on, 7)", on=True)
    run("INSERT INTO customer (id, phone) VALUES (1, '254708374149')")
    for number, (state, remark, receipt, until, journal) in enumerate(OLD_PAYMENTS, start=1):
        run(
            "INSERT INTO payment (id, number, till, day, day_seq, post_id, post_title, days, customer_id, amount, "
            "address, state, remark, receipt, chain, created_at, updated_at, version) VALUES (:id, :number, 'A', "
            "'2026-11-23', :id, 1, 'Maji', 7, 1, 50, :number, :state, :remark, :receipt, :id, '2026-11-23 11:00:00', "
            "'2026-11-23 11:00:00', 1)",
            id=number, number=f"A-20261123-000{number}", state=state, remark=remark, receipt=receipt,
        )  # fmt: skip
        if state == "paid":
            run(
                'INSERT INTO "grant" VALUES (:id, 1, 1, \'2026-11-23 11:00:00\', :access, :until)',
                id=number, access=True, until=until,
            )  # fmt: skip
        for source, kind, code, body in journal:
            run(
                'INSERT INTO payment_event (payment_id, at, source, kind, outcome, "before", "after", code, body) '
                "VALUES (:id, '2026-11-23 11:00:00', :source, :kind, 'applied', 'unknown', :state, :code, :body)",
                id=number, source=source, kind=kind, state=state, code=code, body=body,
            )  # fmt: skip
    run("UPDATE payment SET reason = 'amount_differs' WHERE id = 8")
    if revision >= "0002":
        run("UPDATE payment SET amount_paid = 49 WHERE id IN (3, 5)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return sqlite_url(path)
    server: Server = request.getfixturevalue("server")
    return server.create()


@pytest.mark.parametrize("revision", [known for known in migrate.KNOWN if known < "0004"])
def test_old_payments_say_what_was_paid_and_who_gave_the_code(url: str, revision: str) -> None:
    with at_schema(url, revision) as connection:
        fill(connection, revision)
    with closing(open_database(url, "practice")) as database:
        payments = {payment.id: payment for payment in database.reader.search(Search())}
        paid = {number: payment.amount_paid for number, payment in payments.items()}
        reviewed = 49 if revision >= "0002" else None
        assert paid == {1: None, 2: 50, 3: 49, 4: 50, 5: reviewed, 6: None, 7: 50, 8: 49, 9: 49}
        by = {number: payment.receipt_by for number, payment in payments.items() if payment.receipt}
        assert by == dict.fromkeys((2, 3, 5, 7, 8, 9), Source.MPESA) | {4: Source.OWNER}
        grant = grant_of(payments[2])
        assert grant is not None
        assert grant.starts_at == grant.granted_at == START
        assert database.reader.held("254708374149", [1]) == {1: Held(None)}
        assert [payment.id for payment in database.reader.open_payments("A")] == [8, 5, 1]
        with database.write() as transaction:
            transaction.update(payments[1], replace(payments[1], state=State.PAID, amount_paid=50))


def left_by_0005(connection: sa.Connection) -> None:
    """What a shop has that stood open when its program was exchanged: each state, a retry, what was gone past, a
    journal, doubles without access, and what was counted.
    """

    def run(statement: str, **values: object) -> None:
        connection.execute(sa.text(statement), values)

    run("INSERT INTO setting VALUES ('environment', 'practice')")
    for key, title, price, days in ((1, "Maji", 50, 7), (2, "Chai", 250_000, 0), (3, "Funguo", 90, None)):
        run(
            "INSERT INTO post (id, title, price, active, days, favourite) "
            "VALUES (:key, :title, :price, :on, :days, :key)",
            key=key, title=title, price=price, days=days, on=True,
        )  # fmt: skip
    run("INSERT INTO post_change (at, post_id, field, new, source) VALUES ('2026-11-23', 1, 'price', '50', 'window')")
    for number in (1, 2):
        run(
            "INSERT INTO customer (id, phone, name) VALUES (:id, :phone, 'Njeri')",
            id=number,
            phone=f"25470837414{number}",
        )
    states = ("requested", "prompted", "unknown", "review", "paid", "cancelled", "declined", "expired", "not_sent")
    for number, state in enumerate(states, 1):
        run(
            "INSERT INTO payment (id, number, till, day, day_seq, post_id, post_title, days, customer_id, amount, "
            "address, state, remark, reason, merchant_request_id, checkout_request_id, receipt, receipt_typed, "
            "retry_of, chain, created_at, updated_at, closed_at, next_check_at, version, amount_paid, receipt_by, "
            "completed_at, seen) VALUES (:id, :number, 'A', '2026-11-23', :id, :post, :title, :days, :customer, "
            ":amount, :number, :state, :remark, 'why', 'm', :checkout, :receipt, 'UKN4X7Q2ZZ', :retry, :chain, "
            "'2026-11-23 11:00:00', "
            "'2026-11-23 11:01:00', '2026-11-23 11:01:00', '2026-11-23 11:02:00', :id, :paid, 'mpesa', "
            "'2026-11-23 11:00:30', 'conflict')",
            id=number, number=f"A-20261123-000{number}", post=number % 3 + 1, title=f"As sold {number}",
            days=(None, 0, 7)[number % 3], customer=number % 2 + 1, amount=number * 10, state=state,
            remark="conflict" if state == "paid" else None, checkout=f"ws_CO_{number}",
            receipt=f"UKN000000{number}" if state == "paid" else None, retry=number - 1 if number == 9 else None,
            chain=min(number, 8), paid=number * 10 if state == "paid" else None,
        )  # fmt: skip
        for kind in ("accepted", "result"):
            run(
                'INSERT INTO payment_event (payment_id, at, source, kind, outcome, "before", "after", code) VALUES '
                "(:id, '2026-11-23 11:00:01', 'push', :kind, 'applied', 'requested', :state, '0')",
                id=number, kind=kind, state=state,
            )  # fmt: skip
    run("INSERT INTO payment_past VALUES (9, 8, 'expired')")
    run("INSERT INTO repeated VALUES (3, 'unreadable, ignored', 21, '2026-11-23 11:00:00')")
    run(
        "INSERT INTO \"grant\" VALUES (5, 2, 3, '2026-11-23 11:00:00', :access, '2026-11-30 11:00:00', "
        "'2026-11-23 11:00:00')",
        access=True,
    )


LINKS = ("writer", "seq", "link", "salts")


def rows(engine: sa.Engine, table: str, leave: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Every row of a table, without some of its columns."""
    with engine.connect() as connection:
        found = connection.execute(sa.text(f'SELECT * FROM "{table}"')).mappings().all()
    kept = [{name: str(value) for name, value in row.items() if name not in leave} for row in found]
    return sorted(kept, key=str)


def test_a_shop_with_payments_open_keeps_every_row_when_sales_become_lines(url: str) -> None:
    with at_schema(url, "0005") as connection:
        left_by_0005(connection)
    moved = {
        "payment": ("post_id", "post_title", "days", "operator_id"),
        "grant": ("line", "withdrawn_at"),
        "post": ("highest", "category_id"),
        "post_change": ("operator_id", "owner"),
        "customer": ("phone_hash", "erased_at"),
        "payment_event": LINKS,
    }
    tables = (
        "setting",
        "post",
        "post_change",
        "customer",
        "payment",
        "payment_past",
        "payment_event",
        "repeated",
        "grant",
    )
    engine = sa.create_engine(url)
    before = {table: rows(engine, table, moved.get(table, ())) for table in tables}
    with engine.connect() as connection:
        sold = connection.execute(
            sa.text("SELECT id, post_id, post_title, amount, days FROM payment ORDER BY id")
        ).all()
    engine.dispose()
    with closing(open_database(url, "practice")) as database:
        engine = sa.create_engine(url)
        after = {table: rows(engine, table, moved.get(table, ())) for table in tables}
        assert after["setting"].pop()["key"] == "shop", "the mark of its own, from the first opening on"
        assert after["setting"].pop(0)["key"] == "closes_before"
        assert after == before
        engine.dispose()
        payments = {payment.id: payment for payment in database.reader.search(Search())}
        for number, post_id, title, amount, days in sold:
            [line] = payments[number].lines
            assert (line.post_id, line.title, line.price, line.quantity, line.days) == (post_id, title, amount, 1, days)
            assert (payments[number].amount, payments[number].granted) == (amount, number == 5)
        assert [payment.id for payment in database.reader.open_payments("A")] == [4, 3, 2, 1]
        assert grant_of(payments[5]).until == START + timedelta(days=7)
        with database.write() as transaction:
            open_one = payments[2]
            paid = with_line(replace(open_one, state=State.PAID, amount_paid=20), grant=grant_of(payments[5]))
            transaction.update(open_one, paid)
            with pytest.raises(Clash), transaction.savepoint():
                transaction._connection.execute(t.payment_event.delete())
        assert len(database.reader.journal(2)) == 2
        assert {post.category for post in database.reader.posts()} == {None}
        assert {(line.operator, line.owner) for line in database.reader.post_changes(1, 9)} == {(None, False)}


def test_what_an_older_program_called_refunded_reads_as_before(url: str) -> None:
    """It said so of a double, with M-PESA's code or without: no figure is less by that."""
    with at_schema(url, "0005") as connection:
        left_by_0005(connection)
    with at_schema(url, "0006") as connection:
        connection.execute(sa.text("UPDATE payment SET remark = 'double,refunded', seen = 'double' WHERE id = 5"))
        connection.execute(
            sa.text(
                'INSERT INTO payment_event (payment_id, at, source, kind, outcome, "before", "after", code, detail, '
                "body) VALUES (5, '2026-11-23 12:00:00', 'owner', 'settled', 'applied', 'paid', 'paid', 'refunded', "
                "'sent back', 'UKR0000001')"
            )
        )
    tables = ("payment", "payment_line", "payment_event", "grant")
    engine = sa.create_engine(url)
    before = {table: rows(engine, table) for table in tables}
    engine.dispose()
    with closing(open_database(url, "practice")) as database:
        engine = sa.create_engine(url)
        assert {table: rows(engine, table, ("withdrawn_at", "operator_id", *LINKS)) for table in tables} == before
        engine.dispose()
        reader = database.reader
        old = reader.payment(5)
        assert old is not None
        assert (old.remarks, old.needs_attention) == (frozenset({Remark.DOUBLE, Remark.REFUNDED}), False)
        assert (old.refunded, grant_of(old).withdrawn_at, reader.refunds(5)) == (0, None, [])
        assert (reader.journal(5)[-1].code, reader.journal(5)[-1].body) == ("refunded", "UKR0000001")
        assert reader.totals_found(Search()).refunded == 0


def test_old_customers_are_found_by_their_last_digits(url: str) -> None:
    with at_schema(url, "0005") as connection:
        left_by_0005(connection)
    with closing(open_database(url, "practice")) as database:
        assert database.reader.customers_ending("4142", 9) == [KnownPhone("254708374142", "Njeri")]
        assert database.reader.customers_ending("4141", 9) == [], "never paid"


@pytest.mark.sqlite
def test_what_was_sold_before_there_were_operators_was_served_by_nobody(path: Path) -> None:
    at_version(path, "0007")
    with closing(open_database(path, "practice")) as database:
        payment = database.reader.payment(1)
        assert payment is not None
        assert payment.operator is None
        assert (database.reader.operators(), database.reader.audit(9)) == ([], [])
    assert run(path, "PRAGMA foreign_key_check") == []


@pytest.mark.sqlite
def test_what_points_to_a_payment_is_looked_after_again_after_the_move(path: Path) -> None:
    at_version(path, "0005")
    with closing(open_database(path, "practice")) as database, pytest.raises(Clash), database.write() as transaction:
        transaction.add_line(99, line())
    assert run(path, "PRAGMA foreign_key_check") == []


class TestCopy:
    @pytest.mark.sqlite
    def test_a_copy_beside_an_open_write_has_what_was_committed(self, shop: Shop, tmp_path: Path) -> None:
        shop.post("Maji")
        with shop.database.write() as transaction:
            transaction.touch(START)
            copy_file(shop.path, tmp_path / "copy.db")
        assert run(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]
        assert run(tmp_path / "copy.db", "SELECT title FROM post") == [("Maji",)]
        assert run(tmp_path / "copy.db", "SELECT key FROM setting ORDER BY key") == [("environment",), ("shop",)]

    @pytest.mark.sqlite
    def test_a_copy_can_be_used(self, shop: Shop, tmp_path: Path) -> None:
        shop.post("Maji")
        copy_file(shop.path, tmp_path / "copy.db")
        with closing(open_database(tmp_path / "copy.db", "practice")) as copy:
            assert [post.title for post in copy.reader.posts()] == ["Maji"]

    @pytest.mark.sqlite
    def test_a_copy_replaces_an_older_one(self, shop: Shop, tmp_path: Path) -> None:
        copy_file(shop.path, tmp_path / "copy.db")
        shop.post("Maji")
        copy_file(shop.path, tmp_path / "copy.db")
        assert run(tmp_path / "copy.db", "SELECT title FROM post") == [("Maji",)]


@pytest.mark.parametrize("revision", [known for known in migrate.KNOWN if "0005" <= known < migrate.HEAD])
def test_old_payments_are_added_up_and_found_by_every_name(url: str, revision: str) -> None:
    with at_schema(url, "0005") as connection:
        left_by_0005(connection)
    with at_schema(url, revision) as connection:
        if revision == "0014":  # another program wrote there, where nothing was held against the payments
            connection.exec_driver_sql("UPDATE tally SET first_id = 9, last_id = 1")
    with closing(open_database(url, "practice")) as database:
        reader = database.reader
        assert reader.wrong_days() == []
        assert (reader.totals_found(Search()).payments, reader.totals_found(Search()).paid_amount) == (9, 50)
        assert [len(reader.search(Search(text=text))) for text in ("maj", "njer", "chai", "eri")] == [3, 9, 3, 0]
        payment = reader.payment(2)
        assert payment is not None
        with database.write() as transaction:
            transaction.update(payment, replace(payment, state=State.PAID, amount_paid=20))
        assert reader.wrong_days() == []
        assert reader.totals_found(Search(states=frozenset({State.PAID}))).paid_amount == 70
        by_state = {state: len(reader.search(Search(states=frozenset({state})))) for state in State}
        assert by_state == dict.fromkeys(State, 1) | {State.PAID: 2, State.PROMPTED: 0}
        assert reader.count_by_state() == {state: count for state, count in by_state.items() if count}
        engine = sa.create_engine(url)
        assert rows(engine, "tally_day") == [{"day": "2026-11-23", "first_id": "2", "last_id": "9"}]
        engine.dispose()


@pytest.mark.parametrize("server_too", [False, True])
def test_what_was_recorded_before_days_were_closed_is_close_number_0(
    path: Path, server_too: bool, request: pytest.FixtureRequest
) -> None:
    url = sqlite_url(path)
    if server_too:
        server: Server = request.getfixturevalue("server")
        url = server.create()
    with at_schema(url, "0016") as connection:
        for statement in (
            "INSERT INTO setting VALUES ('environment', 'practice')",
            "INSERT INTO post (id, title, price, active) VALUES (1, 'Maji', 50, true)",
            "INSERT INTO customer (id, phone) VALUES (1, '254708374149')",
        ):
            connection.exec_driver_sql(statement)
        for number, (state, paid) in enumerate(
            [("paid", "50"), ("paid", "NULL"), ("unknown", "NULL"), ("declined", "30"), ("cancelled", "NULL")], 1
        ):
            connection.exec_driver_sql(
                "INSERT INTO payment (id, number, till, day, day_seq, customer_id, amount, address, state, amount_paid,"
                f" created_at, updated_at, version) VALUES ({number}, 'A-20261123-000{number}', 'A', '2026-11-23',"
                f" {number}, 1, 50, 'x{number}', '{state}', {paid}, '2026-11-23 11:00:00', '2026-11-23 11:01:00', 1)"
            )
            connection.exec_driver_sql(f"INSERT INTO payment_line VALUES ({number}, 1, 1, 'Maji', 50, 1, NULL)")
        for number, (payment, amount) in enumerate([(1, 20), (4, 30)], 1):
            connection.exec_driver_sql(
                "INSERT INTO refund (id, payment_id, at, amount, code, reason, source, status, withdrawn) VALUES"
                f" ({number}, {payment}, '2026-11-24 09:00:00', {amount}, 'UKR{number:07}', 'why', 'owner', 'done',"
                " false)"
            )
    with closing(open_database(url if server_too else path, "practice")) as database:
        reader = database.reader
        [before] = reader.day_closes(10)
        figures = before.report.figures
        assert (before.number, before.till, before.operator) == (0, "", None)
        assert (figures.payments, figures.asked, figures.net) == (5, 250, 80)
        assert (figures.paid, figures.received, figures.refunds, figures.refunded) == (2, 100, 1, 20)
        assert (figures.returned, figures.unsure, figures.not_paid) == (30, 1, 2)
        assert (before.report.open_count, before.report.open_amount) == (1, 50)
        assert (reader.wrong_movements(), reader.wrong_closes()) == ([], [])
        opened = reader.open_day(START)
        assert (opened.number, opened.since, opened.figures.nothing) == (1, before.at, True)
        assert [item.number for item in opened.open] == ["A-20261123-0003"]
        late = reader.payment(3)
        assert late is not None
        with database.write() as transaction:
            transaction.update(late, replace(late, state=State.PAID, amount_paid=50))
        assert reader.open_day(START).figures.late_received == 50
        assert reader.calendar_day(START.date(), START).figures.paid == 3


@pytest.mark.sqlite
def test_a_shop_without_payments_has_no_close_from_before(path: Path) -> None:
    with at_schema(sqlite_url(path), "0016"):
        pass
    run(path, "INSERT INTO setting VALUES ('environment', 'practice')")
    with closing(open_database(path, "practice")) as database:
        assert database.reader.day_closes(10) == []
        assert database.reader.setting("closes_before") is None


@pytest.mark.parametrize("version", migrate.KNOWN[: migrate.KNOWN.index("0019")])
def test_closes_from_before_they_were_bound_are_to_be_sealed(path: Path, version: str) -> None:
    """Also number 0, which the same upgrade makes; with a payment that is open."""
    at_version(path, version)
    if version >= "0017":
        run(
            path,
            "INSERT INTO day_close (number, at, till, owner, last_payment_id, received, refunded, returned, report)"
            " VALUES (7, '2026-11-23 20:11:00', 'A', 0, 0, 0, 0, 0, '{}')",
        )
    due = "7 due" if version >= "0017" else "0 due"
    with closing(open_database(path, "practice")) as database:
        assert database.reader.setting("closes_before") == due
        assert database.reader.payment(1)


@pytest.mark.sqlite
def test_old_money_that_went_back_does_not_begin_to_wait(path: Path) -> None:
    at_version(path, "0020")
    counts = ", ".join("0" * 9)
    run(
        path,
        "INSERT INTO record_file VALUES (1, 'ab', 'file', '2026-11-23 12:00:00', NULL, 1, '512345', NULL, NULL, NULL, "
        f"NULL, 3, {counts}, NULL)",
    )
    for number, (receipt, kind, linked) in enumerate(
        (("UKN1AAAA22", "payment", ""), ("UKN2BBBB33", "payment", ""), ("UKR0000001", "reversal", "UKN1AAAA22"))
    ):
        run(
            path,
            "INSERT INTO record_row (id, file_id, receipt, kind, incoming, row_key, cents, at, linked, outcome, digits,"
            f" phone, name, account) VALUES ({number}, 1, '{receipt}', '{kind}', {int(kind == 'payment')}, '', 10000, "
            f"'2026-11-23 12:00:00', '{linked}', 'unprompted', '', '', '', '')",
        )
    with closing(open_database(path, "practice")) as database:
        assert [money.receipt for money in database.reader.unprompted(MoneySearch())] == ["UKN2BBBB33"]
        [named] = database.reader.unprompted(MoneySearch(standing=Standing.NAMED))
        assert (named.receipt, named.word) == ("UKN1AAAA22", RowWord.REVERSED)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("erased", "kept", "came", "forgotten"),
    [
        ("2026-11-23 12:00:00", "", "2026-11-23 11:30:00", True),  # a customer was erased after it was recorded
        ("2026-11-23 11:59:59", "", "2026-11-23 11:30:00", False),
        (None, "retention_run", "2019-11-23 11:30:00", True),  # after so long they go by themselves
        (None, "retention_months", "2019-11-23 11:30:00", False),
    ],
)
def test_old_money_whose_payer_may_have_been_erased_is_bound_to_nobody(
    path: Path, erased: str | None, kept: str, came: str, forgotten: bool
) -> None:
    at_version(path, "0020")
    run(
        path,
        "INSERT INTO record_file VALUES (1, 'ab', 'file', '2026-11-23 12:00:00', NULL, 1, '512345', NULL, NULL, NULL, "
        f"NULL, 2, {', '.join('0' * 9)}, NULL)",
    )
    for number, phone in enumerate(("", "070****149")):
        run(
            path,
            "INSERT INTO record_row (id, file_id, receipt, kind, incoming, row_key, cents, at, linked, outcome, digits,"
            f" phone, name, account) VALUES ({number}, 1, 'UKN{number}AAAA22', 'payment', 1, '', 10000, '{came}', '', "
            f"'unprompted', '{phone[-3:]}', '{phone}', '', '')",
        )
    if erased:
        run(path, f"INSERT INTO customer (id, phone, erased_at) VALUES (9, 'erased #9 …149', '{erased}')")
    if kept:
        run(path, f"INSERT INTO setting VALUES ('{kept}', '12')")
    with closing(open_database(path, "practice")) as database:
        told = {money.receipt: money.forgotten for money in database.reader.unprompted(MoneySearch())}
        assert told == {"UKN0AAAA22": forgotten, "UKN1AAAA22": False}
