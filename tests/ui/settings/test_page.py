"""The settings of a shop that sells already: for the owner, and nothing counts before it is saved."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.recovery_code import make_code
from pos_app.errors import SettingsError
from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner

PASSPHRASE = "mama njeri 1987"
SHOP, OWNER, MPESA, COMPUTER = 0, 1, 2, 6


@pytest.fixture
def page(memory: MemorySettings, tasks: Tasks, theme: ThemeManager) -> Iterator[SettingsPage]:
    made = SettingsPage(memory.services, tasks)
    made.resize(1000, 700)
    yield made
    delete(made)


def opened(page: SettingsPage, qtbot: QtBot) -> Owner:
    """On a page that nothing guards yet."""
    owner = Owner(page, qtbot)
    page.show()
    owner.until(lambda: owner.sees("settingsSave") and not page.section.working)
    return owner


def test_who_does_not_know_the_passphrase_sees_no_settings(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    memory.passphrase = PASSPHRASE
    owner = Owner(page, qtbot)
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))
    owner.type(gatePassphrase="guess")
    owner.click("gateOpen")
    owner.until(lambda: owner.sees("gateTrouble"))
    assert not owner.sees("settingsSave")
    owner.type(gatePassphrase=PASSPHRASE)
    QTest.keyClick(owner.part("gatePassphrase"), Qt.Key.Key_Return)
    owner.until(lambda: owner.sees("settingsSave"))
    assert owner.reads("gatePassphrase") == ""
    page.hide()
    assert not owner.sees("settingsSave")
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))


def test_they_keep_their_page_from_a_scan_while_somebody_types(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    memory.passphrase = PASSPHRASE
    owner = Owner(page, qtbot)
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))
    owner.part("gatePassphrase").setFocus()
    assert page.keeps_page()
    owner.part("gateOpen").setFocus()
    assert not page.keeps_page()


def test_a_passphrase_that_is_looked_at_after_the_owner_has_left_opens_nothing(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    memory.passphrase = PASSPHRASE
    owner = Owner(page, qtbot)
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))
    memory.may_confirm.clear()
    owner.type(gatePassphrase=PASSPHRASE)
    owner.click("gateOpen")
    page.hide()
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))
    forgotten = memory.forgotten
    owner.type(gatePassphrase="half")
    memory.may_confirm.set()
    owner.until(lambda: memory.forgotten > forgotten)
    assert not owner.sees("settingsSave")
    assert not owner.sees("gateTrouble")
    assert owner.reads("gatePassphrase") == "half"


def test_what_is_kept_late_leaves_the_section_that_is_open_as_it_was_typed(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    memory.passphrase = PASSPHRASE
    memory.may_confirm.clear()
    owner.click(f"section{OWNER}")
    owner.settles(page.section)
    owner.type(ownerOld=PASSPHRASE, ownerNew="mama njeri 1988", ownerAgain="mama njeri 1988")
    owner.click("settingsSave")
    owner.click(f"section{SHOP}")
    owner.settles(page.section)
    owner.type(shopName="Half a na")
    memory.may_confirm.set()
    assert owner.writes_down() == memory.code
    owner.until(lambda: owner.sees("settingsKept"))
    owner.settles(page.section)
    assert owner.reads("shopName") == "Half a na"


def test_what_counts_at_once_asks_for_no_other_opening(page: SettingsPage, qtbot: QtBot) -> None:
    owner = opened(page, qtbot)
    owner.click(f"section{COMPUTER}")
    owner.settles(page.section)
    owner.click("settingsSave")
    owner.until(lambda: owner.sees("settingsKept"))
    assert not owner.sees("openAgain")


def test_saved_is_said_of_what_was_saved_and_of_nothing_that_is_typed_after_it(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    owner.click(f"section{COMPUTER}")
    owner.settles(page.section)
    owner.click("settingsSave")
    owner.until(lambda: owner.sees("settingsKept"))
    owner.click(f"section{OWNER}")
    assert not owner.sees("settingsKept")
    owner.settles(page.section)
    owner.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    owner.click("settingsSave")
    assert owner.writes_down() == memory.code
    owner.until(lambda: owner.sees("settingsKept"))
    owner.settles(page.section)
    owner.type(ownerNew=PASSPHRASE, ownerAgain="another one")
    owner.click("settingsSave")
    owner.until(lambda: page.section.trouble != "")
    assert not owner.sees("settingsKept")


def test_what_waits_for_another_opening_stays_said_whatever_is_saved_after_it(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    owner.click(f"section{SHOP}")
    owner.settles(page.section)
    owner.type(shopName="Duka")
    owner.click("settingsSave")
    owner.until(lambda: owner.sees("openAgain"))
    owner.click(f"section{COMPUTER}")
    owner.settles(page.section)
    assert owner.sees("openAgain")
    owner.click("settingsSave")
    owner.settles(page.section)
    assert owner.sees("openAgain")


def test_each_section_is_saved_by_itself_and_the_till_may_open_again(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    owner.click(f"section{SHOP}")
    owner.settles(page.section)
    owner.type(shopName="Duka")
    assert not owner.sees("settingsKept")
    owner.click("settingsSave")
    owner.until(lambda: owner.sees("settingsKept"))
    assert memory.now.shop_name == "Duka"
    with qtbot.waitSignal(page.again_wanted):
        owner.click("openAgain")


def test_what_is_not_saved_is_said_and_forgotten_with_the_section(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    owner.click(f"section{SHOP}")
    owner.settles(page.section)
    memory.refuse = SettingsError("The old settings stay.")
    owner.type(shopName="Duka")
    owner.click("settingsSave")
    owner.until(lambda: page.section.trouble == "The old settings stay.")
    assert not owner.sees("settingsKept")
    owner.click(f"section{MPESA}")
    owner.settles(page.section)
    owner.click(f"section{SHOP}")
    owner.settles(page.section)
    assert owner.reads("shopName") == ""
    assert page.section.trouble == ""


def test_the_owner_changes_the_passphrase_here(page: SettingsPage, memory: MemorySettings, qtbot: QtBot) -> None:
    owner = opened(page, qtbot)
    memory.passphrase = PASSPHRASE
    owner.click(f"section{OWNER}")
    owner.settles(page.section)
    owner.type(ownerOld=PASSPHRASE, ownerNew="mama njeri 1988", ownerAgain="mama njeri 1988")
    owner.click("settingsSave")
    assert owner.writes_down() == memory.code
    owner.until(lambda: owner.sees("settingsKept"))
    assert memory.passphrase == "mama njeri 1988"


def test_enter_saves_wherever_the_button_shows_it(page: SettingsPage, memory: MemorySettings, qtbot: QtBot) -> None:
    owner = opened(page, qtbot)
    owner.type(shopName="Duka")
    page.activateWindow()
    for name in ("shopName", "paperWidth-80"):
        owner.part("settingsKept").hide()
        owner.part(name).setFocus()
        QTest.keyClick(owner.part(name), Qt.Key.Key_Return)
        owner.until(lambda: owner.sees("settingsKept") and not page.section.working)
    owner.part("settingsKept").hide()
    owner.part(f"section{MPESA}").setFocus()
    QTest.keyClick(owner.part(f"section{MPESA}"), Qt.Key.Key_Return)  # it does what it says
    assert page.section.objectName() == "mpesaSection"
    assert not owner.sees("settingsKept")


def test_whoever_practises_gets_to_the_set_up_without_the_passphrase_of_practice(
    memory: MemorySettings, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    memory.passphrase = PASSPHRASE
    page = SettingsPage(replace(memory.services, practice=True), tasks)
    page.show()
    owner = Owner(page, qtbot)
    owner.until(lambda: owner.sees("gateSetUp"))
    with qtbot.waitSignal(page.set_up_wanted):
        owner.click("gateSetUp")
    delete(page)


def test_where_nothing_can_be_saved_nothing_offers_it(
    memory: MemorySettings, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    page = SettingsPage(replace(memory.services, practice=True), tasks)
    page.show()
    owner = Owner(page, qtbot)
    owner.until(lambda: owner.sees("practiceSetUp"))
    assert not owner.sees("settingsSave")
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert not owner.sees("settingsKept")
    owner.click("section1")
    owner.until(lambda: owner.sees("settingsSave"))
    delete(page)


def test_an_owner_who_has_forgotten_the_passphrase_chooses_a_new_one_by_the_recovery_code(
    page: SettingsPage, memory: MemorySettings, qtbot: QtBot
) -> None:
    memory.passphrase, memory.code = PASSPHRASE, make_code()
    before = memory.code
    owner = Owner(page, qtbot)
    page.show()
    owner.until(lambda: owner.sees("gatePassphrase"))
    owner.click("gateForgotten")
    owner.type(recoverCode=before.lower(), recoverNew="mama njeri 1988", recoverAgain="mama njeri 1988")
    owner.click("recoverSet")
    assert owner.writes_down() == memory.code != before
    owner.type(gatePassphrase="mama njeri 1988")
    owner.click("gateOpen")
    owner.until(lambda: owner.sees("settingsSave"))


def test_a_code_that_was_made_after_the_owner_has_left_is_shown_to_nobody(
    page: SettingsPage, memory: MemorySettings, tasks: Tasks, qtbot: QtBot
) -> None:
    owner = opened(page, qtbot)
    memory.passphrase = PASSPHRASE
    memory.may_confirm.clear()
    owner.click(f"section{OWNER}")
    owner.settles(page.section)
    owner.type(ownerOld=PASSPHRASE)
    owner.click("ownerMakeCode")
    page.hide()
    with qtbot.waitSignal(tasks.trouble) as said:
        memory.may_confirm.set()
    assert "nobody has seen" in said.args[0]
    assert not page.findChildren(RecoveryCodeDialog)
