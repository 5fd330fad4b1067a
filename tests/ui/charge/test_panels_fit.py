"""What an operator must say or do about a payment is seen without scrolling, on every screen and in every text size.

One window is looked at in all of them: the longest names and the largest amounts, each state, light and dark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.receipt import Mark, Shop
from pos_app.ui.main_window import MainWindow
from pos_app.ui.style.theme import SIZES, Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.scrolled import Scrolled
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter
from tests.ui.layout import settle
from tests.ui.test_layout import SHOP, payments

SCREENS = ((1024, 600), (1280, 800), (1366, 768))
CODE = "receiptCode"
MUST_BE_SEEN = ("progressHead", "progressTell", "resultHead", "resultHappened", "resultMoney", "resultAdvice")


@pytest.fixture(autouse=True)
def as_it_was(theme: ThemeManager) -> Iterator[None]:
    """The next test finds the usual text and colours."""
    yield
    theme.choose(text_size="normal", colours=Scheme.LIGHT)


@pytest.fixture
def window(
    theme: ThemeManager, harness: TillHarness, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[MainWindow]:
    till = replace(harness.till, shop=Shop(SHOP, mark=Mark.PRACTICE))  # whose frame takes room, too
    made = MainWindow(till.shop, "A")
    made.resize(*SCREENS[0])
    made.show()
    made.open_till(till, tasks, events, None)
    qtbot.waitUntil(lambda: made.charge is not None)
    yield made
    made.let_go()
    delete(made)


def hidden(window: MainWindow, names: Sequence[str]) -> list[str]:
    """What must be seen, stands on the panel, and is not wholly in what is seen of it."""
    found = []
    for area in window.findChildren(Scrolled):
        content, viewport = area.widget(), area.viewport()
        if content is None or not area.isVisible():
            continue
        for name in names:
            part = content.findChild(QWidget, name)
            if part is None or not part.isVisible():
                continue
            place = QRect(part.mapTo(viewport, QPoint()), part.size())
            if not viewport.rect().contains(place):
                found.append(f"{name} ends at {place.bottom()} of {viewport.height()} px")
    return found


def test_what_matters_is_seen_without_scrolling(window: MainWindow, theme: ThemeManager) -> None:
    charge = window.charge
    assert charge is not None
    shown = payments()
    found = []
    for size, scheme in (*((size, Scheme.LIGHT) for size in SIZES), ("larger", Scheme.DARK)):
        theme.choose(text_size=size, colours=scheme)
        for width, height in SCREENS:
            window.resize(width, height)
            for name, payment in shown.items():
                charge.show_payment(payment)
                settle(window)
                # Whoever has to call the owner reads that first.
                names = MUST_BE_SEEN if payment.needs_attention else (*MUST_BE_SEEN, CODE)
                found += [f"{name} at {width}x{height}, {size}, {scheme}: {fault}" for fault in hidden(window, names)]
    assert not found, "\n".join(found)


def test_a_prompt_that_leaves_takes_the_place_of_the_form_with_its_beginning(
    theme: ThemeManager, counter: Counter
) -> None:
    """The focus that the form lost, on its way to the page, had scrolled down to a button."""
    theme.choose(text_size="larger")
    counter.window.resize(*SCREENS[0])
    counter.ask("1", "0712345678")
    settle(counter.window)
    assert counter.shown() == "progress"
    assert not hidden(counter.window, MUST_BE_SEEN)


def test_tab_leads_to_what_is_pressed_often_before_what_stops_the_waiting(counter: Counter) -> None:
    counter.ask("1", "0712345678")
    counter.button("checkNow").setFocus()
    order = []
    for _ in range(2):
        QTest.keyClick(counter.window.focusWidget(), Qt.Key.Key_Tab)
        focus = counter.window.focusWidget()
        assert focus is not None
        order.append(focus.objectName())
    assert order == ["serveNext", "stopWaiting"]
