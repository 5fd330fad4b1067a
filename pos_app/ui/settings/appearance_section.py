"""How large the window writes, in which colours, and the scanner that types into it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.messages.counter import TRY_SCANNER
from pos_app.ui.preferences import COLOURS, SCAN_PREFIX, TEXT_SIZE
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import Answers, ShopService
from pos_app.ui.style.theme import Scheme
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.options import Option, Options
from pos_app.ui.widgets.scanner_box import ScannerBox

_SIZES = {
    "normal": Option("Normal", "Fits most screens."),
    "large": Option("Large", "A little larger, for a screen that stands further away."),
    "larger": Option("Very large", "As large as a small screen allows."),
}
_COLOURS = {
    Scheme.SYSTEM: Option("As this computer", "Light or dark, whichever the computer uses."),
    Scheme.LIGHT: Option("Light", "Dark words on light ground, for a bright shop."),
    Scheme.DARK: Option("Dark", "Light words on dark ground, for the evening."),
}


class AppearanceSection(FormSection[Answers]):
    """Text size, colours and scanner; what is chosen counts at once.

    Signals:
        appearance_chosen: the name of a setting and its new value.
    """

    TITLE = "Text size and colours"
    LEAD = (
        "Choose what you can read well from where you stand. Whoever is at the till can change it at any time, "
        "with Aa at the top of the window."
    )
    appearance_chosen = Signal(str, str)

    def __init__(self, service: ShopService, tasks: Tasks) -> None:
        super().__init__("appearanceSection", tasks)
        self._service = service
        self._size = Options(_SIZES, name="textSize", spoken="Text size")
        self._colours = Options(
            {str(key): option for key, option in _COLOURS.items()}, name="colours", spoken="Colours", columns=3
        )
        self.column.addWidget(self._size)
        self.add("Colours", self._colours)
        self._scanner = ScannerBox()
        self.add("Barcode scanner, if you have one", self._scanner, TRY_SCANNER)
        self.column.addStretch(1)
        self._size.chosen.connect(lambda size: self.appearance_chosen.emit(TEXT_SIZE, size))
        self._colours.chosen.connect(lambda colours: self.appearance_chosen.emit(COLOURS, colours))

    def read(self) -> Answers:
        return self._service.answers()

    def fill(self, found: Answers) -> None:
        self._size.choose(found.text_size)
        self._colours.choose(found.colours)
        self._scanner.set_prefix(found.scan_prefix)

    def first_field(self) -> QWidget:
        return self._size.chosen_card

    def work(self) -> Callable[[], None]:
        chosen = {TEXT_SIZE: self._size.choice, COLOURS: self._colours.choice, SCAN_PREFIX: self._scanner.prefix}
        return lambda: self._service.keep(chosen)
