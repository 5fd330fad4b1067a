"""`charge`: one customer without a window; exit codes and JSON as programs rely on them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.settings.settings import load
from pos_app.simulator import Choice, Fault, Simulator, SimulatorOptions
from pos_app.vault.vault import open_vault
from tests.callbacks.posing import AUTH_TOKEN, Agent
from tests.cli.conftest import Command

FIELDS = {
    "id",
    "number",
    "status",
    "remark",
    "reason",
    "post_id",
    "post_title",
    "phone",
    "amount",
    "amount_paid",
    "refunded",
    "receipt",
    "merchant_request_id",
    "checkout_request_id",
    "created_at",
    "updated_at",
    "granted",
    "lines",
    "operator",
}


@pytest.fixture
def mpesa() -> Iterator[Simulator]:
    with Simulator(SimulatorOptions(delay=0.05)) as simulator:
        yield simulator


@pytest.fixture
def sandbox(mpesa: Simulator, command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A shop whose M-PESA is the simulator over HTTP, and that only asks; one post to sell."""
    for name, value in {
        "POS_ENVIRONMENT": "sandbox",
        "POS_DARAJA_URL": mpesa.url,
        "POS_SHORTCODE": "174379",
        "POS_CONSUMER_KEY": "practice-key",
        "POS_CONSUMER_SECRET": "practice-secret",
        "POS_PASSKEY": "practice-passkey",
        "POS_CALLBACK": "none",
        "POS_QUERY_AFTER": "0.3",
    }.items():
        monkeypatch.setenv(name, value)
    assert command("posts", "add", "Tea", "--price", "30", "--days", "0").code == 0
    return command


def test_two_customers_in_a_row_pay_and_are_found(command: Command) -> None:
    for phone in ("0712345678", "0722345678"):
        ran = command("charge", "--practice", "--post", "1", "--phone", phone, "--json")
        assert ran.code == 0
        assert ran.json.keys() == FIELDS
        assert ran.json["status"] == "paid"
        assert ran.json["granted"] is True
        assert ran.json["phone"] == "254" + phone[1:]
        assert len(ran.json["receipt"]) == 10
        assert ran.json["created_at"].endswith("Z")
    found = command("payments", "--practice", "--json")
    assert [payment["phone"] for payment in found.json] == ["254722345678", "254712345678"]


def test_several_posts_and_several_of_one_are_one_payment(command: Command) -> None:
    ran = command(
        "charge", "--practice", "--post", "4x2", "--post", "2", "--post", "4", "--phone", "0712345678", "--json"
    )
    assert (ran.code, ran.json["status"]) == (0, "paid")
    tea, week = ran.json["lines"]
    assert (tea["post_id"], tea["quantity"], tea["amount"]) == (4, 3, 3 * tea["price"])
    assert (week["post_id"], week["title"], week["quantity"], week["days"]) == (2, "Week pass", 1, 7)
    assert ran.json["amount"] == ran.json["amount_paid"] == tea["amount"] + week["amount"]
    assert (ran.json["post_id"], ran.json["post_title"]) == (None, f"{tea['title']} x3 and 1 more")
    found = command("payments", "--practice", "week", "--json")
    assert [payment["id"] for payment in found.json] == [ran.json["id"]], "found by any of its posts"
    receipt = command("charge", "--practice", "--post", "4x2", "--post", "2", "--phone", "0722345678")
    assert re.search(rf"{tea['title']} 2 x {tea['price']} +KES {2 * tea['price']}$", receipt.out, re.MULTILINE)
    assert re.search(r"^Week pass +KES 250$", receipt.out, re.MULTILINE)


def test_two_of_one_post_keep_its_id_and_name(command: Command) -> None:
    ran = command("charge", "--practice", "--post", "4x2", "--phone", "0712345678", "--json")
    assert (ran.json["post_id"], ran.json["post_title"]) == (4, ran.json["lines"][0]["title"])


def test_a_price_that_is_asked_is_given_to_the_command(command: Command) -> None:
    added = command(
        "posts", "add", "Posting", "--price", "50", "--highest", "500", "--days", "0", "--practice", "--json"
    )
    assert (added.json["price"], added.json["highest"]) == (50, 500)
    post = str(added.json["id"])
    ran = command("charge", "--practice", "--post", post, "--price", "120", "--phone", "0712345678", "--json")
    assert (ran.code, ran.json["amount"], ran.json["lines"][0]["price"]) == (0, 120, 120)
    for prices in ((), ("501",), ("120", "130"), ("x",)):
        given = [word for price in prices for word in ("--price", price)]
        refused = command("charge", "--practice", "--post", post, *given, "--phone", "0712345678", "--json")
        assert (refused.code, refused.out) == (2, "")
        assert "Nothing was sent" in refused.err
    assert len(command("payments", "--practice", "--json").json) == 1


def test_what_the_customer_has_already_is_said_first_and_a_second_one_adds_to_it(command: Command) -> None:
    first = command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json")
    again = command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--json")
    assert "this makes it" not in first.err
    assert re.search(r"^Has .* until .*; this makes it .*\.$", again.err, re.MULTILINE)
    for ran in (first, again):
        assert (ran.code, ran.json["remark"]) == (0, None)
        assert ran.json["amount_paid"] == ran.json["amount"]


def test_a_prompt_that_nobody_answered_ten_minutes_ago_makes_no_command_wait(command: Command, tmp_path: Path) -> None:
    """An earlier run asked; by M-PESA's time this one knows how long ago that is."""
    asked = command("charge", "--practice", "--post", "1", "--phone", "0712345678", "--json").json["id"]
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection, connection:
        connection.execute(
            "UPDATE payment SET state = 'expired', reason = '1037', receipt = NULL, "
            "created_at = datetime(created_at, '-10 minutes') WHERE id = ?",
            (asked,),
        )
        connection.execute('DELETE FROM "grant"')
    assert command("charge", "--practice", "--post", "1", "--phone", "0712345678", "--json").code == 0


def test_without_json_it_tells_each_step_and_prints_the_receipt(command: Command) -> None:
    ran = command("charge", "--practice", "--post", "2", "--phone", "+254 712 345 678")
    assert ran.code == 0
    steps = [ran.out.index(words) for words in ("Waiting for customer's PIN", "Paid", "PAYMENT RECEIPT")]
    assert steps == sorted(steps)
    assert "0712 xxx 678" in ran.out
    assert "0712345678" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--post", "1", "--phone", "0812345678"), "not a Kenyan mobile number"),
        (("--post", "1", "--phone", "07123"), "not complete"),
        (("--post", "99", "--phone", "0712345678"), "no post 99"),
        (("--post", "tea", "--phone", "0712345678"), "--post"),
        (("--phone", "0712345678"), "--post"),
        (("--post", "1x0", "--phone", "0712345678"), "from 1 to 999"),
        (("--post", "1x-1", "--phone", "0712345678"), "from 1 to 999"),
        (("--post", "1x10000", "--phone", "0712345678"), "from 1 to 999"),
        (("--post", "1x", "--phone", "0712345678"), "from 1 to 999"),
        (("--post", "1x2x3", "--phone", "0712345678"), "from 1 to 999"),
        (("--post", "4x999", "--post", "2x999", "--phone", "0712345678"), "more than the KES 250,000"),
        (("--post", "1", "--price", "50", "--phone", "0712345678"), "--price is for a post whose price is asked"),
        (("--post", "9" * 20, "--phone", "0712345678"), "--post"),
        (("--post", "1", "--phone", "0712345678", "--wait", "-1"), "--wait"),
    ],
)
def test_bad_input_is_words_on_stderr_and_nothing_on_stdout(
    command: Command, arguments: tuple[str, ...], words: str
) -> None:
    ran = command("charge", "--practice", "--json", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert words in ran.err
    assert "Nothing was sent" in ran.err
    assert "Traceback" not in ran.err


def test_by_asking_alone_it_is_paid_and_the_receipt_is_pending(sandbox: Command, mpesa: Simulator) -> None:
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678", "--json")
    assert ran.code == 0
    assert (ran.json["status"], ran.json["receipt"], ran.json["granted"]) == ("paid", None, True)
    assert mpesa.delivered == []


@pytest.mark.parametrize(
    ("choice", "status", "reason"),
    [
        (Choice.CANCEL, "cancelled", "1032"),
        (Choice.WRONG_PIN, "declined", "2001"),
        (Choice.NO_MONEY, "declined", "1"),
    ],
)
def test_not_paid_ends_with_3(sandbox: Command, mpesa: Simulator, choice: Choice, status: str, reason: str) -> None:
    mpesa.script("254712345678", choice)
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678", "--json")
    assert ran.code == 3
    assert (ran.json["status"], ran.json["reason"], ran.json["granted"]) == (status, reason, False)


def test_not_paid_is_said_in_words(sandbox: Command, mpesa: Simulator) -> None:
    mpesa.script("254712345678", Choice.CANCEL)
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678")
    assert ran.code == 3
    assert "Customer cancelled. No money moved." in ran.out


def test_still_open_after_the_wait_ends_with_4_and_is_not_charged_again(sandbox: Command, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.PUSH_ANSWER_LOST)
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678", "--wait", "1", "--json")
    assert ran.code == 4
    assert ran.json["status"] == "unknown"
    again = sandbox("charge", "--post", "1", "--phone", "0712345678", "--json")
    assert again.code == 2
    assert again.out == ""
    assert "could charge twice" in again.err
    assert mpesa.pushes == 1


def test_a_not_sent_charge_ends_with_3(sandbox: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_PASSKEY", "another")
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678", "--json")
    assert ran.code == 3
    assert (ran.json["status"], ran.json["reason"]) == ("not_sent", "credentials")


def test_an_open_till_on_the_folder_is_said(command: Command, tmp_path: Path) -> None:
    from pos_app.bootstrap.till import open_till

    opened = open_till(load(tmp_path, True))
    try:
        ran = command("charge", "--practice", "--post", "1", "--phone", "0712345678")
        assert ran.code == 2
        assert "Another till" in ran.err
    finally:
        opened.close()


def test_keys_behind_a_passphrase_are_never_asked_for(
    sandbox: Command, mpesa: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says where they are; given by the environment they are not needed."""
    monkeypatch.setenv("POS_SECRETS", "file")
    vault = open_vault(load(tmp_path, False))
    assert vault.file is not None
    vault.file.begin_anew("kahawa na mandazi", {})
    charge = ("charge", "--post", "1", "--phone", "0712345678")
    assert sandbox(*charge).code == 0
    monkeypatch.delenv("POS_PASSKEY")
    ran = sandbox(*charge)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert "only the till's window opens. Nothing was sent." in ran.err
    assert mpesa.pushes == 1


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pyngrok's
def test_the_tunnel_is_waited_for_so_that_the_receipt_code_comes(
    sandbox: Command, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_CALLBACK", "ngrok")
    monkeypatch.setenv("POS_NGROK_PATH", str(agent.path))
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    monkeypatch.setenv("POS_QUERY_AFTER", "30")
    ran = sandbox("charge", "--post", "1", "--phone", "0712345678", "--json")
    assert (ran.code, len(ran.json["receipt"])) == (0, 10)
    assert not agent.running()


def test_a_receipt_that_cannot_be_shown_changes_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer has paid: the code says so, and words say what is missing."""

    def fail(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("pos_app.cli.charge.receipt_text", fail)
    ran = command("charge", "--practice", "--post", "1", "--phone", "0712345678")
    assert ran.code == 0
    assert ran.err.startswith("Payment A-")
    assert ran.err.endswith(": Paid. More could not be shown; the log says why.\n")
