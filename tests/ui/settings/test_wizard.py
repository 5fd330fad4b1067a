"""The set-up from the first page to the shilling, left and taken up again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.check_result import Finding, Status
from pos_app.domain.payment import State
from pos_app.errors import SettingsError
from pos_app.messages.counter import TOO_FAST
from pos_app.sales.closing import Left
from pos_app.ui.settings.shop_section import ShopSection
from pos_app.ui.settings.test_payment_section import NOT_OPEN, SCANNED, PaymentTestSection
from pos_app.ui.settings.wizard import SetupWizard, WizardEnd
from pos_app.ui.widgets.buttons import Button
from tests.support.builders import success, tell
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.settings.service import EMPTY, MemorySettings
from tests.ui.settings.walker import Walker

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
PASSPHRASE = "mama njeri 1987"
SET_UP = replace(EMPTY, shop_name="Duka", shortcode="600123", till_number="512345")


@pytest.fixture
def walker(wizard: SetupWizard, qtbot: QtBot) -> Walker:
    return Walker(wizard, qtbot)


def to_the_end(walker: Walker) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Mama Njeri Shop")
    walker.goes_on("serverSection")
    walker.goes_on("ownerSection")
    walker.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    walker.click("setupNext")
    walker.writes_down()
    walker.arrives("mpesaSection")
    walker.type(shortcode="600123", tillNumber="512345", consumer_key="k", consumer_secret="s", passkey="p")
    walker.goes_on("callbackSection")
    walker.goes_on("testPaymentSection")


def test_from_a_fresh_install_to_a_paid_shilling(
    walker: Walker, memory: MemorySettings, harness: TillHarness, wizard: SetupWizard, qtbot: QtBot
) -> None:
    to_the_end(walker)
    assert memory.did[-1] == "open"
    section = wizard.section
    assert isinstance(section, PaymentTestSection)
    walker.type(phone="0712345678")
    QTest.keyClick(walker.part("phone"), Qt.Key.Key_Return)
    walker.until(lambda: walker.sees("trialHead"))
    walker.until(lambda: walker.sees("checkTrial"))
    walker.until(lambda: harness.till.reader.open_payments("A")[0].state is State.PROMPTED)
    payment = harness.till.reader.open_payments("A")[0]
    tell(harness, payment, success(payment))
    walker.until(lambda: section.paid)
    assert not walker.sees("askTrial")
    asked = len(harness.gateway.pushes)
    harness.clock.advance(200)  # past the guard
    section.ask()
    with qtbot.waitSignal(wizard.ended) as ended:
        press(walker.part("setupNext"), Qt.Key.Key_Return)
    assert len(harness.gateway.pushes) == asked
    assert ended.args == [WizardEnd.FINISHED]
    assert memory.did[-1] == "close"
    assert memory.now.shop_name == "Mama Njeri Shop"
    assert memory.accounts[0].shortcode == "600123"


def test_a_page_that_cannot_be_kept_is_not_left(walker: Walker) -> None:
    walker.goes_on("shopSection")
    walker.click("setupNext")
    assert walker.page == "shopSection"
    assert "name of your shop" in walker.wizard.section.trouble


def test_each_page_can_go_back_and_shows_what_was_kept(walker: Walker, memory: MemorySettings) -> None:
    to_the_end(walker)
    for page in (
        "callbackSection",
        "mpesaSection",
        "ownerSection",
        "serverSection",
        "shopSection",
        "appearanceSection",
    ):
        walker.goes_back(page)
    assert memory.did[-1] == "close"  # it could not run on what is being changed
    walker.goes_on("shopSection")
    assert walker.reads("shopName") == "Mama Njeri Shop"
    for page in ("serverSection", "ownerSection", "mpesaSection", "callbackSection", "testPaymentSection"):
        walker.goes_on(page)


def test_left_and_taken_up_again_it_starts_where_the_owner_is_asked(
    memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot
) -> None:
    memory.now = SET_UP
    memory.passphrase = PASSPHRASE
    walker = Walker(wizard, qtbot)
    walker.arrives("ownerSection")
    walker.type(ownerOld=PASSPHRASE)
    walker.goes_on("mpesaSection")
    assert walker.reads("shortcode") == "600123"
    walker.goes_back("ownerSection")
    assert not walker.part("setupBack").isEnabled()  # what lies before is the owner's too


def test_haste_gets_nobody_past_the_owner_s_page(memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot) -> None:
    memory.now = SET_UP
    memory.passphrase = PASSPHRASE
    wizard.show()
    wizard.start()
    for _ in range(200):
        part(wizard, Button, "setupNext").click()
        QApplication.processEvents()
        if not wizard.starting and wizard.section.trouble:
            break
    walker = Walker(wizard, qtbot)
    walker.arrives("ownerSection")
    section = wizard.section
    other = wizard.findChild(ShopSection)
    assert other is not None
    other.kept.emit()  # it comes late, from a page that was left
    assert wizard.section is section


def press(widget: QWidget, key: Qt.Key) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, NO_MODIFIER))


def test_it_can_be_left_on_any_page_and_what_was_kept_stays(
    walker: Walker, memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot
) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Duka")
    walker.goes_on("serverSection")
    walker.goes_on("ownerSection")
    with qtbot.assertNotEmitted(wizard.ended):
        press(wizard, Qt.Key.Key_Escape)  # it throws nothing away
    with qtbot.waitSignal(wizard.ended) as ended:
        wizard.close()
    assert ended.args == [WizardEnd.LEFT]
    assert not wizard.isVisible()
    assert memory.now.shop_name == "Duka"


def hit(widget: QWidget, text: str, at: int) -> None:
    """A key, at so many ms."""
    key = Qt.Key.Key_Return if text == "\r" else Qt.Key(ord(text))
    event = QKeyEvent(QEvent.Type.KeyPress, key, NO_MODIFIER, text)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


def test_rule_14_a_scan_on_the_shilling_s_page_asks_nobody(
    walker: Walker, harness: TillHarness, wizard: SetupWizard, qtbot: QtBot
) -> None:
    to_the_end(walker)
    walker.until(lambda: walker.part("askTrial").isEnabled())
    phone = part(wizard, QLineEdit, "phone")
    wizard.activateWindow()
    phone.setFocus()
    qtbot.waitUntil(phone.hasFocus)
    for place, character in enumerate("0712345678\r"):
        hit(phone, character, 10_000 + 8 * place)
    assert wizard.section.trouble == SCANNED
    assert phone.text() == ""
    for place, character in enumerate("0712345678\r"):  # as fast as a slow scanner
        hit(phone, character, 20_000 + 100 * place)
    assert wizard.section.trouble == TOO_FAST
    assert harness.till.reader.open_payments("A") == []
    hit(phone, "\r", 25_000)
    walker.until(lambda: len(harness.gateway.pushes) == 1)


def test_what_its_till_could_not_save_is_not_lost_with_it(
    walker: Walker, memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot
) -> None:
    to_the_end(walker)
    memory.left = Left(("1 answer could not be saved, nor kept anywhere.",), "1 payment waits.")
    part(wizard, QAbstractButton, "setupBack").click()
    walker.until(lambda: bool(wizard.unsaved))
    with qtbot.waitSignal(wizard.ended):
        wizard.close()
    assert wizard.unsaved == ["1 answer could not be saved, nor kept anywhere."]


def test_enter_goes_on_from_a_field_and_presses_a_button_that_has_the_focus(
    walker: Walker, memory: MemorySettings, wizard: SetupWizard
) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Duka")
    walker.part("shopName").setFocus()
    press(walker.part("shopName"), Qt.Key.Key_Return)
    walker.arrives("serverSection")
    press(walker.part("where-alone"), Qt.Key.Key_Return)
    walker.arrives("ownerSection")
    walker.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    walker.click("setupNext")
    walker.writes_down()
    walker.arrives("mpesaSection")
    walker.type(shortcode="600123", tillNumber="512345")
    memory.found = [Finding("Keys", Status.RED, "M-PESA did not accept them.")]
    walker.part("testConnection").setFocus()
    press(walker.part("testConnection"), Qt.Key.Key_Return)
    walker.until(lambda: bool(memory.tested))
    walker.arrives("mpesaSection")
    assert memory.accounts == []


def test_practice_is_one_click_away(walker: Walker, wizard: SetupWizard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wizard.ended) as ended:
        walker.click("tryPractice")
    assert ended.args == [WizardEnd.PRACTICE]


def test_a_till_that_does_not_open_says_why_and_one_can_go_back(walker: Walker, memory: MemorySettings) -> None:
    memory.cannot_open = SettingsError("M-PESA did not take the keys.")
    to_the_end(walker)
    assert walker.wizard.section.trouble == "M-PESA did not take the keys."
    assert NOT_OPEN in [label.text() for label in walker.wizard.section.findChildren(QLabel)]
    memory.cannot_open = None
    walker.goes_back("callbackSection")
    walker.goes_on("testPaymentSection")
    assert walker.wizard.section.trouble == ""


def test_a_refused_shilling_says_why_and_can_be_asked_again(walker: Walker, harness: TillHarness) -> None:
    to_the_end(walker)
    walker.type(phone="0712")
    walker.click("askTrial")
    walker.until(lambda: "not complete" in walker.wizard.section.trouble)
    walker.type(phone="0712345678")
    walker.click("askTrial")
    walker.until(lambda: harness.till.reader.open_payments("A") != [])
    assert harness.till.reader.open_payments("A")[0].state in (State.REQUESTED, State.PROMPTED)


def focus_on(walker: Walker, name: str) -> QWidget:
    """Put the focus there, in the window that is in front."""
    walker.wizard.activateWindow()
    walker.until(lambda: QApplication.activeWindow() is walker.wizard)
    part = walker.part(name)
    part.setFocus()
    assert part.hasFocus()
    return part


def enter(walker: Walker, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    QTest.keyClick(walker.wizard.focusWidget() or walker.wizard, Qt.Key.Key_Return, modifiers)


def test_enter_alone_goes_from_the_first_page_to_the_last(walker: Walker, memory: MemorySettings) -> None:
    """Wherever Next shows Enter it works, whatever has the focus when the page comes up."""
    focus_on(walker, "setupNext")
    enter(walker)
    walker.arrives("shopSection")
    walker.type(shopName="Duka")
    enter(walker)
    walker.arrives("serverSection")
    enter(walker)
    walker.arrives("ownerSection")
    walker.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    enter(walker)
    walker.writes_down()  # Enter does not take away what is shown once
    walker.arrives("mpesaSection")
    walker.type(shortcode="600123", tillNumber="512345", consumer_key="k", consumer_secret="s", passkey="p")
    enter(walker)
    walker.arrives("callbackSection")
    enter(walker)  # an option has the focus
    walker.arrives("testPaymentSection")
    assert memory.did[-1] == "open"


@pytest.mark.parametrize("name", ["textSize-normal", "colours-light"])
def test_enter_goes_on_from_an_option_that_counts_and_chooses_one_that_does_not(walker: Walker, name: str) -> None:
    focus_on(walker, "textSize-larger")
    enter(walker)
    assert walker.page == "appearanceSection"
    assert walker.part("textSize-larger").isChecked()  # type: ignore[attr-defined]
    walker.click("textSize-normal")
    focus_on(walker, name)
    enter(walker)
    walker.arrives("shopSection")


def test_tab_and_enter_never_leave(walker: Walker, wizard: SetupWizard, qtbot: QtBot) -> None:
    """From the last field Tab leads to Next, then to Back; what leaves the set-up comes after everything else."""
    walker.goes_on("shopSection")
    walker.type(shopName="Duka")
    focus_on(walker, "shopName")
    seen: list[str] = []
    with qtbot.assertNotEmitted(wizard.ended):
        for _ in range(12):
            QTest.keyClick(wizard.focusWidget(), Qt.Key.Key_Tab)
            focus = wizard.focusWidget()
            assert focus is not None
            seen.append(focus.objectName())
            if focus.objectName() == "setupNext":
                break
        assert "tryPractice" not in seen
        assert seen[-1] == "setupNext"
        enter(walker)
        walker.arrives("serverSection")
        QTest.keyClick(walker.part("setupNext"), Qt.Key.Key_Tab)
    assert not walker.part("tryPractice").hasFocus()


def test_among_the_lines_of_the_receipt_enter_is_a_new_line_and_the_button_says_so(walker: Walker) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Duka")
    focus_on(walker, "receiptLines")
    enter(walker)
    assert walker.page == "shopSection"
    assert part(walker.wizard, Button, "setupNext").key == "Ctrl Enter"
    enter(walker, Qt.KeyboardModifier.ControlModifier)
    walker.arrives("serverSection")
    assert part(walker.wizard, Button, "setupNext").key == "Enter"


def test_a_key_that_is_held_goes_through_no_pages(walker: Walker) -> None:
    focus_on(walker, "setupNext")
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NO_MODIFIER, "\r", True)
    QApplication.sendEvent(walker.part("setupNext"), held)
    assert walker.page == "appearanceSection"


def test_two_quick_enters_do_not_leave(walker: Walker, wizard: SetupWizard, qtbot: QtBot) -> None:
    def told_after_another() -> bool:
        enter(walker)
        return walker.page == "shopSection" and "name of your shop" in wizard.section.trouble

    focus_on(walker, "setupNext")
    with qtbot.assertNotEmitted(wizard.ended):
        for _ in range(40):
            enter(walker)
            QApplication.processEvents()
        walker.until(told_after_another)  # however long the pages take: an Enter while one is read goes nowhere


def test_back_keeps_what_was_typed_and_not_kept(walker: Walker, memory: MemorySettings) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Duka", receiptLines="Moi Avenue")
    walker.goes_back("appearanceSection")
    walker.goes_on("shopSection")
    assert walker.reads("shopName") == "Duka"
    walker.goes_on("serverSection")
    walker.goes_on("ownerSection")
    walker.type(ownerNew=PASSPHRASE, ownerAgain=PASSPHRASE)
    walker.click("setupNext")
    walker.writes_down()
    walker.arrives("mpesaSection")
    walker.type(shortcode="600123", consumer_key="key")
    walker.goes_back("ownerSection")
    walker.goes_on("mpesaSection")
    assert (walker.reads("shortcode"), walker.reads("consumer_key")) == ("600123", "key")
    assert memory.accounts == []


def test_a_page_that_was_kept_shows_what_is_kept(walker: Walker) -> None:
    to_the_end(walker)
    walker.goes_back("callbackSection")
    walker.goes_back("mpesaSection")
    edit = walker.part("consumer_key")
    assert isinstance(edit, QLineEdit)
    assert edit.text() == ""
    assert edit.placeholderText() == "Kept. Paste only to replace it."
