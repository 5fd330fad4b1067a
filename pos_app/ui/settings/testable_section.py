"""A page that can try out what stands on it before it is kept."""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from pos_app.check_result import Finding, Status
from pos_app.errors import BadInput
from pos_app.ui.settings.check_results import CheckResults
from pos_app.ui.settings.form_section import FormSection, Found
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button

_RUNNING = Finding("Testing", Status.AMBER, "a moment, at most half a minute...")


class TestableSection(FormSection[Found]):
    """Has a button that tests what was typed, and shows line by line what that found.

    Args:
        button: its words and its objectName.
    """

    def __init__(self, name: str, tasks: Tasks, button: tuple[str, str]) -> None:
        super().__init__(name, tasks)
        text, button_name = button
        self.results = CheckResults(f"{name}Results")
        self.test_button = Button(text, name=button_name)
        self.test_button.clicked.connect(self._start_test)

    @abstractmethod
    def test(self) -> Callable[[], Sequence[Finding]]:
        """What tests what was typed, to be run on a thread.

        Raises:
            BadInput: it cannot be used.
        """

    def forget_results(self) -> None:
        """What was found is about something else now."""
        self.results.show_lines(())

    def _start_test(self) -> None:
        if self.working:
            return
        try:
            test = self.test()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self.show_error("")
        self.results.show_lines((_RUNNING,))
        self.bring_into_view(self.results)
        self.run(test, self._show_results)

    def _show_results(self, lines: Sequence[Finding]) -> None:
        self.results.show_lines(lines)
        self.bring_into_view(self.results)

    def show_error(self, text: str) -> None:
        super().show_error(text)
        if text:
            self.forget_results()
