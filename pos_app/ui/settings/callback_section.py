"""How results come back to this computer: through ngrok, at an address of the shop's own, or only by asking."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.check_result import Finding
from pos_app.errors import BadInput
from pos_app.ui.settings.pasted_credentials import clean_key
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import ASKING, NGROK, OWN_ADDRESS, Answers, CallbackService, RouteChoice
from pos_app.ui.settings.testable_section import TestableSection
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.options import Option, Options

_MODES = {
    ASKING: Option(
        "Only asking",
        "Nothing to install: the till asks M-PESA every few seconds. It takes 10 to 20 seconds longer, and M-PESA's "
        "receipt code comes only with the customer's SMS.",
    ),
    NGROK: Option(
        "Through ngrok",
        "The ngrok program on this computer gives it an address that M-PESA can reach. Results come at once, with "
        "their receipt codes. Needs an account at ngrok.com.",
    ),
    OWN_ADDRESS: Option(
        "At an address of your own",
        "You have an https address that is passed on to this computer, by a router or another tunnel.",
    ),
}

_PORTS = 65_536


class CallbackSection(TestableSection[tuple[Answers, bool]]):
    """The three modes, what each needs, and a test from the internet."""

    TITLE = "How results come back"
    LEAD = (
        "When a customer has typed the PIN, M-PESA sends the result to an address on the internet. "
        "Where can it reach this till?"
    )

    def __init__(self, service: CallbackService, tasks: Tasks) -> None:
        super().__init__("callbackSection", tasks, ("Test from the internet", "testRoute"))
        self._service = service
        self._mode = Options(_MODES, name="callbackMode", spoken="How results come back")
        self._ngrok_path = Field(name="ngrokPath", spoken="The ngrok program", placeholder="/usr/local/bin/ngrok")
        self._token = Field(name="ngrokToken", spoken="Auth token of ngrok", placeholder="Paste")
        self._token.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._domain = Field(name="ngrokDomain", spoken="Reserved address", placeholder="Only where you have one")
        self._url = Field(name="publicUrl", spoken="Address", placeholder="https://till.example.co.ke")
        self._port = Field(name="listenPort", spoken="Port on this computer", placeholder="8788")
        self._parts: dict[str, tuple[QWidget, ...]] = {}
        self._lay_out()
        self._mode.chosen.connect(self._show_parts)

    def _lay_out(self) -> None:
        self.column.addWidget(self._mode)
        self._parts[NGROK] = (
            self.add("Where the ngrok program is on this computer", self._ngrok_path),
            self._ngrok_path,
            self.add("Auth token, from ngrok's dashboard", self._token),
            self._token,
            self.add("Reserved address, where you have one", self._domain),
            self._domain,
        )
        self._parts[OWN_ADDRESS] = (
            self.add("The address, as M-PESA sees it", self._url),
            self._url,
            self.add("The port on this computer that it is passed on to", self._port),
            self._port,
        )
        self.column.addSpacing(8)
        self.column.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.results)
        self.column.addStretch(1)
        self._show_parts()

    def read(self) -> tuple[Answers, bool]:
        return self._service.answers(), self._service.authtoken_kept()

    def fill(self, found: tuple[Answers, bool]) -> None:
        answers, authtoken_kept = found
        self._mode.choose(answers.callback)
        self._ngrok_path.edit.setText(answers.ngrok_path)
        reserved = answers.callback == NGROK
        self._domain.edit.setText(answers.public_url if reserved else "")
        self._url.edit.setText("" if reserved else answers.public_url)
        self._port.edit.setText(answers.listen_port)
        self._token.edit.setPlaceholderText("Kept. Paste only to replace it." if authtoken_kept else "Paste")
        self.forget_results()

    def work(self) -> Callable[[], None]:
        route = self._typed()
        return lambda: self._service.keep(route)

    def _typed(self) -> RouteChoice:
        chosen = self._mode.choice
        if chosen == NGROK:
            if not typed(self._ngrok_path):
                raise BadInput("Type where the ngrok program is on this computer. Nothing was changed.")
            return RouteChoice(
                callback=NGROK,
                ngrok_path=typed(self._ngrok_path).strip("\"'"),
                public_url=typed(self._domain),
                ngrok_authtoken=clean_key("auth token", self._token.edit.text()),
            )
        if chosen == OWN_ADDRESS:
            if not typed(self._url) or not typed(self._port):
                raise BadInput("Type the address, and the port that it is passed on to. Nothing was changed.")
            if not typed(self._url).startswith(("https://", "http://127.0.0.1", "http://localhost")):
                raise BadInput("The address must begin with https://. M-PESA takes no other. Nothing was changed.")
            if not (typed(self._port).isascii() and typed(self._port).isdigit() and int(typed(self._port)) < _PORTS):
                raise BadInput("The port is a number, for example 8788. Nothing was changed.")
            return RouteChoice(callback=OWN_ADDRESS, public_url=typed(self._url), listen_port=typed(self._port))
        return RouteChoice(callback=ASKING)

    def first_field(self) -> QWidget:
        return self._mode.chosen_card

    def forget(self) -> None:
        self._token.edit.clear()

    def test(self) -> Callable[[], Sequence[Finding]]:
        route = self._typed()
        return lambda: self._service.test(route)

    def _show_parts(self) -> None:
        for mode, parts in self._parts.items():
            for part in parts:
                part.setVisible(mode == self._mode.choice)
        self.test_button.setVisible(self._mode.choice != ASKING)
        self.forget_results()
