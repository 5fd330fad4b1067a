"""Colours follow the scheme, and every pair of text and ground can be read."""

import re

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication

from pos_app.ui.style.assets import asset
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import DARK, LIGHT, Scheme, Theme, ThemeManager, current_theme, font


def contrast(text: str, ground: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(colour: str) -> float:
        shade = QColor(colour)
        parts = [linear(part) for part in (shade.redF(), shade.greenF(), shade.blueF())]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    low, high = sorted((luminance(text), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read(theme: Theme) -> None:
    for ground in (theme.ground, theme.card, theme.sunken):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5
    assert contrast(theme.frame, theme.ground) >= 3
    assert {theme.role(colour) for colour in ColourRole} <= set(theme.pairs())
    for pair in theme.pairs():
        assert contrast(*pair) >= 4.5, pair


def test_the_sheet_names_only_colours_that_exist() -> None:
    names = set(re.findall(r"\$([a-z_]+)", asset("style.qss").read_text("utf-8")))
    assert names <= set(LIGHT.tokens())
    assert set(LIGHT.tokens()) == set(DARK.tokens())


def test_scheme_can_be_changed_while_running(theme: ThemeManager, qapp: QApplication) -> None:
    assert current_theme() is LIGHT
    theme.choose(colours=Scheme.DARK)
    try:
        assert current_theme() is DARK
        assert DARK.card in qapp.styleSheet()
        assert QGuiApplication.palette().window().color() == QColor(DARK.ground)
    finally:
        theme.choose(colours=Scheme.LIGHT)
    assert current_theme() is LIGHT


def test_text_can_be_written_larger(theme: ThemeManager, qapp: QApplication) -> None:
    small = font(20).pixelSize(), qapp.font().pixelSize()
    theme.choose(text_size="larger")
    try:
        assert (font(20).pixelSize(), qapp.font().pixelSize()) == (26, 20)
        assert 'QLabel[role="huge"] { font-size: 52px' in qapp.styleSheet()
        assert current_theme().card == LIGHT.card
    finally:
        theme.choose(text_size="normal")
    assert (font(20).pixelSize(), qapp.font().pixelSize()) == small == (20, 15)
    assert current_theme() is LIGHT


def test_the_bundled_typeface_is_used(theme: ThemeManager) -> None:
    assert {"Regular", "Medium", "SemiBold"} <= set(QFontDatabase.styles("Inter"))
    assert QFontInfo(font(15)).family() == "Inter"


def test_every_icon_that_is_named_is_there() -> None:
    package = asset("..", "pos_app", "ui")
    named = set()
    for path in package.rglob("*.py"):
        named |= set(re.findall(r'icon="([a-z-]+)"', path.read_text("utf-8")))
    missing = [name for name in named if not asset("icons", f"{name}.svg").exists()]
    assert not missing
