"""`customer --erase`: the owner erases a customer without a window."""

import json
import os
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
    copies = tmp_path / "backups"  # what was copied before keeps the number, and the command says so
    for file in (path for path in tmp_path.rglob("*") if path.is_file() and path.parent != copies):
        assert b"712345678" not in file.read_bytes(), file.name


@pytest.mark.usefixtures("paid")
def test_in_words_with_what_still_has_the_number(command: Command) -> None:
    ran = command("customer", "--practice", "--phone", PHONE, "--erase", "--reason", "asked by letter")
    assert ran.code == 0
    assert "Erased. 1 payment stays, as of erased …678." in ran.out
    assert "Copies of the database that were made before still have the number" in ran.out


@pytest.mark.usefixtures("paid")
def test_whether_a_number_was_erased_is_told(command: Command) -> None:
    asked = ("customer", "--practice", "--phone", PHONE, "--was-erased")
    ran = command(*asked)
    assert (ran.code, ran.out.strip()) == (3, "Nobody with this number was erased.")
    command("customer", "--practice", "--phone", PHONE, "--erase", "--reason", "asked by letter")
    ran = command(*asked, "--json")
    assert (ran.code, [each["payments"] for each in ran.json]) == (0, [1])
    assert command(*asked).out.startswith("Erased on ")


@pytest.mark.usefixtures("paid")
def test_the_key_is_shown_to_the_owner(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    key = command("owner", "erasure-key", "--practice", "--json").json["erasure_key"]
    assert len(key) == 64
    assert key in command("owner", "erasure-key", "--practice").out
    monkeypatch.setenv("POS_ERASURE_KEY", "ab" * 32)
    ran = command("owner", "erasure-key", "--practice", "--take")
    assert (ran.code, "not this shop's key" in ran.err) == (2, True)
    ran = command("owner", "erasure-key", "--practice", "--new")
    assert (ran.code, "everybody knows" in ran.err) == (2, True)


@pytest.mark.usefixtures("paid")
def test_what_is_missing_is_said(command: Command) -> None:
    ran = command("customer", "--practice", "--phone", PHONE, "--erase")
    assert (ran.code, "needs a reason" in ran.err) == (2, True)
    ran = command("customer", "--practice", "--phone", "0799999999", "--erase", "--reason", "x")
    assert (ran.code, "Nobody with this number" in ran.err) == (2, True)
    ran = command("customer", "--practice", "--phone", "0712", "--erase", "--reason", "x")
    assert (ran.code, "not complete" in ran.err) == (2, True)


@pytest.mark.usefixtures("paid")
def test_what_is_known_is_told_with_the_number_masked(command: Command) -> None:
    command("access", "extend", "--practice", "--phone", PHONE, "--post", "2", "--days", "1", "--reason", "a regular")
    ran = command("customer", "--practice", "--phone", PHONE)
    lines = ran.out.splitlines()
    assert lines[0] == "0712 ••• 678"
    assert lines[1].startswith("Week pass until ")
    assert lines[2].startswith("Week pass by hand, ")
    assert lines[2].endswith(": a regular")
    assert "A-" in lines[3]
    assert "12345678" not in ran.out
    nobody = command("customer", "--practice", "--phone", "0799999999")
    assert (nobody.code, nobody.err) == (2, "Nobody is known at that phone. Nothing was written.\n")


def test_everything_goes_into_a_private_file_and_that_is_recorded(command: Command, paid: Any, tmp_path: Path) -> None:
    file = tmp_path / "njeri.json"
    ran = command("customer", "--practice", "--phone", PHONE, "--export", str(file), "--json")
    assert (ran.code, ran.json) == (0, {"file": str(file), "payments": 1})
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["phone"], told["name"], told["notes"]) == ("254712345678", None, [])
    assert told["mark"] == "PRACTICE · not real money"
    [payment], [given] = told["payments"], told["access"]
    assert {name: payment[name] for name in ("number", "amount", "receipt")} == {
        name: paid[name] for name in ("number", "amount", "receipt")
    }
    assert payment["journal"]
    assert payment["refunds"] == []
    assert (given["payment"], given["by_hand"], given["withdrawn_at"]) == (paid["number"], False, None)
    assert command("customer", "--practice", "--phone", PHONE, "--json").json == told
    assert command("audit", "--practice").out.count("saw the phone number of customer 1") == 2
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("paid")
def test_where_it_cannot_be_written_nothing_is(command: Command, tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("of last week")
    ran = command("customer", "--practice", "--phone", PHONE, "--export", str(there))
    assert (ran.code, ran.out, there.read_text()) == (2, "", "of last week")
    assert "is there already" in ran.err
    assert command("customer", "--practice", "--phone", PHONE, "--export", str(there), "--force").code == 0
    assert json.loads(there.read_text("utf-8"))["phone"]
    ran = command("customer", "--practice", "--phone", PHONE, "--export", str(tmp_path / "gone" / "njeri.json"))
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing was written" in ran.err
    both = command("customer", "--practice", "--phone", PHONE, "--export", "x.json", "--erase", "--reason", "x")
    assert (both.code, "one of the two at a time" in both.err) == (2, True)
