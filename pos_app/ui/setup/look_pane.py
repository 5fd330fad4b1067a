"""How large the window writes."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from pos_app.ui.bridge import Tasks
from pos_app.ui.setup.desk import Answers, Desk
from pos_app.ui.setup.pane import Pane
from pos_app.ui.widgets.options import Option, Options

_SIZES = {
    "normal": Option("Normal", "Fits most screens."),
    "large": Option("Large", "A little larger, for a screen that stands further away."),
    "larger": Option("Very large", "As large as a small screen allows."),
}


class LookPane(Pane):
    """Shows its own choice at once.

    Signals:
        size_chosen: how large to write from now on.
    """

    TITLE = "Text size"
    LEAD = "Choose what you can read well from where you stand. It can be changed at any time."
    size_chosen = Signal(str)

    def __init__(self, desk: Desk, tasks: Tasks) -> None:
        super().__init__("lookPane", desk, tasks)
        self._size = Options(_SIZES, name="textSize", spoken="Text size")
        self.column.addWidget(self._size)
        self.column.addStretch(1)
        self._size.chosen.connect(self.size_chosen)

    def fill(self, found: Answers) -> None:
        self._size.choose(found.text_size)

    def work(self) -> Callable[[], None]:
        size = self._size.choice
        return lambda: self.desk.keep({"text_size": size})
