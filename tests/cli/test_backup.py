"""`backup`: the database, copied to a file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.settings.settings import load
from tests.cli.conftest import Command


def charge(command: Command) -> None:
    assert command("charge", "--practice", "--post", "1", "--phone", "0712345678").code == 0


def test_it_says_where_and_how_much(command: Command, tmp_path: Path) -> None:
    charge(command)
    ran = command("backup", str(tmp_path / "usb.db"), "--practice")
    assert (ran.code, ran.err) == (0, "")
    assert f"Copied to {tmp_path / 'usb.db'}: 1 payment of practice." in ran.out


def test_json_beside_an_open_till(command: Command, tmp_path: Path) -> None:
    charge(command)
    opened = open_till(load(tmp_path, True))
    try:
        ran = command("backup", str(tmp_path / "usb.db"), "--practice", "--json")
    finally:
        opened.close()
    assert (ran.code, ran.json) == (0, {"file": str(tmp_path / "usb.db"), "payments": 1})
    with closing(sqlite3.connect(tmp_path / "usb.db")) as copy:
        assert copy.execute("SELECT state FROM payment").fetchall() == [("paid",)]


def test_a_file_that_is_there_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    command("posts", "list", "--practice")
    (tmp_path / "usb.db").write_text("mine", encoding="utf-8")
    ran = command("backup", str(tmp_path / "usb.db"), "--practice", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "is there already" in ran.err
    assert (tmp_path / "usb.db").read_text(encoding="utf-8") == "mine"


def test_without_a_database_none_is_made(command: Command, tmp_path: Path) -> None:
    ran = command("backup", str(tmp_path / "usb.db"), "--practice")
    assert ran.code == 2
    assert "There is no database" in ran.err
    assert not list(tmp_path.iterdir())


def test_a_server_has_its_own_backups(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_DATABASE_URL", "postgresql+psycopg://till@127.0.0.1/kaunta")
    for name in ("backup", "restore"):
        ran = command(name, str(tmp_path / "usb.db"))
        assert ran.code == 2
        assert "database server" in ran.err


def test_a_damaged_database_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "practice.db").write_bytes(b"\xff" * 9_000)
    ran = command("backup", str(tmp_path / "usb.db"), "--practice")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("The database file is damaged.")
