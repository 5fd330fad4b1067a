"""The books as commands open them."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.bootstrap.shop_home import settle_here
from pos_app.messages.window import UPGRADING
from pos_app.settings.settings import load
from tests.cli.conftest import Command
from tests.store.test_migrate import at_version
from tests.support.template import lay_database

SANDBOX = {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379", "POS_SECRETS": "memory"}


@pytest.mark.sqlite
def test_a_command_says_that_it_brings_older_records_up_to_date_where_that_takes_long(
    command: Command, tmp_path: Path
) -> None:
    path = load(tmp_path, True).database
    assert isinstance(path, Path)
    path.parent.mkdir(exist_ok=True)
    at_version(path, "0005")
    over = threading.Event()

    def let_go_once_it_is_said(other: sqlite3.Connection) -> None:
        while not over.wait(0.01):
            for thread in threading.enumerate():
                if thread.name == "long-upgrade" and thread.ident is not None:  # it has begun, and can be waited for
                    thread.join(10)
                    other.rollback()
                    return

    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode=WAL")  # as the program has it
        other.execute("BEGIN IMMEDIATE")  # another till is at it
        helper = threading.Thread(target=let_go_once_it_is_said, args=[other])
        helper.start()
        ran = command("payments", "--practice")
        over.set()
        helper.join(10)
    assert ran.code == 0
    assert ran.err.splitlines() == [UPGRADING]
    assert "A-20261123-0001" in ran.out
    assert command("payments", "--practice").err == ""


def test_in_a_copied_folder_commands_read_and_change_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SANDBOX.items():
        monkeypatch.setenv(name, value)
    first, copy = tmp_path / "first", tmp_path / "copy"
    first.mkdir()
    lay_database(first / "sandbox.db", "sandbox")
    settle_here(load(first, False))
    monkeypatch.setenv("POS_DATA_DIR", str(first))
    add = ("posts", "add", "--price", "50")
    assert command(*add, "Maji").code == 0
    shutil.copytree(first, copy)
    monkeypatch.setenv("POS_DATA_DIR", str(copy))
    looked = command("posts", "list", "--json")
    assert (looked.code, [post["title"] for post in looked.json]) == (0, ["Maji"])
    assert str(first) in looked.err
    refused = command(*add, "Chai")
    assert refused.code != 0
    assert "Nothing was saved: this folder is a copy" in refused.err
    assert command("shop", "here").code == 0
    assert command(*add, "Chai").code == 0
    listed = command("posts", "list", "--json")
    assert (len(listed.json), listed.err) == (2, "")
