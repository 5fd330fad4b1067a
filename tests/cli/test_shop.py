"""`shop move`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.store.moving.filled import fill
from tests.store.server import Server, server_of_tests
from tests.support.template import lay_database


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    yield from server_of_tests()


@pytest.fixture(autouse=True)
def _a_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_ENVIRONMENT", "sandbox")
    monkeypatch.setenv("POS_SECRETS", "memory")
    fill(lay_database(tmp_path / "sandbox.db", "sandbox"))


def test_it_is_moved_and_says_what_to_do(command: Command, server: Server) -> None:
    address = server.create().replace("postgresql+psycopg", "postgresql")
    ran = command("shop", "move", "--to", address)
    assert ran.code == 0
    assert "5 payments, 4 of them not settled yet" in ran.out
    assert "POS_DATABASE_URL" in ran.out
    assert "Comparing every row with the file... 100 %" in ran.err
    again = command("shop", "move", "--to", address)
    assert (again.code, again.out) == (2, "")
    assert "has moved to the database" in again.err


def test_afterwards_it_is_read_and_not_sold_from(command: Command, server: Server) -> None:
    assert command("shop", "move", "--to", server.create()).code == 0
    ran = command("posts", "list")
    assert (ran.code, "Maji" in ran.out) == (0, True)
    assert "What follows is how it was when it moved" in ran.err
    added = command("posts", "add", "Chai", "--price", "20")
    assert (added.code, added.out) == (1, "")
    assert "has moved to a database server" in added.err
    charged = command("charge", "--post", "2", "--phone", "0708374149")
    assert charged.code == 2


def test_it_is_taken_back(command: Command, server: Server) -> None:
    address = server.create()
    command("shop", "move", "--to", address)
    ran = command("shop", "back", "--from", address)
    assert (ran.code, "in this computer's file again: 5 payments, as when it moved" in ran.out) == (0, True)
    command("shop", "move", "--to", address)
    assert command("shop", "back", "--from", address, "--json").json["payments"] == 5


def test_as_json(command: Command, server: Server, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "backups", ignore_errors=True)
    moved = command("shop", "move", "--to", server.create(), "--json").json
    assert (moved["payments"], moved["still_open"], moved["left_out"], moved["ended_earlier"]) == (5, 4, 0, False)
    assert moved["rows"]["payment_event"] == 2


@pytest.mark.parametrize("address", ["till:secret1@127.0.0.1:1/kaunta", "till@127.0.0.1:1/kaunta?password=secret1"])
def test_a_password_does_not_belong_into_the_command(command: Command, address: str) -> None:
    ran = command("shop", "move", "--to", f"postgresql://{address}")
    assert ran.code == 2
    assert "password of the server was typed into the command line" in ran.err
    assert "secret1" not in ran.err


def test_the_password_of_the_environment_is_tried_and_not_said(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("POS_DATABASE_PASSWORD", "secret2")
    ran = command("shop", "move", "--to", "postgresql://till@127.0.0.1:1/kaunta")
    assert ran.code == 2
    assert "No database server runs at its address" in ran.err
    assert "Nothing was moved" in ran.err
    assert "secret2" not in ran.err + "".join(log.read_text() for log in tmp_path.glob("*.log"))
