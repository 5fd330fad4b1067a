"""Whether M-PESA is asked for its own record by Pull Transactions."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos_app.domain.phone import local
from pos_app.domain.pull_run import PullRun
from pos_app.errors import BadInput
from pos_app.messages import pull as words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import Answers, PullService
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field


class PullSection(FormSection[tuple[Answers, PullRun | None]]):
    """On or off, the number to register it with, and how the last round ended."""

    TITLE = words.TITLE
    LEAD = words.LEAD

    def __init__(self, service: PullService, tasks: Tasks) -> None:
        super().__init__("pullSection", tasks)
        self._service = service
        self._use = ChoiceButton((words.OFF, words.ON), name="pullUse", spoken=words.USE)
        self._number = Field(name="pullNumber", spoken=words.NUMBER, placeholder="0712 345 678")
        self.add(words.USE, self._use)
        self.add(words.NUMBER, self._number, words.NUMBER_HINT)
        self._last = self.add_note("")
        self.column.addStretch(1)

    def read(self) -> tuple[Answers, PullRun | None]:
        return self._service.answers(), self._service.last_round()

    def fill(self, found: tuple[Answers, PullRun | None]) -> None:
        answers, run = found
        self._use.choose(words.ON if answers.pull else words.OFF)
        self._number.edit.setText(local(answers.pull_number) if answers.pull_number else "")
        self._last.setText(words.last_round(run) if answers.pull else "")

    def first_field(self) -> QWidget:
        return self._use

    def work(self) -> Callable[[], None]:
        on, number = self._use.choice == words.ON, typed(self._number)
        if on and not number:
            raise BadInput(words.NUMBER_NEEDED)
        return lambda: self._service.keep(on=on, number=number)
