"""Recognising a damaged file, and what is said about it."""

import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from pos_app.domain.payment import CallbackAddress
from pos_app.domain.payment_event import Claims
from pos_app.domain.search import Search
from pos_app.errors import CannotRead, Damaged, StoreError
from pos_app.store import migrate
from pos_app.store import tables as t
from pos_app.store.backups.copies import Copies
from pos_app.store.database import open_database
from pos_app.store.files import copy_file
from pos_app.store.integrity import contents, count, faults, is_damage, reading, restore_command, rows_of, words
from pos_app.store.migrate import HEAD
from pos_app.store.rows import UnreadableRow
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START

FLIPS = 60  # in the file as a whole; and as many in its header


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    """A practice database with two payments, closed."""
    path = tmp_path / "practice.db"
    shutil.copyfile(migrated, path)
    with closing(Shop(path)) as shop:
        post = shop.post("Maji")
        shop.open(post)
        shop.open(post, "254712345678")
    return path


@pytest.fixture
def used(path: Path) -> Iterator[Shop]:
    with closing(Shop(path)) as shop:
        yield shop


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def overwrite(path: Path, old: bytes, new: bytes) -> None:
    """Change bytes, as a failing disk does."""
    content = path.read_bytes()
    assert old in content
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new))


def add_copy(path: Path, hours: int) -> Path:
    copy = Copies(path).at(START + timedelta(hours=hours))
    copy.parent.mkdir(exist_ok=True)
    copy_file(path, copy)
    return copy


class TestWords:
    def test_the_newest_copy_and_the_command_that_puts_it_back(self, path: Path) -> None:
        add_copy(path, 0)
        newest = add_copy(path, 1)
        told = words(path)
        assert told.startswith("The database file is damaged. Nothing was changed.")
        assert "The last automatic copy is from 23 Nov 2026 15:00 (2 payments)." in told
        command = f"python main.py restore {newest} --data-dir {path.parent} --practice"
        assert f"`{command}` puts it back" in told
        assert "the damaged file is kept" in told

    def test_a_copy_that_cannot_be_read_is_passed_over(self, path: Path) -> None:
        good, bad = add_copy(path, 0), add_copy(path, 1)
        bad.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9_000)
        assert str(good) in words(path)

    def test_without_a_copy_it_says_so(self, path: Path) -> None:
        assert "There is no automatic copy" in words(path)
        assert "Put a copy back" in words(path)

    def test_the_command_is_for_the_folder_and_the_environment(self) -> None:
        def command(database: str) -> list[str]:
            return shlex.split(restore_command(Path(database), Path("/my shop/copy 1.db")))[3:]

        assert command("/my shop/production.db") == ["/my shop/copy 1.db", "--data-dir", "/my shop"]
        assert command("/my shop/till.db") == ["/my shop/copy 1.db"]

    def test_counts(self) -> None:
        assert [count(n) for n in (0, 1, 1_234)] == ["0 payments", "1 payment", "1,234 payments"]


class TestFaults:
    @pytest.mark.parametrize("quick", [True, False])
    def test_nothing_in_a_good_file(self, path: Path, quick: bool) -> None:
        with closing(sqlite3.connect(path)) as connection:
            assert faults(connection, quick=quick) == []

    def test_an_index_that_misses_a_row(self, path: Path) -> None:
        run(
            path,
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, '(customer_id, id', '(number, id') "
            "WHERE name = 'ix_payment_customer'",
        )
        with closing(sqlite3.connect(path)) as connection:
            assert faults(connection)

    def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "a.db").write_bytes(b"\xff" * 9_000)
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            assert faults(connection) == ["file is not a database"]

    def test_a_locked_file_is_not_a_damaged_one(self, path: Path) -> None:
        run(path, "PRAGMA journal_mode = DELETE")
        with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path, timeout=0)) as connection:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                faults(connection)


def test_contents(path: Path) -> None:
    inside = contents(path)
    assert (inside.environment, inside.payments) == ("practice", 2)
    run(path, "DELETE FROM setting", "DELETE FROM alembic_version")
    assert (contents(path).environment, contents(path).version) == (None, None)


class TestAtStart:
    """Each would make a payment fail later, or look like an empty new database."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"SQLite format 3\x00", b"SQLite_format 3\x00"),
            (b'CREATE TABLE "payment" (', b'CREATE TABLE "paymant" ('),
            (b'CREATE TABLE "payment" (', b'CREATE TABLE "p\xffyment" ('),
            (b"next_check_at DATETIME", b"next_chuck_at DATETIME"),
            (b"tablealembic_versionalembic_version", b"tablealembic_vorsionalembic_vorsion"),
            (b"environmentpractice", b"environmentpractise"),
            (HEAD.encode(), b"00q1"),
        ],
    )
    def test_it_is_said_and_nothing_is_changed(self, path: Path, old: bytes, new: bytes) -> None:
        copy = add_copy(path, 0)
        overwrite(path, old, new)
        content = path.read_bytes()
        with pytest.raises(Damaged) as refused:
            open_database(path, "practice")
        assert str(copy) in refused.value.user_text
        assert refused.value.exit_code == 2
        assert path.read_bytes() == content

    def test_a_version_of_the_file_that_may_not_be_written(self, path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[18] = 9  # SQLite would open it for reading only
        path.write_bytes(content)
        with pytest.raises(Damaged):
            open_database(path, "practice")

    def test_a_migration_that_is_wrong_is_our_fault_not_the_files(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def upgrade(engine: sa.Engine, _version: str | None, _database: Path | None) -> None:
            with engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABEL payment ADD COLUMN more TEXT")

        monkeypatch.setattr(migrate, "_upgrade", upgrade)
        run(path, f"UPDATE alembic_version SET version_num = '{migrate.KNOWN[0]}'")
        with pytest.raises(OperationalError, match="syntax error"):
            open_database(path, "practice")

    def test_a_schema_that_reads_as_empty_is_not_a_new_database(self, path: Path) -> None:
        """Making the tables again would write over what is left of the old ones."""
        run(path, "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master")
        content = path.read_bytes()
        with pytest.raises(Damaged):
            open_database(path, "practice")
        assert path.read_bytes() == content

    def test_a_start_that_was_killed_before_the_tables_is_still_new(self, tmp_path: Path) -> None:
        run(tmp_path / "practice.db", "PRAGMA journal_mode = WAL")
        open_database(tmp_path / "practice.db", "practice").close()

    @pytest.mark.parametrize("part", ["header", "all"])
    def test_t06_any_flipped_byte_is_survived_found_or_said(self, path: Path, part: str) -> None:
        """What opens and is damaged nevertheless is found by the check that follows the opening."""
        random, content = Random(part), path.read_bytes()
        for _ in range(FLIPS):
            spoilt = bytearray(content)
            place = random.randrange(100 if part == "header" else len(content))
            spoilt[place] ^= random.randrange(1, 256)
            path.write_bytes(spoilt)
            # Refused in words; anything else that is raised fails the test.
            with suppress(StoreError), closing(open_database(path, "practice")) as database:
                database.reader.posts()
                database.reader.search(Search(text="", limit=50))
                database.reader.to_ask("A")


class TestReading:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("state", "'pbid'"),
            ("created_at", "'2026-1q-23'"),
            ("created_at", "7"),
            ("remark", "'x'"),
            ("remark", "x'6c617465'"),
        ],
    )
    def test_a_value_that_nobody_wrote(self, used: Shop, column: str, value: str) -> None:
        run(used.path, f"UPDATE payment SET {column} = {value}")
        with pytest.raises(Damaged):
            used.reader.payment(1)

    def test_a_payment_that_lost_its_lines_does_not_vanish(self, used: Shop) -> None:
        """Its money would come unseen, and the guard would let its phone be asked once more."""
        payment = used.get(1)
        run(used.path, "DELETE FROM payment_line WHERE payment_id = 1")
        for read in (
            lambda: used.reader.payment(1),
            lambda: used.reader.search(Search()),
            lambda: used.reader.records(Search()),
            lambda: used.reader.of_phone(payment.phone, payment.created_at),
        ):
            with pytest.raises(Damaged):
                read()
        with pytest.raises(UnreadableRow), used.database.write() as transaction:
            transaction.with_facts(CallbackAddress(payment.address), Claims())

    def test_an_end_of_access_that_nobody_wrote(self, used: Shop) -> None:
        payment = used.reader.payment(1)
        assert payment is not None
        used.change(payment, **PAID)
        run(used.path, "UPDATE \"grant\" SET until = '2026-1q-23'")
        with pytest.raises(Damaged):
            used.reader.held(payment.phone, [payment.lines[0].post_id])

    def test_text_that_is_none(self, used: Shop) -> None:
        run(used.path, "UPDATE post SET title = CAST(x'ff41' AS TEXT)")
        with pytest.raises(Damaged):
            used.reader.posts()

    def test_a_page_that_is_gone(self, used: Shop) -> None:
        root = used.scalar("SELECT rootpage FROM sqlite_master WHERE name = 'payment'")
        used.pragma("wal_checkpoint(TRUNCATE)")
        with used.path.open("r+b") as file:
            file.seek((root - 1) * 4_096)
            file.write(b"\xff" * 4_096)
        with pytest.raises(Damaged):
            used.reader.payment(1)

    def test_a_wrong_statement_is_our_fault_not_the_files(self, used: Shop) -> None:
        with pytest.raises(OperationalError), reading(used.engines.reader) as connection:
            connection.exec_driver_sql("SELECT nothing FROM payment")

    @pytest.mark.parametrize("text", ["caf\udce9", "UKN4\ud800"])
    def test_a_look_up_that_cannot_be_asked_is_no_damage(self, used: Shop, text: str) -> None:
        with pytest.raises(UnicodeEncodeError):
            used.reader.setting(text)
        used.reader.search(Search(text=text))

    def test_a_bug_of_ours_is_no_damage(self, used: Shop) -> None:
        """Neither in what asks nor in what converts."""

        for bug in (ValueError, TypeError, AttributeError, KeyError):

            def faulty(_row: object, bug: type[Exception] = bug) -> None:
                raise bug("a bug")

            with pytest.raises(bug), reading(used.engines.reader) as connection:
                rows_of(connection.execute(t.post.select()), faulty)
            with pytest.raises(bug), reading(used.engines.reader):
                raise bug("a bug")

    @pytest.mark.parametrize("error", [None, ValueError(), sqlite3.OperationalError("database is locked")])
    def test_what_is_no_damage(self, error: Exception | None) -> None:
        assert not is_damage(error)


def test_a_server_that_refuses_is_no_damage() -> None:
    engine = sa.create_engine("sqlite://")  # no file behind it, like a server
    with pytest.raises(ValueError, match="no state"), reading(engine):
        raise ValueError("no state")
    with pytest.raises(CannotRead, match="server does not answer, or refuses"), reading(engine) as connection:
        connection.exec_driver_sql("SELECT 1 FROM nothing")
    engine.dispose()
