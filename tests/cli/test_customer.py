"""`customer --erase`: the owner erases a customer without a window."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command

PHONE = "0712345678"
PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def paid(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A payment of four minutes ago; the owner has a passphrase, and gives it."""
    paid = command("charge", "--practice", "--post", "2", "--phone", PHONE, "--json").json
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.run(
            lambda transaction: transaction._connection.exec_driver_sql(  # type: ignore[attr-defined]
                "UPDATE payment SET created_at = datetime(created_at, '-4 minutes')"
            )
        )
        books.writer.stop()
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
    return paid


def test_a_customer_is_erased_and_the_payment_stays(command: Command, paid: Any, tmp_path: Path) -> None:
    ran = command("customer", "--practice", "--phone", PHONE, "--erase", "--reason", "asked by letter", "--json")
    assert ran.code == 0
    assert ran.json == {"erased": True, "phone": "erased …678", "payments": 1, "swept": True}
    [now] = command("payments", "--practice", "--json").json
    kept = ("number", "amount", "receipt", "status", "granted")
    assert [now[name] for name in kept] == [paid[name] for name in kept]
    assert now["phone"] == "erased …678"
    for file in (path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".json"):
        assert b"712345678" not in file.read_bytes(), file.name


@pytest.mark.usefixtures("paid")
def test_in_words_with_what_still_has_the_number(command: Command) -> None:
    ran = command("customer", "--practice", "--phone", PHONE, "--erase", "--reason", "asked by letter")
    assert ran.code == 0
    assert "Erased. 1 payment stays, as of erased …678." in ran.out
    assert "Copies of the database that were made before still have the number" in ran.out


@pytest.mark.usefixtures("paid")
def test_what_is_missing_is_said(command: Command) -> None:
    ran = command("customer", "--practice", "--phone", PHONE, "--erase")
    assert (ran.code, "needs a reason" in ran.err) == (2, True)
    ran = command("customer", "--practice", "--phone", "0799999999", "--erase", "--reason", "x")
    assert (ran.code, "Nobody with this number" in ran.err) == (2, True)
    ran = command("customer", "--practice", "--phone", "0712", "--erase", "--reason", "x")
    assert (ran.code, "not complete" in ran.err) == (2, True)
