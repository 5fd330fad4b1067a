"""The set-up as a window of its own, before there is a till to show."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout
from shiboken6 import delete

from pos_app.ui.application import ENDING, NAME, themed_application
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import Chosen
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.settings.wizard import SIZE, SMALLEST, SetupPart, SetupWizard, WizardEnd
from pos_app.ui.shell.waiting_pages import ClosedPage
from pos_app.ui.tasks import Tasks
from pos_app.ui.unix_signals import UnixSignals
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.screen_room import ScreenRoom

_NEXT = {
    WizardEnd.LEFT: NextAction.NOTHING,
    WizardEnd.PRACTICE: NextAction.PRACTICE,
    WizardEnd.FINISHED: NextAction.AGAIN,
}


def say_unsaved(lines: Sequence[str], signals: UnixSignals) -> None:
    """Stay until somebody has read what could not be saved, or the program is ended from outside."""
    window = Dialog()
    window.setObjectName("page")
    window.setWindowTitle(NAME)
    page = ClosedPage(lines)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    ScreenRoom(window, SIZE, SMALLEST)
    page.button.clicked.connect(window.accept)
    signals.end_wanted.connect(window.reject)
    window.exec()
    delete(window)


def run_setup(services: SettingsServices, chosen: Chosen, part: SetupPart = SetupPart.ALL) -> NextAction:
    """Show the set-up until the person leaves it; gives what is wanted next: of a shop that is set up, its till."""
    app, theme = themed_application(chosen)
    tasks = Tasks()
    wizard = SetupWizard(services, tasks, part=part)
    wizard.appearance_chosen.connect(lambda name, value: theme.choose(**{name: value}))
    ended: list[str] = []
    wizard.ended.connect(ended.append)
    wizard.ended.connect(app.quit)
    signals = UnixSignals()
    hurried: list[bool] = []
    signals.end_wanted.connect(lambda: hurried.append(True))
    signals.end_wanted.connect(wizard.reject)
    wizard.show()
    wizard.start()
    app.exec()
    if wizard.unsaved and not hurried:
        say_unsaved(wizard.unsaved, signals)
    signals.stop()
    tasks.close(wait=ENDING)
    delete(wizard)  # now, and on this thread, as every window
    if part is not SetupPart.ALL:
        return NextAction.NOTHING if hurried else NextAction.AGAIN
    return _NEXT[WizardEnd(ended[0])] if ended else NextAction.NOTHING
