"""Pull Transactions in the settings: on or off, its number, and how the last round ended."""

from collections.abc import Callable

import pytest

from pos_app.domain.pull_run import PullRun
from pos_app.messages import pull as words
from pos_app.ui.settings.pull_section import PullSection
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.labels import Label
from tests.support.fakes import START
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner

Show = Callable[[Section], Owner]


@pytest.fixture
def section(memory: MemorySettings, tasks: Tasks) -> PullSection:
    return PullSection(memory.services.pull, tasks)


def said(section: PullSection) -> list[str]:
    return [label.text() for label in section.findChildren(Label)]


def test_it_is_switched_on_with_the_number_that_m_pesa_knows(
    memory: MemorySettings, section: PullSection, show: Show
) -> None:
    owner = show(section)
    assert words.NOT_YET not in said(section)
    part(section, ChoiceButton, "pullUse").choose(words.ON)
    assert owner.is_refused(section) == words.NUMBER_NEEDED
    owner.type(pullNumber="0708 374 149")
    owner.keeps(section)
    assert (memory.now.pull, memory.now.pull_number) == (True, "0708 374 149")


def test_how_the_last_round_ended_stands_there(memory: MemorySettings, section: PullSection, show: Show) -> None:
    memory.set(pull=True, pull_number="254708374149")
    memory.pull_run = PullRun(till="A", begun=START, ended=START, trouble="M-PESA was not reached.")
    show(section)
    assert f"M-PESA was not reached. {words.NOTHING_YET}" in said(section)
    assert part(section, ChoiceButton, "pullUse").choice == words.ON
