"""The file for what the database does not take: on the disk before it is needed, and never half written."""

import errno
import os
from pathlib import Path

import pytest

from pos_app.store.reserve import SIZE, Reserve

LINES = ['{"a": 1}', '{"b": "chai"}']


@pytest.fixture
def reserve(tmp_path: Path) -> Reserve:
    made = Reserve(tmp_path / "practice.db.kept")
    made.prepare()
    return made


def test_its_room_is_really_taken_and_nobody_else_may_read_it(reserve: Reserve) -> None:
    status = reserve.path.stat()
    assert status.st_size == SIZE
    if os.name == "posix":
        assert status.st_blocks * 512 >= SIZE
        assert status.st_mode & 0o777 == 0o600
    assert reserve.read() == []


def test_what_a_killed_till_had_begun_to_write_goes_with_the_next_start(reserve: Reserve) -> None:
    begun = reserve.path.with_name(".practice.db.kept-x1_yz234")
    begun.write_text(LINES[0])
    others = reserve.path.with_name(".practice.db-x1_yz234")
    others.write_text("")
    reserve.prepare()
    assert (begun.exists(), others.exists()) == (False, True)


def test_what_is_added_is_read_again_and_takes_no_more_room(reserve: Reserve) -> None:
    before = reserve.path.stat()
    reserve.append(LINES[:1])
    reserve.append(LINES[1:])
    after = reserve.path.stat()
    assert Reserve(reserve.path).read() == LINES
    assert (after.st_size, after.st_ino) == (before.st_size, before.st_ino)
    reserve.prepare()
    assert reserve.read() == LINES


def test_replacing_keeps_only_the_new_lines_and_the_room(reserve: Reserve) -> None:
    reserve.append(LINES)
    reserve.replace(LINES[1:])
    assert reserve.read() == LINES[1:]
    assert reserve.path.stat().st_size == SIZE
    reserve.replace([])
    assert reserve.read() == []


def test_more_than_its_room_is_kept_too(tmp_path: Path) -> None:
    small = Reserve(tmp_path / "small.kept", size=10)
    small.prepare()
    small.append(LINES)
    small.append(LINES)
    assert small.read() == LINES * 2


def test_without_room_taken_before_it_is_written_all_the_same(tmp_path: Path) -> None:
    late = Reserve(tmp_path / "late.kept")
    assert late.read() == []
    late.append(LINES)
    late.prepare()
    assert late.read() == LINES
    assert late.path.stat().st_size == SIZE


def test_half_a_line_is_no_line(reserve: Reserve) -> None:
    reserve.append(LINES)
    with reserve.path.open("r+b") as file:
        file.seek(len("\n".join(LINES)) + 1)
        file.write(b'{"torn": ')
    assert reserve.read() == LINES
    reserve.append(LINES[:1])
    assert reserve.read() == [*LINES, LINES[0]]


def test_where_nothing_is_written_in_place_its_room_is_given_up(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems write every block anew: full, they take nothing before something is freed."""
    write, full = os.write, {"is": True}

    def writing(file: int, data: bytes) -> int:
        if full["is"] and os.fstat(file).st_size == SIZE:
            raise OSError(errno.ENOSPC, "no space")
        return write(file, data)

    monkeypatch.setattr(os, "write", writing)
    reserve.append(LINES)
    assert reserve.read() == LINES
    full["is"] = False
    reserve.prepare()
    assert reserve.path.stat().st_size == SIZE
    assert reserve.read() == LINES


def test_a_disk_that_takes_nothing_is_said_to_whoever_keeps(reserve: Reserve, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="no space"):
        reserve.append(LINES)


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "no space")


def test_what_is_recorded_is_forgotten_also_where_there_is_no_room_for_a_second_file(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next start would record it once more, whatever has come since."""
    reserve.append(LINES)
    monkeypatch.setattr("pos_app.store.reserve.replace_file", no_room)
    with pytest.raises(OSError, match="no space"):
        reserve.replace(LINES[1:])
    assert reserve.read() == LINES
    reserve.replace([])
    assert reserve.read() == []
    reserve.append(LINES[:1])
    assert reserve.read() == LINES[:1]
    assert reserve.path.stat().st_size == SIZE


def test_a_power_cut_while_it_is_emptied_brings_no_old_line_back(reserve: Reserve) -> None:
    reserve.append(LINES)
    with reserve.path.open("r+b") as file:
        file.write(b"\0")
    assert reserve.read() == []
    reserve.append(LINES[:1])
    assert reserve.read() == LINES[:1]


def test_a_disk_that_is_full_already_is_only_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Reserve(tmp_path / "nowhere" / "practice.db.kept").prepare()
    assert "no room could be reserved" in caplog.text
