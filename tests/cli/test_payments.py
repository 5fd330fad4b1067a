"""`payments`: look up, also beside an open till."""

import json
import re
import signal
from pathlib import Path

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.domain.payment import Payment
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.search import Search
from pos_app.settings.settings import load
from pos_app.store import reader
from pos_app.store.reader import SqlReader
from tests.cli.conftest import Command


def test_nothing_yet_is_an_empty_list_and_words(command: Command) -> None:
    assert command("payments", "--practice", "--json").json == []
    assert "Nothing found" in command("payments", "--practice").out


def test_found_by_code_phone_number_and_post(command: Command) -> None:
    paid = command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json").json
    for text in (paid["receipt"][:5].lower(), "5678", "0712345678", paid["number"], "week"):
        found = command("payments", text, "--practice", "--json")
        assert [payment["id"] for payment in found.json] == [paid["id"]], text
    row = command("payments", "week", "--practice").out
    assert "0712 ••• 678" in row
    assert paid["receipt"] in row


def test_the_limit_counts(command: Command) -> None:
    for phone in ("0712345678", "0722345678"):
        command("charge", "--practice", "--post", "1", "--phone", phone)
    assert len(command("payments", "--practice", "--limit", "1", "--json").json) == 1
    told = command("payments", "--practice", "--limit", "1").out.splitlines()
    assert len(told) == 2
    assert re.fullmatch(r"2 payments, KES \d+ paid, the newest 1 are listed, --limit lists more\.", told[1])
    ran = command("payments", "--practice", "--limit", "1", "--export", "all.csv")
    assert (ran.code, "--limit is for the list" in ran.err) == (2, True)
    assert command("payments", "--practice", "--limit", "0").code == 2


def test_it_works_beside_an_open_till(command: Command, tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True))
    try:
        assert command("payments", "--practice", "--json").code == 0
        assert len(command("posts", "list", "--practice", "--json").json) == 6
    finally:
        opened.close()


def test_a_database_of_a_newer_program_is_refused(command: Command, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    command("payments", "--practice")
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = command("payments", "--practice", "--json")
    assert ran.code == 2
    assert ran.out == ""
    assert "newer" in ran.err


def test_a_fault_of_ours_while_reading_is_not_said_to_be_a_damaged_database(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told to put a copy back over good payments because the program is wrong."""

    def faulty(row: object) -> Payment:
        raise ValueError("canary")

    command("charge", "--practice", "--post", "1", "--phone", "0712345678")
    monkeypatch.setattr(reader, "to_payments", faulty)
    ran = command("payments", "--practice", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert "Something went wrong in the till" in ran.err
    assert "damaged" not in ran.err
    assert "ValueError: canary" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")


def test_days_and_states_narrow_it(command: Command) -> None:
    paid = command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json").json

    def ids(*options: str) -> list[int]:
        return [payment["id"] for payment in command("payments", "--practice", "--json", *options).json]

    for options in (
        ("--from", "today"),
        ("--from", "yesterday", "--to", "today"),
        ("--from", paid["created_at"][:4] + "-01-01"),
        ("--state", "paid"),
    ):
        assert ids(*options) == [paid["id"]], options
    for options in (("--to", "yesterday"), ("--state", "open"), ("--state", "not_paid"), ("--state", "attention")):
        assert ids(*options) == [], options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "today", "--to", "yesterday"), "before it begins"),
        (("--from", "23/11/2026"), "is no day"),
        (("--to", ""), "is no day"),
        (("--state", "payed"), "is no state. There are requested"),
    ],
)
def test_what_means_nothing_is_refused_in_words(command: Command, options: tuple[str, ...], words: str) -> None:
    ran = command("payments", "--practice", *options)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


@pytest.mark.parametrize("end", ["csv", "xlsx", "json"])
def test_all_that_is_found_is_written_to_a_file(command: Command, tmp_path: Path, end: str) -> None:
    for phone in ("0712345678", "0722345678"):
        command("charge", "--practice", "--post", "1", "--phone", phone)
    file = tmp_path / f"sold.{end}"
    ran = command("payments", "--practice", "--export", str(file))
    assert (ran.code, ran.out) == (0, f"2 written to {file}\n")
    if end == "json":
        written = json.loads(file.read_text("utf-8"))
        assert {(each["phone"], each["mark"]) for each in written} == {
            ("0712 xxx 678", "PRACTICE · not real money"),
            ("0722 xxx 678", "PRACTICE · not real money"),
        }
    before = file.read_bytes()
    again = ("payments", "5678", "--practice", "--export", str(file), "--json")
    refused = command(*again)
    assert (refused.code, refused.out, file.read_bytes()) == (2, "", before)
    assert "is there already and stays as it is. Nothing was written." in refused.err
    assert "--force" in refused.err
    ran = command(*again, "--force")
    assert ran.json == {"written": 2, "file": str(file)}


def test_a_file_that_cannot_be_written_is_refused_in_words(command: Command, tmp_path: Path) -> None:
    for name, words in (("sold.txt", "must end in"), ("no/sold.csv", "folder is not there.")):
        ran = command("payments", "--practice", "--export", str(tmp_path / name))
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err


def test_an_export_that_is_told_to_end_leaves_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("charge", "--practice", "--post", "1", "--phone", "0712345678")
    found = SqlReader.records

    def interrupted(reader: SqlReader, search: Search) -> list[PaymentRecord]:
        signal.raise_signal(signal.SIGTERM)  # a shell lets what it starts behind it ignore Ctrl+C
        return found(reader, search)

    monkeypatch.setattr(SqlReader, "records", interrupted)
    ran = command("payments", "--practice", "--export", str(tmp_path / "sold.csv"))
    assert (ran.code, ran.out, ran.err) == (1, "", "The export was stopped. Nothing was written.\n")
    assert list(tmp_path.glob("sold*")) == []


def test_who_charged_and_at_which_till(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    nobodys = command("charge", "--practice", "--post", "1", "--phone", "0712345678", "--json").json
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "mama njeri 1987")
    monkeypatch.setenv("POS_OPERATOR_PIN", "1234")
    assert command("operators", "add", "Amina", "--role", "owner", "--practice").code == 0
    her = ("--practice", "--operator", "Amina")
    hers = command("charge", "--post", "1", "--phone", "0722345678", "--json", *her).json
    assert nobodys["number"] in command("payments", *her).out
    only_hers = command("payments", *her, "--by", "amina", "--till", "a").out
    assert hers["number"] in only_hers
    assert nobodys["number"] not in only_hers
    assert "Nothing found" in command("payments", *her, "--till", "ZZ").out
    unknown = command("payments", *her, "--by", "Brian")
    assert (unknown.code, unknown.out) == (2, "")
    assert "There is no operator 'Brian'" in unknown.err
