"""The log: there for people, without anybody's number, a file for each day."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pos_app import logs
from pos_app.errors import PosError


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    handler = logs.set_up(tmp_path)
    yield logging.getLogger("pos_app.test")
    logs.take_down(handler)


def written(folder: Path) -> str:
    return (folder / "kaunta.log").read_text(encoding="utf-8")


def test_phone_numbers_and_payer_s_digits_are_masked_also_in_tracebacks(log: logging.Logger, tmp_path: Path) -> None:
    log.info("payment for %s as ws_CO_23112026140000001712345678", "254712345678")
    try:
        raise ValueError("0712345678 is bad")
    except ValueError:
        log.exception("failed")
    text = written(tmp_path)
    assert "payment for 712•••678" in text
    assert "ValueError" in text
    assert "12345" not in text.replace("ws_CO_23112026140000001", "")


def test_a_message_is_one_line_whatever_it_quotes(log: logging.Logger, tmp_path: Path) -> None:
    log.info("post %s", "Tea\n2026-11-23 14:03:07,123 INFO payment A-1: paid\r\x1b[2J\x00\u2028")
    (line,) = written(tmp_path).splitlines()
    assert "post Tea\N{REPLACEMENT CHARACTER}2026" in line
    assert not any(ord(sign) < 32 for sign in line)


def test_what_people_look_for_comes_first(log: logging.Logger, tmp_path: Path) -> None:
    log.info("payment A-20261123-0042: receipt printed")
    assert written(tmp_path)[24:].startswith("INFO    payment A-20261123-0042: receipt printed [pos_app.test, ")


def test_after_the_end_nothing_is_written(tmp_path: Path) -> None:
    logs.take_down(logs.set_up(tmp_path))
    logging.getLogger("pos_app.test").warning("too late")
    assert written(tmp_path) == ""


def test_each_day_has_a_file_and_thirty_are_kept(tmp_path: Path) -> None:
    yesterday = time.time() - 86_400
    for days in range(2, 40):
        old = tmp_path / f"kaunta.log.{date.fromtimestamp(yesterday) - timedelta(days=days)}"
        old.write_text("old\n", encoding="utf-8")
    (tmp_path / "kaunta.log").write_text("of yesterday\n", encoding="utf-8")
    os.utime(tmp_path / "kaunta.log", (yesterday, yesterday))
    handler = logs.set_up(tmp_path)
    try:
        logging.getLogger("pos_app.test").info("of today")
    finally:
        logs.take_down(handler)
    found = logs.days(tmp_path)
    assert len(found) == 31
    today, before = list(found)[:2]
    assert (today, before) == (date.today(), date.fromtimestamp(yesterday))
    assert [line.split(" [")[0][-8:] for line in logs.read(found[today])] == ["of today"]
    assert logs.read(found[before]) == ["of yesterday"]


def test_a_file_that_was_not_rotated_yet_is_of_the_day_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "kaunta.log"
    file.write_text("old\n", encoding="utf-8")
    moment = datetime(2026, 11, 20, 12).timestamp()
    os.utime(file, (moment, moment))
    (tmp_path / "kaunta.log.bak").touch()
    assert logs.days(tmp_path) == {date(2026, 11, 20): file}


def test_the_last_lines_reach_back_over_the_days(tmp_path: Path) -> None:
    assert logs.last_lines(tmp_path, 5) == []
    (tmp_path / "kaunta.log").write_text("4\n5\n", encoding="utf-8")
    (tmp_path / "kaunta.log.2020-01-02").write_text("2\n3\n", encoding="utf-8")
    (tmp_path / "kaunta.log.2020-01-01").write_text("0\n1\n", encoding="utf-8")
    assert logs.last_lines(tmp_path, 3) == ["3", "4", "5"]
    assert logs.last_lines(tmp_path, 2) == ["4", "5"]
    assert logs.last_lines(tmp_path, 99) == list("012345")


def test_of_a_very_long_day_the_end_is_read_in_whole_lines(tmp_path: Path) -> None:
    file = tmp_path / "kaunta.log"
    file.write_text("".join(f"line {number:09}\n" for number in range(150_000)), encoding="utf-8")
    lines = logs.read(file)
    assert lines[-1] == "line 000149999"
    assert 100_000 < len(lines) < 150_000
    assert {len(line) for line in lines} == {14}


def test_what_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(PosError, match="cannot be read just now"):
        logs.read(tmp_path / "gone")


def test_a_disk_that_takes_no_line_harms_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`/dev/full` is a disk that is full."""
    if not Path("/dev/full").exists():
        pytest.skip("no such device here")
    (tmp_path / "kaunta.log").symlink_to("/dev/full")
    handler = logs.set_up(tmp_path)
    logging.getLogger("pos_app.test").info("one line")
    logs.take_down(handler)
    assert capsys.readouterr().err == ""


def test_a_log_that_cannot_be_opened_keeps_nothing_else_back(tmp_path: Path) -> None:
    handler = logs.set_up(tmp_path / "nowhere")
    logging.getLogger("pos_app.test").info("one line")
    logs.take_down(handler)


def test_what_nobody_catches_is_logged_and_then_told_as_before(log: logging.Logger, tmp_path: Path) -> None:
    told: list[type[BaseException] | None] = []
    of_threads, of_main = threading.excepthook, sys.excepthook
    threading.excepthook = lambda fault: told.append(fault.exc_type)
    sys.excepthook = lambda kind, *_: told.append(kind)
    try:
        with logs.uncaught_logged(lambda: told.append(None)):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
            sys.excepthook(ValueError, ValueError("canary"), None)
            sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
            foreign = sys.excepthook = lambda *_: None
        assert sys.excepthook is foreign, "who came later stays"
        sys.excepthook = of_main
        with logs.uncaught_logged():
            pass
        assert sys.excepthook is of_main
    finally:
        threading.excepthook, sys.excepthook = of_threads, of_main
    assert told == [None, ZeroDivisionError, None, ValueError, KeyboardInterrupt], "the last is no fault"
    assert "KeyboardInterrupt" not in written(tmp_path)
    assert "a thread ended by a fault" in written(tmp_path)
    assert "ValueError: canary" in written(tmp_path)
