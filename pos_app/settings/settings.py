"""Settings: command line over `POS_*` environment over `settings.toml` over defaults. No secrets in here."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pos_app.domain.phone import parse_phone
from pos_app.domain.receipt import Mark, Shop
from pos_app.domain.receipt_printer import PrinterAddress, PrinterKind, read_address, wanted_address
from pos_app.domain.scan_prefix import SCAN_PREFIX
from pos_app.errors import BadInput, SettingsError, unusable
from pos_app.private_files import make_folder, replace_file
from pos_app.settings.choices import (
    CallbackMode,
    Colours,
    DisplayUse,
    Environment,
    Paper,
    Secrets,
    TextSize,
    Volume,
    YesNo,
)
from pos_app.settings.files import Changes, Values, edited, named_folder, read_text, said, unreadable
from pos_app.settings.urls import public_url, server_url

DARAJA_URLS = {
    "sandbox": "https://sandbox.safaricom.co.ke",
    "production": "https://api.safaricom.co.ke",
}
SANDBOX_SHORTCODE = "174379"  # Safaricom's public one: money asked for by it in production reaches nobody's shop
UNNAMED = "My shop"
LOCK_AFTER = 10  # minutes
_FILE = "settings.toml"
_saving = threading.RLock()  # the operator's choices and the owner's settings are one file


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a till is told, but for the secrets.

    Attributes:
        till: the letter in payment numbers; its payments are resumed by the same till only.
        registered_name: what M-PESA calls the shop on the customer's phone; empty where nobody has said.
        text_size, colours, paper_width: what the operator chose for this till; the width of receipt rolls in mm.
        scan_prefix: what a slow scanner sends before each code; empty for nothing.
        customer_display, customer_screen: whether there is one, and on the screen of which name; empty for any.
        sounds: how loud they are.
        printer: how the till prints receipts; printer_address: where such a printer is, as it is typed.
        receipt_printer: the same as the till takes it; None for the system's print dialog.
        print_paid: whether each paid payment's receipt is printed by itself; cash_drawer: and opens the drawer.
        listen_port: of the listener; 0 is any.
        lock_after: minutes without a key or a touch after which a till with operators locks; 0: never.
        pull: whether M-PESA is asked for all money by Pull Transactions; pull_number: the MSISDN to register it with.
        query_after: seconds to the first question to M-PESA, or None for the usual.
    """

    environment: Environment
    secrets: Secrets
    data_dir: Path
    till: str
    shop_name: str
    registered_name: str
    receipt_lines: tuple[str, ...]
    text_size: TextSize
    colours: Colours
    paper_width: int
    scan_prefix: str
    customer_display: DisplayUse
    customer_screen: str
    sounds: Volume
    printer: PrinterKind
    printer_address: str
    receipt_printer: PrinterAddress | None
    print_paid: bool
    cash_drawer: bool
    daraja_url: str
    shortcode: str
    till_number: str | None
    callback: CallbackMode
    public_url: str | None
    listen_port: int
    database_url: str | None
    ngrok_path: Path | None
    lock_after: int
    pull: bool
    pull_number: str
    query_after: float | None

    @property
    def practice(self) -> bool:
        """Whether the money is only played with."""
        return self.environment is Environment.PRACTICE

    @property
    def shop(self) -> Shop:
        """What stands on receipts."""
        marks = {Environment.PRACTICE: Mark.PRACTICE, Environment.SANDBOX: Mark.SANDBOX}
        registered = self.shop_name.upper() if self.practice else self.registered_name
        return Shop(self.shop_name, self.receipt_lines, marks.get(self.environment, Mark.NONE), registered)

    @property
    def named(self) -> bool:
        """Whether somebody has given the shop its name."""
        return self.shop_name != UNNAMED

    @property
    def service(self) -> str:
        """The name that the secrets are kept under, so that those of the sandbox and the real ones never mix."""
        return f"kaunta-{self.environment}"

    @property
    def database(self) -> Path | str:
        """Where the payments are: a file of this environment's own, or a server."""
        return self.database_url or self.data_dir / f"{self.environment}.db"

    def missing(self) -> list[str]:
        """What must be set before anybody can be charged, in words."""
        if self.practice:
            return []
        lines = []
        if not self.shortcode:
            lines.append("The shop's M-PESA short code (POS_SHORTCODE; for a till its store number)")
        if self.callback is CallbackMode.URL and not self.public_url:
            lines.append("The public address that results come to (POS_PUBLIC_URL)")
        if self.callback is CallbackMode.NGROK and not self.ngrok_path:
            lines.append("Where the ngrok program is (POS_NGROK_PATH)")
        return lines

    def where_to_set(self) -> str:
        """Where a person writes what is missing, in words."""
        keys = {
            Secrets.KEYRING: f"go into this computer's keyring, service {self.service}.",
            Secrets.FILE: "stay in their encrypted file.",
            Secrets.MEMORY: "come from POS_CONSUMER_KEY, POS_CONSUMER_SECRET and POS_PASSKEY at each start.",
        }
        return (
            f"Write them into {self.data_dir / _FILE} (resources/manual.md lists their names). The M-PESA keys of the "
            f"shop {keys[self.secrets]}"
        )


def default_data_dir() -> Path:
    """The platform's folder for this program's data."""
    from platformdirs import user_data_path

    return user_data_path("Kaunta", appauthor=False)


def load(data_dir: Path | None, practice: bool, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings.

    Args:
        data_dir: from the command line, or None.
        practice: whether the command line asked for practice.

    Raises:
        SettingsError: damaged file, or a value that cannot be used; names the setting.
    """
    folder = data_folder(data_dir, environ)
    file = folder / _FILE
    return _checked(folder, Values(said(file, read_text(file)), environ), practice)


def put_aside(data_dir: Path | None, environ: Mapping[str, str] = os.environ) -> None:
    """Take a settings file that cannot be used out of the way; it is kept beside, with the time in its name.

    Raises:
        SettingsError: it cannot be moved.
    """
    file = data_folder(data_dir, environ) / _FILE
    try:
        file.rename(file.with_name(f"{_FILE}.{datetime.now(UTC):%Y%m%d-%H%M%S}.old"))
    except FileNotFoundError:
        return
    except OSError:
        raise SettingsError(f"The settings file {file} cannot be moved. Nothing was changed.") from None


def data_folder(data_dir: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the till keeps its data: as given, from the environment, or the usual place.

    Raises:
        SettingsError: the environment names what is no folder.
    """
    return data_dir or named_folder(environ, "POS_DATA_DIR") or default_data_dir()


def proposed(data_dir: Path, changes: Changes, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings as they would be with these changes; nothing is written.

    Raises:
        SettingsError: damaged file, or a value that cannot be used.
    """
    file = data_dir / _FILE
    text = edited(file, read_text(file), changes)
    return _checked(data_dir, Values(said(file, text), environ), practice=False)


def save(data_dir: Path, changes: Changes) -> None:
    """Change the settings file, all of it or nothing; comments that a person wrote in it stay.

    Args:
        changes: by the settings' names; an empty value takes a setting out, so that its default counts again.

    Raises:
        SettingsError: damaged file, or a value that cannot be used; the file stays as it was.
    """
    with _saving:
        file = data_dir / _FILE
        text = edited(file, read_text(file), changes)
        _checked(data_dir, Values(said(file, text), {}), practice=False)
        try:
            make_folder(data_dir)
            replace_file(file, text.encode())
        except OSError:
            raise SettingsError(
                f"The settings file {file} cannot be written. The old settings stay. Check that the disk is not full "
                "and that you may write there."
            ) from None


@contextmanager
def kept_together(data_dir: Path) -> Iterator[None]:
    """Put the settings file back as it was where something else that belongs to the change fails.

    Raises:
        SettingsError: it cannot be read.
    """
    file = data_dir / _FILE
    with _saving:
        try:
            before = file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            before = None
        except OSError:
            raise unreadable(file) from None
        try:
            yield
        except BaseException:
            with suppress(OSError):
                file.unlink(missing_ok=True) if before is None else replace_file(file, before)
            raise


def _checked(folder: Path, values: Values, practice: bool) -> Settings:
    environment = Environment.PRACTICE if practice else values.choice("environment", Environment, "production")
    simulated = environment is Environment.PRACTICE
    printer = values.choice("printer", PrinterKind, "system")
    settings = Settings(
        environment=environment,
        secrets=values.choice("secrets", Secrets, "keyring"),
        data_dir=folder,
        till=values.matching("till", "[A-Z][A-Z0-9]{0,3}", "A", "a capital letter"),
        shop_name=values.text("shop_name") or ("Practice shop" if simulated else UNNAMED),
        registered_name=values.text("registered_name"),
        receipt_lines=values.lines("receipt_lines"),
        text_size=values.choice("text_size", TextSize, "normal"),
        colours=values.choice("colours", Colours, "system"),
        paper_width=int(values.choice("paper_width", Paper, "80")),
        scan_prefix=values.matching("scan_prefix", SCAN_PREFIX, "", "a character such as ~, in no word or phone"),
        customer_display=values.choice("customer_display", DisplayUse, "off"),
        customer_screen=values.text("customer_screen"),
        sounds=values.choice("sounds", Volume, "normal"),
        printer=printer,
        printer_address=values.text("printer_address"),
        receipt_printer=_receipt_printer(values, printer),
        print_paid=values.choice("print_paid", YesNo, "no") is YesNo.YES,
        cash_drawer=values.choice("cash_drawer", YesNo, "no") is YesNo.YES,
        daraja_url="" if simulated else _daraja_url(values, environment),
        shortcode="" if simulated else values.matching("shortcode", "[0-9]{5,7}", "", "5 to 7 digits"),
        till_number=None if simulated else values.matching("till_number", "[0-9]{5,9}", "", "5 to 9 digits") or None,
        callback=CallbackMode.URL if simulated else values.choice("callback", CallbackMode, "none"),
        public_url=None if simulated else _public_url(values, environment),
        listen_port=0 if simulated else values.whole("listen_port", 0, 65_535),
        database_url=None if simulated else values.text("database_url") or None,
        ngrok_path=Path(path) if (path := values.text("ngrok_path")) else None,
        lock_after=values.whole("lock_after", 0, 240) if values.text("lock_after") else LOCK_AFTER,
        pull=values.choice("pull", YesNo, "no") is YesNo.YES,
        pull_number=_msisdn(values, "pull_number"),
        query_after=values.seconds("query_after"),
    )
    if not simulated:
        _check_together(settings, values)
    return settings


def _check_together(settings: Settings, values: Values) -> None:
    """What each value alone does not show."""
    if settings.callback is CallbackMode.URL and not values.text("listen_port"):
        raise SettingsError(
            "POS_LISTEN_PORT is needed with POS_CALLBACK=url: the public address must reach a port that stays. "
            "Nothing was sent."
        )
    if settings.environment is not Environment.PRODUCTION:
        return
    if settings.shortcode == SANDBOX_SHORTCODE:
        raise SettingsError(
            f"The short code {SANDBOX_SHORTCODE} is Safaricom's public one for trying out: real money asked for by it "
            "never reaches this shop. Use the shop's own (POS_SHORTCODE), or the environment sandbox. Nothing was sent."
        )
    if settings.till_number == settings.shortcode and settings.till_number:
        raise SettingsError(
            "The till number and the store number are the same. A till has two numbers: customers know the till number "
            "(POS_TILL_NUMBER), and Safaricom's go-live letter names the store number (POS_SHORTCODE). With the wrong "
            "one customers type their PIN for nothing. Nothing was sent."
        )


def _receipt_printer(values: Values, kind: PrinterKind) -> PrinterAddress | None:
    try:
        return read_address(kind, values.text("printer_address"))
    except BadInput:
        raise unusable("printer_address", wanted_address(kind)) from None


def _msisdn(values: Values, name: str) -> str:
    said = values.text(name)
    try:
        return parse_phone(said) if said else ""
    except BadInput:
        raise unusable(name, "a Kenyan mobile number, for example 0712345678") from None


def _daraja_url(values: Values, environment: Environment) -> str:
    url = values.text("daraja_url")
    if not url:
        return DARAJA_URLS[environment]
    if environment is Environment.PRODUCTION:
        raise SettingsError("POS_DARAJA_URL is not taken in production: real money goes to Safaricom's own address.")
    return server_url("daraja_url", url, real=False)


def _public_url(values: Values, environment: Environment) -> str | None:
    url = values.text("public_url")
    if not url:
        return None
    return public_url(url, real=environment is Environment.PRODUCTION)
