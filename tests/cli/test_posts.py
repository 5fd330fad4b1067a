"""`posts`: add, list, import."""

from contextlib import closing
from pathlib import Path

import pytest

from pos_app.sales.attempts import TRIES
from pos_app.sales.build import open_books, owner_passphrase
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from tests.cli.conftest import Command


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
        "highest": None,
        "category": None,
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
    ran = command("posts", "import", str(file))
    assert ran.out == "2 posts were imported.\n"
    assert ran.err.startswith("1 of them gives access for ever")
    file.write_text("title,price\nSoap,30\nSoda,99\n", encoding="utf-8")
    assert [post["title"] for post in command("posts", "import", str(file), "--json").json] == ["Soap", "Soda"]


def test_a_file_that_is_imported_twice_sells_nothing_twice(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,days\nTea,30,0\nSoap,50,0\n", encoding="utf-8")
    command("posts", "import", str(file))
    again = command("posts", "import", str(file))
    assert (again.code, again.out) == (0, "Every post of the file is as it is here. Nothing was changed.\n")
    file.write_text("title,price,days\nTea,35,0\n", encoding="utf-8")
    refused = command("posts", "import", str(file))
    assert refused.code == 2
    assert "Line 2: there is a post Tea already, KES 30. Nothing was imported. To change it, write 1" in refused.err


def test_what_is_exported_is_changed_and_imported_again(command: Command, tmp_path: Path) -> None:
    first, out = tmp_path / "posts.csv", tmp_path / "out.csv"
    first.write_text("title,price,days,category\nTea,30,0,Drinks\nKey,99,,\n", encoding="utf-8")
    command("posts", "import", str(first))
    assert command("posts", "export", str(out)).out == f"2 posts in {out}.\n"
    assert command("posts", "export", str(out)).code == 2
    assert command("posts", "export", str(out), "--force").code == 0
    same = command("posts", "import", str(out), "--dry-run", "--json")
    assert (same.code, same.json["same"], same.json["bad"]) == (0, 2, 0)
    out.write_text(out.read_text("utf-8-sig").replace(",30,", ",35,"), encoding="utf-8-sig")
    looked = command("posts", "import", str(out), "--dry-run")
    assert looked.out == (
        "Line 2  changed: Tea: Price KES 30 \u2192 KES 35\n1 changed, 1 unchanged.\n"
        "Nothing was imported: this was a dry run.\n"
    )
    assert command("posts", "list", "--json").json[0]["price"] == 30
    assert command("posts", "import", str(out)).out == "1 post was changed.\n"
    done = command("posts", "history", "1", "--json", "--limit", "1").json
    assert {name: done[0][name] for name in ("post_id", "field", "old", "new", "source")} == {
        "post_id": 1,
        "field": "price",
        "old": "30",
        "new": "35",
        "source": "command",
    }
    assert "Price KES 30 \u2192 KES 35  (by command)" in command("posts", "history", "1").out
    assert command("posts", "export", str(tmp_path / "more.csv"), "--json").json == {"posts": 2}
    assert "[Drinks]" in command("posts", "list").out


def test_a_dry_run_says_each_line_that_cannot_be_used(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price\nTea,30\n,40\nSoap,x\n", encoding="utf-8")
    ran = command("posts", "import", str(file), "--dry-run", "--json")
    assert ran.code == 2
    assert [(line["line"], line["kind"]) for line in ran.json["lines"]] == [(2, "new"), (3, "bad"), (4, "bad")]
    assert ran.json["lines"][1]["error"] == "A post needs a name."
    told = command("posts", "import", str(file), "--dry-run").out
    assert "Line 2  new: Tea: KES 30, for ever" in told
    assert "1 new, 2 cannot be used. Nothing is imported until each line can be used." in told
    assert command("posts", "list", "--json").json == []


def test_a_history_of_no_post_and_an_export_to_nowhere_are_said(command: Command, tmp_path: Path) -> None:
    assert "There is no post 9" in command("posts", "history", "9").err
    ran = command("posts", "export", str(tmp_path / "none" / "posts.csv"))
    assert (ran.code, "Nothing was written" in ran.err) == (2, True)


def test_a_file_that_cannot_be_read_is_said(command: Command, tmp_path: Path) -> None:
    assert command("posts", "import", str(tmp_path / "none.csv")).code == 2


def test_a_key_that_is_taken_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,favourite\nTea,30,1\nKey,99,1\n", encoding="utf-8")
    ran = command("posts", "import", str(file))
    assert ran.code == 2
    assert "Line 3: the favourite key is that of line 2 too. Nothing was imported." in ran.err


PASSPHRASE = "mama njeri 1987"


def choose_passphrase(folder: Path) -> None:
    """The owner chooses it, in the practice shop's database."""
    with closing(open_database(folder / "practice.db", "practice")) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        owner_passphrase(books, Argon2Passphrases()).choose(PASSPHRASE)
        books.writer.stop()


def test_the_owners_passphrase_comes_from_the_environment_or_nothing_is_changed(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price\nTea,30\n", encoding="utf-8")
    before = command("posts", "list", "--practice", "--json").json
    choose_passphrase(tmp_path)
    for words in (("posts", "add", "Year pass", "--price", "1"), ("posts", "import", str(file))):
        ran = command(*words, "--practice")
        assert (ran.code, ran.out) == (2, "")
        assert "Set POS_OWNER_PASSPHRASE, or start this in a terminal" in ran.err
        monkeypatch.setenv("POS_OWNER_PASSPHRASE", "guess")
        assert "not the owner's passphrase" in command(*words, "--practice").err
        monkeypatch.delenv("POS_OWNER_PASSPHRASE")
    assert command("posts", "list", "--practice", "--json").json == before
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
    assert command("posts", "add", "Year pass", "--price", "1", "--practice").code == 0
    with closing(open_database(tmp_path / "practice.db", "practice")) as database:
        assert {line.source for line in database.reader.post_changes(len(before) + 1, 9)} == {"command"}


def test_wrong_ones_are_counted_over_commands(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("posts", "list", "--practice")
    choose_passphrase(tmp_path)
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", "guess")
    for _ in range(TRIES):
        command("posts", "add", "Year pass", "--practice")
    monkeypatch.setenv("POS_OWNER_PASSPHRASE", PASSPHRASE)
    assert "Too many wrong tries. Wait 0:" in command("posts", "add", "Year pass", "--practice").err


def test_in_a_terminal_it_is_asked_for(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`getpass` shows nothing of what is typed."""
    command("posts", "list", "--practice")
    choose_passphrase(tmp_path)
    monkeypatch.setattr("pos_app.cli.owner._is_terminal", lambda _stream: True)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSPHRASE)
    assert command("posts", "add", "Soap", "--practice").code == 0

    def leave(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", leave)
    assert "No passphrase was typed. Nothing was changed." in command("posts", "add", "Soap", "--practice").err
