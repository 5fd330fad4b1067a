"""The shop's name, and what stands on its receipts."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from pos_app.errors import BadInput
from pos_app.ui.bridge import Tasks
from pos_app.ui.setup.desk import Answers, Desk
from pos_app.ui.setup.pane import Pane, typed
from pos_app.ui.theme import RING
from pos_app.ui.widgets.fields import Field

MAX_NAME = 40  # characters; a receipt's line holds 32, and longer names take two
MAX_LINES = 4


class ShopPane(Pane):
    """A name is needed: customers read it on the prompt's receipt and know whom they pay."""

    TITLE = "Your shop"
    LEAD = "Customers read this on their receipts."

    def __init__(self, desk: Desk, tasks: Tasks) -> None:
        super().__init__("shopPane", desk, tasks)
        self._name = Field(name="shopName", spoken="Name of the shop", placeholder="Mama Njeri Shop")
        self._name.edit.setMaxLength(MAX_NAME)
        self._lines = QPlainTextEdit()
        self._lines.setObjectName("receiptLines")
        self._lines.setAccessibleName("Lines on the receipt")
        self._lines.setPlaceholderText("Moi Avenue, Nairobi\n0712 345 678")
        self._lines.setTabChangesFocus(True)
        self._lines.setFixedHeight(120)
        box = QWidget()  # in line with the fields, which keep room for their ring
        row = QHBoxLayout(box)
        row.setContentsMargins(RING, RING, RING, RING)
        row.addWidget(self._lines)
        self.add("Name of the shop", self._name)
        self.add("Below the name on receipts", box, f"Up to {MAX_LINES} lines: where you are, how to call you.")
        self.column.addStretch(1)

    def fill(self, found: Answers) -> None:
        self._name.edit.setText(found.shop_name)
        self._lines.setPlainText("\n".join(found.receipt_lines))

    def first_field(self) -> QWidget:
        return self._name

    def work(self) -> Callable[[], None]:
        name = " ".join(typed(self._name).split())
        lines = [line.strip() for line in self._lines.toPlainText().splitlines() if line.strip()]
        if not name:
            raise BadInput("Type the name of your shop: customers look for it on the receipt.")
        if len(lines) > MAX_LINES:
            raise BadInput(f"A receipt has room for {MAX_LINES} lines below the name. Take some out.")
        return lambda: self.desk.keep({"shop_name": name, "receipt_lines": lines})
