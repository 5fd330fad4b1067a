"""When the till locks by itself."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos_app.messages import lock as words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import Answers, ShopService
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton


class LockSection(FormSection[Answers]):
    """Offers a few times; another one, which somebody wrote into the settings file, is offered too and stays."""

    TITLE = words.BY_ITSELF
    LEAD = words.BY_ITSELF_LEAD

    def __init__(self, service: ShopService, tasks: Tasks) -> None:
        super().__init__("lockSection", tasks)
        self._service = service
        self._minutes: dict[str, str] = {}  # by what is said of them
        self._after = ChoiceButton((words.after("0"),), name="lockAfter", spoken=words.AFTER)
        self.add(words.AFTER, self._after)
        self.column.addStretch(1)

    def read(self) -> Answers:
        return self._service.answers()

    def fill(self, found: Answers) -> None:
        minutes = sorted({*words.MINUTES, found.lock_after}, key=int)
        self._minutes = {words.after(each): each for each in minutes}
        self._after.offer(tuple(self._minutes))
        self._after.choose(words.after(found.lock_after))

    def first_field(self) -> QWidget:
        return self._after

    def work(self) -> Callable[[], None]:
        minutes = self._minutes[self._after.choice]
        return lambda: self._service.keep({"lock_after": minutes})
