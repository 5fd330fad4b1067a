"""What there is to know before a copy is put back."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.database_copy import Loss, Whose
from pos_app.errors import BadInput
from pos_app.store.backups.choosing import kept_setting, loss_of, readable_copies, whose
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
    assert loss_of(first_copy(used.path), used.path) == Loss(payments=2)
    with closing(sqlite3.connect(used.path)) as connection:
        connection.execute("DELETE FROM payment WHERE id = 2")
        connection.execute(f"UPDATE payment SET address = '{'e' * 64}' WHERE id = 1")  # of another past
        connection.commit()
    assert loss_of(first_copy(used.path), used.path) == Loss(payments=2)


def test_a_database_that_is_damaged_or_gone_cannot_tell(used: Shop, tmp_path: Path) -> None:
    used.close()
    copy = first_copy(used.path)
    damage(used.path)
    assert loss_of(copy, used.path) == Loss(payments=None)
    used.path.write_bytes(b"")
    assert loss_of(copy, used.path).payments is None
    used.path.unlink()
    assert loss_of(copy, used.path).payments is None
    assert not used.path.exists()


def test_a_setting_is_the_databases_or_else_the_best_copys(used: Shop) -> None:
    assert kept_setting(used.path, "owner_passphrase") == "new"
    assert kept_setting(used.path, "nothing") is None
    used.close()
    damage(used.path)
    assert kept_setting(used.path, "owner_passphrase") == "old"
    first_copy(used.path).write_bytes(b"no database" * 1_000)
    assert kept_setting(used.path, "owner_passphrase") is None


class TestWhose:
    def stamp(self, path: Path, shop: str | None) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM setting WHERE key = 'shop'")
            if shop:
                connection.execute("INSERT INTO setting VALUES ('shop', ?)", (shop,))
            connection.commit()

    def test_another_shops_copy_is_refused_before_it_is_asked_for(self, used: Shop) -> None:
        self.stamp(first_copy(used.path), "0123456789abcdef")
        with pytest.raises(BadInput, match=r"another shop's, another till's.*Nothing was changed.*--another-shop"):
            loss_of(first_copy(used.path), used.path)

    def test_a_database_without_payments_loses_none_and_one_that_is_gone_either(self, used: Shop) -> None:
        self.stamp(first_copy(used.path), "0123456789abcdef")
        with closing(sqlite3.connect(used.path)) as connection:
            connection.execute("DELETE FROM payment_line")
            connection.execute("DELETE FROM payment")
            connection.commit()
        assert whose(first_copy(used.path), used.path) is Whose.OWN
        assert whose(first_copy(used.path), used.path.with_name("sandbox.db")) is Whose.OWN

    def test_a_copy_of_an_older_program_is_known_by_its_first_payment(self, used: Shop) -> None:
        copy = first_copy(used.path)
        self.stamp(copy, None)
        assert whose(copy, used.path) is Whose.OWN
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute(f"UPDATE payment SET address = '{'e' * 64}'")
            connection.commit()
        assert whose(copy, used.path) is Whose.UNKNOWN

    def test_where_the_database_is_damaged_its_best_copy_says_whose_it_is(self, used: Shop, tmp_path: Path) -> None:
        another = tmp_path / "usb.db"
        shutil.copyfile(first_copy(used.path), another)
        self.stamp(another, "0123456789abcdef")
        used.close()
        damage(used.path)
        assert whose(first_copy(used.path), used.path) is Whose.OWN
        assert whose(another, used.path) is Whose.ANOTHER
        self.stamp(first_copy(used.path), None)
        assert whose(another, used.path) is Whose.UNKNOWN

    def test_a_copy_that_cannot_be_read_says_nothing(self, used: Shop) -> None:
        first_copy(used.path).write_bytes(b"no database" * 1_000)
        assert whose(first_copy(used.path), used.path) is Whose.UNKNOWN


def test_of_what_is_not_in_the_copy_it_says_who_may_yet_pay(used: Shop) -> None:
    with closing(sqlite3.connect(used.path)) as connection:
        connection.execute("UPDATE payment SET next_check_at = '2026-11-23 12:00:00.000000' WHERE id < 3")
        connection.commit()
    assert loss_of(first_copy(used.path), used.path) == Loss(payments=2, asked_about=1)
