"""What a window really paints, and what of it cannot be read: clipped, elided, overlapping, squeezed.

Every visible widget is painted once onto a device that notes the texts instead of drawing them, so labels, buttons,
delegates and hand-painted widgets are looked at alike, and nothing has to declare what it shows.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPaintDevice, QPaintEngine, QPaintEngineState, QPainterPath, QRegion, QTextItem
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_SHADE = 64  # of 255: what is fainter is a watermark, not a text
_SLACK = 1.5  # px by which a text may be cut: the side bearings of its outer letters
_TALL = 0.78  # of a font's ascent is what its capitals and figures take

_Metric = QPaintDevice.PaintDeviceMetric
_WIDTH, _HEIGHT, _WIDTH_MM, _HEIGHT_MM = (
    each.value for each in (_Metric.PdmWidth, _Metric.PdmHeight, _Metric.PdmWidthMM, _Metric.PdmHeightMM)
)
_METRICS: dict[int, int] = {  # of every surface
    _Metric.PdmNumColors.value: 1 << 24,
    _Metric.PdmDepth.value: 32,
    _Metric.PdmDevicePixelRatio.value: 1,
    _Metric.PdmDevicePixelRatioScaled.value: int(QPaintDevice.devicePixelRatioFScale()),
}


class Text(NamedTuple):
    """A line of text as it was painted, in the widget's own coordinates."""

    words: str
    rect: QRectF
    clip: QRectF | None


class Seen(NamedTuple):
    """What can be seen of a text, in the window's coordinates."""

    words: str
    rect: QRectF
    widget: QWidget


class _Engine(QPaintEngine):
    """Takes down texts; draws nothing."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.texts: list[Text] = []

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, _state: QPaintEngineState) -> None:
        pass

    def drawTextItem(self, at: QPointF | QPoint | QPainterPath.Element, item: QTextItem) -> None:
        words = (
            item.text()
            .replace("\N{NO-BREAK SPACE}\N{WORD JOINER}", " ")
            .replace("\N{ZERO WIDTH SPACE}", "")
            .replace("\N{WORD JOINER}", "")
            .strip()
        )
        if not words or self.painter().pen().color().alpha() < _SHADE:
            return
        assert not isinstance(at, QPainterPath.Element)
        top = at.y() - item.ascent() * _TALL
        rect = QRectF(at.x(), top, item.width(), item.ascent() * _TALL + 1)
        painter = self.painter()
        clip = painter.clipBoundingRect() if painter.hasClipping() else None
        turn = painter.transform()
        self.texts.append(Text(words, turn.mapRect(rect), turn.mapRect(clip) if clip else None))

    def drawPixmap(self, _rect: object, _pixmap: object, _source: object) -> None:
        pass

    def drawImage(self, _rect: object, _image: object, _source: object, _flags: object = None) -> None:
        pass

    def drawPath(self, _path: object) -> None:
        pass

    def drawPolygon(self, *_args: object) -> None:
        pass

    def drawRects(self, *_args: object) -> None:
        pass

    def drawLines(self, *_args: object) -> None:
        pass

    def drawEllipse(self, *_args: object) -> None:
        pass

    def drawPoints(self, *_args: object) -> None:
        pass


class _Notebook(QPaintDevice):
    """A surface of a widget's size."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.engine = _Engine()
        wide, high = size.width(), size.height()
        sizes: dict[int, int] = {_WIDTH: wide, _HEIGHT: high, _WIDTH_MM: wide // 4, _HEIGHT_MM: high // 4}
        self._metrics: dict[int, int] = _METRICS | sizes

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return self._metrics.get(metric.value, 96)


def texts_of(widget: QWidget) -> list[Text]:
    """What a widget itself paints in words; its children are not asked."""
    notebook = _Notebook(widget.size())
    QWidget.render(widget, notebook, QPoint(), QRegion(), QWidget.RenderFlag(0))  # a view of a scene has another one
    return notebook.engine.texts


def faults_of(window: QWidget, names: Sequence[str]) -> list[str]:
    """Everything in a window that cannot be read, each in words.

    Args:
        names: names that data gives (posts, the shop) and that may be shortened where they stand alone.
    """
    settle(window)
    seen: list[Seen] = []
    found: list[str] = []
    for widget in _visible(window):
        found += _squeezed(widget)
        for text in texts_of(widget):
            found += _shortened(widget, text, names)
            rect, complaint = _what_is_left(widget, text, window, names)
            found += [complaint] if complaint else []
            if rect is not None:
                seen.append(Seen(text.words, rect, widget))
    return [*found, *_overlapping(seen)]


def settle(window: QWidget) -> None:
    """Until nothing moves any more: a layout that has its place may give another widget another size."""
    before: list[QRect] = []
    for _ in range(20):
        QApplication.processEvents()
        places = [widget.geometry() for widget in _visible(window)]
        if places == before:
            return
        before = places


def _visible(window: QWidget) -> Iterator[QWidget]:
    yield window
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and not isinstance(widget, QScrollBar):
            yield widget


def _where(widget: QWidget) -> str:
    """A widget by its own and its parents' names."""
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        name = at.objectName()
        if not names or (name and not name.startswith("qt_")):
            names.append(f"{type(at).__name__} {name}".strip())
        at = at.parentWidget()
    return " in ".join(names)


def _shortened(widget: QWidget, text: Text, names: Sequence[str]) -> list[str]:
    if ELLIPSIS not in text.words:
        return []
    head, tail = text.words.split(ELLIPSIS, 1)
    alone = widget.text() in names if isinstance(widget, QLabel) else True
    if alone and any(head.strip() in name and name.endswith(tail.strip()) for name in names):
        return []
    return [f"shortened: {text.words!r} in {_where(widget)}"]


def _what_is_left(widget: QWidget, text: Text, window: QWidget, names: Sequence[str]) -> tuple[QRectF | None, str]:
    """Where the text can be seen in the window (None where it is scrolled away), and what is wrong with that."""
    rect = QRectF(text.rect)
    room = QRectF(widget.rect())
    if text.clip is not None and not isinstance(widget.parentWidget(), QAbstractScrollArea):
        room &= text.clip
    if isinstance(widget, QLineEdit) and any(text.words in name or name in text.words for name in names):
        return None, ""  # what one types may be longer than its field
    at: QWidget = widget
    while True:
        cut = "" if room.contains(rect) else _cut(rect, room)
        if cut and not (_scrolls(at) and _cut(rect, room, sideways_only=True) == ""):
            return None, f"cut {cut}: {text.words!r} in {_where(widget)}" + (
                "" if at is widget else f" by {_where(at)}"
            )
        if cut:
            rect &= room
            if rect.height() < 4:
                return None, ""
        parent = at.parentWidget()
        if at is window or parent is None:
            return rect, ""
        rect.translate(QPointF(at.pos()))
        at = parent
        room = QRectF(at.rect())


def _scrolls(widget: QWidget) -> bool:
    """Whether it is the viewport of something that scrolls up and down."""
    area = widget.parentWidget()
    return (
        isinstance(area, QAbstractScrollArea) and area.viewport() is widget and area.verticalScrollBar().maximum() > 0
    )


def _cut(rect: QRectF, room: QRectF, *, sideways_only: bool = False) -> str:
    """By how much a rectangle sticks out, and where; empty where it does not."""
    out = {"left": room.left() - rect.left(), "right": rect.right() - room.right()}
    if not sideways_only:
        out |= {"top": room.top() - rect.top(), "bottom": rect.bottom() - room.bottom()}
    return ", ".join(f"{round(by)} px at the {side}" for side, by in out.items() if by > _SLACK)


def _squeezed(widget: QWidget) -> list[str]:
    """Whether it has less room than it needs, and whether a control sticks out of its parent."""
    found = []
    if not widget.children():  # what holds others shows in them
        wide, high = widget.minimumSizeHint().width(), widget.minimumSizeHint().height()
        if widget.hasHeightForWidth():
            high = widget.heightForWidth(widget.width())
        if wide > widget.width() + 1 or high > widget.height() + 1:
            found.append(f"squeezed: {_where(widget)} needs {wide}x{high}, has {widget.width()}x{widget.height()}")
    parent = widget.parentWidget()
    control = isinstance(widget, QAbstractButton | QLineEdit | QComboBox)
    if control and parent is not None and not QRect(parent.rect()).adjusted(-1, -1, 1, 1).contains(widget.geometry()):
        found.append(f"outside: {_where(widget)} at {widget.geometry().getRect()} of {parent.size().toTuple()}")
    return found


def _overlapping(seen: list[Seen]) -> list[str]:
    found = []
    ordered = sorted(seen, key=lambda one: one.rect.top())
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.rect.top() >= one.rect.bottom():
                break
            common = one.rect & other.rect
            covers = common.width() > 2 and common.height() > 3
            if covers and not (_floats(one.widget) or _floats(other.widget)):
                found.append(
                    f"on top of each other: {one.words!r} in {_where(one.widget)} and "
                    f"{other.words!r} in {_where(other.widget)}"
                )
    return found


def _floats(widget: QWidget) -> bool:
    """Whether it lies over the page on purpose, for a moment."""
    at: QWidget | None = widget
    while at is not None:
        if at.objectName() == "toast":
            return True
        at = at.parentWidget()
    return False
