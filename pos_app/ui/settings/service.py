"""What the settings and the set-up ask of the program, a service for each section. The composition root hands in
objects of these shapes; they may wait, so each method is called on a thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pos_app.check_result import Finding
from pos_app.domain.audit import AuditLine
from pos_app.domain.database_copy import DatabaseCopy, Loss, PutBack
from pos_app.domain.operators import Act, Operator, Role
from pos_app.domain.pull_run import PullRun
from pos_app.sales.closing import Left
from pos_app.sales.retention import Kept
from pos_app.sales.till import Till
from pos_app.ui.settings.server_service import ServerService

LIVE, SANDBOX = "production", "sandbox"
NGROK, OWN_ADDRESS, ASKING = "ngrok", "url", "none"
KEYRING, FILE, MEMORY = "keyring", "file", "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the settings say now, as a person would type it."""

    text_size: str
    colours: str
    shop_name: str
    registered_name: str
    receipt_lines: tuple[str, ...]
    paper_width: str
    environment: str
    shortcode: str
    till_number: str
    keep_in: str
    callback: str
    public_url: str
    listen_port: str
    ngrok_path: str
    scan_prefix: str = ""
    printer: str = "system"
    printer_address: str = ""
    print_paid: bool = False
    cash_drawer: bool = False
    lock_after: str = "10"
    pull: bool = False
    pull_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """How the shop is known to M-PESA, as typed. An empty key means the one that is kept already.

    Attributes:
        shortcode: the paybill, or for a till its store number; `till_number` is empty for a paybill.
        keep_in: one of the stores, and `passphrase` what opens it where that is a file.
    """

    environment: str
    shortcode: str
    till_number: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    passkey: str = field(repr=False)
    keep_in: str = KEYRING
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChoice:
    """How results come back, as typed. An empty auth token means the one that is kept already."""

    callback: str
    public_url: str = ""
    listen_port: str = ""
    ngrok_path: str = ""
    ngrok_authtoken: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterChoice:
    """How receipts are printed, as typed.

    Attributes:
        kind: a name of `PrinterKind`; `address` says where such a printer is.
        print_paid: whether each paid payment's receipt is printed by itself; `cash_drawer`: and opens the drawer.
    """

    kind: str
    address: str = ""
    print_paid: bool = False
    cash_drawer: bool = False


class KeyStore(NamedTuple):
    """A place that keys can be kept in: one of the names above, and what people call it."""

    kind: str
    words: str


class ShopService(Protocol):
    """Reads and keeps settings."""

    def answers(self) -> Answers:
        """What is set now."""
        ...

    def keep(self, changes: Mapping[str, str | Sequence[str]]) -> None:
        """Keep settings, all of them or none. Raises `PosError`, and the old ones stay."""
        ...


class OwnerService(Protocol):
    """The owner's passphrase."""

    def has_chosen(self) -> bool:
        """Whether the owner has chosen a passphrase."""
        ...

    def has_code(self) -> bool:
        """Whether there is a recovery code, for when it is forgotten."""
        ...

    def choose(self, passphrase: str, old: str = "") -> str:
        """Choose it, or change it where there is an `old` one; gives the recovery code. Raises `PosError`."""
        ...

    def recover(self, code: str, passphrase: str) -> str:
        """Choose a new one by the recovery code; gives the next code. Raises `PosError`."""
        ...

    def renew_code(self, passphrase: str) -> str:
        """Make a recovery code in place of the one before; gives it. Raises `PosError`."""
        ...

    def confirm(self, passphrase: str) -> None:
        """Raises `PosError` unless it is the owner's."""
        ...

    def forget(self) -> None:
        """The owner has left; returns at once."""
        ...


class AccountService(Protocol):
    """How the shop is known to M-PESA."""

    def answers(self) -> Answers:
        """What is set now."""
        ...

    def stores(self) -> Sequence[KeyStore]:
        """Where keys can be kept on this computer, best first."""
        ...

    def kept(self, environment: str) -> frozenset[str]:
        """The names of the keys that are kept for an environment."""
        ...

    def keep(self, account: AccountChoice) -> None:
        """Keep the keys and the numbers. Raises `PosError`, and the old ones stay."""
        ...

    def test(self, account: AccountChoice) -> Sequence[Finding]:
        """Really ask M-PESA with them. Nothing is kept."""
        ...


class CallbackService(Protocol):
    """How results come back."""

    def answers(self) -> Answers:
        """What is set now."""
        ...

    def authtoken_kept(self) -> bool:
        """Whether an auth token of ngrok is kept."""
        ...

    def keep(self, route: RouteChoice) -> None:
        """Keep how results come back. Raises `PosError`, and the old route stays."""
        ...

    def test(self, route: RouteChoice) -> Sequence[Finding]:
        """Open it and reach it from outside. Nothing is kept."""
        ...


class PrinterService(Protocol):
    """How receipts are printed."""

    def answers(self) -> Answers:
        """What is set now."""
        ...

    def keep(self, printer: PrinterChoice) -> None:
        """Keep it. Raises `PosError`, and the old printer stays."""
        ...

    def test(self, printer: PrinterChoice) -> Sequence[Finding]:
        """Print a test page on it. Nothing is kept."""
        ...


class StaffService(Protocol):
    """Operators, and what everybody did."""

    def operators(self) -> Sequence[Operator]:
        """Every operator, also those switched off."""
        ...

    def add(self, name: str, role: Role, pin: str, passphrase: str) -> None:
        """Add one. Raises `PosError`, and nobody is added."""
        ...

    def change(self, seen: Operator, passphrase: str, *, role: Role, active: bool, pin: str) -> None:
        """Change one, all of it or nothing; an empty PIN means the one there is. Raises `PosError`."""
        ...

    def allowed(self) -> frozenset[Act]:
        """What operators may do of all that is left to the owner."""
        ...

    def allow(self, choices: Mapping[Act, bool], passphrase: str) -> None:
        """Let operators do it, or no more. Raises `PosError`, and nothing is changed."""
        ...

    def audit(self, limit: int) -> Sequence[AuditLine]:
        """The newest lines of the audit, newest first. Raises `PosError`."""
        ...


class CopiesService(Protocol):
    """Copies of the database, also where it cannot be opened."""

    def on_server(self) -> bool:
        """Whether the payments are on a database server, which has its own backups."""
        ...

    def copies(self) -> Sequence[DatabaseCopy]:
        """The automatic copies that can be read, newest first. Raises `PosError`."""
        ...

    def may_put_back(self) -> None:
        """Raises `PosError` where the till that is open waits for M-PESA's word."""
        ...

    def passphrase_chosen(self) -> bool:
        """Whether the owner's passphrase is asked for. Raises `PosError`."""
        ...

    def loss(self, copy: DatabaseCopy) -> Loss:
        """What would be gone, and whose copy it is. Raises `PosError`, also for another shop's."""
        ...

    def put_back(self, copy: DatabaseCopy, passphrase: str) -> PutBack:
        """Put it in the place of the database, with the till closed; gives what became of the file that was there.

        Raises `PosError`, and nothing was changed.
        """


class CustomersService(Protocol):
    """How long customers are kept who buy nothing any more."""

    def kept(self) -> Kept:
        """What is chosen, and the last run."""
        ...

    def keep_for(self, months: int | None) -> None:
        """Erase them after so many months; None: never. Raises `PosError`, and nothing is changed."""
        ...


class PullService(Protocol):
    """Whether M-PESA is asked for its own record."""

    def answers(self) -> Answers:
        """What is set now."""
        ...

    def last_round(self) -> PullRun | None:
        """How the last round ended; None where nobody knows of one."""
        ...

    def keep(self, *, on: bool, number: str) -> None:
        """Keep it, with the phone number that M-PESA knows of the shop. Raises `PosError`, and nothing is changed."""
        ...


class TillService(Protocol):
    """The till of the test payment."""

    def open(self) -> Till:
        """A till with what is kept now. Raises `PosError`."""
        ...

    def close(self) -> Left:
        """Close it again; waits for a push on its way. Gives what is left to say."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsServices:
    """All of them; each section takes the one it needs.

    Attributes:
        practice: whether the money is played, so that nothing of M-PESA is set.
    """

    shop: ShopService
    owner: OwnerService
    account: AccountService
    callbacks: CallbackService
    printer: PrinterService
    server: ServerService
    till: TillService
    staff: StaffService
    copies: CopiesService
    customers: CustomersService
    pull: PullService
    practice: bool = False
