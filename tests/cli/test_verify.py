"""`verify`: whether the lines of journal and audit are as they were written, without a window."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def charged(command: Command) -> None:
    """A customer has paid in practice."""
    command("posts", "list", "--practice")
    assert command("charge", "--practice", "--post", "1", "--phone", "0708374149", "--wait", "30").code == 0


def run(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "practice.db")) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.usefixtures("charged")
def test_whole_then_edited(command: Command, tmp_path: Path) -> None:
    ran = command("verify", "--practice", "--json")
    assert (ran.code, ran.json["whole"], ran.json["broken"], ran.json["unsealed"]) == (0, True, [], 0)
    assert ran.json["sealed"] > 0
    [head] = ran.json["heads"]
    said = command("verify", "--practice")
    assert (said.code, f"to be compared later: {head}" in said.out, "cannot be found" in said.out) == (0, True, True)
    assert command("verify", "--practice", "--against", head.lower()).code == 0
    assert command("verify", "--practice", "--against", "A-9999-0000-0000-0000").code == 5
    refused = command("verify", "--practice", "--against", "A-9999")
    assert (refused.code, "Nothing was compared" in refused.err) == (2, True)
    run(tmp_path, "DROP TRIGGER payment_event_no_update")
    run(tmp_path, "UPDATE payment_event SET code = '1' WHERE source = 'callback'")
    ran = command("verify", "--practice", "--json")
    [broken] = ran.json["broken"]
    assert (ran.code, broken["what"], broken["till"]) == (5, "edited", "A")
    said = command("verify", "--practice")
    assert "of till A was edited" in said.out
    assert f"It is about payment {broken['payment']}." in said.out
    assert "No money moved by that" in said.out


def test_a_shop_whose_till_was_never_opened(command: Command) -> None:
    ran = command("verify", "--practice")
    assert (ran.code, "the shop's key is not on this computer" in ran.err) == (2, True)


@pytest.mark.usefixtures("charged")
def test_sealing_is_the_owners(command: Command) -> None:
    ran = command("verify", "--practice", "--seal")
    assert (ran.code, "off until the owner has chosen a passphrase" in ran.err) == (2, True)


def test_a_receipt_by_its_number_and_value(command: Command) -> None:
    command("posts", "list", "--practice")
    printed = command("charge", "--practice", "--post", "1", "--phone", "0708374149", "--wait", "30").out
    number, value = (
        next(line.split()[-1] for line in printed.splitlines() if line.startswith(what)) for what in ("No ", "Check ")
    )
    ran = command("verify", "--practice", "--receipt", number, "--value", value, "--json")
    assert (ran.code, ran.json["genuine"], ran.json["number"], ran.json["amount"]) == (0, True, number, 50)
    said = command("verify", "--practice", "--receipt", number.lower(), "--value", value.lower())
    assert (said.code, "KES 50 paid" in said.out) == (0, True)
    for receipt, other in ((number, "0000-0000"), ("A-20200101-0001", value)):
        ran = command("verify", "--practice", "--receipt", receipt, "--value", other)
        assert (ran.code, "was invented, altered, or typed wrongly" in " ".join(ran.out.split())) == (5, True)
    ran = command("verify", "--practice", "--receipt", number, "--value", "7K3F")
    assert (ran.code, "before there were check values" in ran.err) == (2, True)
    assert command("verify", "--practice", "--receipt", number).code == 2
