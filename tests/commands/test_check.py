"""`check`: what works and what does not, without asking M-PESA for anything."""

from pathlib import Path

import pytest

from pos_app.app import open_till
from pos_app.config import load
from tests.commands.conftest import Command, Ran


def statuses(ran: Ran) -> dict[str, str]:
    return {check["name"]: check["status"] for check in ran.json["checks"]}


def test_practice_is_all_green(command: Command) -> None:
    ran = command("check", "--practice", "--json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert set(statuses(ran).values()) == {"green"}


def test_what_is_missing_is_red_and_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_CONSUMER_KEY", "canary")
    monkeypatch.setenv("POS_CONSUMER_SECRET", "canary")
    monkeypatch.setenv("POS_PASSKEY", "")
    ran = command("check", "--json")
    assert ran.code == 2
    found = statuses(ran)
    assert (found["Settings"], found["Keys"], found["Results"]) == ("red", "red", "amber")
    assert "canary" not in ran.out
    assert "POS_SHORTCODE" in command("check").out


def test_an_open_till_is_no_fault(command: Command, tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True))
    try:
        ran = command("check", "--practice", "--json")
    finally:
        opened.close()
    assert ran.code == 0
    assert statuses(ran)["Data folder"] == "amber"
