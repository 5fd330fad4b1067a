"""`check`: what works and what does not, in words and as JSON; and the support file."""

from pathlib import Path

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.settings.settings import load
from pos_app.simulator import Simulator, SimulatorOptions
from pos_app.vault.vault import open_vault
from tests.cli.conftest import Command, Ran


@pytest.fixture(autouse=True)
def _no_m_pesa(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that names no M-PESA must not look for the real one."""
    monkeypatch.setenv("POS_ENVIRONMENT", "sandbox")
    monkeypatch.setenv("POS_DARAJA_URL", "http://127.0.0.1:9")  # the discard port: nobody listens


def statuses(ran: Ran) -> dict[str, str]:
    return {check["name"]: check["status"] for check in ran.json["checks"]}


def test_practice_is_all_green(command: Command) -> None:
    ran = command("check", "--practice", "--json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert set(statuses(ran).values()) == {"green"}
    assert {tuple(check) for check in ran.json["checks"]} == {("name", "status", "words", "seconds")}


def test_what_is_missing_is_red_and_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_CONSUMER_KEY", "canary")
    monkeypatch.setenv("POS_CONSUMER_SECRET", "canary")
    monkeypatch.setenv("POS_PASSKEY", "")
    ran = command("check", "--json")
    assert ran.code == 2
    assert ran.json["ok"] is False
    found = statuses(ran)
    assert [found[name] for name in ("Settings", "Keys", "Short code", "Connection")] == ["red"] * 4
    assert (found["Access token"], found["Results"]) == ("amber", "amber")
    assert "canary" not in ran.out + ran.err
    assert "POS_SHORTCODE" in command("check").out


def test_a_sandbox_shop_is_tried_on_its_m_pesa(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulator(SimulatorOptions()) as mpesa:
        for name, value in {
            "ENVIRONMENT": "sandbox",
            "DARAJA_URL": mpesa.url,
            "SHORTCODE": "174379",
            "CONSUMER_KEY": "practice-key",
            "CONSUMER_SECRET": "practice-secret",
            "PASSKEY": "practice-passkey",
        }.items():
            monkeypatch.setenv(f"POS_{name}", value)
        good = command("check")
        monkeypatch.setenv("POS_CONSUMER_SECRET", "that of another app")
        bad = command("check")
    assert good.code == 0
    assert "green  Access token: M-PESA accepts the shop's keys" in good.out
    assert bad.code == 2
    assert "red    Access token: M-PESA did not accept the shop's keys. Nothing was sent." in bad.out
    assert "that of another app" not in bad.out + bad.err


def test_keys_behind_a_passphrase_are_left_alone(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_SECRETS", "file")
    monkeypatch.setenv("POS_SHORTCODE", "600000")
    vault = open_vault(load(tmp_path, False))
    assert vault.file is not None
    vault.file.begin_anew("kahawa na mandazi", {})
    vault.put({"consumer_key": "canary", "consumer_secret": "canary", "passkey": "canary"})
    ran = command("check", "--json")
    assert (statuses(ran)["Keys"], statuses(ran)["Access token"]) == ("amber", "amber")
    assert "canary" not in ran.out
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


@pytest.mark.parametrize("as_json", [True, False])
def test_the_support_file_has_the_findings(command: Command, tmp_path: Path, *, as_json: bool) -> None:
    file = tmp_path / "support.txt"
    ran = command("check", "--practice", "--support", str(file), *(["--json"] if as_json else []))
    assert ran.code == 0
    text = file.read_text(encoding="utf-8")
    assert "green  Settings: Complete for practice" in text
    assert str(tmp_path) not in text
    assert ran.json["ok"] if as_json else f"Saved {file}" in ran.out


def test_a_support_file_that_is_there_is_refused_before_anything_is_looked_at(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "support.txt"
    file.write_text("mine", encoding="utf-8")
    ran = command("check", "--practice", "--support", str(file), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "is there already and stays as it is" in ran.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "practice.db").exists()
