"""Several tills: one choice with a good default, what is in the way said line by line, and nothing kept before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.check_result import Finding, Status
from pos_app.errors import CannotRead, SettingsError, StoreError
from pos_app.messages import server as words
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.server_section import ServerSection
from pos_app.ui.settings.server_service import ServerAnswers, ServerReport
from pos_app.ui.settings.several_tills_section import SeveralTillsSection
from pos_app.ui.settings.wizard import SetupPart, SetupWizard, WizardEnd
from pos_app.ui.tasks import Tasks
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner, Walker

Show = Callable[[Section], Owner]
PASSPHRASE, SECRET = "mama njeri 1987", "a-secret-of-the-duka"
TAKEN = Finding("Letter", Status.RED, "B is the till on the computer counter-2, which is open now. C is free.")
ON_SERVER = ServerAnswers(
    on_server=True, host="192.168.1.10", name="duka", user="till", till="B", password_kept=True, may_leave=False
)


@pytest.fixture
def section(memory: MemorySettings, tasks: Tasks) -> ServerSection:
    return ServerSection(memory.services.server, tasks)


def choose_server(owner: Owner) -> None:
    owner.click("where-server")
    owner.type(serverHost="192.168.1.10", serverName="duka", serverUser="till", serverPassword=SECRET)


def after_a_try(owner: Owner, section: ServerSection) -> list[str]:
    owner.click("testServer")
    owner.until(lambda: not section.working)
    return [line.words for line in section.results.lines]


def test_a_shop_with_one_till_goes_on_with_what_stands_there(
    memory: MemorySettings, section: ServerSection, show: Show
) -> None:
    owner = show(section)
    assert not owner.sees("serverHost")
    assert not owner.sees("testServer")
    owner.keeps(section)
    assert memory.servers == [None]


def test_what_was_typed_is_tried_and_kept(memory: MemorySettings, section: ServerSection, show: Show) -> None:
    owner = show(section)
    choose_server(owner)
    owner.type(tillLetter="C2")
    memory.report = ServerReport(findings=(Finding("Server", Status.GREEN, "It answers."),), letter="C2")
    assert after_a_try(owner, section) == ["It answers."]
    assert memory.servers == []
    memory.report = ServerReport(kept=True)
    owner.keeps(section)
    [kept] = memory.servers
    assert kept == memory.server_tests[0]
    assert kept is not None
    assert (kept.host, kept.port, kept.name, kept.user) == ("192.168.1.10", 5432, "duka", "till")
    assert (kept.password, kept.till) == (SECRET, "C2")
    assert SECRET not in repr(kept)
    assert owner.reads("serverPassword") == ""


def test_what_is_in_the_way_is_said_and_all_that_was_typed_stays(
    memory: MemorySettings, section: ServerSection, show: Show, qtbot: QtBot
) -> None:
    owner = show(section)
    choose_server(owner)
    memory.report = ServerReport(findings=(TAKEN,), letter="C")
    with qtbot.assertNotEmitted(section.kept):
        section.keep()
        owner.until(lambda: bool(section.results.lines) and not section.working)
    assert [line.words for line in section.results.lines] == [TAKEN.words]
    assert (owner.reads("serverHost"), owner.reads("serverPassword")) == ("192.168.1.10", SECRET)


def test_a_small_letter_is_seen_as_the_capital_that_it_becomes_and_no_other_script_s_is(
    section: ServerSection, show: Show
) -> None:
    owner = show(section)
    choose_server(owner)
    edit = owner.part("tillLetter")
    assert isinstance(edit, QLineEdit)
    for typed, seen in (("b", "B"), ("c2", "C2"), ("\N{LATIN SMALL LETTER DOTLESS I}",) * 2):
        edit.clear()
        edit.insert(typed)
        assert edit.text() == seen


@pytest.mark.parametrize("port", ["", "54x2", "5 432", "123456", "\N{FULLWIDTH DIGIT FIVE}432"])
def test_a_port_that_is_none(section: ServerSection, show: Show, port: str) -> None:
    owner = show(section)
    choose_server(owner)
    owner.type(serverPort=port)
    assert owner.is_refused(section) == words.NO_HOST


class TestALetterOfAComputerThatIsAway:
    def test_only_a_choice_of_its_own_takes_it_and_another_letter_is_another_question(
        self, memory: MemorySettings, section: ServerSection, show: Show
    ) -> None:
        owner = show(section)
        choose_server(owner)
        assert not owner.sees("vacant-take")
        memory.report = ServerReport(findings=(TAKEN,), letter="C", vacant=True)
        after_a_try(owner, section)
        owner.click("vacant-take")
        after_a_try(owner, section)
        assert [choice.takes_place for choice in memory.server_tests] == [False, True]
        owner.part("tillLetter").setFocus()
        QTest.keyClicks(owner.part("tillLetter"), "2")
        assert not owner.sees("vacant-take")
        after_a_try(owner, section)
        assert memory.server_tests[-1].takes_place is False


class TestPaymentsThatStay:
    def test_they_stay_by_choice_only_and_another_server_asks_anew(
        self, memory: MemorySettings, section: ServerSection, show: Show
    ) -> None:
        owner = show(section)
        choose_server(owner)
        memory.report = ServerReport(findings=(TAKEN,), letter="C", stays=12)
        after_a_try(owner, section)
        owner.click("stays-here")
        after_a_try(owner, section)
        assert [choice.leaves for choice in memory.server_tests] == [False, True]
        QTest.keyClicks(owner.part("serverHost"), "1")
        assert section.results.lines == ()
        assert not owner.sees("stays-here")
        after_a_try(owner, section)
        assert memory.server_tests[-1].leaves is False


def test_the_owner_s_passphrase_is_asked_for_where_the_server_that_is_set_cannot_be_asked(
    memory: MemorySettings, section: ServerSection, show: Show
) -> None:
    memory.server = ON_SERVER
    owner = show(section)
    assert owner.reads("serverHost") == "192.168.1.10"
    assert not owner.sees("where-alone")
    assert not owner.sees("serverOwner")
    memory.report = ServerReport(findings=(Finding("Owner", Status.RED, words.ASKS_OWNER),), asks_owner=True)
    section.keep()
    owner.until(lambda: owner.sees("serverOwner"))
    owner.type(serverOwner=PASSPHRASE)
    memory.report = ServerReport(kept=True)
    owner.keeps(section)
    kept = memory.servers[-1]
    assert kept is not None
    assert (kept.owner, owner.reads("serverOwner")) == (PASSPHRASE, "")


def test_what_cannot_be_kept_is_said(memory: MemorySettings, section: ServerSection, show: Show) -> None:
    owner = show(section)
    choose_server(owner)
    memory.refuse = SettingsError("This computer's keyring is locked.")
    assert owner.is_refused(section) == "This computer's keyring is locked."
    assert section.results.lines == ()


class TestInTheSettings:
    @pytest.mark.parametrize(
        ("server", "said"),
        [
            (
                ServerAnswers(own=1_204),
                "This shop has one till, A. The payments are in a file on this computer (1,204 ",
            ),
            (
                ON_SERVER,
                "This till has the letter B. The payments are on the server 192.168.1.10, in the database duka.",
            ),
        ],
    )
    def test_where_the_payments_are_and_the_way_to_change_it(
        self, memory: MemorySettings, tasks: Tasks, show: Show, qtbot: QtBot, server: ServerAnswers, said: str
    ) -> None:
        memory.server = server
        section = SeveralTillsSection(memory.services.server, tasks)
        owner = show(section)
        assert said in section.text
        with qtbot.waitSignal(section.change_wanted):
            owner.click("changeServer")


class TestOfAShopThatIsSetUp:
    """The till is closed, and opens again whatever becomes of it."""

    def walker(self, memory: MemorySettings, tasks: Tasks, qtbot: QtBot) -> Walker:
        return Walker(SetupWizard(memory.services, tasks, part=SetupPart.SERVER), qtbot)

    def test_it_lies_behind_the_owner_s_passphrase(self, memory: MemorySettings, tasks: Tasks, qtbot: QtBot) -> None:
        memory.passphrase, memory.server = PASSPHRASE, ON_SERVER
        walker = self.walker(memory, tasks, qtbot)
        assert walker.page == "ownerSection"
        assert not walker.sees("tryPractice")
        walker.type(ownerOld=PASSPHRASE)
        walker.goes_on("serverSection")
        with qtbot.waitSignal(walker.wizard.ended) as ended:
            walker.click("setupNext")
        assert ended.args == [WizardEnd.FINISHED]
        delete(walker.wizard)

    def test_the_page_that_it_begins_with_takes_the_keys(
        self, memory: MemorySettings, tasks: Tasks, qtbot: QtBot
    ) -> None:
        memory.passphrase, memory.server = PASSPHRASE, ON_SERVER
        wizard = SetupWizard(memory.services, tasks, part=SetupPart.SERVER)
        wizard.show()
        qtbot.waitUntil(lambda: not wizard.section.working)  # it has not been found yet with which page it begins
        wizard.start()
        qtbot.waitUntil(lambda: not wizard.starting and not wizard.section.working)
        assert wizard.focusWidget() is wizard.findChild(QLineEdit, "ownerOld")
        delete(wizard)

    def test_without_a_passphrase_or_a_server_that_can_be_asked_its_page_comes_first(
        self, memory: MemorySettings, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        walker = self.walker(memory, tasks, qtbot)
        assert walker.page == "serverSection"
        delete(walker.wizard)
        memory.server, memory.cannot_ask = ON_SERVER, CannotRead("The database server does not answer.")
        walker = self.walker(memory, tasks, qtbot)
        assert walker.page == "serverSection"
        delete(walker.wizard)


def test_a_file_that_cannot_be_opened_is_not_the_server_s_matter(
    memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot
) -> None:
    memory.cannot_ask = StoreError("The database cannot be opened.")
    assert Walker(wizard, qtbot).page == "appearanceSection"


def test_enter_in_a_field_goes_on(memory: MemorySettings, wizard: SetupWizard, qtbot: QtBot) -> None:
    walker = Walker(wizard, qtbot)
    walker.goes_on("shopSection")
    walker.type(shopName="Duka")
    walker.goes_on("serverSection")
    walker.click("where-server")
    walker.type(serverHost="192.168.1.10", serverName="duka", serverUser="till", tillLetter="B")
    walker.part("tillLetter").setFocus()
    memory.report = replace(memory.report, kept=False, findings=(TAKEN,))
    QTest.keyClick(walker.part("tillLetter"), Qt.Key.Key_Return)
    walker.arrives("serverSection")
    walker.until(lambda: len(memory.servers) == 1)
    memory.report = ServerReport(kept=True)
    walker.goes_on("ownerSection")


class TestThePaymentsMove:
    """A shop that grows from one till to two."""

    @pytest.fixture
    def found(self, memory: MemorySettings, section: ServerSection, show: Show) -> Owner:
        owner = show(section)
        choose_server(owner)
        assert not owner.sees("moveShop")
        said = (Finding("Payments here", Status.AMBER, words.move_words(12)),)
        memory.report = ServerReport(findings=said, letter="A", moves=12)
        after_a_try(owner, section)
        assert owner.sees("moveShop")
        return owner

    def test_they_move_first_and_then_what_was_typed_is_kept(
        self, memory: MemorySettings, section: ServerSection, found: Owner, qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(section.filled):
            found.click("moveShop")
            found.until(lambda: "30 %" in section.moving_words)
            QTest.keyClick(QApplication.focusWidget() or section, Qt.Key.Key_Return)  # nobody stops it by impatience
            assert memory.servers == []
            memory.may_move.set()
        [(choice, cancel)] = memory.moving
        assert memory.servers == [choice]
        assert not cancel.cancelled

    def test_what_came_of_it_is_read_before_the_page_goes(
        self, memory: MemorySettings, section: ServerSection, found: Owner, qtbot: QtBot
    ) -> None:
        with qtbot.assertNotEmitted(section.kept), qtbot.waitSignal(section.filled):
            memory.may_move.set()
            found.click("moveShop")
        [said] = section.results.lines
        assert said.status is Status.GREEN
        assert "The shop is in the database duka: 12 payments; all 40 rows" in said.words
        assert "Each further till" in said.words
        assert "POS_" not in said.words
        assert not any(map(found.sees, ("serverHost", "moveShop", "testServer")))
        with qtbot.waitSignal(section.kept):
            section.keep()
        assert len(memory.servers) == 1, "it is kept once"

    def test_what_is_in_the_way_afterwards_is_said_beside_it(
        self, memory: MemorySettings, section: ServerSection, found: Owner
    ) -> None:
        memory.may_move.set()
        memory.report_after_move = ServerReport(findings=(TAKEN,), letter="B")
        found.click("moveShop")
        found.until(lambda: TAKEN in section.results.lines)
        assert "12 payments" in section.results.lines[0].words
        assert found.sees("tillLetter")

    def test_tab_leads_from_the_try_to_the_button_and_to_nothing_unseen_before_it(self, found: Owner) -> None:
        button = found.part("testServer")
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is found.part("moveShop")

    @pytest.mark.parametrize("by", ["button", "leaving"])
    def test_whoever_stops_it_or_leaves_finds_all_as_it_was(
        self, memory: MemorySettings, section: ServerSection, found: Owner, by: str
    ) -> None:
        found.click("moveShop")
        found.until(lambda: bool(memory.moving))
        if by == "button":
            found.click("stopMoving")
        else:
            section.hide()
        assert memory.moving[0][1].cancelled
        memory.may_move.set()
        found.settles(section)
        assert memory.servers == []
        assert section.trouble or not section.isVisible()
        assert found.reads("serverHost") == "192.168.1.10"
        assert found.part("serverHost").isEnabled()
