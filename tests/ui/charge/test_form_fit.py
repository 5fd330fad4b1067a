"""The charge form in the window that most shops have, and in the smallest with the largest text: nothing needs a bar
that has room without one, and nothing moves aside for a bar."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post, draft_post
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.basket_row import BasketRow
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.phone_field import PhoneField
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter
from tests.ui.layout import settle, texts_of
from tests.ui.parts import part

USUAL = (1272, 760)  # a screen of 1280x800 without its bars
SMALLEST = (1024, 600)
LONG = "Monthly unlimited internet & study room"
PHONE = "254712345678"


@pytest.fixture(autouse=True)
def as_it_was(theme: ThemeManager) -> Iterator[None]:
    """The next test finds the usual text."""
    yield
    theme.choose(text_size="normal")


def in_window(counter: Counter, size: tuple[int, int]) -> None:
    counter.window.resize(*size)
    settle(counter.window)


def fill(counter: Counter, harness: TillHarness, qtbot: QtBot, count: int) -> list[Post]:
    """So many posts with long names in the basket, each once, and a whole number."""
    posts = harness.till.catalogue.add_all([draft_post(f"{LONG} {n}", 2_500, 30) for n in range(count)])
    counter.page.flow.read_posts()
    qtbot.waitUntil(lambda: posts[-1].id in counter.page.grid.by_id)
    for post in posts:
        counter.page.choose_post(post)
    counter.page.form.phone.set_msisdn(PHONE)
    settle(counter.window)
    return posts


def scrolls(counter: Counter) -> int:
    return counter.part(QScrollArea, "formScroll").verticalScrollBar().maximum()


def sides(counter: Counter, widget: QWidget) -> tuple[int, int]:
    """Where it begins and ends in the window, in px."""
    place = QRect(widget.mapTo(counter.window, QPoint()), widget.size())
    return place.left(), place.right()


@pytest.mark.parametrize("lines", [1, 2, 3, 8])
def test_a_basket_has_room_without_scrolling_the_form(
    counter: Counter, harness: TillHarness, qtbot: QtBot, lines: int
) -> None:
    in_window(counter, USUAL)
    fill(counter, harness, qtbot, lines)
    assert scrolls(counter) == 0
    rows = [row for row in counter.page.form.findChildren(BasketRow) if row.isVisible()]
    seen = [row for row in rows if row.visibleRegion().boundingRect().height() == row.height()]
    assert len(seen) == min(lines, 3) - (lines == 1)


def test_a_word_about_two_lines_of_a_basket_cuts_nothing_off(
    counter: Counter, harness: TillHarness, qtbot: QtBot
) -> None:
    in_window(counter, USUAL)
    fill(counter, harness, qtbot, 2)
    counter.page.form.show_error("That number has 1 digit too many.")
    settle(counter.window)
    assert scrolls(counter) == 0


@pytest.mark.parametrize("size", ["normal", "larger"])
def test_a_basket_has_room_in_the_smallest_window(
    theme: ThemeManager, counter: Counter, harness: TillHarness, qtbot: QtBot, size: str
) -> None:
    theme.choose(text_size=size)
    in_window(counter, SMALLEST)
    fill(counter, harness, qtbot, 8)
    assert scrolls(counter) == 0


def test_the_button_is_as_wide_as_what_stands_above_it_whether_that_scrolls_or_not(
    counter: Counter, harness: TillHarness, qtbot: QtBot
) -> None:
    in_window(counter, SMALLEST)
    button, phone = counter.button("ask"), counter.page.form.phone
    assert isinstance(phone, PhoneField)
    before = sides(counter, button)
    assert sides(counter, phone) == before
    fill(counter, harness, qtbot, 3)
    counter.page.form.show_error("That is no number. " * 12)
    settle(counter.window)
    assert scrolls(counter) > 0
    assert sides(counter, button) == sides(counter, phone) == before


def test_a_long_name_takes_a_second_line_in_its_row(counter: Counter, harness: TillHarness, qtbot: QtBot) -> None:
    in_window(counter, USUAL)
    fill(counter, harness, qtbot, 2)
    row = counter.page.form.findChildren(BasketRow)[0]
    lines = [text.words for text in texts_of(part(row, Label, "lineTitle"))]
    assert len(lines) == 2
    assert lines[0] == "Monthly unlimited"


def test_what_an_open_price_may_be_is_never_cut_in_its_field(
    theme: ThemeManager, counter: Counter, harness: TillHarness, qtbot: QtBot
) -> None:
    posts = harness.till.catalogue.add_all([draft_post(LONG, 150, 0, 7, highest=2_000)])
    counter.page.flow.read_posts()
    qtbot.waitUntil(lambda: posts[0].id in counter.page.grid.by_id)
    for size, window in (("normal", USUAL), ("larger", SMALLEST)):
        theme.choose(text_size=size)
        in_window(counter, window)
        counter.page.choose_post(posts[0])
        settle(counter.window)
        edit = counter.part(QLineEdit, f"price{posts[0].id}")
        shown = edit.placeholderText()
        assert edit.fontMetrics().horizontalAdvance(shown) + 4 <= edit.width()
        assert shown in ("150 to 2,000", "from 150", "Price")
        counter.next_customer()
