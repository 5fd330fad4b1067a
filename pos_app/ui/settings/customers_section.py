"""How long customers are kept who buy nothing any more."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos_app.domain.retention import CHOICES
from pos_app.messages import erasure as words
from pos_app.sales.retention import Kept
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import CustomersService
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton

_MONTHS = {words.kept_for(months): months for months in (None, *CHOICES)}


class CustomersSection(FormSection[Kept]):
    """The owner's choice, and how far the last run came."""

    TITLE = words.CUSTOMERS
    LEAD = words.RETENTION_LEAD
    COUNTS_AT_ONCE = True

    def __init__(self, service: CustomersService, tasks: Tasks) -> None:
        super().__init__("customersSection", tasks)
        self._service = service
        self._months = ChoiceButton(tuple(_MONTHS), name="customersKept", spoken=words.RETENTION)
        self.add(words.RETENTION, self._months, words.WHAT_STAYS)
        self._last = self.add_note("")
        self.column.addStretch(1)

    def read(self) -> Kept:
        return self._service.kept()

    def fill(self, found: Kept) -> None:
        self._months.choose(words.kept_for(found.months))
        self._last.setText(words.last_run(found.run))

    def first_field(self) -> QWidget:
        return self._months

    def work(self) -> Callable[[], None]:
        months = _MONTHS[self._months.choice]
        return lambda: self._service.keep_for(months)
