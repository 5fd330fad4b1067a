"""`restore`: a copy put back; and the way from a damaged file to a till that works."""

import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.messages.copies import NOBODY_KNOWS
from pos_app.settings.settings import load
from tests.cli.conftest import Command


@pytest.fixture
def copy(command: Command, tmp_path: Path) -> Path:
    """A copy from when there was one payment; now there are two."""
    path = tmp_path / "usb.db"
    command("charge", "--practice", "--post", "1", "--phone", "0712345678")
    assert command("backup", str(path), "--practice").code == 0
    command("charge", "--practice", "--post", "2", "--phone", "0722345678")
    return path


def phones(command: Command) -> list[str]:
    return [payment["phone"] for payment in command("payments", "--practice", "--json").json]


def test_it_says_what_was_kept_where(command: Command, copy: Path, tmp_path: Path) -> None:
    ran = command("restore", str(copy), "--practice")
    assert (ran.code, ran.err) == (0, "")
    assert "now holds 1 payment" in ran.out
    (kept,) = tmp_path.glob("practice.db.replaced-*")
    assert re.fullmatch(r"practice\.db\.replaced-\d{8}-\d{6}", kept.name)
    assert f"is kept as {kept}." in ran.out
    assert "on the M-PESA statement" in ran.out
    assert phones(command) == ["254712345678"]
    assert "in the place of practice.db" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")
    assert command("restore", str(kept), "--practice").code == 0
    assert phones(command) == ["254722345678", "254712345678"]


def test_a_large_one_is_said_to_take_a_while(
    command: Command, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.cli.books.LARGE", 1_000)
    for words in (["restore", str(copy)], ["backup", str(tmp_path / "another.db")]):
        ran = command(*words, "--practice")
        assert ran.code == 0
        assert ran.err.startswith("It is copied and looked through")


def test_json(command: Command, copy: Path, tmp_path: Path) -> None:
    ran = command("restore", str(copy), "--practice", "--json")
    (kept,) = tmp_path.glob("practice.db.replaced-*")
    gone = dict.fromkeys(("first_close", "last_close", "refunds", "refunded"), 0)
    found = {"file": str(tmp_path / "practice.db"), "payments": 1, "kept": str(kept), "whose": "own"}
    assert ran.json == found | gone


def test_closes_that_go_with_the_replaced_file_are_said_and_their_numbers_not_used_again(
    command: Command, copy: Path
) -> None:
    assert command("day", "close", "--practice").code in (0, 5)
    ran = command("restore", str(copy), "--practice")
    assert "Z 0001 is only in the kept file, too: these numbers are not used again." in ran.out
    told = command("day", "--practice", "--json").json
    assert (told["number"], told["after"], told["lost"]) == (2, 0, 1)
    assert "Z 0001 went with a database" in " ".join(command("day", "close", "--practice").out.split())
    assert [close["number"] for close in command("day", "list", "--practice", "--json").json] == [2]


def test_another_shops_copy_is_refused_unless_it_is_meant(command: Command, copy: Path, tmp_path: Path) -> None:
    there = ("--practice", "--data-dir", str(tmp_path / "there"))
    command("charge", *there, "--post", "1", "--phone", "0733345678")
    another = tmp_path / "another.db"
    assert command("backup", str(another), *there).code == 0
    ran = command("restore", str(another), "--practice")
    assert (ran.code, ran.out) == (2, "")
    assert "no copy of this till's payments" in ran.err
    assert len(phones(command)) == 2
    assert command("restore", str(another), "--practice", "--another-shop").code == 0
    assert phones(command) == ["254733345678"]


def test_a_copy_of_nobody_knows_whom_is_put_back_with_words(command: Command, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM setting WHERE key = 'shop'")
        connection.execute(f"UPDATE payment SET address = '{'e' * 64}'")
        connection.commit()
    ran = command("restore", str(copy), "--practice")
    assert ran.code == 0
    assert NOBODY_KNOWS in ran.out


def test_on_a_new_computer(command: Command, copy: Path, tmp_path: Path) -> None:
    ran = command("restore", str(copy), "--practice", "--data-dir", str(tmp_path / "new"))
    assert ran.code == 0
    assert "There was no database before." in ran.out
    assert len(command("payments", "--practice", "--data-dir", str(tmp_path / "new"), "--json").json) == 1


def test_an_open_till_is_not_disturbed(command: Command, copy: Path, tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True))
    try:
        ran = command("restore", str(copy), "--practice")
    finally:
        opened.close()
    assert ran.code == 2
    assert "Another till is open" in ran.err
    assert len(phones(command)) == 2


def test_a_copy_of_another_environment_is_refused(
    command: Command, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_ENVIRONMENT", "sandbox")
    ran = command("restore", str(copy))
    assert (ran.code, ran.out) == (2, "")
    assert "holds practice payments and cannot be used for sandbox" in ran.err
    assert not (tmp_path / "sandbox.db").exists()


def test_from_a_damaged_file_back_to_a_till_by_the_command_that_is_named(command: Command, tmp_path: Path) -> None:
    command("charge", "--practice", "--post", "1", "--phone", "0712345678")
    command("backup", str(tmp_path / "usb.db"), "--practice")
    (tmp_path / "backups").mkdir(exist_ok=True)
    (tmp_path / "usb.db").rename(tmp_path / "backups" / "practice-20990101-110000.db")
    damaged = b"\xff" * 100 + (tmp_path / "practice.db").read_bytes()[100:]
    (tmp_path / "practice.db").write_bytes(damaged)
    ran = command("payments", "--practice", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "The last automatic copy is from 1 Jan 2099 14:00 (1 payment)." in ran.err
    for name in ("charge", "posts", "check"):
        options = {"charge": ["--post", "1", "--phone", "0712345678"], "posts": ["list"]}.get(name, [])
        ran = command(name, *options, "--practice")
        assert ran.code == 2
        assert "main.py restore" in ran.out + ran.err
    advised = re.search("`python main.py (restore .*)`", ran.out + ran.err)
    assert advised
    assert command(*shlex.split(advised[1])).code == 0
    assert phones(command) == ["254712345678"]
    (kept,) = tmp_path.glob("practice.db.replaced-*")
    assert kept.read_bytes() == damaged
