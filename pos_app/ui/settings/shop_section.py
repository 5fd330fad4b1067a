"""The shop's names, what stands on its receipts, and their paper."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from pos_app.domain.receipt import WIDTH
from pos_app.errors import BadInput
from pos_app.ui.preferences import PAPER_WIDTH
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import Answers, ShopService
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.options import Option, Options

MAX_NAME = 80  # characters: three lines of a narrow receipt
MAX_LINES = 4
_NAME_HINT = "Your sign over the door. It stands on top of each receipt and of this window."
_REGISTERED_HINT = (
    "M-PESA's prompt shows the name that Safaricom registered, often another one: it is in the message that your own "
    "phone gets when you pay your shop. The till tells customers to look for it. Leave it empty if you do not know it."
)
_PAPERS = {
    "80": Option("80 mm paper", "Prints 72 mm, 48 letters in a line."),
    "58": Option("58 mm paper", "Prints 48 mm, 32 letters in a line."),
}


class ShopSection(FormSection[Answers]):
    """A name is needed: customers read it on their receipts and know whom they paid."""

    TITLE = "Your shop"
    LEAD = "Customers read this on their receipts and phones."

    def __init__(self, service: ShopService, tasks: Tasks) -> None:
        super().__init__("shopSection", tasks)
        self._service = service
        self._name = Field(name="shopName", spoken="Name of the shop", placeholder="Mama Njeri Shop")
        self._registered = Field(
            name="registeredName", spoken="Name that M-PESA shows", placeholder="NJERI WANJIRU ENTERPRISES"
        )
        self._lines = QPlainTextEdit()
        self._lines.setObjectName("receiptLines")
        self._lines.setAccessibleName("Lines on the receipt")
        self._lines.setPlaceholderText("Moi Avenue, Nairobi\n0712 345 678")
        self._lines.setTabChangesFocus(True)
        self._lines.setFixedHeight(104)
        self._paper = Options(_PAPERS, name="paperWidth", spoken="Paper of the receipt printer", columns=2)
        box = QWidget()  # in line with the fields, which keep room for their ring
        row = QHBoxLayout(box)
        row.setContentsMargins(RING, RING, RING, RING)
        row.addWidget(self._lines)
        self.add("Name of the shop", self._name)
        self._name_note = self.add_note(_NAME_HINT)
        self.add("Name that M-PESA shows on the customer's phone", self._registered)
        self._registered_note = self.add_note(_REGISTERED_HINT)
        self.add("Below the name on receipts", box, f"Up to {MAX_LINES} lines: where you are, how to call you.")
        self.add("Paper of the receipt printer", self._paper)
        self.column.addStretch(1)
        for field in (self._name, self._registered):
            field.edit.textChanged.connect(self._count)

    def read(self) -> Answers:
        return self._service.answers()

    def fill(self, found: Answers) -> None:
        self._name.edit.setText(found.shop_name)
        self._registered.edit.setText(found.registered_name)
        self._lines.setPlainText("\n".join(found.receipt_lines))
        self._paper.choose(found.paper_width)

    def first_field(self) -> QWidget:
        return self._name

    def work(self) -> Callable[[], None]:
        name, registered = _name(self._name), _name(self._registered)
        lines = [line.strip() for line in self._lines.toPlainText().splitlines() if line.strip()]
        if not name:
            raise BadInput("Type the name of your shop: customers look for it on the receipt.")
        for field, text in ((self._name, name), (self._registered, registered)):
            if too_long := _too_long(text):
                field.setFocus()
                raise BadInput(f"{too_long} Nothing was saved.")
        if len(lines) > MAX_LINES:
            raise BadInput(f"A receipt has room for {MAX_LINES} lines below the name. Take some out.")
        paper = self._paper.choice
        return lambda: self._service.keep(
            {"shop_name": name, "registered_name": registered, "receipt_lines": lines, PAPER_WIDTH: paper}
        )

    @Slot()
    def _count(self) -> None:
        """Say while it is typed what a long name means. Nothing that was typed is ever cut."""
        name = _name(self._name)
        long = f"{len(name)} letters: more than one line of a narrow receipt. " if len(name) > WIDTH else ""
        _show(self._name_note, name, long + _NAME_HINT)
        _show(self._registered_note, _name(self._registered), _REGISTERED_HINT)


def _show(note: Label, name: str, hint: str) -> None:
    too_long = _too_long(name)
    note.setText(too_long or hint)
    note.set_colour(ColourRole.FAILED if too_long else "")


def _too_long(name: str) -> str:
    """Why it cannot be used; empty where it can."""
    over = len(name) - MAX_NAME
    return f"This name has {len(name)} letters and {MAX_NAME} fit: take {over} out." if over > 0 else ""


def _name(field: Field) -> str:
    return " ".join(typed(field).split())
