"""`refund`: record that money went back, without a window."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.sales.build import open_books, owner_passphrase
from pos_app.settings.settings import load
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command, Ran

PASSPHRASE = "mama njeri 1987"
Refund = Callable[..., Ran]


@pytest.fixture
def paid(command: Command) -> Any:
    return command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json").json


@pytest.fixture
def owner(paid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner has chosen a passphrase, and gives it."""
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def refund(command: Command, paid: Any) -> Refund:
    def run(*more: str, which: str = "", amount: str = "", code: str = "UKR0000001") -> Ran:
        sum_ = amount or str(paid["amount"])
        named = which or str(paid["id"])
        return command("refund", named, "--practice", "--amount", sum_, "--code", code, "--reason", "wrong room", *more)

    return run


@pytest.mark.usefixtures("owner")
def test_the_payment_is_printed_as_json_with_what_went_back(refund: Refund, command: Command, paid: Any) -> None:
    assert paid["refunded"] == 0
    ran = refund("--json")
    assert ran.code == 0
    assert (ran.json["refunded"], ran.json["status"], ran.json["receipt"]) == (paid["amount"], "paid", paid["receipt"])
    assert command("payments", "UKR0000001", "--practice", "--json").json == [ran.json]


@pytest.mark.usefixtures("owner")
def test_a_part_by_the_payments_number_says_so_in_words(refund: Refund, paid: Any) -> None:
    ran = refund(which=paid["number"].lower(), amount="1")
    assert ran.code == 0
    assert f"Paid, part refunded  {paid['receipt']}" in ran.out
    assert "KES 1 went back." in ran.out
    assert "Access until" in ran.out
    assert "Access withdrawn" in refund("--access", "withdrawn", amount="1", code="UKR0000002").out


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"which": "99"}, "There is no payment '99'"),
        ({"which": "9" * 19}, "There is no payment"),
        ({"which": "A-20261123-0099"}, "There is no payment"),
        ({"which": "KES 1"}, "There is no payment"),
        ({"amount": "1e1"}, "in whole shillings"),
        ({"amount": "250000"}, "can still go back"),
        ({"code": "cash"}, "Type the code"),
    ],
)
def test_what_cannot_be_recorded_is_refused(refund: Refund, changes: dict[str, str], words: str) -> None:
    ran = refund("--json", **changes)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Nothing was changed" in ran.err


def test_it_is_the_owners(
    refund: Refund, command: Command, paid: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    assert "Money back is off until the owner has chosen a passphrase" in refund().err
    request.getfixturevalue("owner")
    monkeypatch.delenv("POS_OWNER_PASSPHRASE")
    ran = refund()
    assert ran.code == 2
    assert "This is for the owner. Set POS_OWNER_PASSPHRASE" in ran.err
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "somebody else's")
    assert "not the owner's passphrase" in refund().err
    assert command("payments", "--practice", "--json").json == [paid]


@pytest.mark.usefixtures("owner")
def test_what_did_not_go_back_is_taken_back(refund: Refund, command: Command, paid: Any) -> None:
    refund()
    taken = ("refund", paid["number"], "--practice", "--take-back", "ukr0000001", "--reason", "mistyped")
    ran = command(*taken)
    assert (ran.code, "Nothing of it went back. Access withdrawn" in ran.out) == (0, True)
    again = command(*taken, "--json")
    assert (again.code, again.out) == (2, "")
    assert "By that code nothing of this payment went back" in again.err
    assert refund("--json").json["refunded"] == paid["amount"]


@pytest.mark.usefixtures("owner")
def test_it_works_beside_an_open_till(refund: Refund, tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True))
    try:
        assert refund().code == 0
    finally:
        opened.close()


@pytest.mark.parametrize("missing", ["--amount", "--code", "--reason"])
def test_nothing_is_left_out(command: Command, missing: str) -> None:
    given = {"--amount": "1", "--code": "UKR0000001", "--reason": "x"}
    del given[missing]
    for more in ((), ("--take-back", "UKR0000001")):
        ran = command("refund", "1", *(word for pair in given.items() for word in pair), *more)
        assert ran.code == 2
        assert missing in ran.err
