"""What holds customers' numbers is for this user of the computer alone, whatever made it."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pos_app import private_files
from pos_app.bootstrap.till import open_till
from pos_app.cli.main import main
from pos_app.settings.settings import load, save
from pos_app.vault.encrypted_file import SecretFile
from tests.cli.conftest import Command
from tests.cli.conftest import command as command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    """As most computers are set up."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    """What anybody else on the computer could do something with."""
    found = []
    for path in [folder, *folder.rglob("*")]:
        with suppress(FileNotFoundError):  # an open till puts its small files in place by renaming others
            if mode(path) & 0o077:
                found.append(str(path.relative_to(folder)))
    return sorted(found)


def test_what_a_till_makes_is_for_nobody_else_also_without_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "shop"
    opened = open_till(load(folder, True, {}))
    try:
        assert not [name for name in open_to_others(folder) if ".db" in name or name in (".", "kaunta.log")]
    finally:
        opened.close()
    assert mode(folder) == 0o700
    assert mode(folder / "practice.db") == 0o600


def test_what_cannot_be_deleted_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / ".shop.json-12345678").mkdir()
    private_files.discard_begun(tmp_path / "shop.json")
    assert ".shop.json-12345678 stays" in caplog.text


def test_what_an_older_till_left_open_is_tightened_at_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened = open_till(load(tmp_path, True, {}))
    opened.close()
    (tmp_path / "backups").mkdir(exist_ok=True)
    old = [
        "kaunta.log.2026-11-01",
        "settings.toml.old",
        "practice.db.before-0002",
        "backups/practice-20261101-080000.db",
    ]
    for name in old:
        (tmp_path / name).touch()
    for path in [tmp_path, *tmp_path.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)

    caplog.set_level(logging.INFO)
    open_till(load(tmp_path, True, {})).close()

    assert open_to_others(tmp_path) == []
    assert "for this user alone from now on: " in caplog.text
    assert "practice.db.before-0002" in caplog.text


@pytest.mark.parametrize("words", [["payments"], ["posts", "list"], ["posts", "add", "Tea"], ["check"]])
def test_every_command_makes_private_files(command: Command, tmp_path: Path, words: list[str]) -> None:
    command(*words, "--practice")
    assert open_to_others(tmp_path) == []


def test_what_commands_write_elsewhere_is_private_too(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    command("posts", "list", "--practice")
    (tmp_path / "practice.db").chmod(0o644)  # as an older one
    assert command("backup", str(out / "copy.db"), "--practice").code == 0
    command("check", "--support", str(out / "help.txt"), "--practice")
    assert command("restore", str(out / "copy.db"), "--practice").code == 0
    assert sorted(path.name for path in out.iterdir()) == ["copy.db", "help.txt"]
    assert open_to_others(tmp_path) == []


def test_settings_and_keys_make_a_private_folder(tmp_path: Path) -> None:
    save(tmp_path / "shop", {"shop_name": "Mama Njeri"})
    SecretFile(tmp_path / "keys" / "shop.keys", "test", cost=2).begin_anew("long enough", {})
    assert open_to_others(tmp_path / "shop") == open_to_others(tmp_path / "keys") == []


def test_what_libraries_make_is_private_because_of_the_process(tmp_path: Path) -> None:
    main(["posts", "list", "--practice", "--data-dir", str(tmp_path)])
    (tmp_path / "made by a library").touch()
    assert mode(tmp_path / "made by a library") == 0o600


def test_a_file_is_made_once_and_replaced_whole(tmp_path: Path) -> None:
    with private_files.create(tmp_path / "new") as file:
        file.write(b"a\nb")
    with pytest.raises(FileExistsError):
        private_files.create(tmp_path / "new")
    (tmp_path / "new").chmod(0o644)
    private_files.replace_file(tmp_path / "new", b"c")
    assert ((tmp_path / "new").read_bytes(), mode(tmp_path / "new")) == (b"c", 0o600)
    with pytest.raises(OSError, match="not there"):
        private_files.replace_file(tmp_path / "not there" / "new", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_what_is_shared_linked_or_gone_stays_as_it_is(tmp_path: Path) -> None:
    """A sticky folder is everybody's, as /tmp is; behind a link lies something else; the owner may run a script."""
    shared, elsewhere = tmp_path / "shared", tmp_path / "elsewhere"
    shared.mkdir()
    shared.chmod(0o1777)
    elsewhere.touch(0o644)
    (shared / "link").symlink_to(elsewhere)
    (shared / "script").touch()
    (shared / "script").chmod(0o755)
    private_files.tighten(shared)
    private_files.tighten(tmp_path / "not there")
    private_files.tighten_files([tmp_path / "not there either"])
    assert (mode(shared), mode(elsewhere), mode(shared / "script")) == (0o1777, 0o644, 0o700)


def test_a_folder_named_by_a_link_is_tightened(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    private_files.make_folder(tmp_path / "link")
    assert mode(tmp_path / "real") == 0o700


def test_a_disk_without_modes_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    (tmp_path / "practice.db").touch(0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    caplog.set_level(logging.INFO)
    private_files.tighten(tmp_path)
    assert "practice.db stays as open to others as it is: Operation not permitted" in caplog.text


def test_what_a_killed_writer_left_goes_with_the_next_file_of_that_name(tmp_path: Path) -> None:
    """Not what another program may be writing at this moment, and nothing that only looks alike."""
    names = (".shop.json-12345678", ".shop.json-abcdefgh", ".shop.json-backup", ".shop.json-of last week")
    dead, live, *others = (tmp_path / name for name in names)
    for path in (dead, live, *others):
        path.write_text("half of it")
    new = tmp_path / "shop.json"
    new.touch()
    for path in (dead, *others):
        os.utime(path, (new.stat().st_mtime - 601,) * 2)
    private_files.replace_file(new, b"{}")
    assert sorted(tmp_path.iterdir()) == sorted((live, *others, new))


def test_what_cannot_be_looked_through_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def refuse(_folder: Path, _pattern: str) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "glob", refuse)
    private_files.replace_file(tmp_path / "shop.json", b"{}")
    assert (tmp_path / "shop.json").read_bytes() == b"{}"
    assert "stays: Permission denied" in caplog.text
