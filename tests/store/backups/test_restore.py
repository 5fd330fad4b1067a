"""Putting a copy back: checked, the old file kept, and never half of anything."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.errors import BadInput, Occupied, StoreError
from pos_app.store.backups.restore import put_back
from pos_app.store.database import open_database
from pos_app.store.files import copy_file
from tests.store.conftest import Shop
from tests.support.fakes import FakeClock

KEPT = "practice.db.replaced-20261123-110000"


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    """A practice database with two payments, closed."""
    (tmp_path / "shop").mkdir()
    path = tmp_path / "shop" / "practice.db"
    shutil.copyfile(migrated, path)
    with closing(Shop(path)) as shop:
        post = shop.post("Maji")
        shop.open(post)
        copy_file(path, tmp_path / "copy.db")
        shop.open(post)
    return path


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """A copy from when there was one payment."""
    return tmp_path / "copy.db"


@pytest.fixture
def crashed(path: Path, tmp_path: Path) -> Path:
    """The same after a crash: a third payment is only in the file beside the database."""
    live = tmp_path / "live.db"
    shutil.copyfile(path, live)
    with closing(Shop(live)) as shop:
        shop.open(shop.reader.posts()[0], address="f" * 64)
        for suffix in ("", "-wal", "-shm"):
            shutil.copyfile(f"{live}{suffix}", f"{path}{suffix}")
    return path


def payments(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (number,) = connection.execute("SELECT count(*) FROM payment").fetchone()
    assert isinstance(number, int)
    return number


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestPutBack:
    def test_the_copy_is_in_place_and_the_old_file_kept(self, path: Path, copy: Path, clock: FakeClock) -> None:
        restored = put_back(copy, path, "practice", clock.now)
        assert (restored.payments, restored.kept) == (1, path.parent / KEPT)
        assert (payments(path), payments(path.parent / KEPT), payments(copy)) == (1, 2, 1)
        assert names(path.parent) == {"practice.db", KEPT}
        open_database(path, "practice").close()

    def test_what_a_crash_left_beside_is_kept_and_not_applied_to_the_copy(
        self, crashed: Path, copy: Path, clock: FakeClock
    ) -> None:
        put_back(copy, crashed, "practice", clock.now)
        assert (payments(crashed), payments(crashed.parent / KEPT)) == (1, 3)
        assert names(crashed.parent) == {"practice.db", KEPT}

    def test_a_damaged_file_is_kept_with_what_lies_beside_it(self, crashed: Path, copy: Path, clock: FakeClock) -> None:
        content = b"\xff" * 100 + crashed.read_bytes()[100:]
        crashed.write_bytes(content)
        beside = Path(f"{crashed}-wal").read_bytes()
        put_back(copy, crashed, "practice", clock.now)
        assert payments(crashed) == 1
        assert (crashed.parent / KEPT).read_bytes() == content
        assert (crashed.parent / f"{KEPT}-wal").read_bytes() == beside

    def test_the_kept_file_can_be_put_back_too(self, path: Path, copy: Path, clock: FakeClock) -> None:
        first = put_back(copy, path, "practice", clock.now)
        assert first.kept
        second = put_back(first.kept, path, "practice", clock.now)  # within the same second
        assert (second.payments, payments(path)) == (2, 2)
        assert second.kept == path.parent / "practice.db.replaced-20261123-110001"

    def test_a_copy_with_changes_beside_it_is_taken_with_them_and_only_read(
        self, crashed: Path, tmp_path: Path, clock: FakeClock
    ) -> None:
        before = {suffix: Path(f"{crashed}{suffix}").read_bytes() for suffix in ("", "-wal", "-shm")}
        put_back(crashed, tmp_path / "new" / "practice.db", "practice", clock.now)
        assert payments(tmp_path / "new" / "practice.db") == 3
        assert {suffix: Path(f"{crashed}{suffix}").read_bytes() for suffix in before} == before

    def test_where_there_was_none_nothing_is_kept(self, copy: Path, tmp_path: Path, clock: FakeClock) -> None:
        restored = put_back(copy, tmp_path / "new" / "practice.db", "practice", clock.now)
        assert (restored.payments, restored.kept) == (1, None)

    def test_leftovers_without_a_database_are_not_applied_to_the_copy(
        self, crashed: Path, copy: Path, clock: FakeClock
    ) -> None:
        crashed.unlink()
        put_back(copy, crashed, "practice", clock.now)
        assert payments(crashed) == 1

    def test_what_a_killed_run_left_is_no_hindrance(self, path: Path, copy: Path, clock: FakeClock) -> None:
        for suffix in ("", "-wal", "-journal"):
            Path(f"{path}.restoring{suffix}").write_bytes(b"half")
        put_back(copy, path, "practice", clock.now)
        assert payments(path) == 1
        assert names(path.parent) == {"practice.db", KEPT}


class TestRefused:
    @pytest.fixture(autouse=True)
    def unchanged(self, path: Path) -> Iterator[None]:
        content = path.read_bytes()
        yield
        assert path.read_bytes() == content
        assert names(path.parent) == {"practice.db"}

    def refused(self, path: Path, copy: Path, clock: FakeClock, words: str) -> None:
        with pytest.raises(BadInput, match=words) as error:
            put_back(copy, path, "practice", clock.now, timeout=0)
        assert "Nothing was changed" in error.value.user_text

    def change(self, copy: Path, *statements: str) -> None:
        with closing(sqlite3.connect(copy)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def test_another_environment(self, path: Path, copy: Path, clock: FakeClock) -> None:
        self.change(copy, "UPDATE setting SET value = 'production'")
        self.refused(path, copy, clock, "holds production payments and cannot be used for practice")

    def test_no_environment(self, path: Path, copy: Path, clock: FakeClock) -> None:
        self.change(copy, "DELETE FROM setting")
        self.refused(path, copy, clock, "holds unknown payments")

    def test_an_unknown_version(self, path: Path, copy: Path, clock: FakeClock) -> None:
        self.change(copy, "UPDATE alembic_version SET version_num = '9999'")
        self.refused(path, copy, clock, "another version of Kaunta")

    def test_a_database_of_something_else(self, path: Path, tmp_path: Path, clock: FakeClock) -> None:
        self.change(tmp_path / "other.db", "CREATE TABLE payment (id)")
        self.refused(path, tmp_path / "other.db", clock, "is no Kaunta database")

    def test_a_table_that_lacks_a_column(self, path: Path, copy: Path, clock: FakeClock) -> None:
        self.change(copy, 'ALTER TABLE "grant" RENAME COLUMN access TO excess')
        self.refused(path, copy, clock, "is no Kaunta database")

    def test_no_database_at_all(self, path: Path, tmp_path: Path, clock: FakeClock) -> None:
        (tmp_path / "text").write_text("a letter to somebody" * 500, encoding="utf-8")
        self.refused(path, tmp_path / "text", clock, "is no Kaunta database")
        (tmp_path / "text").write_bytes(b"")
        self.refused(path, tmp_path / "text", clock, "is no Kaunta database")

    def test_damage_that_only_the_thorough_check_finds(self, path: Path, copy: Path, clock: FakeClock) -> None:
        self.change(
            copy,
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, 'till, id)', 'number, id)') WHERE name = 'ix_payment_open'",
        )
        self.refused(path, copy, clock, "is damaged.*backups")

    def test_a_copy_that_lost_its_end(self, path: Path, copy: Path, clock: FakeClock) -> None:
        copy.write_bytes(copy.read_bytes()[:-9_000])
        self.refused(path, copy, clock, "is damaged|no Kaunta database")

    def test_no_file_a_folder_and_the_database_itself(self, path: Path, tmp_path: Path, clock: FakeClock) -> None:
        self.refused(path, tmp_path / "none.db", clock, "There is no file")
        self.refused(path, tmp_path, clock, "There is no file")
        self.refused(path, path, clock, "is the database itself")


def test_a_database_that_a_program_has_open_is_left_alone(path: Path, copy: Path, clock: FakeClock) -> None:
    with closing(open_database(path, "practice")) as database:
        with pytest.raises(Occupied, match="Another program is using"):
            put_back(copy, path, "practice", clock.now, timeout=0)
        assert len(database.reader.posts()) == 1
    assert payments(path) == 2
    assert names(path.parent) == {"practice.db"}


def test_a_folder_in_the_way_leaves_the_old_database(path: Path, copy: Path, clock: FakeClock) -> None:
    Path(f"{path}.restoring").mkdir()
    with pytest.raises(StoreError, match="still the old one"):
        put_back(copy, path, "practice", clock.now)
    assert payments(path) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="kills forked copies of a process")
@pytest.mark.parametrize(("what", "before", "after"), [("restore", "3", "1"), ("copy", "0", "3")])
def test_killed_at_any_step_it_leaves_the_old_or_the_new(
    crashed: Path, copy: Path, what: str, before: str, after: str
) -> None:
    """Ended without a word before each thing it asks of the system, one after the other."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.store.killed", what, str(crashed), str(copy)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = ran.stdout.split()  # payments, after one kill each; the last run came to its end
    assert set(found) == {before, after}
    assert found == sorted(found, key=[before, after].index)
