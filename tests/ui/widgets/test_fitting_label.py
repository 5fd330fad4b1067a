"""A line that says the longest words that have room."""

from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.fitting_label import FittingLabel

LONG, SHORT, SHORTEST = "Amina · Week pass until 3 Dec", "Amina · until 3 Dec", "3 Dec"


def test_it_says_what_has_room_and_keeps_its_own(theme: ThemeManager, qtbot: QtBot) -> None:
    line = FittingLabel("line", "About the customer")
    qtbot.addWidget(line)
    line.show()
    high = line.sizeHint().height()
    assert (line.least, line.text()) == (0, "")
    line.show_words((LONG, SHORT, SHORTEST))
    seen = []
    for width in range(400, 0, -10):
        line.resize(width, high)
        if line.text() not in seen:
            seen.append(line.text())
        assert line.toolTip() == LONG
    assert seen == [LONG, SHORT, SHORTEST]
    assert 0 < line.least < 60
    assert (line.accessibleName(), line.accessibleDescription()) == ("About the customer", LONG)
    line.show_words(())
    assert (line.text(), line.toolTip(), line.accessibleDescription()) == ("", "", "")
    assert line.sizeHint().height() == high
