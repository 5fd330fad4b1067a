"""The set-up, page by page. What a page keeps is kept at once, so the wizard can be left and taken up again."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget, QWizard, QWizardPage

from pos_app.errors import PosError, SettingsError
from pos_app.sales.closing import Left
from pos_app.ui.settings.appearance_section import AppearanceSection
from pos_app.ui.settings.callback_section import CallbackSection
from pos_app.ui.settings.enter_key import KEY, Enter, key_that_goes_on, meaning
from pos_app.ui.settings.mpesa_section import MpesaSection
from pos_app.ui.settings.owner_section import OwnerSection
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.server_section import ServerSection
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.settings.shop_section import ShopSection
from pos_app.ui.settings.test_payment_section import PaymentTestSection
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.screen_room import ScreenRoom

SIZE = QSize(820, 760)
SMALLEST = QSize(640, 520)
_NEXT, _FINISH, _FINISH_UNPAID, _WORKING = "Next", "Finish", "Finish without it", "One moment..."


class SetupPart(StrEnum):
    """Which pages a set-up has."""

    ALL = "all"
    SERVER = "server"  # of a shop that is set up, where its payments are: behind the owner's passphrase


class WizardEnd(StrEnum):
    """How the person left the wizard."""

    LEFT = "left"
    PRACTICE = "practice"
    FINISHED = "finished"


class _Page(QWizardPage):
    """One section, below what it is about."""

    def __init__(self, section: Section, place: int, of: int) -> None:
        super().__init__()
        self.section = section
        self.setObjectName("page")
        column = QVBoxLayout(self)
        column.setContentsMargins(26, 20, 26, 6)
        column.setSpacing(4)
        for text, role in (
            (f"Set-up {place} of {of}", "small"),
            (section.TITLE, "state-large"),
            (section.LEAD, "muted"),
        ):
            label = Label(text, role, wrap=True)
            label.setContentsMargins(RING, 0, RING, 2)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(section, 1)


class SetupWizard(QWizard):
    """Text size, shop, server, owner, M-PESA, results, one shilling; or some of it (`SetupPart`).

    Attributes:
        starting: whether the page to begin with is still being found.
        unsaved: what the tills that were opened here could not save, in words; somebody should read it.

    Signals:
        appearance_chosen: the name of a setting of the look, and its new value.
        ended: how it was left (`WizardEnd`); the till that the last page opened is closed by then.
    """

    appearance_chosen = Signal(str, str)
    ended = Signal(str)

    def __init__(
        self, services: SettingsServices, tasks: Tasks, parent: QWidget | None = None, part: SetupPart = SetupPart.ALL
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._part = part
        self._tasks = tasks
        self._ending: WizardEnd | None = None
        self.starting = True
        self.unsaved: list[str] = []
        self._main = True  # whether the button that goes on is the main one, pressed by Enter
        self.setObjectName("setupWizard")
        self.setWindowTitle("Set up Kaunta")
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoDefaultButton)
        ScreenRoom(self, SIZE, SMALLEST)
        self._test_payment: PaymentTestSection | None = None
        self._sections = self._make_sections()
        for place, section in enumerate(self._sections, 1):
            self.addPage(_Page(section, place, len(self._sections)))
            section.kept.connect(self._go_on)
            section.filled.connect(self._focus)
        self._make_buttons()
        self.currentIdChanged.connect(self._arrived)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._show_key)

    @property
    def section(self) -> Section:
        """The section that is shown."""
        page = self.currentPage()
        assert isinstance(page, _Page)
        return page.section

    def _make_sections(self) -> tuple[Section, ...]:
        services, tasks = self._services, self._tasks
        server, owner = ServerSection(services.server, tasks), OwnerSection(services.owner, tasks)
        if self._part is SetupPart.SERVER:
            return owner, server
        appearance = AppearanceSection(services.shop, tasks)
        appearance.appearance_chosen.connect(self.appearance_chosen)
        self._test_payment = PaymentTestSection(services.till, tasks)
        self._test_payment.arrived.connect(self._show_finished)
        return (
            appearance,
            ShopSection(services.shop, tasks),
            server,
            owner,
            MpesaSection(services.account, tasks),
            CallbackSection(services.callbacks, tasks),
            self._test_payment,
        )

    def _place_of(self, kind: type[Section]) -> int:
        return next(place for place, section in enumerate(self._sections) if isinstance(section, kind))

    def start(self) -> None:
        """Find the page to begin with. Nothing can be pressed before."""
        self.setEnabled(False)
        # Where the settings cannot be read, the first page says so.
        self._tasks.run(
            self._first_missing, self._begin_at, lambda _: self._begin_at(0), owner=self, lane=Lane.SETTINGS
        )

    def _make_buttons(self) -> None:
        self._practice = Button("Try without M-PESA", name="tryPractice", kind=Kind.QUIET)
        self._back = Button("Back", name="setupBack")
        self._next = Button(_NEXT, name="setupNext", kind=Kind.PRIMARY, height=52, key="Enter")
        kinds = QWizard.WizardButton
        self.setButton(kinds.CustomButton1, self._practice)
        self.setButton(kinds.BackButton, self._back)
        self.setButton(kinds.CustomButton2, self._next)
        self.setButtonLayout([kinds.CustomButton1, kinds.Stretch, kinds.BackButton, kinds.CustomButton2])
        self._practice.setVisible(self._part is SetupPart.ALL)
        self._practice.clicked.connect(lambda: self._leave(WizardEnd.PRACTICE))
        self._next.clicked.connect(lambda: self.section.keep())

    def _first_missing(self) -> int:
        """Where there is an owner, nobody else gets past the owner's page, and nothing lies before it. Where the server
        cannot be asked whether there is, its own page comes first, which asks for the owner itself.
        """
        try:
            chosen = self._services.owner.has_chosen()
        except SettingsError:
            raise
        except PosError:
            if self._part is SetupPart.SERVER or self._services.server.answers().on_server:
                return self._place_of(ServerSection)
            raise
        if chosen:
            return self._place_of(OwnerSection)
        return 0 if self._part is SetupPart.ALL else self._place_of(ServerSection)

    def _begin_at(self, place: int) -> None:
        self.setStartId(place)
        self.restart()
        self.starting = False
        self.setEnabled(True)
        self._arrived(self.currentId())  # not before: a window that nobody can press yet takes no focus

    @Slot()
    def _go_on(self) -> None:
        if self.starting or self.sender() is not self.section:  # somebody has gone elsewhere meanwhile
            return
        if self.nextId() < 0:
            self._leave(WizardEnd.FINISHED)
        else:
            self._next.setFocus()  # not whatever stands beside the page that goes
            self.next()

    @Slot(int)
    def _arrived(self, place: int) -> None:
        if place < 0 or self.starting:
            return
        trial = self._test_payment
        if trial and self.section is not trial:
            self._close_till(trial)
        if trial and self.section is trial and not trial.paid:  # there, Enter asks for the shilling
            self._show_next(_FINISH_UNPAID, main=False)
        else:
            self._show_next(_FINISH if self.nextId() < 0 else _NEXT, main=True)
        self._order_buttons()
        self.section.resume()

    def _order_buttons(self) -> None:
        """From the last field Tab leads to Next; what leads away comes last."""
        last: QWidget = self.section
        while (following := last.nextInFocusChain()) is not None and self.section.isAncestorOf(following):
            last = following
        for button in (self._next, self._back, self._practice):
            self.setTabOrder(last, button)
            last = button

    @Slot()
    def _focus(self) -> None:
        """Where nothing is to be typed, Next has the focus, and no button that leads away."""
        if self.sender() is self.section and not self.section.isAncestorOf(self.focusWidget()):
            self._next.setFocus()

    @Slot()
    def _show_key(self) -> None:
        """The button that goes on shows the key that presses it."""
        if self._main:
            self._next.set_kind(Kind.PRIMARY, key_that_goes_on(self.focusWidget()))

    def _show_finished(self) -> None:
        self._show_next(_FINISH, main=True)
        self._practice.hide()
        self._next.setFocus()

    def _show_next(self, text: str, *, main: bool) -> None:
        self._main = main
        self._next.set_kind(Kind.PRIMARY if main else Kind.SECONDARY, KEY if main else None)
        self._next.set_text(text)

    def _close_till(self, trial: PaymentTestSection) -> None:
        trial.leave()
        self._tasks.run(self._services.till.close, self._note_left, owner=self, lane=Lane.TILL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus, or Next; Esc does nothing: a page half filled in is not thrown away."""
        if event.key() == Qt.Key.Key_Escape:
            return
        focus = self.focusWidget()
        match meaning(event, focus):
            case Enter.NONE:
                super().keyPressEvent(event)
            case Enter.PRESS if isinstance(focus, QAbstractButton) and not self._just_arrived(focus):
                focus.click()
            case Enter.GO_ON if self._main:
                self._next.click()

    def _just_arrived(self, focus: QWidget) -> bool:
        """While a page is being read the focus is nowhere: what leads away is not pressed by a second Enter."""
        return focus is self._practice and self.section.working

    def reject(self) -> None:
        """The window's own button: what was kept stays kept."""
        self._leave(WizardEnd.LEFT)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._ending is None:
            event.ignore()
            self._leave(WizardEnd.LEFT)
        else:
            super().closeEvent(event)

    def _leave(self, how: WizardEnd) -> None:
        """Once the till is closed: a push on its way is waited for."""
        if self._ending is not None:
            return
        self._ending = how
        self.setEnabled(False)
        self._next.set_text(_WORKING)
        if self._test_payment:
            self._test_payment.leave()
        self._tasks.run(self._services.till.close, self._end, lambda _: self._end(Left()), owner=self, lane=Lane.TILL)

    def _note_left(self, left: Left) -> None:
        self.unsaved += left.unsaved

    def _end(self, left: Left) -> None:
        self._note_left(left)
        assert self._ending is not None
        self.done(QWizard.DialogCode.Accepted)
        self.ended.emit(self._ending)
