"""`access`: whether a customer has a post, and access by hand without a window."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command, Ran

PASSPHRASE = "mama njeri 1987"
PHONE, MSISDN, WHY = "0712345678", "254712345678", ("--reason", "a regular")
WEEK = 2
Access = Callable[..., Ran]


@pytest.fixture
def access(command: Command) -> Access:
    def run(*arguments: str, phone: str = PHONE, post: int = WEEK) -> Ran:
        action = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
        rest = arguments[len(action) :]
        return command("access", *action, "--practice", "--phone", phone, "--post", str(post), *rest)

    return run


@pytest.fixture
def owner(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner has chosen a passphrase, and gives it."""
    command("posts", "list", "--practice")
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)


def test_who_has_nothing_has_nothing(access: Access) -> None:
    ran = access()
    assert (ran.code, ran.err) == (3, "")
    assert ran.out == "0712 ••• 678 does not have Week pass.\n"
    ran = access("--json", phone="+254 712 345 678")
    assert ran.code == 3
    assert ran.json == {"phone": MSISDN, "post_id": WEEK, "has": False, "until": None}


@pytest.mark.usefixtures("owner")
def test_given_extended_asked_about_and_withdrawn(access: Access) -> None:
    given = access("give", "--days", "7", *WHY, "--json")
    assert given.code == 0
    assert (given.json["has"], given.json["until"][-1]) == (True, "Z")
    assert access("--json").json == given.json
    told = access()
    assert told.code == 0
    assert told.out.startswith("0712 ••• 678 has Week pass until ")
    again = access("give", "--days", "7", *WHY)
    assert again.code == 2
    assert again.err.endswith("Nothing was changed. More days: `access extend`.\n")
    more = access("extend", "--days", "1", *WHY, "--json").json
    assert more["until"][:10] > given.json["until"][:10]
    ever = access("extend", "--for-ever", *WHY)
    assert (ever.code, ever.out) == (0, "0712 ••• 678 has Week pass for ever.\n")
    assert access("--json").json == {"phone": MSISDN, "post_id": WEEK, "has": True, "until": None}
    gone = access("withdraw", "--reason", "left")
    assert (gone.code, gone.out) == (0, "0712 ••• 678 does not have Week pass.\n")
    assert access().code == 3
    none = access("extend", "--days", "1", *WHY)
    assert none.code == 2
    assert none.err.endswith("Nothing was changed. New access: `access give`.\n")
    assert access("withdraw", "--reason", "left").code == 2


@pytest.mark.usefixtures("owner")
def test_what_one_payment_gave_is_withdrawn(access: Access, command: Command) -> None:
    paid: Any = command("charge", "--practice", "--post", str(WEEK), "--phone", PHONE, "--json").json
    access("extend", "--days", "3", *WHY)
    other = access("withdraw", "--payment", paid["number"], *WHY, post=1)
    assert (other.code, other.err) == (2, f"Payment {paid['number']} is not for Day pass. Nothing was changed.\n")
    left = access("withdraw", "--payment", str(paid["id"]), *WHY, "--json")
    assert (left.code, left.json["has"]) == (0, True)
    assert "Access withdrawn by hand" in command("payment", str(paid["id"]), "--practice").out


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("give", *WHY), "Say how long: --days N or --for-ever"),
        (("give", "--days", "7", "--for-ever", *WHY), "Say how long: --days N or --for-ever"),
        (("give", "--days", "seven", *WHY), "for 1 to 3,650 whole days, or for ever"),
        (("give", "--days", "7"), "Type the reason"),
        (("withdraw", "--days", "7", *WHY), "go with `access give` and `access extend`"),
        (("give", "--days", "7", "--payment", "1", *WHY), "--payment goes with `access withdraw`"),
        (("--for-ever",), "go with `access give` and `access extend`"),
    ],
)
def test_what_is_refused_in_words(access: Access, arguments: tuple[str, ...], words: str) -> None:
    ran = access(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert ran.err.rstrip().endswith("Nothing was changed.")


def test_a_bad_phone_and_an_unknown_post_are_said_in_words(access: Access) -> None:
    bad = access(phone="12345")
    assert (bad.code, bad.out) == (2, "")
    assert "phone" in bad.err.lower() or "number" in bad.err
    unknown = access(post=999)
    assert (unknown.code, unknown.out) == (2, "")
    assert unknown.err == "There is no post 999. Nothing was changed. `posts list` has the ids.\n"
    assert access(phone=PHONE, post=0).code == 2


def test_without_a_passphrase_it_is_off(access: Access) -> None:
    ran = access("give", "--days", "7", *WHY)
    assert (ran.code, ran.out) == (2, "")
    assert "off until the owner has chosen a passphrase" in ran.err


@pytest.mark.usefixtures("owner")
def test_where_there_are_operators_they_are_named(
    access: Access, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_OPERATOR_PIN", "1234")
    command("operators", "add", "Amina", "--role", "operator", "--practice")
    command("operators", "add", "Brian", "--role", "supervisor", "--practice")
    assert access().code == 2
    assert access("--operator", "Amina").code == 3
    monkeypatch.delenv("POS_OWNER_PASSPHRASE")
    refused = access("give", "--days", "7", "--operator", "Amina", *WHY)
    assert refused.code == 2
    assert "This is for a supervisor or the owner" in refused.err
    assert access("give", "--days", "7", "--operator", "Brian", *WHY).code == 0
    assert access("--operator", "Amina").code == 0
