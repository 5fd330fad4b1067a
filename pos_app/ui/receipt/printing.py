"""Setting a receipt: the same lines on the screen, on paper and in a PDF.

Everything is laid out in tenths of a point (1/720 inch), so a slip looks the same on every device: Qt's font sizes
that do not depend on the device are whole numbers, and tenths are fine enough for them. A slip is as wide as what the
print head prints, not as the paper: in a PDF and on the screen the paper's blank edges stand beside it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrinter

from pos_app.domain.receipt import ROLLS, Line, Mark, Style
from pos_app.errors import BadInput
from pos_app.private_files import replace_file

_INCH = 720.0  # everything below is in tenths of a point
_MM = _INCH / 25.4
_MARGIN = 80.0  # above and below
_EDGE = 10.0  # left and right: the paper's own edge is outside of what is printed
_SLACK = 0.98  # of a line's room is filled: devices round the widths of letters, and a last letter must not be cut
_GAP = 80.0  # between a label and its value
_INDENT = 30.0  # for each blank before a label
_RULE_HEIGHT = 120.0
_LEADING = {Style.TITLE: 40.0, Style.TOTAL: 40.0}  # below a line; every other style has `_PLAIN_LEADING`
_PLAIN_LEADING = 18.0
_SIZES = {Style.TITLE: 120, Style.TOTAL: 105}  # every other style has `_PLAIN`
_PLAIN = 80
_RESOLUTION = 300  # dots per inch of the PDF
_WATERMARK = QColor(0, 0, 0, 22)
_MARK_STEP = 400.0
_INK = QColor(0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text in its place, or with no text the dashed rule."""

    rect: QRectF
    text: str = ""
    font: QFont | None = None
    flags: int = 0


class Slip:
    """A receipt laid out for a roll of paper. Ready to paint on any device, from any thread.

    Args:
        paper: the width of the roll in mm, one of `ROLLS`.
        room: what the device can print, in mm, where that may be less than the roll's usual head.

    Attributes:
        width, height: of what is printed.
        paper_width: of the paper.
    """

    def __init__(self, lines: Sequence[Line], paper: int = 80, room: float = math.inf) -> None:
        self._lines = lines
        self._paper = paper
        self.paper_width = paper * _MM
        self.width = min(ROLLS[paper].head, room) * _MM
        self.mark = next((mark for mark in Mark if mark and any(line.text == mark for line in lines)), Mark.NONE)
        self._pieces: list[_Piece] = []
        top = _MARGIN
        for line in lines:
            pieces = list(self._place(line, top))
            self._pieces += pieces
            top = max(piece.rect.bottom() for piece in pieces)
        self.height = top + _MARGIN

    def paint(self, painter: QPainter) -> None:
        """Paint the whole slip in the middle of its paper, whose corner is the origin; one unit is the painter's."""
        painter.translate((self.paper_width - self.width) / 2, 0)
        self._paint_mark(painter, self.height)
        for piece in self._pieces:
            _paint_piece(painter, piece)

    def pages(self, height: float) -> list[list[_Piece]]:
        """The slip cut into pages of this height; a line is never cut."""
        pages: list[list[_Piece]] = [[]]
        start = 0.0
        for piece in self._pieces:
            if piece.rect.bottom() - start > height and pages[-1]:
                pages.append([])
                start = piece.rect.top() - _MARGIN
            moved = piece.rect.translated(0, -start)
            pages[-1].append(replace(piece, rect=moved))
        return pages

    def print_on(self, printer: QPrinter) -> None:
        """Print on the pages that the printer has, and never beyond what it can print.

        Raises:
            BadInput: the printer did not take it.
        """
        printable = printer.pageLayout().paintRect(QPageLayout.Unit.Millimeter)
        Slip(self._lines, self._paper, printable.width())._print(printer, printable.height() * _MM)

    def _print(self, printer: QPrinter, height: float) -> None:
        painter = QPainter()
        if not painter.begin(printer):
            raise BadInput("The printer did not answer. The payment is safe. Print again when it is ready.")
        try:
            painter.scale(printer.resolution() / _INCH, printer.resolution() / _INCH)
            for number, pieces in enumerate(self.pages(height)):
                if number:
                    printer.newPage()
                self._paint_mark(painter, min(self.height, height))
                for piece in pieces:
                    _paint_piece(painter, piece)
        finally:
            painter.end()

    def _place(self, line: Line, top: float) -> Iterator[_Piece]:
        room = self.width - 2 * _EDGE
        if line.style is Style.RULE:
            yield _Piece(QRectF(_EDGE, top, room, _RULE_HEIGHT))
            return
        font = receipt_font(line.style)
        if line.style in (Style.TITLE, Style.CENTRE):
            yield _wrapped(line.style, line.text, top, room, Qt.AlignmentFlag.AlignHCenter)
            return
        metrics = QFontMetricsF(font)
        text = line.text.lstrip()
        indent = (len(line.text) - len(text)) * _INDENT  # it belongs to the line above
        label = _wrapped(line.style, text, top, room - indent, Qt.AlignmentFlag.AlignLeft)
        label = replace(label, rect=label.rect.translated(indent, 0))
        value = _wrapped(line.style, line.value, label.rect.bottom(), room, Qt.AlignmentFlag.AlignRight)
        last = metrics.horizontalAdvance(label.text.rpartition("\n")[2]) + _GAP + metrics.horizontalAdvance(line.value)
        if indent + last <= room * _SLACK:
            value = replace(value, rect=value.rect.translated(0, -value.rect.height()))
        yield label
        yield value

    def _paint_mark(self, painter: QPainter, height: float) -> None:
        """Where no real money moved, words behind every line, so that no part of the receipt can pass for real."""
        if not self.mark:
            return
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width, height))
        painter.setPen(_WATERMARK)
        painter.setFont(receipt_font(Style.TOTAL))
        painter.rotate(-20)
        for row in range(int((height + self.width) / _MARK_STEP) + 1):
            painter.drawText(QPointF(-height / 3 + row % 2 * _MARK_STEP, row * _MARK_STEP), f"{self.mark}     " * 4)
        painter.restore()


def receipt_font(style: Style) -> QFont:
    """The typeface of a line.

    Alternate glyphs are off (also figures of one width): in a PDF they could not be searched or copied.
    """
    font = QFont("Inter")
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setPixelSize(_SIZES.get(style, _PLAIN))
    if style in (Style.TITLE, Style.TOTAL):
        font.setWeight(QFont.Weight.DemiBold)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def pdf_bytes(lines: Sequence[Line], paper: int) -> bytes:
    """The receipt as a PDF, its page as wide as the paper (mm) and as long as the receipt."""
    slip = Slip(lines, paper)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Receipt")
    writer.setCreator("Kaunta")
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QSizeF(slip.paper_width, slip.height) / _INCH, QPageSize.Unit.Inch, "Receipt"))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.scale(_RESOLUTION / _INCH, _RESOLUTION / _INCH)
    slip.paint(painter)
    painter.end()
    buffer.close()
    return bytes(data.data())


def save_pdf(lines: Sequence[Line], paper: int, path: Path) -> None:
    """Write the receipt as a PDF.

    Raises:
        BadInput: the file cannot be written there.
    """
    try:
        replace_file(path, pdf_bytes(lines, paper))
    except OSError:
        raise BadInput("The file could not be written there. The payment is safe. Choose another folder.") from None


def _wrapped(style: Style, text: str, top: float, room: float, align: Qt.AlignmentFlag) -> _Piece:
    font = receipt_font(style)
    metrics = QFontMetricsF(font)
    text = "\n".join(_broken(text, metrics, room * _SLACK))
    flags = align.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextDontClip.value
    height = metrics.boundingRect(QRectF(0, 0, room, 1e6), flags, text).height()
    return _Piece(QRectF(_EDGE, top, room, height + _LEADING.get(style, _PLAIN_LEADING)), text, font, flags)


def _broken(text: str, metrics: QFontMetricsF, room: float) -> Iterator[str]:
    """The text in lines of its own, broken here once and for all: a device that wrote a little wider would wrap anew.

    Breaks at blanks, and within a word only where the word alone has no room.
    """
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if metrics.horizontalAdvance(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        line = word
        while metrics.horizontalAdvance(line) > room:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or metrics.horizontalAdvance(line[:n]) <= room)
            yield line[:fits]
            line = line[fits:]
    yield line


def _paint_piece(painter: QPainter, piece: _Piece) -> None:
    painter.setPen(_INK)
    if piece.font is None:
        painter.setPen(QPen(_INK, 6, Qt.PenStyle.DashLine))
        middle = piece.rect.center().y()
        painter.drawLine(QPointF(piece.rect.left(), middle), QPointF(piece.rect.right(), middle))
        return
    painter.setFont(piece.font)
    painter.drawText(piece.rect, piece.flags, piece.text)
