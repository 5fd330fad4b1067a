"""The slip: on a PDF of its own size, in searchable words, and cut into pages where a printer needs it."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.domain.receipt import ROLLS, Line, Mark, Shop, Style, receipt_lines
from pos_app.errors import BadInput
from pos_app.ui.receipt.printing import Slip, pdf_bytes, save_pdf

NOW = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
POINTS_PER_MM = 72 / 25.4


GRANT = Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7))


def lines(*, title: str = "Week pass", mark: Mark = Mark.NONE, copy: int = 1, **changes: Any) -> list[Line]:
    payment = Payment(
        id=1,
        number="A-20261123-0042",
        till="A",
        address="0" * 64,
        lines=(PaymentLine(post_id=1, title=title, price=250, days=7, grant=GRANT),),
        customer_id=1,
        phone="254712345678",
        amount=250,
        state=State.PAID,
        receipt="UKN4X7Q2ZT",
        created_at=NOW,
        updated_at=NOW,
        closed_at=NOW,
    )
    shop = Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",), mark=mark)
    return receipt_lines(shop, replace(payment, **changes), copy)


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


@pytest.mark.parametrize("paper", ROLLS)
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


LARGEST: dict[str, Any] = {
    "amount": 250_000,
    "number": "ABCD-20261123-10042",
    "receipt": None,
    "receipt_typed": "WWWWWWWWWW",
}
LONG_NAMES = ("W" * 60, "Mwanachama wa kila mwezi wa ukumbi mkubwa wa mazoezi, Nairobi", "Tea")


def painted(slip: Slip) -> QImage:
    """The paper, three dots to a millimetre, with 30 dots more on either side."""
    dots = 3 * 25.4 / 720
    image = QImage(round(slip.paper_width * dots) + 60, round(slip.height * dots), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.translate(30, 0)
    painter.scale(dots, dots)
    slip.paint(painter)
    painter.end()
    return image


def inked(image: QImage) -> list[int]:
    """The columns that are not blank."""
    blank = QColor("white").rgb()
    return [x for x in range(image.width()) if any(image.pixel(x, y) != blank for y in range(image.height()))]


@pytest.mark.parametrize("title", LONG_NAMES)
@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize(("paper", "head"), [(58, 48), (80, 72)])
def test_ink_falls_only_where_the_head_prints(
    qapp: QApplication, paper: int, head: int, mark: Mark, title: str
) -> None:
    """58 mm paper is printed 48 mm wide, 80 mm paper 72 mm."""
    columns = inked(painted(Slip(lines(title=title, mark=mark, **LARGEST), paper)))

    edge = 30 + 3 * (paper - head) / 2
    assert edge - 1 <= columns[0]
    assert columns[-1] <= edge + 3 * head + 1


@pytest.mark.parametrize("title", LONG_NAMES)
@pytest.mark.parametrize("room", [72, 60, 48, 40])
def test_figures_stay_whole_on_whatever_the_printer_can_print(qapp: QApplication, room: int, title: str) -> None:
    made = lines(title=title, **LARGEST)
    texts = [piece.text for piece in Slip(made, 80, room).pages(1e9)[0]]

    assert {line.value for line in made if line.value} <= set(texts)
    pieces = Slip(made, 80, room).pages(1e9)[0]
    for piece in pieces:
        if piece.font:
            widest = max(QFontMetricsF(piece.font).horizontalAdvance(part) for part in piece.text.split("\n"))
            assert widest <= piece.rect.width()


@pytest.mark.parametrize("millimetres", [48, 72, 210])
def test_a_printer_that_prints_less_than_the_paper_gets_a_narrower_slip(
    qapp: QApplication, tmp_path: Path, millimetres: int
) -> None:
    """The shop chose 80 mm, and the driver's page is what it is."""
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setPageSize(QPageSize(QSizeF(millimetres, 297), QPageSize.Unit.Millimeter))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    Slip(lines(**LARGEST), 80).print_on(printer)

    pdf = (tmp_path / "out.pdf").read_bytes()
    for text, left, right in words_with_places(pdf):
        assert 0 <= left < right <= millimetres * POINTS_PER_MM, text
    assert "250,000" in {text for text, *_ in words_with_places(pdf)}


def words_with_places(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each word with its left and right edge, in points."""
    tool = which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    ran = subprocess.run([tool, "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found = re.findall(r'<word xMin="([0-9.-]+)" .*? xMax="([0-9.-]+)" .*?>(.*?)</word>', ran.stdout.decode())
    return [(text, float(left), float(right)) for left, right, text in found]


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


def test_what_belongs_to_the_line_above_is_indented_and_its_value_ends_its_last_line(qapp: QApplication) -> None:
    """On the paper of a day nobody saw where one payment ended and the next began."""
    long = "  Both are paid: this one, and one for something else. Compare their M-PESA codes."
    lines = [Line(Style.PAIR, "A-20261123-0001", "KES 100"), Line(Style.PAIR, long, "2 h 6 min")]
    [[number, amount, words, age]] = Slip(lines).pages(1e6)
    assert number.rect.left() < words.rect.left()
    assert amount.rect.top() == number.rect.top()
    assert "\n" in words.text
    assert age.rect.bottom() == words.rect.bottom()
    short = Slip([Line(Style.PAIR, "x" * 200, "KES 100" * 9)]).pages(1e6)[0]
    assert short[1].rect.top() == short[0].rect.bottom(), "where there is no room it stands below"
