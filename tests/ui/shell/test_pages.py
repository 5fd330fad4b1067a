"""The table of pages: the navigation, the keys and the help are made of it."""

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.shell.help_panel import KEYS
from pos_app.ui.shell.navigation import Navigation
from pos_app.ui.shell.pages import ATTENTION, PAGES
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.widgets.nav_button import NavButton
from tests.ui.layout import texts_of
from tests.ui.parts import part


def test_no_two_pages_have_the_same_name_or_key() -> None:
    assert len({page.name for page in PAGES}) == len({page.key for page in PAGES}) == len(PAGES)


def test_the_help_names_the_key_of_each_page() -> None:
    assert {page.key for page in PAGES} <= {key for key, _ in KEYS}


def test_the_navigation_has_a_place_for_each_page_and_hides_what_is_not_offered(
    theme: ThemeManager, qtbot: QtBot
) -> None:
    navigation = Navigation(PAGES)
    qtbot.addWidget(navigation)
    navigation.show()
    for page in PAGES:
        if page.under:
            continue
        place = part(navigation, QAbstractButton, f"go-{page.name}")
        assert (place.text(), place.isVisible()) == (page.title, not page.offered)
        navigation.offer(page.name)
        assert place.isVisible()


def test_a_page_without_a_place_of_its_own_marks_the_one_that_it_stands_under(
    theme: ThemeManager, qtbot: QtBot
) -> None:
    navigation = Navigation(PAGES)
    qtbot.addWidget(navigation)
    for page in PAGES:
        navigation.show_place(page.name)
        assert part(navigation, QAbstractButton, f"go-{page.under or page.name}").isChecked()


@pytest.mark.parametrize("size", SIZES)
def test_a_count_beside_the_icon_never_covers_the_word(theme: ThemeManager, qtbot: QtBot, size: str) -> None:
    theme.choose(text_size=size)
    place = NavButton(ATTENTION, "Attention", "circle-alert", "Ctrl+F6")
    qtbot.addWidget(place)
    place.setEnabled(True)
    for height in (place.minimumSizeHint().height(), place.sizeHint().height()):
        place.resize(place.sizeHint().width(), height)
        for count in ("1", "12", "99+"):
            place.show_count(count, "12 things need a person")
            badge, word = texts_of(place)
            assert (badge.words, word.words) == (count, "Attention")
            assert badge.rect.bottom() <= word.rect.top()
            assert place.rect().contains(badge.rect.toAlignedRect())
    assert place.accessibleName() == "Attention: 12 things need a person"
    place.show_count("", "")
    assert (place.count, place.accessibleName()) == ("", "Attention")
    assert [text.words for text in texts_of(place)] == ["Attention"]
    theme.choose(text_size="normal")


@pytest.mark.parametrize("size", SIZES)
def test_all_places_and_the_practice_phone_fit_on_the_smallest_screen(
    theme: ThemeManager, qtbot: QtBot, size: str
) -> None:
    theme.choose(text_size=size)
    navigation = Navigation(PAGES)
    qtbot.addWidget(navigation)
    navigation.add(NavButton("phone", "Phone", "smartphone", "Alt+P"))
    for page in PAGES:
        if not page.under:
            navigation.offer(page.name)
    navigation.resize(navigation.width(), 556)  # of 600, without a title bar and the frame of practice
    navigation.show()
    shown = [child for child in navigation.findChildren(QWidget) if child.isVisible()]
    ends = [(child.geometry().top(), child.geometry().bottom()) for child in shown if child.height()]
    ends.sort()
    assert all(above[1] < below[0] for above, below in pairwise(ends))
    assert ends[-1][1] < 556
    theme.choose(text_size="normal")
