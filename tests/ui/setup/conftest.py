"""What the tests of the set-up share."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.ui.bridge import Tasks
from pos_app.ui.setup.pane import Pane
from pos_app.ui.setup.wizard import SetupWizard
from pos_app.ui.theme import Look
from tests.conftest import Shelf
from tests.ui.setup.desk import MemoryDesk
from tests.ui.setup.walker import Owner


@pytest.fixture
def desk(shelf: Shelf) -> MemoryDesk:
    return MemoryDesk(shelf.till)


@pytest.fixture
def show(look: Look, qtbot: QtBot) -> Iterator[Callable[[Pane], Owner]]:
    """Puts a pane on the screen, with what is set already in it."""
    shown: list[Pane] = []

    def show(pane: Pane) -> Owner:
        shown.append(pane)
        pane.resize(700, 600)
        pane.show()
        pane.load()
        owner = Owner(pane, qtbot)
        owner.settles(pane)
        return owner

    yield show
    for pane in shown:
        delete(pane)


@pytest.fixture
def wizard(desk: MemoryDesk, tasks: Tasks, look: Look) -> Iterator[SetupWizard]:
    made = SetupWizard(desk, tasks)
    yield made
    delete(made)
