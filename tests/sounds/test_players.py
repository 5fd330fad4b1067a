"""Players that play, are missing, fail or hang: real programs, and never anything but silence."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pos_app.sounds import players
from pos_app.sounds.players import CommandPlayer, WindowsPlayer, system_player
from tests.support.builders import said

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the players are shell scripts")
SOUND = b"RIFF....WAVE"
PLAYS = 'echo "$0 $@" >> "$LOG"'
FAILS = f"{PLAYS}; exit 1"  # as without a device, or where the sound server is not there
HANGS = f"{PLAYS}; exec sleep 600"


class Bench:
    """Programs in a folder, what was asked of them, and the players that a test makes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.made: list[CommandPlayer] = []

    def player(self, limit: float = 20.0, **scripts: str) -> CommandPlayer:
        for name, script in scripts.items():
            program = self.folder / name
            program.write_text(f'#!/bin/sh\nLOG="{self.log}"\n{script}\n')
            program.chmod(0o700)
        made = CommandPlayer([("gone",), *((name, "-q") for name in scripts)], self.find, limit)
        self.made.append(made)
        return made

    def find(self, name: str) -> str | None:
        program = self.folder / name
        return str(program) if program.exists() else None

    def asked(self) -> list[str]:
        """The programs that were started, in their order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Path(line.split()[0]).name for line in lines]

    def files(self) -> list[Path]:
        """What they were to play."""
        return [Path(line.split()[-1]) for line in self.log.read_text().splitlines()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    for player in made.made:
        player.close()


def test_a_player_is_given_the_sound_as_a_file_that_only_this_user_reads(bench: Bench) -> None:
    player = bench.player(plays=PLAYS)
    player.play("paid-normal", SOUND)
    player.play("paid-normal", SOUND)
    first, second = bench.files()
    assert first == second
    assert first.read_bytes() == SOUND
    assert first.parent.stat().st_mode & 0o077 == 0
    player.close()
    assert not first.parent.exists()
    player.play("paid-normal", SOUND)
    assert bench.asked() == ["plays", "plays"]


def test_a_file_that_was_tidied_away_is_made_anew(bench: Bench) -> None:
    player = bench.player(plays=PLAYS)
    player.play("paid", SOUND)
    [path] = bench.files()
    path.unlink()
    player.play("paid", SOUND)
    path.unlink()
    path.parent.rmdir()
    player.play("paid", SOUND)
    assert bench.files()[-1].read_bytes() == SOUND


def test_the_first_that_works_is_asked_first_from_then_on(bench: Bench) -> None:
    player = bench.player(fails=FAILS, plays=PLAYS)
    player.play("paid", SOUND)
    player.play("paid", SOUND)
    assert bench.asked() == ["fails", "plays", "plays"]


def test_without_a_player_or_a_device_nothing_is_heard_and_one_line_says_so(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for player in (bench.player(), bench.player(fails=FAILS)):
        caplog.clear()
        player.play("paid", SOUND)
        player.play("paid", SOUND)
        assert said(caplog, "pos_app.sounds.players") == ["sounds are not heard: no player could play"]


def test_a_headset_that_comes_back_is_heard_again(bench: Bench) -> None:
    player = bench.player(fails=FAILS)
    player.play("paid", SOUND)
    (bench.folder / "fails").write_text(f'#!/bin/sh\nLOG="{bench.log}"\n{PLAYS}\n')
    player.play("paid", SOUND)
    assert bench.asked() == ["fails", "fails"]


def test_one_that_hangs_is_stopped_and_left_alone_for_a_while(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    player = bench.player(0.2, hangs=HANGS, plays=PLAYS)
    player.play("paid", SOUND)
    player.play("paid", SOUND)
    assert bench.asked()[-2:] == ["plays", "plays"]
    assert bench.asked().count("hangs") <= 1  # stopped, perhaps before its first line
    assert "hangs did not end within 0.2 s: it was stopped" in caplog.text


def test_one_that_cannot_even_be_stopped_is_left_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As where a driver holds it: the thread of the sounds goes on all the same."""
    started: list[subprocess.Popen[bytes]] = []
    kill = subprocess.Popen.kill
    monkeypatch.setattr(players, "_GONE", 0.01)
    monkeypatch.setattr(subprocess.Popen, "kill", lambda process: started.append(process))
    player = bench.player(0.01, hangs=HANGS)
    player.play("paid", SOUND)
    assert "cannot even be stopped" in caplog.text
    for process in started:
        kill(process)
        process.wait(20)
    player.play("unsure", SOUND)  # it rests: nothing is started
    assert len(started) == 1


def test_closing_stops_what_plays_and_waits_for_nobody(bench: Bench) -> None:
    player = bench.player(600.0, hangs=HANGS)
    thread = threading.Thread(target=player.play, args=("paid", SOUND))
    thread.start()
    while not bench.asked():
        thread.join(0.01)
        assert thread.is_alive()
    player.close()
    thread.join(20)
    assert not thread.is_alive()


def test_closing_stops_one_that_has_just_begun(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    player = bench.player(600.0, hangs=HANGS)
    start = subprocess.Popen

    def start_and_close(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        started = start(*arguments, **options)
        player.close()  # before anybody else knows of it
        return started

    monkeypatch.setattr(subprocess, "Popen", start_and_close)
    player.play("paid", SOUND)  # returns


def test_a_file_that_a_full_disk_cut_short_is_made_anew_once_there_is_room(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(path: Path, data: bytes) -> int:
        path.open("wb").close()
        raise OSError(errno.ENOSPC, "No space left on device")

    player = bench.player(plays=PLAYS)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", cut_short)
        player.play("paid", SOUND)
    assert bench.asked() == []
    player.play("paid", SOUND)
    assert bench.files()[-1].read_bytes() == SOUND


def test_a_folder_that_cannot_be_made_is_silence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("tempfile.tempdir", str(bench.folder / "gone" / "away"))
    bench.player(plays=PLAYS).play("paid", SOUND)
    assert bench.asked() == []
    assert "sounds are not heard: FileNotFoundError" in caplog.text


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux", CommandPlayer), ("darwin", CommandPlayer), ("win32", WindowsPlayer)]
)
def test_every_system_has_one(monkeypatch: pytest.MonkeyPatch, platform: str, kind: type) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert isinstance(system_player(), kind)


@pytest.mark.parametrize("fails", [False, True])
def test_windows_plays_from_memory_and_fails_in_silence(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    asked: list[tuple[bytes, int]] = []

    def play(wav: bytes, flags: int) -> None:
        asked.append((wav, flags))
        if fails:
            raise RuntimeError("Failed to play sound")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winsound", SimpleNamespace(PlaySound=play, SND_MEMORY=4, SND_NODEFAULT=2))
    player: WindowsPlayer | Callable[[], None] = WindowsPlayer()
    assert isinstance(player, WindowsPlayer)
    player.play("paid", SOUND)
    player.close()
    player.play("paid", SOUND)
    assert asked == [(SOUND, 6)]
