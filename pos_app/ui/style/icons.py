"""Lucide icons in the colour they are asked for, crisp at any pixel ratio."""

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from pos_app.ui.style.assets import asset


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon of `resources/icons` as a pixmap of `size` logical pixels, cached.

    Args:
        colour: `#RRGGBB`.
        ratio: the device pixel ratio of where it is painted.
    """
    key = f"icon:{name}:{colour}:{size}:{ratio}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    made = _render(name, colour, size, ratio)
    QPixmapCache.insert(key, made)
    return made


def _render(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawing = asset("icons", f"{name}.svg").read_bytes().replace(b"currentColor", colour.encode())
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def draw(painter: QPainter, name: str, colour: str, box: QRectF) -> None:
    """Paint an icon into a square box, at the ratio of what is painted on."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(box.topLeft(), pixmap(name, colour, round(box.width()), ratio))


def icon(name: str, colour: str, size: int = 20) -> QIcon:
    """An icon for what takes only `QIcon`, such as a menu. Its colour is fixed: make it anew when the theme changes."""
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
    return made
