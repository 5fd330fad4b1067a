"""Payments as files: every one that is found, in each format, whole or not at all."""

import csv
import errno
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.errors import BadInput
from pos_app.exports import export as exporting
from pos_app.exports import whole_file, xlsx_file
from pos_app.exports.columns import HEADINGS
from pos_app.exports.csv_file import safe
from pos_app.exports.export import FORMATS, ExportStopped, export
from pos_app.exports.payment_json import payment_json
from tests.support.builders import a_line, a_post, as_record

Make = Callable[..., Payment]
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Pages:
    """A reader that gives pages of a list, newest first."""

    def __init__(self, payments: list[Payment]) -> None:
        self.payments = payments

    def records(self, search: Search) -> list[PaymentRecord]:
        left = [payment for payment in self.payments if search.after is None or payment.id < search.after.id]
        return [as_record(payment) for payment in left[: search.limit]]


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def sheets(path: Path) -> list[list[list[str | float]]]:
    """The cells of each sheet of a workbook that hold anything: texts as texts, numbers as numbers."""
    with zipfile.ZipFile(path) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [[_cells(row) for row in ElementTree.parse(book.open(name)).iter(f"{_SHEET}row")] for name in names]


def _cells(row: ElementTree.Element) -> list[str | float]:
    assert not list(row.iter(f"{_SHEET}f")), "a formula"
    return [
        "".join(cell.itertext()) if cell.get("t") == "inlineStr" else float("".join(cell.itertext()))
        for cell in row.iter(f"{_SHEET}c")
    ]


@pytest.fixture
def many(make_payment: Make, monkeypatch: pytest.MonkeyPatch) -> list[Payment]:
    """More than two pages, and the first with something in every column."""
    monkeypatch.setattr(exporting, "PAGE", 100)
    first = make_payment(
        id=203,
        state=State.PAID,
        receipt="UKN4X7Q2ZT",
        receipt_typed="UKN4X7Q2ZX",
        title="=2+2",
        amount_paid=249,
        refunded=49,
        operator="Amina",
    )
    return [first, *(make_payment(id=number) for number in range(202, 0, -1))]


def test_csv_has_every_payment_with_its_phone_masked(many: list[Payment], tmp_path: Path) -> None:
    assert export(Pages(many), Search(), tmp_path / "out.csv", Mark.PRACTICE) == 203
    written = csv_rows(tmp_path / "out.csv")
    assert len(written) == 204
    assert written[0] == list(HEADINGS)
    assert written[1] == [
        "A-20261123-0042",
        "2026-11-23 14:02:46",
        "'=2+2",
        "0712 xxx 678",
        "250",
        "249",
        "Paid, part refunded",
        "UKN4X7Q2ZT",
        "UKN4X7Q2ZX",
        "PRACTICE · not real money",
        "1 x =2+2 at 250",
        "49",
        "Amina",
    ]
    assert written[2][4:6] == ["250", ""], "nobody has paid yet"
    assert "345" not in (tmp_path / "out.csv").read_text("utf-8")


def test_a_workbook_has_numbers_times_and_texts(many: list[Payment], tmp_path: Path) -> None:
    assert export(Pages(many), Search(), tmp_path / "out.XLSX", Mark.PRACTICE) == 203
    [sheet] = sheets(tmp_path / "out.XLSX")
    assert len(sheet) == 204
    assert sheet[0] == list(HEADINGS)
    number, time, post, phone, asked, paid, *_, mark, lines, refunded, who = sheet[1]
    assert (number, post, phone, mark) == ("A-20261123-0042", "=2+2", "0712 xxx 678", "PRACTICE · not real money")
    assert (asked, paid, refunded, lines, who) == (250, 249, 49, "1 x =2+2 at 250", "Amina")
    assert isinstance(time, float)
    there = datetime(1899, 12, 30) + timedelta(days=time)
    assert abs(there - many[0].created_at.astimezone(NAIROBI).replace(tzinfo=None)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "title",
    [
        "http://x.example", "=1+1", "<r><t>bold</t></r>", "<b>&amp;", "\x01\x0b", "\r\n", "\ufffe", "_x000D_", "_x00",
        "{=1}", "123", "مرحبا 水", " tea ", "\u00a0tea", "tea\n", "🎉",
    ],
)  # fmt: skip
def test_a_text_in_a_workbook_is_the_text_that_it_is(make_payment: Make, tmp_path: Path, title: str) -> None:
    export(Pages([make_payment(title=title)]), Search(), tmp_path / "out.xlsx", Mark.NONE)
    [[_, row]] = sheets(tmp_path / "out.xlsx")
    assert as_spreadsheets_read(str(row[2])).removeprefix(" " if title.startswith("<r>") else "") == title
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "hyperlink" not in sheet
    assert "<t xml:space" in sheet or title == title.strip(" ")


def test_a_workbook_opens_in_a_program_that_reads_workbooks(
    many: list[Payment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "ROWS", 150)
    export(Pages(many), Search(), tmp_path / "out.xlsx", Mark.PRACTICE)
    book = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx"))
    assert book.sheet_names == ["Payments", "Payments 2"]
    first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert (len(first), len(second)) == (150, 55)
    assert first[0] == second[0] == list(HEADINGS)
    shop = many[0].created_at.astimezone(NAIROBI).replace(tzinfo=None)
    assert first[1] == [
        "A-20261123-0042", shop, "=2+2", "0712 xxx 678", 250, 249, "Paid, part refunded", "UKN4X7Q2ZT", "UKN4X7Q2ZX",
        "PRACTICE · not real money", "1 x =2+2 at 250", 49, "Amina",
    ]  # fmt: skip


def as_spreadsheets_read(text: str) -> str:
    """A text of a cell with what stands in it for characters that XML cannot have."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def test_what_does_not_fit_on_a_sheet_goes_on_on_another(
    many: list[Payment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "ROWS", 101)
    assert export(Pages(many), Search(), tmp_path / "out.xlsx", Mark.NONE) == 203
    found = sheets(tmp_path / "out.xlsx")
    assert [len(sheet) for sheet in found] == [101, 101, 4]
    assert {str(sheet[0][0]) for sheet in found} == {"Number"}


def test_json_has_the_names_that_commands_print(many: list[Payment], tmp_path: Path) -> None:
    assert export(Pages(many), Search(), tmp_path / "out.json", Mark.PRACTICE) == 203
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert len(written) == 203
    expected = payment_json(many[0]) | {
        "phone": "0712 xxx 678",
        "checkout_request_id": "ws_CO_231120261403•••",
        "mark": "PRACTICE · not real money",
    }
    assert {name: written[0][name] for name in expected if name != "checkout_request_id"} == {
        name: value for name, value in expected.items() if name != "checkout_request_id"
    }
    assert list(written[0]) == list(expected)


def test_the_payers_digits_in_m_pesas_number_are_masked_too(make_payment: Make, tmp_path: Path) -> None:
    asked = make_payment(checkout_request_id="ws_CO_23112026140300123712345678")
    export(Pages([asked]), Search(), tmp_path / "out.json", Mark.NONE)
    assert "712345678" not in (tmp_path / "out.json").read_text("utf-8")
    [written] = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["mark"] is None


@pytest.mark.parametrize("end", FORMATS)
def test_nothing_found_is_a_file_without_payments(tmp_path: Path, end: str) -> None:
    path = tmp_path / f"out{end}"
    assert export(Pages([]), Search(), path, Mark.NONE) == 0
    match end:
        case ".csv":
            assert len(csv_rows(path)) == 1
        case ".xlsx":
            assert [len(sheet) for sheet in sheets(path)] == [1]
        case _:
            assert json.loads(path.read_text("utf-8")) == []


def test_a_basket_is_one_row_with_all_its_lines(make_payment: Make, tmp_path: Path) -> None:
    tea, week = (a_line(a_post(id=4, title="Tea", price=30)), a_line(a_post(id=2, title="Week pass", price=250)))
    basket = make_payment(amount=310, lines=(replace(tea, quantity=2), week))
    assert export(Pages([basket]), Search(), tmp_path / "out.csv", Mark.NONE) == 1
    [row] = csv_rows(tmp_path / "out.csv")[1:]
    assert (row[2], row[4], row[10]) == ("Tea x2 and 1 more", "310", "2 x Tea at 30; 1 x Week pass at 250")
    assert row[11:] == ["0", ""]


@pytest.mark.parametrize("first", "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
def test_no_cell_can_calculate(first: str) -> None:
    assert safe(f"{first}254") == f"'{first}254"
    assert safe("Week pass") == "Week pass"


@pytest.mark.parametrize("name", ["out", "out.txt", "out.csv.gz", ".csv"])
def test_a_name_says_the_format(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"must end in \.csv, \.xlsx or \.json"):
        export(Pages([]), Search(), tmp_path / name, Mark.NONE)


class TestWhatGoesWrong:
    """In words; nothing is left behind, and what was there stays."""

    @pytest.fixture(params=FORMATS)
    def path(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        """Where a file of an earlier export lies."""
        path = tmp_path / f"out{request.param}"
        path.write_text("of last week")
        return path

    @pytest.fixture(autouse=True)
    def temporary(self, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Where libraries put what they need on the way."""
        folder = tmp_path_factory.mktemp("temporary")
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        return folder

    def nothing_happened(self, path: Path, temporary: Path) -> None:
        assert path.read_text() == "of last week"
        assert [each.name for each in path.parent.iterdir()] == [path.name]
        assert list(temporary.iterdir()) == []

    def test_it_was_stopped(self, many: list[Payment], path: Path, temporary: Path) -> None:
        told: list[int] = []
        with pytest.raises(ExportStopped, match="Nothing was written"):
            export(Pages(many), Search(), path, Mark.NONE, told=told.append, stopped=lambda: told == [100])
        self.nothing_happened(path, temporary)

    def test_it_was_stopped_at_the_very_end(self, many: list[Payment], path: Path, temporary: Path) -> None:
        told: list[int] = []
        with pytest.raises(ExportStopped):
            export(Pages(many), Search(), path, Mark.NONE, told=told.append, stopped=lambda: told[-1:] == [203])
        self.nothing_happened(path, temporary)

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (errno.ENOSPC, "The disk is full"),
            (errno.EACCES, "You may not write there"),
            (errno.ENOENT, "folder is not there"),
            (errno.EIO, "could not be written"),
        ],
    )
    def test_the_disk_refuses(
        self,
        many: list[Payment],
        path: Path,
        temporary: Path,
        monkeypatch: pytest.MonkeyPatch,
        number: int,
        words: str,
    ) -> None:
        def refuse(_handle: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("os.fsync", refuse)
        with pytest.raises(BadInput, match=words) as caught:
            export(Pages(many), Search(), path, Mark.NONE)
        assert "Nothing was written" in caught.value.user_text
        self.nothing_happened(path, temporary)

    def test_there_is_no_room_on_the_way(
        self, many: list[Payment], path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class FullDisk(io.FileIO):
            def write(self, data: Any, /) -> int:
                if self.tell() > 300:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return super().write(data)

        monkeypatch.setattr(whole_file, "open", FullDisk, raising=False)
        with pytest.raises(BadInput, match="The disk is full"):
            export(Pages(many), Search(), path, Mark.NONE)
        self.nothing_happened(path, temporary)

    def test_the_folder_is_gone(self, many: list[Payment], tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="folder is not there"):
            export(Pages(many), Search(), tmp_path / "no" / "out.csv", Mark.NONE)

    def test_its_name_is_a_folders(self, make_payment: Make, tmp_path: Path) -> None:
        (tmp_path / "taken.csv").mkdir()
        with pytest.raises(BadInput, match="Choose another folder"):
            export(Pages([make_payment()]), Search(), tmp_path / "taken.csv", Mark.NONE)
        assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]

    def test_whatever_else_ends_it(self, many: list[Payment], path: Path, temporary: Path) -> None:
        def end(_count: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export(Pages(many), Search(), path, Mark.NONE, told=end)
        self.nothing_happened(path, temporary)


def test_what_lies_beside_it_is_no_hindrance_and_stays(many: list[Payment], tmp_path: Path) -> None:
    """A browser's half of a download has such a name, too."""
    (tmp_path / "out.csv.part").write_text("half of it")
    assert export(Pages(many), Search(), tmp_path / "out.csv", Mark.NONE) == 203
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "out.csv.part"}


def test_what_a_killed_export_left_goes_with_the_next_to_that_name(many: list[Payment], tmp_path: Path) -> None:
    dead, live = tmp_path / "out.csv-12345678.part", tmp_path / "out.csv-abcdefgh.part"
    for path in (dead, live):
        path.write_text("half of it")
    os.utime(dead, (live.stat().st_mtime - 601,) * 2)
    assert export(Pages(many), Search(), tmp_path / "out.csv", Mark.NONE) == 203
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", live.name}


@pytest.mark.parametrize("end", FORMATS)
def test_two_at_once_to_one_file_are_each_whole(many: list[Payment], tmp_path: Path, end: str) -> None:
    path, sizes = tmp_path / f"out{end}", list[int]()

    def meanwhile(count: int) -> None:
        if not sizes:
            sizes.append(count)
            assert export(Pages(many[:1]), Search(), path, Mark.NONE) == 1
            sizes.append(path.stat().st_size)

    assert export(Pages(many), Search(), path, Mark.NONE, told=meanwhile) == 203
    assert path.stat().st_size > sizes[-1]
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
