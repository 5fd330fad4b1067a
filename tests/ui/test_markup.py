"""A post's name draws nothing: no heading that says Paid, no picture that a network is asked for."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.catalogue import draft_post
from pos_app.ui.main_window import MainWindow
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.builders import charge as ask
from tests.support.till_harness import TillHarness

NAME = '<img src="//host/x"><h1>Paid</h1>'


@pytest.fixture
def window(
    theme: ThemeManager, harness: TillHarness, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[MainWindow]:
    harness.till.catalogue.add(draft_post(NAME, 100, 7, 1, "4006381333931"))
    ask(harness.till, 1, "0712345678")
    made = MainWindow(harness.till.shop, "A")
    made.resize(1280, 800)
    made.show()
    made.open_till(harness.till, tasks, events, None)
    qtbot.waitUntil(lambda: made.charge is not None)
    charge = made.charge
    assert charge is not None
    qtbot.waitUntil(lambda: charge.grid.favourite(1) is not None)
    yield made
    made.let_go()
    delete(made)


def drawn(widget: QWidget) -> str:
    """What of a widget Qt would draw as markup; its tip is escaped by the till, so the name is not in it as it is."""
    found = []
    if "<img" in widget.toolTip():
        found.append(f"tip of {widget.objectName()}")
    if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
        found.append(f"label {widget.objectName()}: {widget.text()[:40]}")
    return ", ".join(found)


def test_no_label_and_no_tip_draws_a_posts_name(window: MainWindow, qtbot: QtBot) -> None:
    seen = 0
    for page in ("charge", "payments", "posts"):
        window.go(page)
        QApplication.processEvents()
        widgets = [window, *window.findChildren(QWidget)]
        assert [fault for fault in map(drawn, widgets) if fault] == []
        labels = [widget.text() for widget in widgets if isinstance(widget, QLabel)]
        seen += sum(NAME in text for text in (*labels, *(widget.accessibleName() for widget in widgets)))
    assert seen  # the name is really there
