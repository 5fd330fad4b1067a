"""What the operator chooses for this computer: looks, paper, sounds, the customer display. Behind no passphrase."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from pos_app.ui.style.theme import Scheme

TEXT_SIZE: Final = "text_size"
COLOURS: Final = "colours"
PAPER_WIDTH: Final = "paper_width"
SCAN_PREFIX: Final = "scan_prefix"
CUSTOMER_DISPLAY: Final = "customer_display"
CUSTOMER_SCREEN: Final = "customer_screen"
SOUNDS: Final = "sounds"
ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is chosen, as the settings have it.

    Attributes:
        paper_width: of receipt rolls, in mm.
        scan_prefix: what a slow scanner sends before each code; "" for nothing.
        customer_display: on or off; customer_screen: the name of its screen, "" for any that is free.
        sounds: how loud: off, quiet, normal or loud.
    """

    text_size: str = "normal"
    colours: str = Scheme.SYSTEM
    paper_width: int = 80
    scan_prefix: str = ""
    customer_display: str = OFF
    customer_screen: str = ""
    sounds: str = "normal"


class Preferences(QObject):
    """Knows what is chosen, and tells of what is chosen next; whoever keeps settings listens.

    Signals:
        changed: the name of a setting and its new value.
    """

    changed = Signal(str, str)

    def __init__(self, chosen: Chosen | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        chosen = chosen or Chosen()
        self._values = {
            TEXT_SIZE: chosen.text_size,
            COLOURS: str(chosen.colours),
            PAPER_WIDTH: str(chosen.paper_width),
            SCAN_PREFIX: chosen.scan_prefix,
            CUSTOMER_DISPLAY: chosen.customer_display,
            CUSTOMER_SCREEN: chosen.customer_screen,
            SOUNDS: chosen.sounds,
        }

    @property
    def text_size(self) -> str:
        """The text size: a name of `theme.SIZES`."""
        return self._values[TEXT_SIZE]

    @property
    def colours(self) -> str:
        """The colours: the name of a `Scheme`."""
        return self._values[COLOURS]

    @property
    def paper_width(self) -> int:
        """The width of receipt rolls, in mm."""
        return int(self._values[PAPER_WIDTH])

    @property
    def scan_prefix(self) -> str:
        """What a slow scanner sends before each code; "" for nothing."""
        return self._values[SCAN_PREFIX]

    @property
    def customer_display(self) -> bool:
        """Whether customers have a screen of their own."""
        return self._values[CUSTOMER_DISPLAY] == ON

    @property
    def customer_screen(self) -> str:
        """The name of the screen for customers; "" for any that is free."""
        return self._values[CUSTOMER_SCREEN]

    @property
    def sounds(self) -> str:
        """How loud sounds are: off, quiet, normal or loud."""
        return self._values[SOUNDS]

    def choose(self, name: str, value: str) -> None:
        """Choose; nothing happens where that is chosen already."""
        if self._values[name] != value:
            self._values[name] = value
            self.changed.emit(name, value)
