"""Icons take the colour they are asked for, at any pixel ratio."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from pos_app.ui.style import icons
from pos_app.ui.style.assets import asset


def colours(image: QImage) -> set[str]:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_tinted_and_crisp(qapp: QApplication, ratio: float) -> None:
    made = icons.pixmap("x", "#b91c1c", 24, ratio)
    assert made.width() == round(24 * ratio)
    assert made.devicePixelRatio() == ratio
    assert colours(made.toImage()) == {"#b91c1c"}


def test_one_pixmap_for_one_request(qapp: QApplication) -> None:
    assert icons.pixmap("plus", "#112233", 20).cacheKey() == icons.pixmap("plus", "#112233", 20).cacheKey()
    assert icons.pixmap("plus", "#112233", 20).cacheKey() != icons.pixmap("plus", "#332211", 20).cacheKey()


def test_icon_has_a_pixmap_for_sharp_screens(qapp: QApplication) -> None:
    sizes = icons.icon("plus", "#112233", 20).availableSizes()
    assert {size.width() for size in sizes} >= {20}
    assert icons.icon("plus", "#112233", 20).pixmap(QSize(20, 20), 2.0).width() == 40


def test_every_drawing_can_be_tinted_and_the_licence_is_beside_them() -> None:
    drawings = list(asset("icons").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        assert b'stroke="currentColor"' in drawing.read_bytes(), drawing.name
    assert "ISC License" in asset("icons", "LICENSE.txt").read_text("utf-8")
