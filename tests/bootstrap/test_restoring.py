"""Putting a copy back: for the owner, not while a payment is open, and with its line in the audit."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.restoring import ASKED, database_file, refuse_open, restore
from pos_app.bootstrap.settings_services.copies import ShopCopies
from pos_app.domain.catalogue import draft_post
from pos_app.domain.database_copy import Loss, Whose
from pos_app.domain.operators import Act
from pos_app.domain.payment import State
from pos_app.errors import BadInput, Occupied, StoreError
from pos_app.sales.attempts import TRIES, AttemptLimiter
from pos_app.sales.passphrase import SETTING
from pos_app.settings.settings import Settings, load
from pos_app.store.backups.copies import Copies
from pos_app.store.database import open_database
from pos_app.store.files import copy_file
from tests.store.conftest import Shop
from tests.support.builders import charge
from tests.support.fakes import START, FakeClock, QuickPassphrases
from tests.support.till_harness import TillHarness

PASSPHRASE = "mama njeri 1987"
WRONG = "not the passphrase"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(tmp_path, True, {})


@pytest.fixture
def database(settings: Settings, migrated: Path) -> Path:
    """A practice database with two payments in review, and a copy with one; the owner has a passphrase."""
    path = database_file(settings)
    shutil.copyfile(migrated, path)
    (path.parent / "backups").mkdir()
    with closing(Shop(path)) as shop:
        post = shop.post("Maji")
        with shop.database.write() as transaction:
            transaction.set_setting(SETTING, QuickPassphrases().hash(PASSPHRASE))
        shop.change(shop.open(post), state=State.REVIEW)
        copy_file(path, Copies(path).at(START))
        shop.change(shop.open(post), state=State.REVIEW)
    return path


@pytest.fixture
def copies(settings: Settings, database: Path, clock: FakeClock) -> ShopCopies:
    return ShopCopies(lambda: settings, QuickPassphrases(), AttemptLimiter(clock))


@pytest.fixture
def waiting(database: Path) -> None:
    """Another payment, whose customer has not answered yet."""
    with closing(Shop(database)) as shop:
        shop.open(shop.reader.posts()[0], address="f" * 64)


def payments(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM payment").fetchone()[0])


def damage(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def test_the_owner_puts_one_back_and_the_audit_says_so(copies: ShopCopies, database: Path) -> None:
    (copy,) = copies.copies()
    assert (copies.on_server(), copies.passphrase_chosen(), copies.loss(copy)) == (False, True, Loss(payments=1))
    kept = copies.put_back(copy, PASSPHRASE).kept
    assert kept is not None
    assert (payments(database), payments(kept)) == (1, 2)
    with closing(open_database(database, "practice")) as opened:
        (line,) = opened.reader.audit(10)
    assert (line.act, line.owner, line.subject) == (Act.SETTINGS, True, "database")
    assert line.new == f"{copy.path.name}, 1 payment"


def test_nobody_else_does_and_wrong_tries_are_counted_beside_the_copies(
    copies: ShopCopies, database: Path, settings: Settings, clock: FakeClock
) -> None:
    (copy,) = copies.copies()
    with pytest.raises(BadInput, match="Type the owner's passphrase"):
        copies.put_back(copy, " ")
    for _ in range(TRIES):
        with pytest.raises(BadInput, match="not the owner's passphrase"):
            copies.put_back(copy, WRONG)
    again = ShopCopies(lambda: settings, QuickPassphrases(), AttemptLimiter(clock))  # the program was started anew
    with pytest.raises(BadInput, match="Too many wrong tries"):
        again.put_back(copy, PASSPHRASE)
    assert payments(database) == 2
    clock.advance(31)
    again.put_back(copy, PASSPHRASE)
    assert payments(database) == 1


def test_a_try_that_cannot_be_counted_is_not_made(copies: ShopCopies, database: Path) -> None:
    (copy,) = copies.copies()
    (database.parent / "backups" / "practice.tries").mkdir()
    with pytest.raises(StoreError, match="cannot be counted"):
        copies.put_back(copy, PASSPHRASE)
    assert payments(database) == 2


def test_a_damaged_database_takes_the_passphrase_of_its_best_copy(copies: ShopCopies, database: Path) -> None:
    damage(database)
    (copy,) = copies.copies()
    assert (copies.passphrase_chosen(), copies.loss(copy)) == (True, Loss(payments=None))
    with pytest.raises(BadInput, match="not the owner's passphrase"):
        copies.put_back(copy, WRONG)
    copies.put_back(copy, PASSPHRASE)
    assert payments(database) == 1


def test_without_a_passphrase_none_is_asked(copies: ShopCopies, database: Path) -> None:
    for path in (database, Copies(database).at(START)):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM setting WHERE key = ?", (SETTING,))
            connection.commit()
    (copy,) = copies.copies()
    assert not copies.passphrase_chosen()
    copies.put_back(copy, "")
    with closing(open_database(database, "practice")) as opened:
        assert [line.owner for line in opened.reader.audit(10)] == [False]


@pytest.mark.usefixtures("waiting")
def test_not_while_a_payment_is_open(copies: ShopCopies, database: Path, settings: Settings) -> None:
    (copy,) = copies.copies()
    with pytest.raises(BadInput, match="1 payment of this till still waits for M-PESA's answer"):
        copies.put_back(copy, PASSPHRASE)
    with pytest.raises(BadInput, match="still waits"):
        restore(settings, copy.path)
    assert payments(database) == 3


@pytest.mark.usefixtures("waiting")
def test_what_a_damaged_database_had_open_holds_nothing_up(copies: ShopCopies, database: Path) -> None:
    damage(database)
    copies.put_back(copies.copies()[0], PASSPHRASE)
    assert payments(database) == 1


@pytest.mark.usefixtures("waiting")
def test_an_open_till_is_asked_itself(settings: Settings, database: Path, clock: FakeClock) -> None:
    with closing(open_database(database, "practice")) as opened:
        with pytest.raises(BadInput, match="still waits"):
            refuse_open(opened.reader, "A", START)
        refuse_open(opened.reader, "B", START)
    ShopCopies(lambda: settings, QuickPassphrases(), AttemptLimiter(clock)).may_put_back()


@pytest.mark.parametrize("state", [State.EXPIRED, State.DECLINED])
def test_one_that_ended_without_an_answer_is_waited_for_while_it_may_well_be_paid_yet(
    copies: ShopCopies, database: Path, state: State
) -> None:
    now = datetime.now(UTC)
    with closing(Shop(database)) as shop:
        ended = shop.open(shop.reader.posts()[0], address="f" * 64)
        ended = shop.change(ended, state=state, closed_at=now, next_check_at=now + timedelta(minutes=1))
    with pytest.raises(BadInput, match=r"1 payment of this till ended without .* may still be paid.*until"):
        copies.put_back(copies.copies()[0], PASSPHRASE)
    assert payments(database) == 3
    with closing(Shop(database)) as shop:
        refuse_open(shop.reader, "A", now + ASKED)
        shop.change(ended, closed_at=now - ASKED)
    (copy,) = copies.copies()
    assert copies.loss(copy) == Loss(payments=2, asked_about=1)
    copies.put_back(copy, PASSPHRASE)
    assert payments(database) == 1


def test_another_shops_copy_takes_a_word_for_it_which_the_audit_keeps(
    copies: ShopCopies, database: Path, settings: Settings
) -> None:
    (copy,) = copies.copies()
    with closing(sqlite3.connect(copy.path)) as connection:
        connection.execute("UPDATE setting SET value = 'another' WHERE key = 'shop'")
        connection.commit()
    for refused in (lambda: copies.loss(copy), lambda: copies.put_back(copy, PASSPHRASE)):
        with pytest.raises(BadInput, match="no copy of this till's payments"):
            refused()
    assert payments(database) == 2
    assert restore(settings, copy.path, another_shop=True).whose is Whose.ANOTHER
    with closing(open_database(database, "practice")) as opened:
        assert opened.reader.setting("shop") == "another"
        assert opened.reader.audit(10)[0].new == f"{copy.path.name}, 1 payment, another shop's"


def test_a_till_of_this_program_is_asked_before_it_closes(
    harness: TillHarness, tmp_path: Path, clock: FakeClock
) -> None:
    copies = ShopCopies(
        lambda: load(tmp_path, True, {}), QuickPassphrases(), AttemptLimiter(clock), lambda: harness.till
    )
    copies.may_put_back()
    post = harness.till.catalogue.add(draft_post("Maji", 50))
    charge(harness.till, post)
    with pytest.raises(BadInput, match="still waits"):
        copies.may_put_back()


def test_a_copy_is_back_even_where_the_audit_takes_no_line(
    settings: Settings, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = Copies(database).at(START)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        connection.commit()
    restore(settings, copy)
    assert payments(database) == 1
    assert "the audit has no line of the copy" in caplog.text


def test_where_there_is_no_database_one_is_put_there(settings: Settings, database: Path) -> None:
    copy = Copies(database).at(START)
    database.unlink()
    assert restore(settings, copy).kept is None
    assert payments(database) == 1


def test_not_while_another_till_holds_the_folder(copies: ShopCopies, database: Path, settings: Settings) -> None:
    lock = hold_data_dir(settings)
    try:
        with pytest.raises(Occupied, match="Another till is open"):
            copies.put_back(copies.copies()[0], PASSPHRASE)
    finally:
        lock.release()
    assert payments(database) == 2


def test_payments_on_a_server_are_left_to_it(tmp_path: Path, clock: FakeClock) -> None:
    environ = {"POS_ENVIRONMENT": "sandbox", "POS_DATABASE_URL": "postgresql+psycopg://till@127.0.0.1/kaunta"}
    copies = ShopCopies(lambda: load(tmp_path, False, environ), QuickPassphrases(), AttemptLimiter(clock))
    assert copies.on_server()
    with pytest.raises(BadInput, match="database server"):
        copies.copies()
