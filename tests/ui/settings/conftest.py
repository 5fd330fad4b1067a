"""What the tests of the set-up share."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.ui.settings.section import Section
from pos_app.ui.settings.wizard import SetupWizard
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from tests.support.till_harness import TillHarness
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner


@pytest.fixture
def memory(harness: TillHarness) -> MemorySettings:
    return MemorySettings(harness.till)


@pytest.fixture
def show(theme: ThemeManager, qtbot: QtBot) -> Iterator[Callable[[Section], Owner]]:
    """Puts a section on the screen, with what is set already in it."""
    shown: list[Section] = []

    def show(section: Section) -> Owner:
        shown.append(section)
        section.resize(700, 600)
        section.show()
        section.load()
        owner = Owner(section, qtbot)
        owner.settles(section)
        return owner

    yield show
    for section in shown:
        delete(section)


@pytest.fixture
def wizard(memory: MemorySettings, tasks: Tasks, theme: ThemeManager) -> Iterator[SetupWizard]:
    made = SetupWizard(memory.services, tasks)
    yield made
    delete(made)
