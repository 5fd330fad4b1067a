"""The slip: on a PDF of its own size, in searchable words, and cut into pages where a printer needs it."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from pos_app.domain.payment import Grant, Payment, State
from pos_app.domain.receipt import Line, Mark, Shop, Style, receipt_lines
from pos_app.errors import BadInput
from pos_app.ui.printing import PAPER_WIDTHS, Slip, pdf_bytes, save_pdf

NOW = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
POINTS_PER_MM = 72 / 25.4


def lines(*, title: str = "Week pass", mark: Mark = Mark.NONE, copy: int = 1) -> list[Line]:
    payment = Payment(
        id=1,
        number="A-20261123-0042",
        till="A",
        post_id=1,
        post_title=title,
        days=7,
        customer_id=1,
        phone="254712345678",
        amount=250,
        state=State.PAID,
        receipt="UKN4X7Q2ZT",
        created_at=NOW,
        updated_at=NOW,
        closed_at=NOW,
        grant=Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7)),
    )
    return receipt_lines(Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",), mark=mark), payment, copy)


def words_of(pdf: bytes) -> str:
    """The text as a reader of PDF finds it."""
    tool = which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    ran = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return ran.stdout.decode()


def page_size(pdf: bytes) -> tuple[float, float]:
    """In points."""
    found = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert found
    return float(found[1]), float(found[2])


@pytest.mark.parametrize("paper", PAPER_WIDTHS)
def test_the_pdf_is_as_wide_as_the_paper_and_as_long_as_the_receipt(qapp: QApplication, paper: int) -> None:
    width, height = page_size(pdf_bytes(lines(), paper))

    assert width == pytest.approx(paper * POINTS_PER_MM, abs=1)
    assert page_size(pdf_bytes(lines(copy=2), paper))[1] > height  # one more line, a longer page


def test_the_pdf_has_one_page_and_carries_its_typeface(qapp: QApplication) -> None:
    pdf = pdf_bytes(lines(), 80)

    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert b"/FontFile2" in pdf


def test_every_word_of_the_receipt_can_be_searched_and_no_page_number_is_added(qapp: QApplication) -> None:
    text = words_of(pdf_bytes(lines(copy=2), 80))

    wanted = ["Mama Njeri Shop", "A-20261123-0042", "23 Nov 2026 14:03 EAT", "KES 250", "UKN4X7Q2ZT", "0712 xxx 678"]
    assert [part for part in [*wanted, "COPY 2"] if part not in text] == []
    assert text.strip().splitlines()[-1].strip() == "Asante! / Thank you"


def test_practice_marks_the_whole_slip(qapp: QApplication) -> None:
    plain, marked = Slip(lines()), Slip(lines(mark=Mark.PRACTICE))

    assert plain.mark is Mark.NONE
    assert marked.mark is Mark.PRACTICE
    assert "ISITI" in words_of(
        pdf_bytes([line for line in lines(mark=Mark.PRACTICE) if line.style is not Style.RULE], 80)
    )


def test_a_long_name_wraps_and_its_price_stands_below(qapp: QApplication) -> None:
    short, long = Slip(lines(title="Tea"), 58), Slip(lines(title="W" * 60), 58)

    assert long.height > short.height
    assert "KES 250" in words_of(pdf_bytes(lines(title="W" * 60), 58))


def test_nothing_is_painted_beside_the_paper(qapp: QApplication) -> None:
    slip = Slip(lines(title="W" * 60, mark=Mark.PRACTICE), 58)
    image = QImage(round(slip.width / 4) + 100, round(slip.height / 4), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    painter.scale(0.25, 0.25)
    slip.paint(painter)
    painter.end()

    beside = image.copy(round(slip.width / 4) + 1, 0, 99, image.height())
    blank = beside.copy()
    blank.fill(0xFFFFFF)
    assert beside == blank


def test_a_slip_longer_than_the_page_goes_on_without_cutting_a_line(qapp: QApplication) -> None:
    slip = Slip(lines())
    height = slip.height / 2
    pages = slip.pages(height)

    assert len(pages) >= 2
    assert sum(len(page) for page in pages) == len(slip.pages(slip.height)[0])
    assert all(piece.rect.bottom() <= height for page in pages for piece in page)


def test_a_printer_prints_it(qapp: QApplication, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    Slip(lines(mark=Mark.PRACTICE)).print_on(printer)

    assert "UKN4X7Q2ZT" in words_of((tmp_path / "out.pdf").read_bytes())


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_does_not_take_it_is_told_in_words(qapp: QApplication, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "out.pdf"))

    with pytest.raises(BadInput, match="The payment is safe"):
        Slip(lines()).print_on(printer)


def test_a_pdf_that_cannot_be_written_is_told_in_words(qapp: QApplication, tmp_path: Path) -> None:
    save_pdf(lines(), 80, tmp_path / "receipt.pdf")
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")

    with pytest.raises(BadInput, match="Choose another folder"):
        save_pdf(lines(), 80, tmp_path / "no such folder" / "receipt.pdf")


def test_the_practice_mark_is_the_domains() -> None:
    assert Mark.PRACTICE in {line.text for line in lines(mark=Mark.PRACTICE)}
