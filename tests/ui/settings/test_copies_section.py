"""The copies of the database in the settings."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from pos_app.errors import BadInput
from pos_app.messages import copies as words
from pos_app.ui.settings.copies_section import CopiesSection
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from tests.support.copies import MemoryCopies, a_copy
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner

Show = Callable[[Section], Owner]


@pytest.fixture
def copies() -> MemoryCopies:
    return MemoryCopies([a_copy(), a_copy(24)])


def test_they_are_listed_and_one_can_be_put_back(copies: MemoryCopies, tasks: Tasks, show: Show, qtbot: QtBot) -> None:
    section = CopiesSection(copies, tasks)
    owner = show(section)
    assert section.text == "\n".join(map(words.copy_words, copies.copies())).replace("\N{NO-BREAK SPACE}", " ")
    with qtbot.waitSignal(section.put_back_wanted):
        owner.click("copiesPutBack")


def test_not_while_a_payment_is_open(copies: MemoryCopies, tasks: Tasks, show: Show, qtbot: QtBot) -> None:
    copies.refuse = BadInput("1 payment waits.")
    section = CopiesSection(copies, tasks)
    owner = show(section)
    with qtbot.assertNotEmitted(section.put_back_wanted):
        owner.click("copiesPutBack")
        owner.settles(section)
    assert section.trouble == "1 payment waits."
    copies.refuse = None
    with qtbot.waitSignal(section.put_back_wanted):
        owner.click("copiesPutBack")
    assert section.trouble == ""


@pytest.mark.parametrize(("found", "said"), [((), words.NONE), (None, words.ON_SERVER)])
def test_where_there_are_none_that_is_said(
    copies: MemoryCopies, tasks: Tasks, show: Show, found: tuple[()] | None, said: str
) -> None:
    copies.found = found
    section = CopiesSection(copies, tasks)
    owner = show(section)
    assert section.text == said
    assert not owner.sees("copiesPutBack")


def test_the_page_hands_the_wish_on(memory: MemorySettings, tasks: Tasks, theme: object, qtbot: QtBot) -> None:
    memory.copies.found = [a_copy()]
    page = SettingsPage(memory.services, tasks)
    qtbot.addWidget(page)
    page.show()
    button = next(each for each in page.findChildren(QAbstractButton) if each.text() == words.TITLE)
    qtbot.waitUntil(button.isVisible)
    button.click()
    qtbot.waitUntil(lambda: not page.section.working)
    with qtbot.waitSignal(page.put_back_wanted):
        part(page.section, QAbstractButton, "copiesPutBack").click()
