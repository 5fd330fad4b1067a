"""`money`: what came without a prompt, found and told; nothing is changed."""

from pathlib import Path

from pos_app.store.database import open_database
from tests.cli.conftest import Command
from tests.store.test_mpesa_record import FILE, ROW


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
        "payment": None,
    }  # fmt: skip
    assert command("money", "--which", "bound", "--practice").out.splitlines()[-1] == "Nothing is bound."
    assert command("money", "zawadi", "--practice").out.splitlines()[-1].startswith("Nothing here matches 'zawadi'")
