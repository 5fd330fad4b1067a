"""`payment ID`: one payment whole."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.sales.build import build_staff, open_books
from pos_app.sales.notes import Notes
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from tests.cli.conftest import Command
from tests.support.fakes import QuickPassphrases


@pytest.fixture
def paid(command: Command) -> Any:
    return command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json").json


@pytest.fixture
def noted(paid: Any, tmp_path: Path) -> Any:
    """Somebody wrote about it."""
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        payment = database.reader.payment(paid["id"])
        assert payment is not None
        notes = Notes(books.writer, books.clock, build_staff(books, QuickPassphrases()).authority)
        notes.about_payment(payment, "Asked for a copy")
        books.writer.stop()
    return paid


def test_as_json_it_has_everything_and_no_number_in_full(command: Command, noted: Any) -> None:
    ran = command("payment", str(noted["id"]), "--practice", "--json")
    told = ran.json
    assert ran.code == 0
    assert "712345678" not in ran.out.replace(" ", "")
    hidden = {"phone", "checkout_request_id"}
    assert {name: told[name] for name in noted if name in told and name not in hidden} == {
        name: value for name, value in noted.items() if name in told and name not in hidden
    }
    assert [(note["operator"], note["text"]) for note in told["notes"]] == [(None, "Asked for a copy")]
    assert [step["title"] for step in told["timeline"]][:2] == ["Saved", "Sent to M-PESA"]
    assert told["timeline"][-1]["note"] == "Asked for a copy"
    assert {line["outcome"] for line in told["journal"]} == {"applied"}
    assert told["refunds"] == []


def test_in_words_by_its_number(command: Command, noted: Any) -> None:
    ran = command("payment", noted["number"].lower(), "--practice")
    assert ran.code == 0
    assert ran.out.startswith(f"Payment {noted['number']}\n")
    assert "0712 ••• 678" in ran.out
    assert "Note · " in ran.out
    assert "Asked for a copy" in ran.out


def test_the_number_in_full_is_recorded(command: Command, paid: Any) -> None:
    number = str(paid["id"])
    assert command("payment", number, "--practice", "--json", "--reveal").json["phone"] == "254712345678"
    assert "0712 345 678" in command("payment", number, "--practice", "--reveal").out
    audit = command("audit", "--practice").out
    assert audit.count(f"saw the phone number of {paid['number']}") == 2


@pytest.mark.parametrize("which", ["999", "A-20200101-0001", "no such", "1" * 18])
def test_there_is_no_such_payment(command: Command, which: str) -> None:
    ran = command("payment", which, "--practice", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no payment" in ran.err


def test_what_a_terminal_would_obey_is_not_printed(command: Command, paid: Any, tmp_path: Path) -> None:
    import sqlite3

    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection, connection:
        connection.execute(
            "INSERT INTO payment_event (payment_id, at, source, kind, outcome, before, after, detail) "
            "SELECT payment_id, at, 'elsewhere', 'x' || char(27) || '[2J', outcome, before, after, detail "
            "FROM payment_event LIMIT 1"
        )
    ran = command("payment", str(paid["id"]), "--practice")
    assert "\x1b" not in ran.out
    assert "\ufffd[2j" in ran.out
