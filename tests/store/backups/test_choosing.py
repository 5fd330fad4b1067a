"""What there is to know before a copy is put back."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.store.backups.choosing import kept_setting, missing_from, readable_copies
from pos_app.store.backups.copies import Copies
from pos_app.store.files import copy_file
from tests.store.conftest import Shop
from tests.support.fakes import START


@pytest.fixture
def used(migrated: Path, tmp_path: Path) -> Iterator[Shop]:
    """A practice database with a payment, and a copy of that; then two more payments."""
    shutil.copyfile(migrated, tmp_path / "practice.db")
    with closing(Shop(tmp_path / "practice.db")) as shop:
        post = shop.post("Maji")
        shop.open(post)
        with shop.database.write() as transaction:
            transaction.set_setting("owner_passphrase", "old")
        first_copy(shop.path).parent.mkdir()
        copy_file(shop.path, first_copy(shop.path))
        shop.open(post, at=START + timedelta(minutes=1))
        shop.open(post, at=START + timedelta(minutes=2))
        with shop.database.write() as transaction:
            transaction.set_setting("owner_passphrase", "new")
        yield shop


def first_copy(database: Path) -> Path:
    return Copies(database).at(START)


def damage(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def test_the_copies_that_can_be_read_newest_first(used: Shop) -> None:
    copies = Copies(used.path)
    copy_file(used.path, copies.at(START + timedelta(hours=1)))
    for number, content in enumerate((b"", b"no database", b"\xff" * 9_000)):
        copies.at(START + timedelta(days=1 + number)).write_bytes(content)
    later, earlier = readable_copies(used.path)
    assert (earlier.path, earlier.made_at, earlier.payments, earlier.newest_at) == (
        first_copy(used.path),
        START,
        1,
        START,
    )
    assert (later.payments, later.newest_at) == (3, START + timedelta(minutes=2))
    assert later.size == later.path.stat().st_size
    assert {path.suffix for path in later.path.parent.iterdir()} == {".db"}, "nothing is put beside them"


def test_a_copy_without_payments_has_no_newest(migrated: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    shutil.copyfile(migrated, first_copy(tmp_path / "practice.db"))
    (copy,) = readable_copies(tmp_path / "practice.db")
    assert (copy.payments, copy.newest_at) == (0, None)


def test_payments_are_missing_by_what_they_are_not_by_their_numbers(used: Shop) -> None:
    assert missing_from(first_copy(used.path), used.path) == 2
    with closing(sqlite3.connect(used.path)) as connection:
        connection.execute("DELETE FROM payment WHERE id = 2")
        connection.execute(f"UPDATE payment SET address = '{'e' * 64}' WHERE id = 1")  # of another past
        connection.commit()
    assert missing_from(first_copy(used.path), used.path) == 2


def test_a_database_that_is_damaged_or_gone_cannot_tell(used: Shop, tmp_path: Path) -> None:
    used.close()
    copy = first_copy(used.path)
    damage(used.path)
    assert missing_from(copy, used.path) is None
    used.path.write_bytes(b"")
    assert missing_from(copy, used.path) is None
    used.path.unlink()
    assert missing_from(copy, used.path) is None
    assert not used.path.exists()


def test_a_setting_is_the_databases_or_else_the_best_copys(used: Shop) -> None:
    assert kept_setting(used.path, "owner_passphrase") == "new"
    assert kept_setting(used.path, "nothing") is None
    used.close()
    damage(used.path)
    assert kept_setting(used.path, "owner_passphrase") == "old"
    first_copy(used.path).write_bytes(b"no database" * 1_000)
    assert kept_setting(used.path, "owner_passphrase") is None
