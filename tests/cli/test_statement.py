"""`statement`: compares in full, and writes nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.domain.kenya_time import NAIROBI
from pos_app.system_clock import SystemClock
from tests.cli.conftest import Command
from tests.support.statements import DAY, TILL, Entry, before, write

PHONE = "0712345678"


@pytest.fixture
def day() -> str:
    """Today in the shop, as the portal writes it."""
    return f"{SystemClock().now().astimezone(NAIROBI):%d-%m-%Y}"


def test_a_payment_of_practice_agrees_and_the_rest_needs_somebody(command: Command, tmp_path: Path, day: str) -> None:
    paid = command("charge", "--practice", "--post", "2", "--phone", PHONE, "--json").json
    at = SystemClock().now() - timedelta(seconds=1)
    mine = Entry(receipt=paid["receipt"], at=at, amount=250.0, party="071****678 - AMINA **** OTIENO")
    layout = replace(TILL, before=before("Utility Account", SHORTCODE, day))
    path = write(tmp_path / "day.xlsx", layout.grid([mine]))
    found = command("statement", str(path), "--practice", "--dry-run", "--json")
    assert (found.code, found.json["agrees"], found.json["items"]) == (0, 1, [])
    assert command("statement", str(path), "--practice", "--dry-run").out.splitlines()[0] == "PRACTICE · not real money"

    fee = replace(mine, amount=-0.55, details="Pay merchant Charge", reason="Pay merchant Charge", party="")
    path = write(tmp_path / "more.xls", layout.grid([mine, fee, replace(mine, receipt="UKN1AAAA22")]))
    found = command("statement", str(path), "--practice", "--dry-run", "--json")
    assert found.code == 5
    items = found.json.pop("items")
    said = found.json
    assert {name: said[name] for name in said if name not in ("from", "to")} == {
        "short_code": SHORTCODE, "rows": 3, "payments": 2, "agrees": 1, "fills": 0, "settles": 0, "differs": 0,
        "unprompted": 1, "fees": 1, "sweeps": 0, "reversals": 0, "unreadable": 0, "amount_unprompted": 250,
        "items": items,
    } | {"items": said["items"]}  # fmt: skip
    assert {(item["receipt"], item["outcome"], item["amount"], item["payment_id"]) for item in said["items"]} == {
        ("UKN1AAAA22", "unprompted", 250, None),
        (paid["receipt"], "fee", -0.55, None),
    }
    assert list(said)[:3] == ["short_code", "from", "to"]


def test_what_practice_exports_the_till_reads_again(command: Command, tmp_path: Path) -> None:
    paid = command("charge", "--practice", "--post", "2", "--phone", PHONE, "--json").json
    for path in (tmp_path / "day.csv", tmp_path / "day.xlsx"):
        written = command("simulator", "--statement", str(path), "--json")
        assert (written.code, written.json["file"]) == (0, str(path))
        found = command("statement", str(path), "--practice", "--dry-run", "--json")
        assert (found.code, found.json["agrees"], found.json["fees"]) == (0, 1, 1)
        assert [item["receipt"] for item in found.json["items"]] == [paid["receipt"]]
    again = command("simulator", "--statement", str(path))
    assert (again.code, "already" in again.err) == (2, True)


def test_a_statement_of_practice_is_written_where_it_can_be(command: Command, tmp_path: Path) -> None:
    assert "in .csv or .xlsx" in command("simulator", "--statement", str(tmp_path / "day.xls")).err
    assert "folder is not there" in command("simulator", "--statement", str(tmp_path / "no" / "day.csv")).err
    empty = command("simulator", "--statement", str(tmp_path / "day.csv"), "--date", "yesterday")
    assert (empty.code, "day.csv" in empty.out) == (0, True)
    assert command("simulator", "--statement", str(tmp_path / "other.csv"), "--date", "2026").code == 2


def test_it_refuses_in_words(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv", TILL.grid(DAY))
    other = command("statement", str(path), "--practice", "--dry-run")
    assert (other.code, other.out) == (2, "")
    assert f"short code 3700001, and this till charges for {SHORTCODE}" in other.err
    without = command("statement", str(path), "--practice")
    assert without.code == 2
    assert "With --dry-run the statement is compared" in without.err
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert "is empty" in command("statement", str(empty), "--practice", "--dry-run").err


def test_a_shop_without_a_short_code_compares_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_ENVIRONMENT", "sandbox")
    path = write(tmp_path / "day.csv", TILL.grid(DAY))
    refused = command("statement", str(path), "--dry-run")
    assert refused.code == 2
    assert "none yet" in refused.err
