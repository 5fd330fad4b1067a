"""What the customer's phone of practice shows while nobody asks for money."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.messages import window as words
from pos_app.sales.till import PracticePhone
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label


class IdlePhone(QWidget):
    """Says what it is for, and pays the shop without a prompt, as people do who type its number by hand."""

    def __init__(self, phone: PracticePhone, tasks: Tasks) -> None:
        super().__init__()
        self._phone = phone
        self._tasks = tasks
        self._paid = Label(words.BY_HAND_MORE, role="small", wrap=True)
        self._paid.setObjectName("phonePaidByHand")
        button = Button(
            words.PAY_BY_HAND, name="phonePayByHand", spoken=words.PAY_BY_HAND_SPOKEN, kind=Kind.QUIET, height=38
        )
        button.clicked.connect(self._pay)
        column = QVBoxLayout(self)
        column.addStretch(1)
        for label in (Label(words.PHONE_IDLE, "strong", wrap=True), Label(words.PHONE_IDLE_MORE, "small", wrap=True)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(2)
        self._paid.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._paid)
        column.addWidget(button)

    @Slot()
    def _pay(self) -> None:
        self._tasks.run(self._phone.pay_by_hand, self._tell, owner=self)

    def _tell(self, paid: tuple[int, str]) -> None:
        self._paid.setText(words.paid_by_hand(*paid))
