"""What leaves the till beside its window: sounds, what screen readers are told, what customers see on their screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from pos_app.messages.sounds import sound_of
from pos_app.sounds.sound import Sound
from pos_app.ui.charge.served import ServedCustomer
from pos_app.ui.preferences import CUSTOMER_DISPLAY, CUSTOMER_SCREEN, SOUNDS, Preferences
from pos_app.ui.shell.announcer import Announcer

if TYPE_CHECKING:
    from pos_app.domain.payment import Payment
    from pos_app.sales.publisher import ChangeWatcher
    from pos_app.sales.till import Till
    from pos_app.ui.charge.page import ChargePage
    from pos_app.ui.display.customer_display import CustomerDisplay
    from pos_app.ui.till_events import TillEvents


class PlaysSounds(Protocol):
    """Plays sounds, from any thread and without making anybody wait; never raises."""

    def play(self, sound: Sound) -> None: ...

    def set_volume(self, volume: str) -> None:
        """Play as loud as this setting says from now on."""
        ...

    def close(self) -> None:
        """Play nothing more."""
        ...


MakeSounds: TypeAlias = Callable[[str], PlaysSounds]


class HeardAndSeen(QObject):
    """Begins when the till is open, goes by what is chosen for this computer, and ends with `close`.

    Args:
        window: the till's.
        make_sounds: makes what plays them, as loud as it is told; called once the till can be used.
        is_locked: whether nobody is signed in, so that nobody is told whose a payment is.
    """

    def __init__(
        self,
        window: QWidget,
        till: "Till",
        events: "TillEvents",
        preferences: Preferences,
        make_sounds: MakeSounds | None = None,
        is_locked: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._till = till
        self._preferences = preferences
        self._served: ServedCustomer | None = None
        self._display: CustomerDisplay | None = None
        self._make_sounds = make_sounds
        self._sounds: PlaysSounds | None = None
        till.ledger.watch_changes(_OfThisTill(events.on_change, till.name))
        till.printing.watch(events.on_print_trouble)
        Announcer(window, till.shop.mark, events, is_locked)
        preferences.changed.connect(self._choose)

    @property
    def display(self) -> "CustomerDisplay | None":
        """The customer display, where one is chosen."""
        return self._display

    def serve(self, page: "ChargePage") -> None:
        """Customers are served on this page from now on."""
        self._served = ServedCustomer(page)
        self._choose(CUSTOMER_DISPLAY)
        if self._make_sounds:
            self._sounds = self._make_sounds(self._preferences.sounds)
            self._till.ledger.watch_changes(_OfThisTill(_Listener(self._sounds), self._till.name))

    def close(self) -> None:
        """The till closes: customers see nothing of it any more."""
        self._preferences.changed.disconnect(self._choose)
        self._served = None
        self._take_down()
        if self._sounds:
            self._sounds.close()

    @Slot(str)
    def _choose(self, name: str) -> None:
        if name == CUSTOMER_DISPLAY and not self._preferences.customer_display:
            self._take_down()
        elif name == CUSTOMER_DISPLAY and self._served and self._display is None:
            self._put_up(self._served)
        elif name == CUSTOMER_SCREEN and self._display:
            self._display.use_screen(self._preferences.customer_screen)
        elif name == SOUNDS and self._sounds:
            self._sounds.set_volume(self._preferences.sounds)
            self._sounds.play(Sound.PAID)  # so that one hears what was chosen

    def _put_up(self, served: ServedCustomer) -> None:
        # Loaded when it is wanted: most shops have one screen.
        from pos_app.ui.display.customer_display import CustomerDisplay
        from pos_app.ui.display.monitors import Monitors

        screen = self._preferences.customer_screen
        display = CustomerDisplay(self._till.shop, self._till.clock, self._window, Monitors(self), screen)
        self._display = display
        served.changed.connect(display.show_view)
        display.show_view(served.view)

    def _take_down(self) -> None:
        display, self._display = self._display, None
        if display:
            display.close()


class _OfThisTill:
    """Tells of this till's payments alone: a callback of another till's may come here, whose customer stands there."""

    def __init__(self, told: "ChangeWatcher", till: str) -> None:
        self._told = told
        self._till = till

    def __call__(self, before: "Payment | None", after: "Payment") -> None:
        if after.till == self._till:
            self._told(before, after)


class _Listener:
    """Has each change heard, right after its commit; on the writer's thread."""

    def __init__(self, sounds: PlaysSounds) -> None:
        self._sounds = sounds

    def __call__(self, before: "Payment | None", after: "Payment") -> None:
        if sound := sound_of(before, after):
            self._sounds.play(sound)
