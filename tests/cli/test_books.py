"""The books as commands open them."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.messages.window import UPGRADING
from pos_app.settings.settings import load
from tests.cli.conftest import Command
from tests.store.test_migrate import at_version


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
                if thread.name == "long-upgrade":
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
