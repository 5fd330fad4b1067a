"""What the set-up's window says when the till of its test payment has closed."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from pos_app.ui.setup_window import say_unsaved
from pos_app.ui.shell.waiting_pages import ClosedPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.unix_signals import UnixSignals

UNSAVED = "1 answer could not be saved, nor kept anywhere. Write this down now."


@pytest.mark.parametrize("from_outside", [False, True])
def test_what_could_not_be_saved_stays_until_somebody_has_read_it_or_the_program_is_ended(
    qapp: QApplication, theme: ThemeManager, from_outside: bool
) -> None:
    signals = UnixSignals()
    read: list[str] = []
    timer = QTimer(interval=5)

    def look() -> None:
        dialogs = [shown for shown in qapp.topLevelWidgets() if isinstance(shown, QDialog) and shown.isVisible()]
        for page in (dialog.findChild(ClosedPage) for dialog in dialogs):
            assert page is not None
            timer.stop()
            read.append(page.accessibleDescription())
            signals.end_wanted.emit() if from_outside else page.button.click()

    timer.timeout.connect(look)
    timer.start()
    say_unsaved([UNSAVED], signals)
    assert read == [UNSAVED]
    signals.stop()
