"""The line on top."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.callback_route import RouteState
from pos_app.domain.receipt import Mark, Shop
from pos_app.messages import window as words
from pos_app.sales.contact import ContactStatus, Reach
from pos_app.ui.shell.header import Header
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.widgets.buttons import Button, Kind

LOST = "M-PESA not reached for 6:40"


@pytest.fixture(params=SIZES)
def header(request: pytest.FixtureRequest, theme: ThemeManager, qtbot: QtBot) -> Iterator[Header]:
    theme.choose(text_size=request.param)
    made = Header(Shop("Mama Njeri and Daughters Electronics", mark=Mark.PRACTICE), "Counter 12")
    qtbot.addWidget(made)
    for name in ("look", "lock"):
        made.add_tool(Button(name.title(), name=name, key="F12", height=38))
    made.show()
    made.show_route(RouteState.UP)
    yield made
    theme.choose(text_size="normal")


def test_where_there_is_no_room_the_light_says_it_in_fewer_words(header: Header) -> None:
    header.show_contact(ContactStatus(Reach.LOST, age=400))
    header.resize(1_600, header.height())
    assert (header.status.text, header.status.toolTip()) == (LOST, "")
    for width in range(1_600, 930, -10):
        header.resize(width, header.height())
        last = header.findChild(Button, "keys")
        assert last is not None
        assert header.status.width() >= header.status.sizeHint().width()
        assert header.status.x() + header.status.width() <= last.x()
        assert last.x() + last.width() <= width
        assert header.status.accessibleName() == LOST
    if header.status.text != LOST:
        assert header.status.toolTip() == LOST
    header.resize(1_600, header.height())
    assert header.status.text == LOST


def test_who_signs_in_takes_room_at_once(header: Header, qtbot: QtBot) -> None:
    header.show_contact(ContactStatus(Reach.LOST, age=400))
    who = Button("Mama Njeri wa", name="who", key="F12", height=38)
    who.hide()
    header.add_tool(who)
    header.resize(1_600, header.height())
    while header.status.text == LOST:  # the narrowest that has room for all of it
        header.resize(header.width() - 10, header.height())
    header.resize(header.width() + 10, header.height())
    assert header.status.text == LOST
    who.show()
    qtbot.waitUntil(lambda: header.status.text != LOST)
    who.hide()
    qtbot.waitUntil(lambda: header.status.text == LOST)


def test_what_is_well_is_said_alike_everywhere(header: Header) -> None:
    header.show_contact(ContactStatus(Reach.REACHED))
    header.resize(900, header.height())
    assert (header.status.text, header.status.toolTip()) == ("M-PESA ready", "")


@pytest.mark.parametrize("route", [RouteState.NONE, RouteState.DOWN])
@pytest.mark.parametrize("size", SIZES)
def test_how_results_come_is_said_in_fewer_words_beside_who_is_signed_in(
    theme: ThemeManager, qtbot: QtBot, size: str, route: RouteState
) -> None:
    theme.choose(text_size=size)
    header = Header(Shop("Mama Njeri Shop", mark=Mark.PRACTICE), "A")
    qtbot.addWidget(header)
    who = Button("Amina Otieno", name="who", kind=Kind.QUIET, icon="lock", height=38)
    for tool in (Button("Aa", name="look", kind=Kind.QUIET, height=38), who):
        header.add_tool(tool)
    header.resize(900, header.height())
    header.show()
    header.show_route(route)
    try:
        for part in (header.status, who):
            assert part.width() >= part.sizeHint().width()
        assert header.status.accessibleName() in (words.STATUS_ASKING_ONLY, words.STATUS_ROUTE_DOWN)  # in full
    finally:
        theme.choose(text_size="normal")


def test_at_which_other_till_results_come_in_is_said_to_whoever_points_there(qtbot: QtBot) -> None:
    header = Header(Shop("Mama Njeri Shop"), "A")
    qtbot.addWidget(header)
    header.show_route(RouteState.UP, words.address_at("B"))
    assert header.status.toolTip() == words.address_at("B")
    header.show_route(RouteState.UP)
    assert header.status.toolTip() == ""
