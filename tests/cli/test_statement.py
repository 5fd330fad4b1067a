"""`statement`: compares in full, and records; with --dry-run it writes nothing."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import NewPayment, State
from pos_app.domain.reference import account_reference
from pos_app.sales.build import Books, open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command
from tests.support.builders import a_line
from tests.support.statements import DAY, TILL, Entry, before, write

PHONE = "0712345678"
PASSPHRASE = "mama njeri 1987"


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


@pytest.fixture
def owner(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """The books of practice; the owner has chosen a passphrase, and gives it."""
    command("posts", "list", "--practice")
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
        yield books
        books.writer.stop()


def test_what_is_not_paid_is_settled_and_both_runs_say_the_same(owner: Books, command: Command, tmp_path: Path) -> None:
    pushed = SystemClock().now() - timedelta(minutes=10)
    post = owner.reader.posts()[1]
    new = NewPayment(
        till="A", lines=(a_line(post),), phone="254712345678", address="0" * 64, retry_of=None, created_at=pushed
    )
    asked = owner.writer.run(lambda transaction: transaction.add_payment(new))
    days = [f"{(pushed + timedelta(days=n)).astimezone(NAIROBI):%d-%m-%Y}" for n in (-1, 0)]
    head = before("Utility Account", SHORTCODE)
    head = (*head[:3], ("Time Period:", "From", f"{days[0]} 00:00:00", "To", f"{days[1]} 23:59:59"), *head[4:])
    row = Entry(
        at=pushed + timedelta(seconds=20), amount=float(post.price), party="071****678 - AMINA **** OTIENO",
        reason="Pay Bill Online", account=account_reference(asked).text(),
    )  # fmt: skip
    path = write(tmp_path / "day.csv", replace(TILL, before=head).grid([row]))
    dry = command("statement", str(path), "--practice", "--dry-run", "--json")
    assert (dry.code, dry.json["settles"], dry.json["items"][0]["payment_id"]) == (0, 1, asked.id)
    assert owner.reader.record_files() == []
    recorded = command("statement", str(path), "--practice", "--json")
    assert (recorded.code, recorded.json) == (0, dry.json)
    paid = owner.reader.payment(asked.id)
    assert paid
    assert (paid.state, paid.receipt) == (State.PAID, row.receipt)
    again = command("statement", str(path), "--practice")
    assert again.out.splitlines()[0] == "PRACTICE · not real money"
    assert "All of it is recorded" in again.out


def test_what_is_recorded_after_a_close_stands_under_it(owner: Books, command: Command, tmp_path: Path) -> None:
    paid = command("charge", "--practice", "--post", "2", "--phone", PHONE, "--json").json
    assert command("day", "close", "--practice").code == 0
    path = tmp_path / "day.csv"
    assert command("simulator", "--statement", str(path)).code == 0
    assert command("statement", str(path), "--practice").code == 0
    [close] = command("day", "list", "--practice", "--json").json
    [supplement] = close["supplements"]
    assert (supplement["name"], supplement["rows"]) == ("Z 0001/1", [])
    assert supplement["told"]["agrees"] == {"rows": 1, "cents": paid["amount"] * 100}
    assert "  Z 0001/1" in command("day", "list", "--practice").out
    one = command("day", "--number", "1", "--supplement", "1", "--practice", "--json").json
    assert one == supplement
    assert "SUPPLEMENT Z 0001/1" in command("day", "--number", "1", "--supplement", "1", "--practice").out
    other = command("day", "--number", "1", "--supplement", "2", "--practice")
    assert (other.code, "Z 0001 has no supplement 2" in other.err) == (2, True)
    assert command("day", "--supplement", "1", "--practice").code == 2
    assert command("verify", "--practice").code == 0


def test_it_refuses_in_words(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv", TILL.grid(DAY))
    other = command("statement", str(path), "--practice", "--dry-run")
    assert (other.code, other.out) == (2, "")
    assert f"short code 3700001, and this till charges for {SHORTCODE}" in other.err
    without = command("statement", str(path), "--practice")
    assert without.code == 2
    assert "Recording M-PESA's statement is off until the owner has chosen a passphrase" in without.err
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
