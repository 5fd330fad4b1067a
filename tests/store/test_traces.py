"""A database that is missing is never taken for a new shop."""

import shutil
from pathlib import Path

import pytest

from pos_app.cli.main import main
from pos_app.errors import BadInput, StoreError
from pos_app.store.backups.copies import Copies
from pos_app.store.database import open_database
from pos_app.store.files import beside, copy_file
from pos_app.store.traces import DatabaseMissing, put_traces_aside
from tests.support.fakes import START, FakeClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice.db"


def used(path: Path) -> None:
    """A shop that has a copy."""
    open_database(path, "practice").close()
    target = Copies(path).at(START)
    target.parent.mkdir()
    copy_file(path, target)


def test_a_new_folder_is_a_new_shop(path: Path) -> None:
    open_database(path, "practice").close()
    assert path.exists()


@pytest.mark.parametrize("how", ["deleted", "emptied"])
def test_beside_its_copies_it_is_trouble_with_ways_out(path: Path, how: str) -> None:
    used(path)
    path.unlink()
    if how == "emptied":
        path.touch()
    with pytest.raises(DatabaseMissing) as error:
        open_database(path, "practice")
    words = error.value.user_text
    assert words.startswith(f"The database file {path} is not there, though this shop has had one.")
    assert f"restore {Copies(path).all()[0].path} --data-dir {path.parent} --practice` puts it back" in words
    assert f"`python main.py begin --data-dir {path.parent} --practice`" in words
    assert not path.exists() or not path.stat().st_size


@pytest.mark.parametrize("suffix", ["-wal", "-journal", ".kept", ".before-0002", ".replaced-20261123-110000"])
def test_whatever_a_database_leaves_is_a_trace(path: Path, suffix: str) -> None:
    beside(path, suffix).write_bytes(b"x")
    with pytest.raises(DatabaseMissing, match="There is no automatic copy"):
        open_database(path, "practice")
    assert not path.exists()


def test_another_environment_s_copies_are_no_trace(path: Path) -> None:
    used(path.with_name("sandbox.db").with_name("practice2.db"))
    open_database(path, "practice").close()


def test_what_is_left_goes_into_a_folder_of_its_own(path: Path, clock: FakeClock) -> None:
    used(path)
    path.unlink()
    beside(path, ".kept").write_bytes(b"x")
    folder = put_traces_aside(path, clock.now)
    assert folder == path.parent / "earlier" / "practice-20261123-110000"
    assert sorted(file.name for file in folder.iterdir()) == ["practice-20261123-110000.db", "practice.db.kept"]
    assert put_traces_aside(path, clock.now) is None
    open_database(path, "practice").close()
    with pytest.raises(BadInput, match="is there"):
        put_traces_aside(path, clock.now)


def test_what_cannot_be_moved_begins_nothing(path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    used(path)
    path.unlink()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(StoreError, match="No new one was begun"):
        put_traces_aside(path, clock.now)


@pytest.mark.parametrize(
    "arguments", [["charge", "--post", "1", "--phone", "0712345678"], ["payments"], ["posts", "list"]]
)
def test_every_command_says_so_until_the_owner_begins_anew(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    used(path)
    path.unlink()
    folder = ["--practice", "--data-dir", str(path.parent)]
    assert main([*arguments, *folder]) == 2
    assert "is not there, though this shop has had one" in capsys.readouterr().err
    assert not path.exists()
    assert main(["begin", *folder]) == 0
    assert "A new, empty database was begun" in capsys.readouterr().out
    assert main(["payments", *folder]) == 0
    assert main(["begin", "--json", *folder]) == 2


def test_the_copy_can_be_put_back(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used(path)
    path.unlink()
    folder = ["--practice", "--data-dir", str(path.parent)]
    assert main(["restore", str(Copies(path).all()[0].path), *folder]) == 0
    assert main(["payments", *folder]) == 0
    shutil.rmtree(path.parent / "backups")
    path.unlink()
    beside(path, ".kept").unlink(missing_ok=True)
    assert main(["begin", "--json", *folder]) == 0
    assert '"kept": null' in capsys.readouterr().out
