"""Names in little room: two lines, then an ellipsis in the middle, so that names with the same beginning differ."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption


def fold(name: str, font: QFont, width: float, lines: int = 2, *, beside: float = 0) -> list[str]:
    """The lines of a name: as many as it needs, the last one shortened in its middle where they are too few.

    Args:
        width: of each line, in px.
        beside: what stands at the end of the first line and takes so much of it, in px.
    """
    layout = QTextLayout(name, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    starts: list[int] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width if starts else width - beside)
        starts.append(line.textStart())
    layout.endLayout()
    kept = [name[start:end].strip() for start, end in zip(starts, [*starts[1:], len(name)], strict=True)]
    if len(kept) > lines:
        rest = name[starts[lines - 1] :].strip()
        kept[lines - 1 :] = [QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideMiddle, width)]
    return kept


def is_shortened(name: str, lines: list[str]) -> bool:
    """Whether anything of a name is left out of its lines."""
    return "".join("".join(lines).split()) != "".join(name.split())


def draw(painter: QPainter, rect: QRectF, name: str, font: QFont, *, beside: float = 0) -> None:
    """Draw a name at the top left of a rectangle, in the painter's pen, beside what stands at its top right."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for place, line in enumerate(fold(name, font, rect.width(), beside=beside)):
        painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent() + place * metrics.height()), line)
