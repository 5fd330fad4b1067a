"""The table of phases, as the window and whoever closes it read it."""

from shiboken6 import delete

from pos_app.domain.receipt import Shop
from pos_app.ui.application import ON_CLOSE
from pos_app.ui.main_window import MainWindow
from pos_app.ui.shell.phases import PHASES, Phase
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.pill import Pill
from tests.ui.parts import part


def test_every_phase_has_its_rules_and_its_way_of_closing() -> None:
    assert set(PHASES) == set(ON_CLOSE) == set(Phase)


def test_only_an_open_till_sells_and_what_closes_leaves_nothing_to_do() -> None:
    assert [phase for phase, rules in PHASES.items() if rules.selling] == [Phase.OPEN]
    assert [phase for phase, rules in PHASES.items() if rules.leaving] == [Phase.CLOSING, Phase.CLOSED]


def test_the_header_says_the_phase(theme: ThemeManager) -> None:
    window = MainWindow(Shop("Mama Njeri Shop"), "A")
    said = {Phase.OPENING: part(window, Pill, "status").text}
    for phase, show in (
        (Phase.FAILED, lambda: window.show_error("The till cannot open", [])),
        (Phase.LOCKED, lambda: window.show_unlock(offer_others=False)),
        (Phase.CLOSING, window.show_closing),
        (Phase.CLOSED, lambda: window.show_closed([])),
    ):
        show()
        said[phase] = part(window, Pill, "status").text
    assert said == {phase: rules.status for phase, rules in PHASES.items() if rules.status is not None}
    window.let_go()
    delete(window)
