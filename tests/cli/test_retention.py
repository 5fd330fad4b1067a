"""`retention`: how long customers are kept, without a window."""

from contextlib import closing
from pathlib import Path

import pytest

from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command

PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def owner(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner has a passphrase, and gives it."""
    command("posts", "list", "--practice")
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)


@pytest.mark.usefixtures("owner")
def test_it_is_off_and_chosen_by_the_owner(command: Command) -> None:
    assert command("retention", "--practice", "--json").json == {"months": None, "last_run": None}
    assert command("retention", "--practice", "--months", "24", "--json").json == {"months": 24, "last_run": None}
    ran = command("retention", "--practice")
    assert (ran.code, ran.out.strip()) == (
        0,
        "After 24 months without a purchase. Nobody was erased by itself yet.",
    )
    assert command("retention", "--practice", "--months", "off", "--json").json == {"months": None, "last_run": None}


def test_what_cannot_be_chosen_is_said(command: Command) -> None:
    ran = command("retention", "--practice", "--months", "6")
    assert (ran.code, "12, 24, 36, 60 months" in ran.err) == (2, True)
    ran = command("retention", "--practice", "--months", "12")
    assert (ran.code, "off until the owner has chosen" in ran.err) == (2, True)
