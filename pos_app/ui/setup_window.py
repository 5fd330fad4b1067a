"""The set-up as a window of its own, before there is a till to show."""

from shiboken6 import delete

from pos_app.ui.application import themed_application
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import Chosen
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.settings.wizard import SetupWizard, WizardEnd
from pos_app.ui.tasks import Tasks
from pos_app.ui.unix_signals import UnixSignals

_NEXT = {
    WizardEnd.LEFT: NextAction.NOTHING,
    WizardEnd.PRACTICE: NextAction.PRACTICE,
    WizardEnd.FINISHED: NextAction.AGAIN,
}


def run_setup(services: SettingsServices, chosen: Chosen) -> NextAction:
    """Show the set-up until the person leaves it; gives what is wanted next."""
    app, theme = themed_application(chosen)
    tasks = Tasks(threads=1)  # opening a till and closing it again stay in their order
    wizard = SetupWizard(services, tasks)
    wizard.appearance_chosen.connect(lambda name, value: theme.choose(**{name: value}))
    ended: list[str] = []
    wizard.ended.connect(ended.append)
    wizard.ended.connect(app.quit)
    signals = UnixSignals()
    signals.end_wanted.connect(wizard.reject)
    wizard.show()
    wizard.start()
    app.exec()
    signals.stop()
    tasks.close()
    delete(wizard)  # now, and on this thread, as every window
    return _NEXT[WizardEnd(ended[0])] if ended else NextAction.NOTHING
