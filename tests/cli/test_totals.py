"""`totals`: what came in, in sum."""

import pytest

from pos_app.domain.kenya_time import shop_day
from pos_app.system_clock import SystemClock
from tests.cli.conftest import Command


@pytest.fixture
def today(command: Command) -> str:
    """The day in the shop, on which a week pass and two teas were paid for."""
    command("charge", "--practice", "--post", "2", "--post", "4x2", "--phone", "0712345678")
    return shop_day(SystemClock().now()).isoformat()


def test_for_programs(command: Command, today: str) -> None:
    found = command("totals", "--practice", "--by", "post", "--json").json
    assert (found["from"], found["to"], found["by"], found["environment"]) == (today, today, "post", "practice")
    week, tea = found["groups"]
    assert tea == {
        **{"key": 4, "name": "Tea"},
        **{"payments": 1, "paid": 1, "asked": 60, "received": 60, "refunded": 0, "net": 60},
    }
    assert (week["key"], week["net"]) == (2, 250)
    assert found["total"] == {"payments": 1, "paid": 1, "asked": 310, "received": 310, "refunded": 0, "net": 310}
    [day] = command("totals", "--practice", "--from", today, "--to", today, "--json").json["groups"]
    assert (day["key"], day["name"]) == (today, None)


def test_for_people(command: Command, today: str) -> None:
    lines = command("totals", "--practice", "--by", "till").out.splitlines()
    assert lines[0] == "PRACTICE · not real money"
    assert " ".join(lines[1].split()) == "Till Payments Paid KES asked KES paid KES refunded KES net"
    assert lines[2].split() == ["Till", "A", "1", "1", "310", "310", "0", "310"]
    assert lines[3].startswith("Together")
    assert "No payments on 1 Feb 2026." in command("totals", "--practice", "--to", "2026-02-01").out
    assert (
        "from 1 Feb 2026 to 2 Feb 2026."
        in command("totals", "--practice", "--from", "2026-02-01", "--to", "2026-02-02").out
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "2026-11-25", "--to", "2026-11-24"), "before it begins"),
        (("--from", "24/11/2026"), "is no day"),
        (("--to", "2026-02-30"), "is no day"),
        (("--from", "2000-01-01"), "too many"),
        (("--by", "week"), "invalid choice"),
    ],
)
def test_days_that_are_none_are_refused_in_words(command: Command, options: tuple[str, ...], words: str) -> None:
    ran = command("totals", "--practice", *options)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_rule_16_sums_are_not_for_an_operator_whom_the_owner_shows_none(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "a long passphrase")
    monkeypatch.setenv("POS_OPERATOR_PIN", "4711")
    assert command("operators", "add", "Amina", "--role", "operator", "--practice").code == 0
    assert command("totals", "--practice", "--operator", "Amina").code == 0
    assert command("operators", "may", "--totals", "no", "--practice").code == 0
    monkeypatch.delenv("POS_OWNER_PASSPHRASE")
    ran = command("totals", "--practice", "--operator", "Amina")
    assert ran.code == 2
    assert ran.out == ""
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "a long passphrase")
    assert command("totals", "--practice", "--operator", "Amina").code == 0, "the owner stands beside"
