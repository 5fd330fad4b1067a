"""`day`: the report since the last close, the close, and the closes there were."""

import csv
import threading
from pathlib import Path

import pytest

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.cli.books import open_shop
from pos_app.cli.pull_first import pull_first
from pos_app.domain.kenya_time import shop_day
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock
from tests.cli.conftest import Command


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_from_the_report_to_the_close(command: Command, tmp_path: Path) -> None:
    command("charge", "--practice", "--post", "2", "--post", "4x2", "--phone", "0712345678")
    found = command("day", "--practice", "--json").json
    assert (found["kind"], found["number"], found["since"], found["environment"]) == ("open", 1, None, "practice")
    assert (found["figures"]["received"], found["figures"]["net"], found["open_count"]) == (310, 310, 0)
    assert {group["name"]: group["net"] for group in found["posts"]} == {"Week pass": 250, "Tea": 60}
    text = command("day", "--practice").out
    assert "DAY REPORT X, not closed yet" in text
    assert "PRACTICE · not real money" in text
    tax, report = tmp_path / "tax.csv", tmp_path / "z.csv"
    ran = command("day", "close", "--practice", "--json", "--tax", str(tax), "--export", str(report))
    assert ran.code == 0
    close = ran.json
    assert (close["kind"], close["number"], close["till"], close["record"]) == ("close", 1, "A", None)
    [head] = close["heads"]
    assert command("verify", "--practice", "--against", head).code == 0
    assert head in command("day", "--number", "1", "--practice").out
    assert ["Report", "last line of a till", head] in [[*line[:2], line[7]] for line in rows(report)]
    assert [line[2:6] for line in rows(tax)] == [
        ["Item", "Quantity", "Unit price", "Total"],
        ["Week pass", "1", "250", "250"],
        ["Tea", "2", "30", "60"],
    ]
    assert rows(tax)[1][7] == "PRACTICE · not real money"
    assert ["Total", "Net", "", "", "", "", "310"] in [line[:7] for line in rows(report)]
    again = command("day", "--number", "1", "--practice", "--json").json
    assert again == close
    assert command("day", "list", "--practice", "--json").json == [close | {"supplements": []}]
    assert "Z 0001" in command("day", "list", "--practice").out
    after = command("day", "--practice", "--json").json
    assert (after["number"], after["figures"]["payments"]) == (2, 0)
    twice = command("day", "close", "--practice")
    assert (twice.code, twice.out) == (2, "")
    assert "There is nothing to close" in twice.err
    today = shop_day(SystemClock().now()).isoformat()
    day = command("day", "--date", "today", "--practice", "--json").json
    assert (day["kind"], day["number"], day["figures"]["net"]) == ("calendar", None, 310)
    assert "not a close" in " ".join(command("day", "--date", today, "--practice").out.split())
    assert command("day", "--date", today, "--practice", "--export", str(tmp_path / "day.csv")).code == 0
    assert command("day", "--date", "2020-01-01", "--practice", "--json").json["figures"]["payments"] == 0


def test_no_close_yet(command: Command) -> None:
    assert "No day was closed yet." in command("day", "list", "--practice").out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("close", "--date", "today"), "takes no --date"),
        (("list", "--number", "1"), "takes no --date and no --number"),
        (("--number", "9"), "no close of number 9"),
        (("--tax", "a.csv"), "is one of a close"),
        (("list", "--export", "a.csv"), "writes no file"),
        (("--export", "a.xlsx"), "must end in .csv"),
        (("close", "--tax", "a.txt"), "must end in .csv"),
        (("--date", "tomorrow"), "is no day"),
        (("open",), "invalid choice"),
    ],
)
def test_what_does_not_belong_together_is_refused(command: Command, options: tuple[str, ...], told: str) -> None:
    ran = command("day", *options, "--practice")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_rule_16_closing_is_for_those_above(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command("charge", "--practice", "--post", "2", "--phone", "0712345678", "--wait", "0")
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "a long passphrase")
    monkeypatch.setenv("POS_OPERATOR_PIN", "4711")
    for name, role in (("Amina", "operator"), ("Brian", "supervisor")):
        assert command("operators", "add", name, "--role", role, "--practice").code == 0
    monkeypatch.delenv("POS_OWNER_PASSPHRASE")
    assert command("day", "--practice", "--operator", "Amina").code == 0
    ran = command("day", "close", "--practice", "--operator", "Amina")
    assert (ran.code, ran.out) == (2, "")
    ran = command("day", "close", "--practice", "--operator", "Brian", "--json")
    close = ran.json
    assert ran.code == (5 if close["open_count"] else 0), "5 where something is carried over"
    assert (close["operator"], close["owner"]) == ("Brian", False)
    assert "by Brian" in command("day", "list", "--practice", "--operator", "Amina").out


class TestMpesaIsAskedFirst:
    """Where the shop has Pull Transactions on; whatever comes of it, the day is closed."""

    @pytest.fixture(autouse=True)
    def _switched_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POS_PULL", "yes")
        monkeypatch.setenv("POS_PULL_NUMBER", "0708 374 149")

    def test_what_it_has_stands_on_the_close(self, command: Command) -> None:
        command("pull", "--practice", "--dry-run")  # registers
        command("charge", "--practice", "--post", "2", "--phone", "0712345678")
        ran = command("day", "close", "--practice", "--json")
        assert (ran.code, ran.err) == (0, "")
        assert ran.json["record"]["until"]

    def test_a_record_that_tells_nothing_is_said(self, command: Command) -> None:
        ran = command("day", "close", "--practice")
        assert "registered just now, and M-PESA has no records yet" in ran.err
        assert (ran.code, "There is nothing to close" in ran.err) == (2, True)

    def test_beside_an_open_till_which_asks_by_itself(self, command: Command, tmp_path: Path) -> None:
        command("charge", "--practice", "--post", "2", "--phone", "0712345678")
        with hold_data_dir(load(tmp_path, practice=True)):
            ran = command("day", "close", "--practice", "--json")
        assert (ran.code, ran.json["number"]) == (0, 1)
        assert "A till is open here, which asks M-PESA for its record by itself" in ran.err

    def test_it_is_not_waited_for_without_end(
        self, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        command("charge", "--practice", "--post", "2", "--phone", "0712345678")
        settings = load(tmp_path, practice=True)
        with open_shop(settings) as shop:
            pull_first(settings, shop, patience=0.0)
            assert "took too long to tell its record" in capsys.readouterr().err
            assert shop.days.close(1).number == 1
            for thread in threading.enumerate():
                if thread.name == "pull":
                    thread.join(30)
                    assert not thread.is_alive(), "what it asked was not cut off"
