"""`money`: what came without a prompt, found and told; nothing is changed."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.payment import State
from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command
from tests.store.conftest import Shop
from tests.store.test_mpesa_record import FILE, ROW, keep
from tests.support.staff import PASSPHRASE


def test_what_came_without_a_prompt_is_listed_and_found(command: Command, tmp_path: Path) -> None:
    assert command("money", "--practice").out.splitlines()[-1].startswith("No money waits")
    [path] = tmp_path.rglob("*.db")
    database = open_database(path, "practice")
    with database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
    database.close()
    told = command("money", "--practice")
    assert (told.code, told.out.splitlines()) == (
        0,
        [
            "PRACTICE · not real money",
            "23 Nov 2026 14:00  UKN7H7OI90         KES 100  Waits  070****149 AMINA **** OTIENO",
        ],
    )
    [row] = command("money", "amina", "--practice", "--json").json
    assert row == {
        "receipt": "UKN7H7OI90", "at": "2026-11-23T11:00:00.000Z", "amount": 100, "payer": "070****149",
        "name": "AMINA **** OTIENO", "account": "POST_1_1", "word": None, "note": None, "worded_at": None, "by": None,
        "payment": None, "candidates": [],
    }  # fmt: skip
    assert command("money", "--which", "bound", "--practice").out.splitlines()[-1] == "Nothing is bound."
    assert command("money", "zawadi", "--practice").out.splitlines()[-1].startswith("Nothing here matches 'zawadi'")


def test_it_is_that_one(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
    assert command("money", "--practice").code == 0
    [path] = tmp_path.rglob("*.db")
    with closing(open_database(path, "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()
    with closing(Shop(path)) as shop:
        asked = shop.change(shop.open(shop.post(price=100)), state=State.EXPIRED)
        at = asked.created_at + timedelta(minutes=6)
        keep(shop, replace(ROW, at=at, account=""))
    told = command("money", "--practice").out.splitlines()
    assert told[-1] == f"    may be {asked.number}, 0708 ••• 149: not paid: no answer"
    [row] = command("money", "--practice", "--json").json
    assert row["candidates"] == [asked.number]
    assert command("money", "UKN7H7OI9", "--is", asked.number, "--practice").code != 0
    said = command("money", "ukn7h7oi90", "--is", asked.number, "--practice")
    assert (said.code, said.out.splitlines()[-1]) == (0, f"{asked.number} is paid by that money. Access is given.")
    assert command("money", "--practice").out.splitlines()[-1].startswith("No money waits")
