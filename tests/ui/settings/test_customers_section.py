"""How long customers are kept is chosen in the settings."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from pos_app.domain.retention import Run
from pos_app.errors import BadInput
from pos_app.sales.retention import Kept
from pos_app.ui.settings.customers_section import CustomersSection
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.labels import Label
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner

Show = Callable[[Section], Owner]
RUN = Run(day=date(2026, 11, 23), till="B", at=datetime(2026, 11, 23, 9, tzinfo=UTC), erased=2, done=True)


def texts(section: Section) -> list[str]:
    return [label.text() for label in section.findChildren(Label)]


def test_they_are_kept_until_the_owner_chooses(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = CustomersSection(memory.services.customers, tasks)
    owner = show(section)
    choice = part(section, ChoiceButton, "customersKept")
    assert choice.choice == "Never: customers are kept"
    assert "Nobody was erased by itself yet." in texts(section)
    choice.choose("After 24 months without a purchase")
    owner.keeps(section)
    assert memory.kept == Kept(24, None)


def test_what_was_chosen_and_the_last_run_are_shown(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.kept = Kept(60, RUN)
    section = CustomersSection(memory.services.customers, tasks)
    owner = show(section)
    assert part(section, ChoiceButton, "customersKept").choice == "After 60 months without a purchase"
    assert "23 Nov 2026: 2 customers were erased, by till B." in texts(section)
    part(section, ChoiceButton, "customersKept").choose("Never: customers are kept")
    owner.keeps(section)
    assert memory.kept == Kept(None, RUN)


def test_what_cannot_be_kept_is_said(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = CustomersSection(memory.services.customers, tasks)
    owner = show(section)
    memory.refuse = BadInput("Only the owner.")
    assert owner.is_refused(section) == "Only the owner."
