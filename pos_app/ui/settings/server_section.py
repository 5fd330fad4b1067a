"""Several tills: this computer alone, or the shop's database server, and this till's letter."""

from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.check_result import Finding, Status
from pos_app.domain.shop_move import ShopMoved
from pos_app.errors import BadInput
from pos_app.messages import server as words
from pos_app.messages.shop_move import NEXT_HERE, moved_words
from pos_app.ui.settings.check_results import CheckResults
from pos_app.ui.settings.form_section import FilledSection
from pos_app.ui.settings.moving_part import MovingPart
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.server_service import ServerAnswers, ServerChoice, ServerReport, ServerService
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.options import Option, Options

ALONE, SERVER = "alone", "server"
_WHERE = {
    ALONE: Option(words.ALONE, words.ALONE_WORDS),
    SERVER: Option(words.SERVER, words.SERVER_WORDS),
}
_OTHER, _TAKE = "other", "take"
_VACANT = {
    _OTHER: Option(words.VACANT_OTHER, words.VACANT_OTHER_WORDS),
    _TAKE: Option(words.VACANT_TAKE, words.VACANT_TAKE_WORDS),
}
_WAIT, _HERE = "wait", "here"
_STAYS = {
    _WAIT: Option(words.STAYS_NOT, words.STAYS_NOT_WORDS),
    _HERE: Option(words.STAYS_HERE, words.STAYS_HERE_WORDS),
}
_RUNNING = Finding("Testing", Status.AMBER, "a moment, at most a quarter of a minute...")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)  # of no other script: what is shown is what was meant


class ServerSection(FilledSection[ServerAnswers]):
    """One choice with a good default; what a server needs stands below the other one."""

    TITLE = words.TITLE
    LEAD = words.LEAD

    def __init__(self, service: ServerService, tasks: Tasks) -> None:
        super().__init__("serverSection", tasks)
        self._service = service
        self._where = Options(_WHERE, name="where", spoken=words.TITLE, columns=2)
        self._host = Field(name="serverHost", spoken=words.HOST, placeholder="192.168.1.10")
        self._port = Field(name="serverPort", spoken=words.PORT, placeholder="5432")
        self._name = Field(name="serverName", spoken=words.NAME, placeholder="duka")
        self._user = Field(name="serverUser", spoken=words.USER, placeholder="duka")
        self._password = _secret("serverPassword", words.PASSWORD)
        self._letter = Field(name="tillLetter", spoken=words.LETTER, placeholder="B")
        self._vacant = Options(_VACANT, name="vacant", spoken=words.VACANT, columns=2)
        self._stays = Options(_STAYS, name="stays", spoken=words.STAYS, columns=2)
        self._owner = _secret("serverOwner", words.OWNER)
        self._mover = MovingPart(service)
        self._came: tuple[Finding, ...] = ()  # what was moved, until somebody has read it
        self._done = False
        self.test_button = Button(words.TEST, name="testServer")
        self.results = CheckResults("serverResults")
        self._lay_out()
        self._where.chosen.connect(self._show_parts)
        self._letter.edit.textEdited.connect(self._in_capitals)
        self.test_button.clicked.connect(self._test)
        for field in (self._host, self._port, self._name, self._user):
            field.edit.textEdited.connect(self._elsewhere)

    def _lay_out(self) -> None:
        self.column.addWidget(self._where)
        self._of_server: tuple[QWidget, ...] = (
            self.add(words.HOST, self._host),
            self._host,
            self.add(words.PORT, self._port),
            self._port,
            self.add(words.NAME, self._name),
            self._name,
            self.add(words.USER, self._user),
            self._user,
            self.add(words.PASSWORD, self._password),
            self._password,
            self.add_note(words.TLS_HINT),
            self.add(words.LETTER, self._letter),
            self._letter,
            self.add_note(words.LETTER_HINT),
            self.add_note(words.NEXT_APP),
        )
        self._of_vacant = (self.add(words.VACANT, self._vacant), self._vacant)
        self._of_stays = (self.add(words.STAYS, self._stays), self._stays)
        self._of_owner = (self.add(words.OWNER, self._owner), self._owner, self.add_note(words.OWNER_HINT))
        self.column.addSpacing(8)
        self.column.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.results)
        self.column.addStretch(1)
        page = self.layout()
        assert page is not None
        page.addWidget(self._mover)  # outside what is disabled while it works
        self._mover.start.clicked.connect(self._move)
        self._show_parts()

    @property
    def moving_words(self) -> str:
        """How far a move is, in words; empty where nothing is moved."""
        return self._mover.words

    def read(self) -> ServerAnswers:
        return self._service.answers()

    def fill(self, found: ServerAnswers) -> None:
        self._came, self._done = (), False
        self._where.show()
        self._where.offer(frozenset(_WHERE if found.may_leave else (SERVER,)))
        self._where.choose(SERVER if found.on_server else ALONE)
        for field, text in (
            (self._host, found.host),
            (self._port, found.port),
            (self._name, found.name),
            (self._user, found.user),
            (self._letter, found.till),
        ):
            field.edit.setText(text)
        self._password.edit.setPlaceholderText(words.KEPT if found.password_kept else "")
        self._show_parts()

    def first_field(self) -> QWidget | None:
        if self._done:
            return None
        return self._where.chosen_card if self._where.choice == ALONE else self._host

    def keep(self) -> None:
        """Keep it where nothing is in the way; what is, is shown as a test would."""
        if self._done:
            self.was_kept()
            return
        self._run(self._service.keep)

    def forget(self) -> None:
        for field in (self._password, self._owner):
            field.edit.clear()

    @Slot()
    def _test(self) -> None:
        self._run(lambda choice: self._service.test(choice) if choice else ServerReport())

    def _run(self, act: Callable[[ServerChoice | None], ServerReport]) -> None:
        if self.working:
            return
        try:
            choice = self._choice()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self.show_error("")
        if choice:
            self.results.show_lines((_RUNNING,))
            self.bring_into_view(self.results)
        self.run(lambda: act(choice), self._show_report)

    @Slot()
    def _move(self) -> None:
        """The whole shop first; then what was typed is kept."""
        if self.working:
            return
        try:
            choice = self._choice()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        if choice:
            self.show_error("")
            self._content.setEnabled(False)
            self.run(self._mover.begin(choice), self._moved)

    def _moved(self, moved: ShopMoved) -> None:
        self._came = (Finding(words.MOVED, Status.GREEN, moved_words(moved, NEXT_HERE)),)
        self._content.setEnabled(True)
        self._mover.end()
        self._mover.hide()
        self.keep()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves the page leaves the payments where they are, while that can be chosen."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._mover.stop()

    def _choice(self) -> ServerChoice | None:
        """What stands here; None: this computer alone. Raises BadInput where it names no server."""
        if self._where.choice == ALONE:
            return None
        port = typed(self._port)
        if not (port.isascii() and port.isdigit() and len(port) <= len("65535")):
            raise BadInput(words.NO_HOST)
        return ServerChoice(
            host=typed(self._host),
            port=int(port),
            name=typed(self._name),
            user=typed(self._user),
            password=self._password.edit.text(),
            till=typed(self._letter),
            takes_place=self._of_vacant[1].isVisibleTo(self) and self._vacant.choice == _TAKE,
            leaves=self._of_stays[1].isVisibleTo(self) and self._stays.choice == _HERE,
            owner=self._owner.edit.text(),
        )

    def _show_report(self, report: ServerReport) -> None:
        self.results.show_lines((*self._came, *report.findings))
        if report.kept and self._came:
            self._show_done()
            return
        if report.kept:
            self.was_kept()
            return
        _show(self._of_vacant, report.vacant)
        _show(self._of_stays, report.stays > 0)
        _show(self._of_owner, report.asks_owner)
        self._mover.setVisible(report.moves > 0)
        self.bring_into_view(self.results)

    def _show_done(self) -> None:
        """Nothing is left to be typed: what came of it is read, and Next goes on."""
        self._done = True
        self.results.show_lines(self._came)
        for parts in (self._of_server, self._of_vacant, self._of_stays, self._of_owner):
            _show(parts, False)
        _show((self._where, self.test_button, self._mover), False)
        self._to_first_field()

    def show_error(self, text: str) -> None:
        super().show_error(text)
        self._mover.end()
        if text:
            self.results.show_lines(self._came)

    @Slot(str)
    def _in_capitals(self, text: str) -> None:
        """Seen as it is meant; another letter is another question."""
        if text != (capitals := text.translate(_CAPITALS)):
            place = self._letter.edit.cursorPosition()
            self._letter.edit.setText(capitals)
            self._letter.edit.setCursorPosition(place)
        self._vacant.choose(_OTHER)
        _show(self._of_vacant, False)

    @Slot()
    def _elsewhere(self) -> None:
        """What was found is about another place, and so is what was chosen for it."""
        self.results.show_lines(())
        self._stays.choose(_WAIT)
        self._password.edit.setPlaceholderText("")
        for parts in (self._of_vacant, self._of_stays, self._of_owner, (self._mover,)):
            _show(parts, False)

    @Slot()
    def _show_parts(self) -> None:
        on_server = self._where.choice == SERVER
        _show(self._of_server, on_server)
        self.test_button.setVisible(on_server)
        for parts in (self._of_vacant, self._of_stays, self._of_owner, (self._mover,)):
            _show(parts, False)
        self.results.show_lines(())


def _show(parts: tuple[QWidget, ...], shown: bool) -> None:
    for part in parts:
        part.setVisible(shown)


def _secret(name: str, spoken: str) -> Field:
    field = Field(name=name, spoken=spoken)
    field.edit.setEchoMode(QLineEdit.EchoMode.Password)
    return field
