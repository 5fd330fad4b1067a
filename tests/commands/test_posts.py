"""`posts`: add, list, import."""

from pathlib import Path

import pytest

from tests.commands.conftest import Command


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_ENVIRONMENT", "sandbox")


def test_an_added_post_is_printed_and_listed(command: Command) -> None:
    added = command("posts", "add", "Week pass", "--price", "1,250", "--days", "7", "--json")
    assert added.code == 0
    assert added.json == {
        "id": 1,
        "title": "Week pass",
        "price": 1250,
        "days": 7,
        "favourite": None,
        "barcode": None,
        "active": True,
    }
    assert command("posts", "list", "--json").json == [added.json]
    assert "KES 1,250  7 days" in command("posts", "list").out


def test_without_price_and_days_it_is_the_default_for_ever(command: Command) -> None:
    added = command("posts", "add", "Key", "--json").json
    assert (added["price"], added["days"]) == (100, None)
    assert command("posts", "add", "Tea", "--price", "30", "--days", "0", "--json").json["days"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("Tea", "--price", "0"),
        ("Tea", "--price", "250001"),
        ("Tea", "--price", "99.50"),
        ("Tea", "--price", "x"),
        ("Tea", "--price", "30", "--days", "-1"),
        (" ",),
    ],
)
def test_what_cannot_be_sold_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    ran = command("posts", "add", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert command("posts", "list", "--json").json == []


def test_a_file_is_imported_whole_or_not_at_all(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,days\nTea,30,0\nKey,99.50,\n", encoding="utf-8")
    ran = command("posts", "import", str(file))
    assert ran.code == 2
    assert "Line 3" in ran.err
    assert "No posts yet" in command("posts", "list").out
    file.write_text("title,price,days\nTea,30,0\nKey,99,\n", encoding="utf-8")
    assert command("posts", "import", str(file)).out == "2 posts added.\n"
    assert len(command("posts", "import", str(file), "--json").json) == 2


def test_a_file_that_cannot_be_read_is_said(command: Command, tmp_path: Path) -> None:
    assert command("posts", "import", str(tmp_path / "none.csv")).code == 2


def test_a_key_that_is_taken_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,favourite\nTea,30,1\nKey,99,1\n", encoding="utf-8")
    ran = command("posts", "import", str(file))
    assert ran.code == 2
    assert "Line 3: the favourite key is that of line 2 too. Nothing was imported." in ran.err
