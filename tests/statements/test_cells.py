"""What kind of file it is, told by what is in it; every refusal in words."""

import struct
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

from pos_app.errors import BadInput
from pos_app.statements import cells
from pos_app.statements.cells import DAMAGED, EMPTY, PASSWORD, PDF, TOO_LARGE, WEB_PAGE, open_rows
from tests.support.statements import DAY, LAYOUTS, TILL, Cell, write


def rows_of(path: Path) -> list[list[Cell]]:
    return [list(row) for _, row in open_rows(path).lines]


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as told:
        rows_of(path)
    return told.value.user_text


def full_length(row: Sequence[Cell], width: int = 15) -> list[Cell]:
    """As a spreadsheet gives it: every row as long as the longest."""
    return [*row, *[""] * (width - len(row))]


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
def test_a_spreadsheet_gives_what_was_written(tmp_path: Path, ending: str) -> None:
    grid = LAYOUTS["real dates and numbers"].grid(DAY)
    read = rows_of(write(tmp_path / f"day{ending}", grid))
    assert [full_length(row) for row in read if any(row)] == [full_length(row) for row in grid if any(row)]


@pytest.mark.parametrize(
    "content",
    [
        "Receipt No.,Completion Time\r\nUKN7H7OI90,23-11-2026 06:04:11\r\n",
        "\ufeffReceipt No.,Completion Time\nUKN7H7OI90,23-11-2026 06:04:11",
        "Receipt No.;Completion Time\nUKN7H7OI90;23-11-2026 06:04:11\n",
        "receipt no\tCompletion Time\nUKN7H7OI90\t23-11-2026 06:04:11\n",
    ],
)
def test_text_with_any_delimiter(tmp_path: Path, content: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text(content, encoding="utf-8", newline="")
    assert rows_of(path)[1] == ["UKN7H7OI90", "23-11-2026 06:04:11"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text("Receipt No.,Name\nUKN7H7OI90,Zoë\n", encoding=encoding)
    assert rows_of(path)[1] == ["UKN7H7OI90", "Zoë"]


def test_the_name_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "day.xlsx", TILL.grid(DAY)).rename(tmp_path / "day.csv")
    assert rows_of(path)[-1][0] == "UKN7H7OI90"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", EMPTY),
        (b"\0" * 9_000, EMPTY),
        (b"\r\n \n", EMPTY),
        (b"%PDF-1.7 ...", PDF),
        (b"  \r\n<html><table><tr><td>Receipt No.", WEB_PAGE),
        (b"\xef\xbb\xbf<!DOCTYPE html>", WEB_PAGE),
        ("\ufeff<html>".encode("utf-16-le"), WEB_PAGE),
        (b"Receipt No.,\0\n", DAMAGED),
        (b"Receipt No.\n" + b"x" * 200_000, DAMAGED),
        (b"PK\x03\x04 and nothing else", DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing else", DAMAGED),
        (b"\xd0\xcf\x11\xe0" + b"." * 2_000_000 + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (b'Receipt No.,Name\n1,"Amina\n2,Otieno\n', "Line 3 of that file is damaged"),
    ],
)
def test_what_is_no_statement_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "day.xls"
    path.write_bytes(content)
    assert words in refused(path)


def test_so_is_a_spreadsheet_that_is_cut_short(tmp_path: Path) -> None:
    for ending in (".xls", ".xlsx"):
        path = write(tmp_path / f"day{ending}", TILL.grid(DAY * 50))
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        assert refused(path) == DAMAGED


def test_so_is_another_file_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("photo.jpg", "no workbook")
    assert refused(path) == DAMAGED


def test_so_is_one_with_a_password(tmp_path: Path) -> None:
    stream = struct.pack("<HHHHHH", 0x0809, 8, 0x0600, 0x0005, 0, 0) + b"\0" * 4  # BOF of a workbook
    stream += struct.pack("<HHHHH", 0x002F, 6, 1, 1, 1) + struct.pack("<HH", 0x000A, 0)  # FILEPASS, EOF
    path = tmp_path / "day.xls"
    with path.open("wb") as file:
        XlsDoc().save(file, stream)
    assert refused(path) == PASSWORD


def test_so_is_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_UNPACKED", 50_000_000)
    path = tmp_path / "day.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 50_000_001)
    assert path.stat().st_size < 100_000
    assert refused(path) == TOO_LARGE


def test_a_formula_is_only_what_was_saved_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '=WEBSERVICE("http://kaunta.invalid")', None, 100)
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(0, 2, True)
        sheet.write_datetime(0, 3, datetime(2026, 11, 23), book.add_format({"num_format": "d.m.yyyy"}))
    [row] = rows_of(path)
    assert row[0] == 100.0
    assert (row[2], row[3]) == ("true", datetime(2026, 11, 23))


def test_all_sheets_are_read_and_a_full_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "day.xls"
    book = xlwt.Workbook()
    for name in ("first", "empty", "second"):
        sheet = book.add_sheet(name)
        for line in range(0 if name == "empty" else 3):
            sheet.write(line, 0, f"{name} {line}")
    book.save(str(path))
    read = open_rows(path)
    assert [line for line, _ in read.lines] == [1, 2, 3, 4, 5, 6]
    assert not read.full()
    monkeypatch.setattr(cells, "FULL_XLS", 3)
    again = open_rows(path)
    list(again.lines)
    assert again.full()
    assert not open_rows(write(tmp_path / "day.csv", TILL.grid(DAY))).full()
