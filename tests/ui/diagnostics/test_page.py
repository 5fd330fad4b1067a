"""The page of checks: findings as they come, words and colours, the support file; in the window and without a till."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.check_result import Finding, Status, Verdict
from pos_app.domain.receipt import Shop
from pos_app.errors import BadInput
from pos_app.messages import checks as words
from pos_app.ui.diagnostics.log_view import LogView
from pos_app.ui.diagnostics.page import DiagnosticsPage, look_at_printer
from pos_app.ui.main_window import SMALLEST, MainWindow
from pos_app.ui.shell.error_page import ErrorPage
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.check_row import CheckRow
from pos_app.ui.widgets.pill import Pill
from tests.ui.counter import Counter

NAMES = ["Keys", "Connection", "Disk"]
GOOD = [Finding(name, Status.GREEN, f"{name} fine", 0.1) for name in NAMES]
DAY = date(2026, 11, 23)


class FakeDiagnostics:
    """Checks that a test answers one by one, on a thread, as the real ones do."""

    def __init__(self) -> None:
        self.tell: Callable[[Finding], object] | None = None
        self.done: Callable[[], object] | None = None
        self.printer: Callable[[], Verdict] | None = None
        self.started = 0
        self.saved: list[tuple[Path, list[Finding]]] = []
        self.refuses = False

    def names(self) -> list[str]:
        return list(NAMES)

    def start(
        self, tell: Callable[[Finding], object], done: Callable[[], object], printer: Callable[[], Verdict]
    ) -> None:
        self.started += 1
        self.tell, self.done, self.printer = tell, done, printer

    def answer(self, *findings: Finding, done: bool = False) -> None:
        def work() -> None:
            assert self.tell is not None
            assert self.done is not None
            for finding in findings:
                self.tell(finding)
            if done:
                self.done()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    def save(self, file: Path, findings: Sequence[Finding]) -> None:
        if self.refuses:
            raise BadInput("support.txt is there already and stays as it is.")
        self.saved.append((file, list(findings)))

    def days(self) -> list[date]:
        return [DAY]

    def log(self, day: date) -> list[str]:
        return [f"{day} payment A-20261123-0042: receipt printed"]


@pytest.fixture
def diagnostics() -> FakeDiagnostics:
    return FakeDiagnostics()


@pytest.fixture
def page(
    diagnostics: FakeDiagnostics, tasks: Tasks, theme: ThemeManager, qtbot: QtBot, tmp_path: Path
) -> DiagnosticsPage:
    made = DiagnosticsPage(diagnostics, tasks, choose_file=lambda _parent, name: str(tmp_path / name))
    qtbot.addWidget(made)
    made.resize(1_196, 740)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    made.setFocus()
    return made


def row(page: DiagnosticsPage, name: str) -> tuple[str, ColourRole, str]:
    """What a row says: its pill, the pill's colour, its words."""
    pill, found = page.findChild(Pill, f"status-{name}"), page.findChild(CheckRow, f"check-{name}")
    assert pill is not None
    assert found is not None
    return pill.text, pill.colour, found.findChildren(QLabel)[-1].text().strip()


def said(page: DiagnosticsPage) -> str:
    """The line at the foot."""
    label = page.findChild(QLabel, "checksWords")
    assert label is not None
    return label.text()


def test_it_opens_by_running_and_runs_each_time(
    page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot
) -> None:
    assert page.summary == "Testing: 0 of 3 done"
    assert diagnostics.started == 1
    diagnostics.answer(*GOOD, done=True)
    qtbot.waitUntil(lambda: page.summary == "Everything works.")
    page.hide()
    page.show()
    assert diagnostics.started == 2
    page.hide()
    page.show()  # it is at it already
    assert diagnostics.started == 2


def test_findings_appear_as_they_come(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot) -> None:
    button = page.findChild(Button, "checksRun")
    assert button is not None
    button.click()  # it runs already
    assert page.summary == "Testing: 0 of 3 done"
    assert row(page, "Keys") == ("Testing", ColourRole.SENDING, "")
    diagnostics.answer(GOOD[2])
    qtbot.waitUntil(lambda: row(page, "Disk") == ("Works", ColourRole.PAID, "Disk fine"))
    assert page.summary == "Testing: 1 of 3 done"
    assert row(page, "Keys")[0] == "Testing"
    page.run()
    assert diagnostics.started == 1
    diagnostics.answer(*GOOD[:2], done=True)
    qtbot.waitUntil(lambda: page.summary == "Everything works.")
    assert diagnostics.printer is look_at_printer


def test_what_is_wrong_is_named_with_what_to_do(
    page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot
) -> None:
    amber = Finding("Disk", Status.AMBER, "0.9 GB free. Delete what is not needed.", 0.1)
    diagnostics.answer(*GOOD[:2], amber, done=True)
    qtbot.waitUntil(lambda: page.summary == "The till works. Look at: Disk.")
    assert row(page, "Disk") == ("Look at this", ColourRole.WAITING, amber.words)
    page.run()
    red = Finding("Keys", Status.RED, "M-PESA did not accept the shop's keys.", 0.1)
    diagnostics.answer(red, GOOD[1], amber, done=True)
    qtbot.waitUntil(lambda: page.summary == "Does not work: Keys.")
    assert row(page, "Keys") == ("Does not work", ColourRole.FAILED, red.words)


def test_every_text_is_plain_and_heard(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot) -> None:
    diagnostics.answer(Finding("Disk", Status.RED, "<b>full</b>", 0.1), done=True)
    qtbot.waitUntil(lambda: row(page, "Disk")[2] == "<b>full</b>")
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    found = page.findChild(CheckRow, "check-Disk")
    assert found is not None
    assert found.accessibleName() == "Disk: Does not work. <b>full</b>"


def test_copy(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot) -> None:
    diagnostics.answer(*GOOD, done=True)
    qtbot.waitUntil(lambda: page.summary == "Everything works.")
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [f"{name}: Works. {name} fine" for name in NAMES]
    assert said(page) == words.COPIED


def test_the_support_file(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot, tmp_path: Path) -> None:
    diagnostics.answer(GOOD[1], GOOD[0], done=True)
    qtbot.waitUntil(lambda: page.summary == "Everything works.")
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: said(page).startswith("Saved: kaunta-support.txt"))
    assert diagnostics.saved == [(tmp_path / "kaunta-support.txt", [GOOD[0], GOOD[1]])]
    diagnostics.refuses = True
    page.save()
    qtbot.waitUntil(lambda: "stays as it is" in said(page))


def test_nobody_chose_a_file(diagnostics: FakeDiagnostics, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    page = DiagnosticsPage(diagnostics, tasks, choose_file=lambda _parent, _name: "")
    qtbot.addWidget(page)
    page.save()
    assert said(page) == words.SUPPORT_MORE


def test_f5_runs_and_esc_leaves(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot) -> None:
    diagnostics.answer(*GOOD, done=True)
    qtbot.waitUntil(lambda: page.summary == "Everything works.")
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_F5)
    assert diagnostics.started == 2
    with qtbot.waitSignal(page.left):
        QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_Escape)


def test_the_page_keys_reach_what_is_below(page: DiagnosticsPage, qtbot: QtBot) -> None:
    page.resize(600, 200)
    scrolled = page.findChild(QScrollArea, "checksScroll")
    assert scrolled is not None
    bar = scrolled.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_a_page_that_is_gone_hears_no_more(
    diagnostics: FakeDiagnostics, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    page = DiagnosticsPage(diagnostics, tasks)
    page.run()
    delete(page)
    diagnostics.answer(*GOOD, done=True)
    arrived: list[int] = []
    tasks.deliver(arrived.append, 1)
    qtbot.waitUntil(lambda: arrived == [1])


def test_the_rows_fit_every_screen(page: DiagnosticsPage, diagnostics: FakeDiagnostics, qtbot: QtBot) -> None:
    long = "M-PESA did not accept the shop's keys. Nothing was sent. " * 4
    diagnostics.answer(*(Finding(name, Status.RED, long, 0.1) for name in NAMES), done=True)
    qtbot.waitUntil(lambda: page.summary.startswith("Does not work"))
    for width in (1_196, 940, 600):
        page.resize(width, 540)
        for found in page.findChildren(CheckRow):
            label = found.findChildren(QLabel)[-1]
            qtbot.waitUntil(lambda label=label: label.height() >= label.heightForWidth(label.width()))  # type: ignore[misc]
            assert found.geometry().right() <= page.width()


def test_the_printer_is_looked_at_without_a_window(theme: ThemeManager) -> None:
    assert look_at_printer().status in (Status.GREEN, Status.AMBER)


# --- in the window -----------------------------------------------------------------------------------


@pytest.fixture
def offered(counter: Counter, tasks: Tasks, diagnostics: FakeDiagnostics) -> Counter:
    """A window that has a page of checks."""
    counter.window.offer_checks(lambda: diagnostics, tasks)
    return counter


def shown(window: MainWindow) -> str:
    return type(window.page).__name__


def test_its_key_and_its_place_lead_there_and_esc_back(offered: Counter) -> None:
    window = offered.window
    offered.function(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    offered.qtbot.waitUntil(lambda: shown(window) == "DiagnosticsPage")
    offered.press(Qt.Key.Key_Escape)
    assert shown(window) == "ChargePage"
    offered.part(QAbstractButton, "go-checks").click()
    assert shown(window) == "DiagnosticsPage"


def test_customers_are_served_while_it_tests(offered: Counter, diagnostics: FakeDiagnostics) -> None:
    offered.window.go("checks")
    offered.qtbot.waitUntil(lambda: shown(offered.window) == "DiagnosticsPage")
    assert diagnostics.started == 1
    offered.function(Qt.Key.Key_F2)
    assert offered.ask("1", "0712345678").id == 1


def test_f1_leads_to_the_checks_and_to_the_log(offered: Counter) -> None:
    window = offered.window
    window.show_keys()
    panel = offered.help()
    log = panel.findChild(Button, "helpLog")
    assert log is not None
    log.click()
    offered.qtbot.waitUntil(lambda: window.findChild(LogView) is not None)
    view = window.findChild(LogView)
    assert view is not None
    assert not view.isModal()
    offered.qtbot.waitUntil(lambda: "A-20261123-0042" in view.text)
    view.close()
    window.show_keys()
    panel = offered.help()
    checks = panel.findChild(Button, "helpChecks")
    assert checks is not None
    checks.click()
    offered.qtbot.waitUntil(lambda: shown(window) == "DiagnosticsPage")


def test_without_checks_nothing_leads_there(counter: Counter) -> None:
    counter.window.go("checks")
    assert shown(counter.window) == "ChargePage"
    panel = HelpPanel(counter.window)
    assert panel.findChild(Button, "helpChecks") is None
    panel.close()


@pytest.fixture
def closed(theme: ThemeManager, tasks: Tasks, diagnostics: FakeDiagnostics) -> Iterator[MainWindow]:
    """A window whose till cannot open."""
    window = MainWindow(Shop("Mama Njeri Shop"), "A")
    window.offer_checks(lambda: diagnostics, tasks)
    window.show()
    yield window
    window.let_go()
    delete(window)


def test_a_till_that_cannot_open_can_be_checked(closed: MainWindow, qtbot: QtBot) -> None:
    closed.show_error("The till cannot open", ["The data folder cannot be written."])
    for _ in range(2):
        closed.go("checks")
        qtbot.waitUntil(lambda: shown(closed) == "DiagnosticsPage")
    page = closed.findChild(DiagnosticsPage)
    assert page is not None
    page.run()
    page.left.emit()
    assert isinstance(closed.page, ErrorPage)


def test_the_window_keeps_its_size_on_a_small_screen(offered: Counter) -> None:
    offered.window.resize(*SMALLEST)
    offered.window.go("checks")
    offered.qtbot.waitUntil(lambda: shown(offered.window) == "DiagnosticsPage")
    assert (offered.window.width(), offered.window.height()) == SMALLEST
