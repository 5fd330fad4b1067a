"""Nothing of the set-up, the settings and the pages that stand in the till's place is cut, at any size."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.check_result import Finding, Status
from pos_app.messages import operators as words
from pos_app.messages import server as words_of_server
from pos_app.messages.till_letters import LetterStanding, taken_words
from pos_app.sales.till import Till
from pos_app.ui.next_action import NextAction
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.settings.server_service import ServerReport
from pos_app.ui.settings.wizard import SetupWizard
from pos_app.ui.shell.error_page import ErrorPage
from pos_app.ui.shell.unlock_page import UnlockPage
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.copies import a_copy
from tests.support.staff import hire
from tests.ui.layout import faults_of
from tests.ui.settings.service import EMPTY, MemorySettings
from tests.ui.settings.walker import Walker

LONG = "Mama Njeri wa Kariobangi Kaskazini Duka la Intaneti na Chai na Vifaa vya Ofisi"
PASSPHRASE = "mama njeri 1987"
FOUND = (
    Finding("Server", Status.GREEN, words_of_server.answers_words("TLSv1.3", 100)),
    Finding("Payments here", Status.RED, words_of_server.stay_words(1_204, stays=False)),
    Finding("Letter", Status.RED, taken_words("B", LetterStanding.CLOSED, "counter-2", "C")),
    Finding("Owner", Status.RED, words_of_server.ASKS_OWNER),
)
NOT_FOR = 110, 60  # px: the places on the left and the header

pytestmark = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(autouse=True)
def written(theme: ThemeManager, size: str) -> Iterator[None]:
    """Everything in a text size."""
    theme.choose(text_size=size)
    yield
    theme.choose(text_size="normal")


def small(size: tuple[int, int]) -> tuple[int, int]:
    """What the window leaves a page."""
    return size[0] - NOT_FOR[0], size[1] - NOT_FOR[1]


def test_every_page_of_the_wizard(wizard: SetupWizard, memory: MemorySettings, qtbot: QtBot, size: str) -> None:
    memory.now = replace(EMPTY, shop_name=LONG, registered_name=LONG, callback="ngrok")
    walker = Walker(wizard, qtbot)
    found: list[str] = []

    def look_at(page: str) -> None:
        for width, height in ((820, 760), (820, 560)):
            wizard.resize(width, height)
            found.extend(f"{page} at {width}x{height}: {fault}" for fault in faults_of(wizard, (LONG,)))

    look_at("appearanceSection")
    walker.goes_on("shopSection")
    look_at("shopSection")
    walker.goes_on("serverSection")
    walker.click("where-server")
    look_at("serverSection")
    memory.report = ServerReport(findings=FOUND, letter="C", vacant=True, stays=12, asks_owner=True)
    walker.type(serverHost="192.168.1.10", serverName="duka", serverUser="duka", tillLetter="B")
    walker.click("testServer")
    walker.until(lambda: walker.sees("stays-wait"))
    look_at("serverSection, tested")
    memory.report = ServerReport(kept=True)
    walker.goes_on("ownerSection")
    look_at("ownerSection")
    walker.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    walker.click("setupNext")
    walker.writes_down()
    walker.arrives("mpesaSection")
    look_at("mpesaSection")
    assert not found, "\n".join(found)


def test_every_section_of_the_settings(
    memory: MemorySettings, tasks: Tasks, qtbot: QtBot, size: str, till: Till
) -> None:
    hire(till)
    memory.now = replace(EMPTY, shop_name=LONG, registered_name=LONG, callback="ngrok", printer="network")
    memory.copies.found = [a_copy(hour) for hour in range(21)]
    page = SettingsPage(memory.services, tasks)
    page.show()
    qtbot.waitUntil(lambda: page.findChild(QWidget, "shopSection") is not None and not page.section.working)
    found: list[str] = []
    for section in range(len(page._kinds)):
        page.show_section(section)
        qtbot.waitUntil(lambda: not page.section.working)
        for window in ((1024, 600), (1280, 800)):
            page.resize(*small(window))
            assert page.size().toTuple() == small(window), "it takes no more than the window has"
            found += [f"section {section} at {window}: {fault}" for fault in faults_of(page, (LONG,))]
            who = page.section.findChild(ChoiceButton, "operatorWho")
            if who:
                who.choose(words.ALL)
                found += [f"what operators see at {window}: {fault}" for fault in faults_of(page, (LONG,))]
                who.choose(words.NEW)
    delete(page)
    assert not found, "\n".join(found)


def test_what_stands_in_the_till_s_place(theme: ThemeManager, size: str) -> None:
    trouble = ErrorPage(
        "The till cannot open",
        ["The settings file is damaged. " * 4],
        (NextAction.AGAIN, NextAction.HERE, NextAction.FRESH),
    )
    unlock = UnlockPage(offer_others=True)
    found: list[str] = []
    for page in (trouble, unlock):
        page.show()
    fresh = trouble.findChild(QAbstractButton, "action-FRESH")
    assert fresh is not None
    fresh.click()
    unlock.refuse("That is not the passphrase of the keys. Nothing was changed.")
    for page in (trouble, unlock):
        for window in ((1024, 600), (1280, 800)):
            page.resize(*small(window))
            found += [f"{page.objectName()} at {window}: {fault}" for fault in faults_of(page, ())]
        delete(page)
    assert not found, "\n".join(found)
