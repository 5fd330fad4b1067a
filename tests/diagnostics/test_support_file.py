"""The support file helps, and tells nothing about the shop, its customers or its keys."""

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app import logs
from pos_app.check_result import Finding, Status
from pos_app.diagnostics.support_file import support_text, write
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Role
from pos_app.domain.payment import State
from pos_app.domain.payment_event import Callback, Result
from pos_app.errors import BadInput
from pos_app.settings.choices import CallbackMode
from pos_app.settings.settings import Settings, load
from pos_app.store import tables as t
from tests.support.builders import charge
from tests.support.till_harness import TillHarness

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PHONE = "254712345678"
SECRETS = {
    "POS_CONSUMER_KEY": "canaryconsumerkey",
    "POS_CONSUMER_SECRET": "canary-consumer-secret",
    "POS_PASSKEY": "canary passkey with spaces",
    "POS_NGROK_AUTHTOKEN": "2canary_ngrok",
}
NAMES = (
    "CANARY ENTERPRISES",
    "Canary Duka",
    "Canary Street 7",
    "Canary Pass",
    "Wanjiku Canary",
    "CANARYPOST",
    "till.canary.example",
)
CODE, CHECKOUT, MERCHANT = "UKN4X7Q2ZT", "ws_CO_23112026140000001712345678", "29115-34620561-1"
NUMBERS = ("712345678", "712 345 678", "712•••678", CODE, CHECKOUT[6:22], MERCHANT, "600987", "5198765")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    """The log of the shop, as its till writes it."""
    handler = logs.set_up(tmp_path)
    yield logging.getLogger("pos_app.test")
    logs.take_down(handler)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A shop with names and numbers, on the database of `harness`."""
    return replace(
        load(tmp_path, True, {}),
        shop_name="Canary Duka",
        registered_name="CANARY ENTERPRISES",
        receipt_lines=("Canary Street 7", "Tel 0712 345 678"),
        shortcode="600987",
        till_number="5198765",
        callback=CallbackMode.URL,
        public_url="https://till.canary.example/results",
    )


def sold(harness: TillHarness) -> None:
    """One customer has paid, and has a name."""
    harness.till.catalogue.add(draft_post("CANARYPOST", 30, 0))
    post = harness.till.catalogue.add(draft_post("Canary Pass", 30, 0))
    payment = charge(harness.till, post, PHONE)
    callback = Callback(Result.SUCCESS, "0", MERCHANT, CHECKOUT, receipt=CODE, phone=PHONE)
    harness.till.ledger.record(callback, payment).result()
    with harness.database._engines.writer.begin() as connection:
        connection.execute(sa.update(t.customer).values(name="Wanjiku Canary"))


def test_nothing_planted_gets_into_it(
    settings: Settings, harness: TillHarness, log: logging.Logger, tmp_path: Path
) -> None:
    sold(harness)
    harness.till.owner.passphrase.choose("canary passphrase")
    harness.till.operators.add("Canary Njeri", Role.OWNER, "1111", "canary passphrase")
    planted = [*SECRETS.values(), *NAMES, PHONE, "0712 345 678", CODE, CHECKOUT, MERCHANT, "600987", "5198765"]
    for canary in planted:
        log.info("something said %s.", canary)
        log.info("upper case %s", canary.upper())
    log.info("to https://till.canary.example/stk/%s of postgresql://canaryuser:pw@canary/shop", "ab" * 20)
    try:
        raise ValueError("for Wanjiku Canary, 0712345678")
    except ValueError:
        log.exception("failed")
    findings = [Finding("Keys", Status.RED, f"{' '.join(planted)}, in {settings.data_dir}", 0.1)]
    file = tmp_path / "support.txt"
    write(file, settings, findings, NOW, {**SECRETS, "POS_SHORTCODE": "600987"})
    text = file.read_text(encoding="utf-8")

    lower = text.lower()
    assert [canary for canary in (*SECRETS.values(), *NAMES, *NUMBERS) if canary.lower() in lower] == []
    assert "canary" not in lower
    assert "nobody by name (owner, by the passphrase): roles, operator 1\n" in text  # the audit, without names
    assert "nobody by name: charge, A-20261123-0001\n" in text
    assert str(tmp_path) not in text
    assert str(Path.home()) + "/" not in text
    assert "ab" * 20 not in text


def test_nothing_of_a_database_server_gets_into_it(settings: Settings, log: logging.Logger) -> None:
    server = "postgresql+psycopg://canaryuser:canarypass@canary.invalid/shop?sslpassword=canarykey"
    for word in ("canaryuser", "canarypass", "canary.invalid", "canarykey", server):
        log.info("said %s.", word)
    text = support_text(replace(settings, database_url=server), [], NOW, {})
    assert "database: server" in text
    assert "cannot be counted" in text
    assert "canary" not in text.lower()


def test_it_says_what_helps(settings: Settings, harness: TillHarness, log: logging.Logger) -> None:
    sold(harness)
    log.info("payment A-20261123-0042: query result 4999: stays prompted")
    findings = [Finding("Disk", Status.AMBER, "0.9 GB free", 0.1)]
    text = support_text(settings, findings, NOW, {"POS_PASSKEY": "secret"})
    for part in (
        "Kaunta 0",
        "Python 3",
        "SQLite 3",
        "PySide6-Essentials 6",
        "environment: practice",
        "short code: 6 digits, till number: 7 digits",
        "from the environment: POS_PASSKEY",
        "amber  Disk: 0.9 GB free",
        f"{State.REVIEW}: 1",
        "payment A-20261123-0042: query result 4999: stays prompted",
    ):
        assert part in text, part


def test_of_the_log_only_the_last_lines_are_in_it(settings: Settings, log: logging.Logger) -> None:
    for number in range(700):
        log.info("line number %d.", number)
    text = support_text(settings, [], NOW, {})
    assert text.count("line number") == 500
    assert "line number 199." not in text
    assert "line number 200." in text


def test_nobody_else_may_read_it(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "support.txt"
    write(file, settings, [], NOW, {})
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_there_already_stays(settings: Settings, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "support.txt"
    target = tmp_path / "elsewhere.txt"
    if kind == "file":
        file.write_text("mine", encoding="utf-8")
    else:
        file.symlink_to(target)
    with pytest.raises(BadInput, match="is there already and stays as it is"):
        write(file, settings, [], NOW, {})
    assert not target.exists()
    assert kind == "link" or file.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_said_in_words(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could not be written"):
        write(tmp_path / "no" / "support.txt", settings, [], NOW, {})


def test_a_database_that_cannot_be_opened_keeps_nobody_from_getting_help(settings: Settings) -> None:
    assert isinstance(settings.database, Path)
    settings.database.write_bytes(b"\xff" * 9_000)
    assert "cannot be counted (Damaged)" in support_text(settings, [], NOW, {})
