"""A page that can try out what stands on it before it is kept."""

from collections.abc import Callable, Sequence

from pos_app.check_result import Finding, Status
from pos_app.errors import BadInput
from pos_app.ui.settings.check_results import Tried
from pos_app.ui.settings.section import Pane
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button

_TRYING = Finding("Trying", Status.AMBER, "a moment, at most half a minute...")


class TryingPane(Pane):
    """Has a button that tries, and shows line by line what that found.

    Args:
        button: its words and its objectName.
    """

    def __init__(self, name: str, tasks: Tasks, button: tuple[str, str]) -> None:
        super().__init__(name, tasks)
        text, button_name = button
        self.tried = Tried(f"{name}Tried")
        self.try_button = Button(text, name=button_name)
        self.try_button.clicked.connect(self._try)

    def attempt(self) -> Callable[[], Sequence[Finding]]:
        """What tries what was typed, to be run on a thread.

        Raises:
            BadInput: it cannot be used.
        """
        raise NotImplementedError

    def forget_tried(self) -> None:
        """What was found is about something else now."""
        self.tried.show_lines(())

    def _try(self) -> None:
        if self.working:
            return
        try:
            attempt = self.attempt()
        except BadInput as error:
            self.say(error.user_text)
            return
        self.say("")
        self.tried.show_lines((_TRYING,))
        self.bring_into_view(self.tried)
        self.run(attempt, self._show_tried)

    def _show_tried(self, lines: Sequence[Finding]) -> None:
        self.tried.show_lines(lines)
        self.bring_into_view(self.tried)

    def say(self, text: str) -> None:
        super().say(text)
        if text:
            self.forget_tried()
