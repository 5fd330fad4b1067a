"""Nothing that matters is cut, at any size of the window and of the text: money, phones, states, buttons, titles.

The worst there can be is put on every page: names of sixty characters, with and without spaces, the largest amounts,
and everything that a page can say at once. `layout.faults_of` then looks at what is really painted.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.catalogue import draft_post
from pos_app.domain.lookup import Totals
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.receipt import Mark, Shop
from pos_app.sales.checkout import Caution, Guarded
from pos_app.ui import words
from pos_app.ui.bridge import Bridge, Tasks
from pos_app.ui.main_window import MainWindow
from pos_app.ui.theme import SIZES, Look
from tests.builders import a_payment
from tests.conftest import Shelf
from tests.ui.layout import faults_of

SPACED = "Mwezi mmoja wa intaneti na chai, kiti cha dirishani, Jumanne"
SOLID = "MweziMmojaWaIntanetiNaChaiKitiChaDirishaniKilaSikuYaJumatano"
SHOP = "Mama Njeri wa Kariobangi Kaskazini Duka la Intaneti na Chai"
ALIKE = tuple(f"{SPACED[:-7]}Juma {number}" for number in (1, 2))
NAMES = (SPACED, SOLID, SHOP, *ALIKE)
LARGEST = 250_000
DAY = Totals(payments=12_345, paid=12_000, paid_amount=99_999_999, unsure=123, review=45)
WINDOWS = ((1024, 600), (1280, 800))
PHONE = "254708374149"

pytestmark = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(autouse=True)
def written(look: Look, size: str) -> Iterator[None]:
    """Everything in a text size."""
    look.write(size)
    yield
    look.write("normal")


@pytest.fixture
def window(
    written: None, shelf: Shelf, tasks: Tasks, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window with an open till that sells long names for the largest amounts."""
    till = replace(shelf.till, shop=Shop(SHOP, mark=Mark.PRACTICE))
    till.catalogue.add_all(
        [
            draft_post(SPACED, LARGEST, 3_650, 1, "4006381333931"),
            draft_post(SOLID, LARGEST, 30, 2),
            *(draft_post(name, 1_000) for name in ALIKE),
            *(draft_post(f"Tea {place}", 30, 0) for place in range(8)),
        ]
    )
    monkeypatch.setattr(till.reader, "totals", lambda _day: DAY)
    monkeypatch.setattr(till.reader, "recent_phones", lambda _limit: [PHONE, PHONE, PHONE])
    made = MainWindow(till.shop, "Counter 12")
    made.resize(*WINDOWS[-1])
    made.show()
    made.offer_checks(lambda: None, tasks)  # type: ignore[arg-type, return-value]
    made.offer_settings(None, tasks)
    made.open_till(till, tasks, bridge, None)
    charge = made.charge
    assert charge is not None
    qtbot.waitUntil(lambda: charge.grid.favourite(1) is not None)
    yield made
    made.let_go()
    delete(made)


def check(window: QWidget, scene: str, complaints: list[str]) -> None:
    """Look at a scene in windows of each size."""
    for width, height in WINDOWS:
        window.resize(width, height)
        complaints += [f"{scene} at {width}x{height}: {fault}" for fault in faults_of(window, NAMES)]


def fail_with(complaints: list[str]) -> None:
    """Say everything that was found, once."""
    assert not complaints, f"{len(complaints)} cannot be read:\n" + "\n".join(complaints)


def payments() -> dict[str, Payment]:
    """A payment in each state, as long and as large as it can be."""
    made = {
        str(state): a_payment(
            state, post_title=SPACED if place % 2 else SOLID, amount=LARGEST, number=f"A-20261123-{12_345 + place}"
        )
        for place, state in enumerate(State)
    }
    made["review of amount"] = replace(made["review"], remarks=frozenset(Remark))
    made["paid with everything odd"] = replace(made["paid"], remarks=frozenset(Remark))
    made["wait to ask again"] = replace(made["declined"], reason="1025")
    made["cannot be asked"] = replace(made["unknown"], checkout_request_id=None)
    return {
        name: replace(payment, id=place, version=place) for place, (name, payment) in enumerate(made.items(), start=100)
    }


def test_the_charge_form(window: MainWindow, qtbot: QtBot) -> None:
    found: list[str] = []
    charge = window.charge
    assert charge is not None
    charge.form.show_recent([PHONE, PHONE, PHONE])
    charge.rail.show_totals(DAY)
    charge.rail.show_attention([a_payment()] * 12)
    check(window, "empty form", found)
    for key in (1, 2):
        post = charge.grid.favourite(key)
        assert post is not None
        charge.grid.chosen.emit(post)
        charge.form.phone.set_msisdn(PHONE)
        check(window, f"filled form {key}", found)
    charge.form.show_trouble(words.CANNOT_SAVE)
    check(window, "form with trouble", found)
    now = charge.board.now()
    guarded = Guarded([Caution(a_payment(post_title=SPACED, amount=LARGEST), None)], now)
    charge.form.show_guarded(guarded)
    check(window, "form with the guard", found)
    waiting = Guarded([Caution(a_payment(post_title=SOLID, amount=LARGEST), now + timedelta(seconds=99))], now)
    charge.form.show_guarded(waiting)
    check(window, "form that waits", found)
    charge.grid.search.edit.setText("no such post")
    check(window, "nothing found", found)
    fail_with(found)


def test_the_panels(window: MainWindow, bridge: Bridge) -> None:
    found: list[str] = []
    charge = window.charge
    assert charge is not None
    charge.rail.show_totals(DAY)
    for payment in list(payments().values())[:3]:
        bridge.payment_changed.emit(payment)
    for name, payment in payments().items():
        charge.show_payment(payment)
        check(window, f"panel, {name}", found)
    charge.result.say(words.POST_IS_OFF)
    check(window, "panel with a notice", found)
    charge.show_payment(payments()["prompted"])
    charge.live._stop.click()
    check(window, "panel, stop waiting", found)
    fail_with(found)
