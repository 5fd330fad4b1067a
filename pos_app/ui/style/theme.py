"""Colours, type and the style sheet, in light and dark.

`ThemeManager(app).apply()` gives the application its theme and follows the system's colour scheme. With a `scheme` it
keeps to one, with `size="large"` it writes larger. What is painted by hand asks `current_theme()` each time it paints,
so a change of scheme needs no bookkeeping: the new style sheet repaints everything.
"""

import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache, lru_cache
from string import Template
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from pos_app.ui.style.assets import asset
from pos_app.ui.style.state_style import ColourRole

FAMILY = "Inter"
BODY = 15  # px
RING = 3  # px: the focus ring round a control; hand-painted controls keep this much free on every side
_FONT_FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf")
SIZES = {"normal": 1.0, "large": 1.15, "larger": 1.3}  # how large the text is, by the setting's words
_PROPERTY = "kauntaTheme"
_FONT_SIZE = re.compile(r"font-size: ([0-9]+)px")


class Scheme(StrEnum):
    """Which colours to use."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Pair(NamedTuple):
    """Text on ground."""

    text: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of a scheme, as `#RRGGBB`.

    Attributes:
        ground: the window.
        card: panels, tiles, rows.
        sunken: key caps and fields inside a card.
        line: one-pixel borders.
        ink, muted, resting: text, second text, and text of what cannot be used now.
        primary: the one main button, selection, focus; `on_primary` is text on it, `soft` its pale ground.
        ring: round what has the focus.
        frame: round the whole window in practice.
        scale: how much larger than drawn the text is.
    """

    dark: bool
    ground: str
    card: str
    sunken: str
    line: str
    ink: str
    muted: str
    resting: str
    primary: str
    primary_hover: str
    on_primary: str
    soft: str
    ring: str
    frame: str
    roles: dict[ColourRole, Pair]
    scale: float = 1.0

    def role(self, role: ColourRole) -> Pair:
        """The colours of a state."""
        return self.roles[role]

    def pairs(self) -> list[Pair]:
        """Every text with every ground that it stands on somewhere; all of them can be read."""
        grounds = (self.ground, self.card, self.sunken, self.soft)
        texts = (self.ink, self.muted, self.resting, self.primary)
        tinted = [pair.ground for pair in self.roles.values()]
        return [
            *(Pair(text, ground) for text in texts for ground in grounds),
            *(Pair(self.on_primary, ground) for ground in (self.primary, self.primary_hover)),
            *self.roles.values(),
            *(Pair(pair.text, ground) for pair in self.roles.values() for ground in grounds),
            *(Pair(self.ink, ground) for ground in tinted),
        ]

    def tokens(self) -> dict[str, str]:
        """Every colour by its name in the style sheet; a colour role gives `paid_text` and `paid_ground`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {name: value for name, value in values.items() if isinstance(value, str)}
        for colour, pair in self.roles.items():
            plain |= {f"{colour}_text": pair.text, f"{colour}_ground": pair.ground}
        return plain


LIGHT = Theme(
    dark=False,
    ground="#F5F6F8",
    card="#FFFFFF",
    sunken="#F5F6F8",
    line="#E3E6EB",
    ink="#14181F",
    muted="#5B6472",
    resting="#646C79",
    primary="#0B6B45",
    primary_hover="#095C3B",
    on_primary="#FFFFFF",
    soft="#E7F4EE",
    ring="#D3EBE0",
    frame="#BE185D",
    roles={
        ColourRole.NEUTRAL: Pair("#334155", "#F1F5F9"),
        ColourRole.SENDING: Pair("#1D4ED8", "#EFF6FF"),
        ColourRole.WAITING: Pair("#92400E", "#FFF4DC"),
        ColourRole.UNSURE: Pair("#6B21A8", "#F5EDFF"),
        ColourRole.REVIEW: Pair("#9A3412", "#FFEFE0"),
        ColourRole.PAID: Pair("#166534", "#E6F6EC"),
        ColourRole.FAILED: Pair("#B91C1C", "#FDECEC"),
        ColourRole.PRACTICE: Pair("#9D174D", "#FCE7F3"),
    },
)
DARK = Theme(
    dark=True,
    ground="#0F1319",
    card="#171C24",
    sunken="#0F1319",
    line="#28303C",
    ink="#EEF1F5",
    muted="#9AA5B4",
    resting="#828D9C",
    primary="#2FB27C",
    primary_hover="#3BC48B",
    on_primary="#0C1410",
    soft="#12291F",
    ring="#1B4534",
    frame="#DB2777",
    roles={
        ColourRole.NEUTRAL: Pair("#CBD5E1", "#1E293B"),
        ColourRole.SENDING: Pair("#BFDBFE", "#172554"),
        ColourRole.WAITING: Pair("#FDE68A", "#3A2A07"),
        ColourRole.UNSURE: Pair("#E9D5FF", "#2F1550"),
        ColourRole.REVIEW: Pair("#FED7AA", "#431407"),
        ColourRole.PAID: Pair("#BBF7D0", "#0C2E1B"),
        ColourRole.FAILED: Pair("#FECACA", "#3F1114"),
        ColourRole.PRACTICE: Pair("#FBCFE8", "#4A0B2C"),
    },
)


def current_theme() -> Theme:
    """The theme that the application has; light before any was applied."""
    app = QApplication.instance()
    known = app.property(_PROPERTY) if app else None
    return known if isinstance(known, Theme) else LIGHT


def scaled(pixels: float) -> int:
    """A length that holds text, in px, for the text size now."""
    return round(pixels * current_theme().scale)


def font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal, *, figures: bool = True) -> QFont:
    """The typeface in a size.

    Args:
        pixels: at the normal text size; the shop's own may be larger.
        figures: give all figures one width, so that changing numbers do not jump; for running text leave it off,
            since it also widens hyphens.
    """
    return QFont(_font(round(pixels * current_theme().scale), weight, figures))


@cache
def _font(pixels: int, weight: QFont.Weight, figures: bool) -> QFont:
    """Made once: buttons ask for theirs each time they are measured, and a feature takes long to be given."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    if figures:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def text_width(text: str, pixels: float, weight: QFont.Weight = QFont.Weight.Normal, *, figures: bool = True) -> float:
    """How wide a line of text is in that typeface, in px; measured once, since layouts ask again and again."""
    return _text_width(text, round(pixels * current_theme().scale), weight, figures)


@lru_cache(4096)
def _text_width(text: str, pixels: int, weight: QFont.Weight, figures: bool) -> float:
    return QFontMetricsF(_font(pixels, weight, figures)).horizontalAdvance(text)


class ThemeManager(QObject):
    """Gives the application its colours and its type. Keep it alive as long as the application runs."""

    def __init__(self, app: QApplication, scheme: Scheme = Scheme.SYSTEM, size: str = "normal") -> None:
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        self._size = size
        self._sheet = Template(asset("style.qss").read_text("utf-8"))

    def apply(self) -> None:
        """Load the fonts, put the theme on, and follow the system from now on."""
        for name in _FONT_FILES:
            QFontDatabase.addApplicationFont(str(asset("fonts", name)))
        _text_width.cache_clear()  # what was measured before was in another typeface
        self._app.setStyle("Fusion")
        self._app.styleHints().colorSchemeChanged.connect(self._update)
        self._update()

    def choose(self, *, text_size: str = "", colours: str = "", **_others: str) -> None:
        """Take what was chosen, by the names of the settings; what is not about colours or type has no effect."""
        before = self._size, self._scheme
        self._size = text_size or self._size
        self._scheme = Scheme(colours or self._scheme)
        if before != (self._size, self._scheme):
            self._update()

    @Slot()
    def _update(self) -> None:
        scale = SIZES[self._size]
        theme = self._theme() if scale == 1 else replace(self._theme(), scale=scale)
        self._app.setProperty(_PROPERTY, theme)
        # Each of the three goes through every widget there is: what stays as it is costs the window nothing.
        usual, palette = font(BODY, figures=False), _palette(theme)
        if self._app.font() != usual:
            self._app.setFont(usual)
        if self._app.palette() != palette:
            self._app.setPalette(palette)
        sheet = self._sheet.substitute(theme.tokens())
        self._app.setStyleSheet(_FONT_SIZE.sub(lambda size: f"font-size: {round(int(size[1]) * theme.scale)}px", sheet))

    def _theme(self) -> Theme:
        if self._scheme is Scheme.SYSTEM:
            dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        else:
            dark = self._scheme is Scheme.DARK
        return DARK if dark else LIGHT


def _palette(theme: Theme) -> QPalette:
    """For what no style sheet reaches: selections, placeholders, dialogs of the system."""
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, colour in (
        (roles.Window, theme.ground),
        (roles.WindowText, theme.ink),
        (roles.Base, theme.card),
        (roles.AlternateBase, theme.ground),
        (roles.Text, theme.ink),
        (roles.Button, theme.card),
        (roles.ButtonText, theme.ink),
        *((role, theme.line) for role in (roles.Light, roles.Midlight, roles.Mid, roles.Dark)),
        (roles.Highlight, theme.primary),
        (roles.HighlightedText, theme.on_primary),
        (roles.PlaceholderText, theme.muted),
        (roles.ToolTipBase, theme.card),
        (roles.ToolTipText, theme.ink),
        (roles.Link, theme.primary),
    ):
        palette.setColor(role, QColor(colour))
    return palette
