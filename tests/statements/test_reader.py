"""A file is read in a process of its own, which ends where it takes too long or too much."""

import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from pos_app.domain.cancelling import Cancel
from pos_app.errors import BadInput, Cancelled
from pos_app.statements import reader
from pos_app.statements.lines import NOT_READ, TOO_MUCH
from pos_app.statements.reader import BROKEN, TOO_LARGE, TOO_SLOW, read_statement
from tests.support.statements import AFTER, DAY, LAYOUTS, PAYMENT, TILL, write


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as told:
        read_statement(path, AFTER)
    return told.value.user_text


@pytest.mark.parametrize("ending", [".csv", ".xls", ".xlsx"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_in_each_format_says_the_same(tmp_path: Path, name: str, ending: str) -> None:
    counts: list[int] = []
    grid = LAYOUTS[name].grid(DAY)
    said = read_statement(write(tmp_path / f"day{ending}", grid), AFTER, told=counts.append)
    expected = read_statement(write(tmp_path / "same.csv", TILL.grid(DAY)), AFTER)
    assert [(row.key, row.at, row.amount) for row in said.rows] == [
        (row.key, row.at, row.amount) for row in expected.rows
    ]
    assert said.short_code == "3700001"
    assert said.period == expected.period is not None
    assert said.covered is not None
    assert counts[-1] == len(DAY)


def test_rows_that_cannot_be_read_come_along(tmp_path: Path) -> None:
    grid = TILL.grid([PAYMENT, PAYMENT, PAYMENT])
    grid[7][5], grid[8][1] = "-100", "?"
    said = read_statement(write(tmp_path / "day.csv", grid), AFTER)
    assert [(row.line, row.at is None, row.amount) for row in said.unreadable] == [(8, False, None), (9, True, 100)]


def test_a_file_is_as_old_as_it_says(tmp_path: Path) -> None:
    said = read_statement(write(tmp_path / "day.csv", TILL.grid(DAY)), AFTER)
    assert said.covered == said.period  # it was written after its period
    early = PAYMENT.at + timedelta(hours=10)
    assert read_statement(tmp_path / "day.csv", early).covered != said.period


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path) == refused(tmp_path / "nowhere.csv") == refused(tmp_path / "\0") == NOT_READ
    monkeypatch.setattr(reader, "MOST_BYTES", 10)
    assert refused(write(tmp_path / "day.csv", TILL.grid(DAY))) == TOO_LARGE


def test_a_refusal_comes_from_the_process_in_words(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(b"<html>")
    assert "web page" in refused(path)


def test_more_memory_than_a_statement_takes_ends_the_process_alone(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, column in ((0, 0), (1_048_575, 16_383)):  # two cells, in corners that are far apart
            sheet.write(line, column, "x")
    assert refused(path) in (TOO_MUCH, BROKEN)


def test_so_does_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    plain = write(tmp_path / "plain.xlsx", TILL.grid(DAY))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in old.namelist():
            packed.writestr(name, old.read(name) if "sharedStrings" not in name else _many_strings())
    assert refused(path) in (TOO_MUCH, BROKEN)


def _many_strings() -> bytes:
    return b"<sst>" + b"<si><t>" + b"x" * 390_000_000 + b"</t></si>" + b"</sst>"


def test_nor_does_it_take_longer_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", -1.0)
    assert refused(write(tmp_path / "day.csv", TILL.grid(DAY * 2_000))) == TOO_SLOW


def test_who_asked_can_end_it(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv", TILL.grid(DAY * 2_000))
    cancel = Cancel()
    with pytest.raises(Cancelled):
        read_statement(path, AFTER, told=lambda _: cancel.cancel(), cancel=cancel)
    with pytest.raises(Cancelled):
        read_statement(path, AFTER, cancel=cancel)
    assert not [one for one in threading.enumerate() if one.name == "statement watch"]
