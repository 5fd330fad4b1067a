"""`pull`: M-PESA's own word about all money, in practice."""

from contextlib import closing
from pathlib import Path

import pytest

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command

PHONE = "0712345678"
PASSPHRASE = "mama njeri 1987"


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_PULL", "yes")
    monkeypatch.setenv("POS_PULL_NUMBER", "0708 374 149")


def test_what_practice_paid_agrees(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = command("pull", "--practice", "--dry-run")
    assert nothing.code == 2
    assert "registered just now, and M-PESA has no records yet" in nothing.err
    paid = command("charge", "--practice", "--post", "2", "--phone", PHONE, "--json").json
    found = command("pull", "--practice", "--dry-run", "--json", "--since", "yesterday 00:00")
    assert (found.code, found.json["items"]) == (0, [])
    assert (found.json["short_code"], found.json["agrees"], found.json["rows"]) == (SHORTCODE, 1, 1)
    assert paid["receipt"]
    said = command("pull", "--practice", "--dry-run").out.splitlines()
    assert said[0] == "PRACTICE · not real money"
    assert said[-1].startswith("Nothing was changed")
    assert "is off until the owner has chosen a passphrase" in command("pull", "--practice").err
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
    recorded = command("pull", "--practice", "--json")
    assert (recorded.code, recorded.json["agrees"]) == (0, 1)


def test_it_refuses_in_words(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no time" in command("pull", "--practice", "--dry-run", "--since", "today 6").err
    assert "still to come" in command("pull", "--practice", "--dry-run", "--since", "2098-01-01").err
    assert "must be set" in command("pull", "--dry-run").err
    monkeypatch.setenv("POS_PULL_NUMBER", "0708")
    assert "POS_PULL_NUMBER" in command("pull", "--practice", "--dry-run").err
    monkeypatch.setenv("POS_PULL_NUMBER", "")
    monkeypatch.setenv("POS_PULL", "no")
    off = command("pull", "--practice", "--dry-run")
    assert (off.code, "Pull Transactions is off" in off.err) == (2, True)
