"""The settings: the pages of the set-up, one at a time, for the owner."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.errors import PosError
from pos_app.ui.preferences import Preferences
from pos_app.ui.recovery.forgotten import ForgottenButton
from pos_app.ui.settings.audit_section import AuditSection
from pos_app.ui.settings.callback_section import CallbackSection
from pos_app.ui.settings.computer_section import ComputerSection
from pos_app.ui.settings.copies_section import CopiesSection
from pos_app.ui.settings.customers_section import CustomersSection
from pos_app.ui.settings.enter_key import Enter, key_that_goes_on, meaning
from pos_app.ui.settings.lock_section import LockSection
from pos_app.ui.settings.mpesa_section import MpesaSection
from pos_app.ui.settings.operators_section import OperatorsSection
from pos_app.ui.settings.owner_section import OwnerSection
from pos_app.ui.settings.practice_section import SET_UP, PracticeSection
from pos_app.ui.settings.printer_section import PrinterSection
from pos_app.ui.settings.pull_section import PullSection
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.settings.several_tills_section import SeveralTillsSection
from pos_app.ui.settings.shop_section import ShopSection
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import BAR, Scrolled

KEPT = "Saved. It counts when the till is opened again: open payments are then checked with these settings."
KEPT_AND_COUNTS = "Saved. It counts already."
FOR_THE_OWNER = "Settings are for the owner: they decide where the money goes."
MakeSection: TypeAlias = Callable[[SettingsServices, Tasks, Preferences], Section]
_SECTIONS: tuple[tuple[str, MakeSection], ...] = (
    (ShopSection.TITLE, lambda services, tasks, _: ShopSection(services.shop, tasks)),
    (OwnerSection.TITLE, lambda services, tasks, _: OwnerSection(services.owner, tasks, change=True)),
    (MpesaSection.TITLE, lambda services, tasks, _: MpesaSection(services.account, tasks)),
    (CallbackSection.TITLE, lambda services, tasks, _: CallbackSection(services.callbacks, tasks)),
    (PullSection.TITLE, lambda services, tasks, _: PullSection(services.pull, tasks)),
    (SeveralTillsSection.TITLE, lambda services, tasks, _: SeveralTillsSection(services.server, tasks)),
    (ComputerSection.TITLE, lambda _, tasks, preferences: ComputerSection(preferences, tasks)),
    (PrinterSection.TITLE, lambda services, tasks, _: PrinterSection(services.printer, tasks)),
    (OperatorsSection.TITLE, lambda services, tasks, _: OperatorsSection(services.staff, tasks)),
    (LockSection.TITLE, lambda services, tasks, _: LockSection(services.shop, tasks)),
    (CustomersSection.TITLE, lambda services, tasks, _: CustomersSection(services.customers, tasks)),
    (AuditSection.TITLE, lambda services, tasks, _: AuditSection(services.staff, tasks)),
    (CopiesSection.TITLE, lambda services, tasks, _: CopiesSection(services.copies, tasks)),
)
_OF_THE_SHOP = (OwnerSection, ComputerSection, OperatorsSection, CustomersSection, AuditSection, CopiesSection)
_PRACTICE_SECTIONS: tuple[tuple[str, MakeSection], ...] = (
    (PracticeSection.TITLE, lambda _, tasks, __: PracticeSection(tasks)),
    *(each for each in _SECTIONS if each[0] in [section.TITLE for section in _OF_THE_SHOP]),
)
_SIDE = 230  # px
_GATE = 460


class SettingsPage(QWidget):
    """Behind the owner's passphrase, where there is one; it is asked for again each time the page is left.

    Signals:
        again_wanted: close the till and open it with what was kept.
        set_up_wanted: in practice: close the till and set M-PESA up.
        put_back_wanted: close the till and choose a copy of the database to go back to.
        server_wanted: close the till and change the server or the till's letter.
    """

    again_wanted = Signal()
    put_back_wanted = Signal()
    server_wanted = Signal()
    set_up_wanted = Signal()

    def __init__(self, services: SettingsServices, tasks: Tasks, preferences: Preferences | None = None) -> None:
        super().__init__()
        self._preferences = preferences or Preferences(parent=self)
        self.setObjectName("page")
        self.setAccessibleName("Settings")
        self._services = services
        self._tasks = tasks
        self._kinds = _PRACTICE_SECTIONS if services.practice else _SECTIONS
        self._place = 0
        self._visits = Visits()
        self._sections: dict[int, tuple[Section, QWidget]] = {}  # made when first seen: all at once are felt
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_gate())
        self._pages.addWidget(self._make_sections())
        column = QVBoxLayout(self)
        column.setContentsMargins(21, 17, 21, 21)
        column.addWidget(self._pages)

    @property
    def section(self) -> Section:
        """The section that is shown."""
        return self._sections[self._place][0]

    def keeps_page(self) -> bool:
        """A scan takes nobody away from a field in which they type: the settings close behind whoever leaves."""
        focus = self.window().focusWidget()
        return isinstance(focus, QLineEdit | QPlainTextEdit) and self.isAncestorOf(focus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._arrive()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._leave()

    def _arrive(self) -> None:
        """Ask for the passphrase, where the owner has chosen one."""
        self._visits.end()
        self._services.owner.forget()
        self._pages.setCurrentIndex(0)
        self._gate.setVisible(False)
        self._enter.setEnabled(True)
        here = self._visits.current()
        self._tasks.run(
            self._services.owner.has_chosen,
            lambda chosen: self._show_gate(chosen) if here() else None,
            lambda error: self._refused(error) if here() else None,
            owner=self,
            lane=Lane.SETTINGS,
        )

    def _leave(self) -> None:
        """Keep no passphrase and no key in the fields, and take no answer to one that was typed."""
        self._visits.end()
        self._unsay()
        self._passphrase.edit.clear()
        for section, _ in self._sections.values():
            section.forget()
        self._pages.setCurrentIndex(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, or presses what has the focus."""
        focus = self.focusWidget()
        match meaning(event, focus) if self._pages.currentIndex() == 1 else Enter.NONE:
            case Enter.GO_ON if self.section.SAVES:
                self._keep()
            case Enter.PRESS if isinstance(focus, QAbstractButton):
                focus.click()
            case Enter.NONE:
                super().keyPressEvent(event)

    def _make_gate(self) -> QWidget:
        self._gate = Card(padding=28)
        self._gate.setMaximumWidth(_GATE)
        self._passphrase = Field(name="gatePassphrase", spoken="Owner's passphrase")
        self._passphrase.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._gate_trouble = Notice("gateTrouble", ColourRole.FAILED, "circle-alert")
        self._enter = Button("Open the settings", name="gateOpen", kind=Kind.PRIMARY, key="Enter", height=52)
        self._gate.body.setSpacing(6)
        for text, role in (("Settings", "title"), (FOR_THE_OWNER, "muted"), ("Owner's passphrase", "caption")):
            label = Label(text, role, wrap=True)
            label.setContentsMargins(RING, 2, RING, 2)
            self._gate.body.addWidget(label)
        for part in (self._passphrase, self._gate_trouble, self._enter):
            self._gate.body.addWidget(part)
        forgotten = ForgottenButton("gate", self._tasks, self._services.owner.recover, Lane.SETTINGS)
        self._gate.body.addWidget(forgotten, 0, Qt.AlignmentFlag.AlignLeft)
        if self._services.practice:  # whoever practises may go on to real payments without the passphrase of practice
            set_up = Button(SET_UP, name="gateSetUp", height=48)
            set_up.clicked.connect(self.set_up_wanted)
            self._gate.body.addWidget(set_up)
        self._passphrase.edit.returnPressed.connect(self._confirm)
        self._enter.clicked.connect(self._confirm)
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._gate, 100)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        return page

    def _make_sections(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14 - BAR)
        places = QWidget()
        side = QVBoxLayout(places)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        width = round(_SIDE * current_theme().scale)
        self._shown = QStackedWidget()
        self._choices = QButtonGroup(self)
        for place, (title, _) in enumerate(self._kinds):
            choice = Button(title, name=f"section{place}", kind=Kind.SECTION)
            choice.setCheckable(True)
            choice.setFixedWidth(width)
            self._choices.addButton(choice, place)
            side.addWidget(choice)
        side.addStretch(1)
        self._choices.idClicked.connect(self.show_section)
        card = Card()
        card.body.addWidget(self._shown, 1)
        card.body.addWidget(self._make_foot())
        scrolled = Scrolled(places, "settingsPlaces", "Sections of the settings")
        scrolled.keep_bar_room()
        scrolled.setFixedWidth(width + BAR)
        row.addWidget(scrolled)
        row.addWidget(card, 1)
        return page

    def _make_section(self, place: int) -> tuple[Section, QWidget]:
        _, make_section = self._kinds[place]
        section = make_section(self._services, self._tasks, self._preferences)
        section.kept.connect(self._kept)
        if isinstance(section, PracticeSection):
            section.set_up_wanted.connect(self.set_up_wanted)
        if isinstance(section, CopiesSection):
            section.put_back_wanted.connect(self.put_back_wanted)
        if isinstance(section, SeveralTillsSection):
            section.change_wanted.connect(self.server_wanted)
        framed = QWidget()
        column = QVBoxLayout(framed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for text, role in ((section.TITLE, "title"), (section.LEAD, "muted")):
            label = Label(text, role, wrap=True)
            label.setContentsMargins(RING, 0, RING, 2)
            column.addWidget(label)
        column.addWidget(section, 1)
        self._shown.addWidget(framed)
        return section, framed

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self._notice = Notice("settingsKept", ColourRole.PAID, "check")
        self._notice.hide()
        self._again = Button("Open the till again now", name="openAgain")
        self._again.hide()
        self._notice.column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._save = Button("Save", name="settingsSave", kind=Kind.PRIMARY, key="Enter", height=52)
        column.addWidget(self._notice)
        column.addWidget(self._save)
        self._again.clicked.connect(self.again_wanted)
        self._save.clicked.connect(self._keep)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._show_key)
        return foot

    @Slot()
    def _show_key(self) -> None:
        """The button that saves shows the key that presses it."""
        self._save.set_kind(Kind.PRIMARY, key_that_goes_on(self.focusWidget()))

    def _show_gate(self, chosen: bool) -> None:
        if not chosen:
            self._open()
            return
        self._gate_trouble.hide()
        self._gate.setVisible(True)
        self._passphrase.setFocus()

    def _refused(self, error: PosError) -> None:
        self._gate.setVisible(True)
        self._enter.setEnabled(True)
        self._gate_trouble.set_message(error.user_text)
        self._gate_trouble.show()
        self._passphrase.setFocus()

    @Slot()
    def _confirm(self) -> None:
        if not self._enter.isEnabled():
            return
        passphrase = self._passphrase.edit.text()
        self._enter.setEnabled(False)
        here = self._visits.current()
        self._tasks.run(
            lambda: self._services.owner.confirm(passphrase),
            lambda _: self._open() if here() else self._services.owner.forget(),  # somebody else may stand here
            lambda error: self._refused(error) if here() else None,
            owner=self,
            lane=Lane.SETTINGS,
        )

    def _open(self) -> None:
        self._passphrase.edit.clear()
        self._enter.setEnabled(True)
        self._pages.setCurrentIndex(1)
        self.show_section(0)

    @Slot(int)
    def show_section(self, place: int) -> None:
        """Go to a section by its place."""
        if place not in self._sections:
            self._sections[place] = self._make_section(place)
        if place != self._place:
            self._unsay()
        self._place = place
        self._choices.button(place).setChecked(True)
        self._shown.setCurrentWidget(self._sections[place][1])
        self._save.setVisible(self.section.SAVES)
        self.section.load()

    @Slot()
    def _keep(self) -> None:
        self._unsay()
        self.section.keep()

    def _unsay(self) -> None:
        """That something was saved is said of what stands here; only what another opening waits for stays said."""
        if self._again.isHidden():
            self._notice.hide()

    @Slot()
    def _kept(self) -> None:
        sender = self.sender()
        at_once = isinstance(sender, Section) and sender.COUNTS_AT_ONCE
        waits = not at_once or not self._again.isHidden()  # what was saved before may still wait for it
        self._notice.set_message(KEPT if waits else KEPT_AND_COUNTS)
        self._again.setVisible(waits)
        self._notice.show()
        if sender is self.section:  # otherwise another one is open by now, and typed into
            self.section.load()
