"""What the computer must give."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from pos_app.check_result import Status
from pos_app.diagnostics import computer
from pos_app.errors import Occupied, SettingsError, StoreError
from pos_app.settings.settings import Settings, load
from pos_app.vault.vault import open_vault

Usage = namedtuple("Usage", "total used free")


def test_what_is_missing_is_named_with_where_to_write_it(tmp_path: Path) -> None:
    assert computer.settings_complete(load(tmp_path, True, {})).status is Status.GREEN
    verdict = computer.settings_complete(load(tmp_path, False, {}))
    assert verdict.status is Status.RED
    assert "POS_SHORTCODE" in verdict.words
    assert "settings.toml" in verdict.words


def test_who_holds_the_data_folder(sandbox: Settings) -> None:
    def look(trouble: StoreError | Occupied | None, *, here: bool = False) -> Status:
        return computer.data_folder(sandbox, trouble, open_here=here).status

    assert look(None) is Status.GREEN
    assert look(None, here=True) is Status.GREEN
    assert look(Occupied("Another till is open.")) is Status.AMBER
    assert look(StoreError("The folder cannot be written.")) is Status.RED


@pytest.mark.parametrize(
    ("free", "status"),
    [(41_000_000_000, Status.GREEN), (999_000_000, Status.AMBER), (99_000_000, Status.RED)],
)
def test_the_space_that_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, status: Status) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free))
    verdict = computer.disk(tmp_path)
    assert verdict.status is status
    assert "a write is safe after" in verdict.words
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_red_in_words(tmp_path: Path) -> None:
    assert "Nothing can be written" in computer.disk(tmp_path / "gone").words


@pytest.mark.skipif(os.name != "posix", reason="the device that is always full is there on Unix only")
def test_a_disk_that_takes_nothing_is_red() -> None:
    assert "Nothing can be written" in computer.disk(Path("/proc")).words


def test_where_the_keys_are(sandbox: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = open_vault(sandbox)
    assert computer.keys(load(tmp_path, True, {}), vault).words == "The simulator's own"
    assert "All three are there, in the variable POS_CONSUMER_KEY and" in computer.keys(sandbox, vault).words
    monkeypatch.setenv("POS_PASSKEY", "")
    with pytest.raises(SettingsError, match="passkey"):
        computer.keys(sandbox, vault)
