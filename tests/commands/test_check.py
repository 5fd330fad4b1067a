"""`check`: what works and what does not, without asking M-PESA for anything."""

from pathlib import Path

import pytest

from pos_app.app import open_till
from pos_app.config import load
from pos_app.vault.vault import open_vault
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


def test_keys_behind_a_passphrase_are_left_alone(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_SECRETS", "file")
    monkeypatch.setenv("POS_SHORTCODE", "600000")
    vault = open_vault(load(tmp_path, False))
    assert vault.file is not None
    vault.file.choose_passphrase("kahawa na mandazi")
    vault.put({"consumer_key": "canary", "consumer_secret": "canary", "passkey": "canary"})
    ran = command("check", "--json")
    assert (ran.code, statuses(ran)["Keys"]) == (0, "amber")
    assert "only the till's window opens" in ran.out


def test_it_says_where_the_keys_are(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POS_CONSUMER_KEY", "POS_CONSUMER_SECRET", "POS_PASSKEY"):
        monkeypatch.setenv(name, "canary")
    ran = command("check")
    assert "the variable POS_CONSUMER_KEY and the variable POS_CONSUMER_SECRET and" in ran.out
    assert "canary" not in ran.out


def test_an_open_till_is_no_fault(command: Command, tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True))
    try:
        ran = command("check", "--practice", "--json")
    finally:
        opened.close()
    assert ran.code == 0
    assert statuses(ran)["Data folder"] == "amber"
