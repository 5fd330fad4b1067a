"""Settings services that keep everything in memory, and answer a test as it was scripted."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pos_app.check_result import Finding
from pos_app.domain.audit import AuditLine
from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Operator, Role
from pos_app.domain.pull_run import PullRun
from pos_app.domain.recovery_code import make_code, read_code
from pos_app.domain.shop_move import MoveProgress, MoveStep, ShopMoved
from pos_app.errors import BadInput, PosError, StoreError
from pos_app.sales.closing import Left
from pos_app.sales.retention import Kept
from pos_app.sales.till import Till
from pos_app.ui.settings.server_service import ServerAnswers, ServerChoice, ServerReport
from pos_app.ui.settings.service import (
    FILE,
    KEYRING,
    MEMORY,
    AccountChoice,
    Answers,
    KeyStore,
    PrinterChoice,
    RouteChoice,
    SettingsServices,
)
from tests.support.copies import MemoryCopies

EMPTY = Answers(
    text_size="normal",
    colours="light",
    shop_name="",
    registered_name="",
    receipt_lines=(),
    paper_width="80",
    environment="production",
    shortcode="",
    till_number="",
    keep_in="keyring",
    callback="none",
    public_url="",
    listen_port="",
    ngrok_path="",
)


class MemorySettings:
    """What is kept in memory, and the services upon it (`services`).

    Attributes:
        refuse: where set, every keeping fails with it; and opening the till with `cannot_open`, asking
            whether there is an owner with `cannot_ask`.
        found: what tests find.
        accounts, routes: what was kept, in order.
        did: what happened to the till.
        may_confirm: until then a passphrase is being looked at.
        forgotten: how often the owner has left.
        left: what there is to say when it has closed.
        copies: those of the database.
        server, report: where the payments are, and what a try of a server finds; `report_after_move`: from a move on.
        servers, server_tests: what was kept and what was tried, in order.
    """

    def __init__(self, till: Till | None = None, answers: Answers = EMPTY) -> None:
        self.now = answers
        self.refuse: PosError | None = None
        self.cannot_open: PosError | None = None
        self.cannot_ask: PosError | None = None
        self.left = Left()
        self.may_confirm = threading.Event()
        self.may_confirm.set()
        self.forgotten = 0
        self.found: Sequence[Finding] = ()
        self.accounts: list[AccountChoice] = []
        self.routes: list[RouteChoice] = []
        self.tested: list[AccountChoice | RouteChoice | PrinterChoice] = []
        self.secrets: set[str] = set()
        self.passphrase: str | None = None
        self.code = ""
        self.places: Sequence[KeyStore] = (
            KeyStore(KEYRING, "Kept by this computer's keyring (Secret Service), for this user only."),
            KeyStore(FILE, "Encrypted with a passphrase that the till asks for each time it opens."),
            KeyStore(MEMORY, "Only until the till closes; then they must be pasted again."),
        )
        self.did: list[str] = []
        self.till = till
        self.copies = MemoryCopies()
        self.server = ServerAnswers()
        self.report = self.report_after_move = ServerReport(kept=True)
        self.servers: list[ServerChoice | None] = []
        self.moving: list[tuple[ServerChoice, Cancel]] = []
        self.may_move = threading.Event()
        self.server_tests: list[ServerChoice] = []
        self.kept = Kept(None, None)
        self.pull_run: PullRun | None = None
        self.services = SettingsServices(
            shop=_Shop(self),
            owner=_Owner(self),
            account=_Account(self),
            callbacks=_Callbacks(self),
            printer=_Printer(self),
            server=_Server(self),
            till=_Till(self),
            staff=_Staff(self),
            copies=self.copies,
            customers=_Customers(self),
            pull=_Pull(self),
        )

    def answers(self) -> Answers:
        return self.now

    def set(self, **changes: str | bool | tuple[str, ...]) -> None:
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]

    def check(self) -> None:
        if self.refuse:
            raise self.refuse


class _Service:
    def __init__(self, memory: MemorySettings) -> None:
        self.memory = memory

    def answers(self) -> Answers:
        return self.memory.now


class _Tested(_Service):
    """What can be tried before it is kept."""

    def test(self, choice: AccountChoice | RouteChoice | PrinterChoice) -> Sequence[Finding]:
        self.memory.tested.append(choice)
        return self.memory.found


class _Shop(_Service):
    def keep(self, changes: Mapping[str, str | Sequence[str]]) -> None:
        self.memory.check()
        self.memory.set(**{name: value if isinstance(value, str) else tuple(value) for name, value in changes.items()})


class _Owner(_Service):
    def has_chosen(self) -> bool:
        if self.memory.cannot_ask:
            raise self.memory.cannot_ask
        return self.memory.passphrase is not None

    def has_code(self) -> bool:
        return bool(self.memory.code)

    def choose(self, passphrase: str, old: str = "") -> str:
        self.memory.check()
        if self.memory.passphrase is not None:
            self.confirm(old)
        self.memory.passphrase = passphrase
        return self._make_code()

    def recover(self, code: str, passphrase: str) -> str:
        assert self.memory.may_confirm.wait(10)
        if read_code(code) != self.memory.code:
            raise BadInput("That is not the recovery code of this shop. Nothing was changed.")
        self.memory.passphrase = passphrase
        return self._make_code()

    def renew_code(self, passphrase: str) -> str:
        self.confirm(passphrase)
        return self._make_code()

    def _make_code(self) -> str:
        self.memory.code = make_code()
        return self.memory.code

    def forget(self) -> None:
        self.memory.forgotten += 1

    def confirm(self, passphrase: str) -> None:
        assert self.memory.may_confirm.wait(10)
        if passphrase != self.memory.passphrase:
            raise BadInput("That is not the owner's passphrase. Nothing was changed.")


class _Account(_Tested):
    def stores(self) -> Sequence[KeyStore]:
        return self.memory.places

    def kept(self, environment: str) -> frozenset[str]:
        secrets = self.memory.secrets
        return frozenset(name.split(":")[1] for name in secrets if name.startswith(f"{environment}:"))

    def keep(self, account: AccountChoice) -> None:
        self.memory.check()
        self.memory.accounts.append(account)
        for name in ("consumer_key", "consumer_secret", "passkey"):
            if getattr(account, name):
                self.memory.secrets.add(f"{account.environment}:{name}")
        self.memory.set(
            environment=account.environment,
            shortcode=account.shortcode,
            till_number=account.till_number,
            keep_in=account.keep_in,
        )


class _Callbacks(_Tested):
    def authtoken_kept(self) -> bool:
        return f"{self.memory.now.environment}:ngrok_authtoken" in self.memory.secrets

    def keep(self, route: RouteChoice) -> None:
        self.memory.check()
        self.memory.routes.append(route)
        self.memory.set(
            callback=route.callback,
            public_url=route.public_url,
            listen_port=route.listen_port,
            ngrok_path=route.ngrok_path,
        )


class _Printer(_Tested):
    def keep(self, printer: PrinterChoice) -> None:
        self.memory.check()
        self.memory.set(
            printer=printer.kind,
            printer_address=printer.address,
            print_paid=printer.print_paid,
            cash_drawer=printer.cash_drawer,
        )


class _Staff(_Service):
    """Operators of the harness's till, where there is one."""

    def operators(self) -> Sequence[Operator]:
        return self.memory.till.operators.all() if self.memory.till else ()

    def add(self, name: str, role: Role, pin: str, passphrase: str) -> None:
        assert self.memory.till is not None
        self.memory.till.operators.add(name, role, pin, passphrase)

    def change(self, seen: Operator, passphrase: str, *, role: Role, active: bool, pin: str) -> None:
        assert self.memory.till is not None
        self.memory.till.operators.change(seen, passphrase, role=role, active=active, pin=pin or None)

    def allowed(self) -> frozenset[Act]:
        return self.memory.till.operators.allowed() if self.memory.till else frozenset()

    def allow(self, choices: Mapping[Act, bool], passphrase: str) -> None:
        assert self.memory.till is not None
        self.memory.till.operators.allow(choices, passphrase)

    def audit(self, limit: int) -> Sequence[AuditLine]:
        return self.memory.till.audit.newest(limit, owner=True) if self.memory.till else ()


class _Customers(_Service):
    def kept(self) -> Kept:
        return self.memory.kept

    def keep_for(self, months: int | None) -> None:
        self.memory.check()
        self.memory.kept = Kept(months, self.memory.kept.run)


class _Pull(_Service):
    def last_round(self) -> PullRun | None:
        return self.memory.pull_run

    def keep(self, *, on: bool, number: str) -> None:
        self.memory.check()
        self.memory.set(pull=on, pull_number=number)


class _Server:
    def __init__(self, memory: MemorySettings) -> None:
        self.memory = memory

    def answers(self) -> ServerAnswers:
        return self.memory.server

    def test(self, choice: ServerChoice) -> ServerReport:
        self.memory.server_tests.append(choice)
        return replace(self.memory.report, kept=False)

    def move(self, choice: ServerChoice, tell: Callable[[MoveProgress], None], cancel: Cancel) -> ShopMoved:
        self.memory.moving.append((choice, cancel))
        tell(MoveProgress(MoveStep.COPYING, 30, 100))
        assert self.memory.may_move.wait(10)
        if cancel.cancelled:
            raise StoreError("It was stopped. Nothing was moved.")
        self.memory.report = self.memory.report_after_move
        return ShopMoved(place="the database duka", payments=12, still_open=0, rows={"payment": 12, "audit": 28})

    def keep(self, choice: ServerChoice | None) -> ServerReport:
        self.memory.check()
        self.memory.servers.append(choice)
        return self.memory.report if choice else ServerReport(kept=True)


class _Till(_Service):
    def open(self) -> Till:
        if self.memory.cannot_open:
            raise self.memory.cannot_open
        assert self.memory.till is not None
        self.memory.did.append("open")
        return self.memory.till

    def close(self) -> Left:
        self.memory.did.append("close")
        left, self.memory.left = self.memory.left, Left()
        return left
