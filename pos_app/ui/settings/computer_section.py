"""What this computer does beside its window: sounds, and a display for customers."""

from PySide6.QtCore import Slot

from pos_app.messages import computer_choices as words
from pos_app.ui.preferences import SOUNDS, Preferences
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.display_choices import DisplayChoice, display_choices


class ComputerSection(Section):
    """What is chosen counts at once, and for this computer only."""

    TITLE = "Sounds and display"
    LEAD = "For this computer only. Whoever is at the till can change it at any time, with Aa at the top of the window."
    COUNTS_AT_ONCE = True

    def __init__(self, preferences: Preferences, tasks: Tasks) -> None:
        super().__init__("computerSection", tasks)
        self._preferences = preferences
        self._choices: dict[str, DisplayChoice] = {}
        self._sounds = ChoiceButton(tuple(words.SOUND_WORDS.values()), name="sounds", spoken=words.SOUNDS)
        self._display = ChoiceButton((words.NO_DISPLAY,), name="customerDisplay", spoken=words.DISPLAY)
        self.add(words.SOUNDS, self._sounds, words.SOUNDS_HINT)
        self.add(words.DISPLAY, self._display, words.DISPLAY_HINT)
        self.column.addStretch(1)
        self._sounds.chosen.connect(self._choose_sounds)
        self._display.chosen.connect(self._choose_display)

    def load(self) -> None:
        self.show_error("")
        self._sounds.choose(words.SOUND_WORDS[self._preferences.sounds])
        choices, chosen = display_choices(self._preferences, self)
        self._choices = {choice.words: choice for choice in choices}
        self._display.offer(tuple(self._choices))
        self._display.choose(chosen.words)
        self._sounds.setFocus()
        self.filled.emit()

    def keep(self) -> None:
        """It is kept as soon as it is chosen."""
        self.kept.emit()

    @Slot(str)
    def _choose_sounds(self, chosen: str) -> None:
        volume = next(volume for volume, text in words.SOUND_WORDS.items() if text == chosen)
        self._preferences.choose(SOUNDS, volume)

    @Slot(str)
    def _choose_display(self, chosen: str) -> None:
        self._choices[chosen].take(self._preferences)
