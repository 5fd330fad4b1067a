"""The support file: what somebody far away needs to help, without a name, a number or a key of the shop."""

import os
import platform
import sqlite3
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from pos_app import logs
from pos_app.bootstrap.shop_database import shop_database
from pos_app.check_result import Finding
from pos_app.diagnostics.redaction import Redactor
from pos_app.domain.audit import AuditLine
from pos_app.domain.kenya_time import shop_time
from pos_app.errors import BadInput, PosError
from pos_app.private_files import create, must_be_new
from pos_app.settings.settings import DARAJA_URLS, Settings
from pos_app.store.database import open_database
from pos_app.store.files import sqlite_file
from pos_app.vault.api_keys import NAMES
from pos_app.vault.database_password import NAME as DATABASE_PASSWORD
from pos_app.vault.vault import NGROK_AUTHTOKEN, Vault

LINES = 500  # of the log
AUDIT_LINES = 200
_SECRETS = (
    *(f"POS_{name.upper()}" for name in (*NAMES, NGROK_AUTHTOKEN, DATABASE_PASSWORD)),
    *("NGROK_AUTHTOKEN", "POS_ERASURE_KEY", "POS_OWNER_PASSPHRASE", "POS_OWNER_RECOVERY_CODE", "POS_OPERATOR_PIN"),
)
_PACKAGES = ("PySide6-Essentials", "httpx", "keyring", "SQLAlchemy", "alembic", "aiohttp", "pyngrok")
_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def write(
    file: Path,
    settings: Settings,
    findings: Sequence[Finding],
    now: datetime,
    environ: Mapping[str, str] = os.environ,
    *,
    vault: Vault | None = None,
) -> None:
    """Write the support file, for nobody but this user to read.

    Args:
        vault: where the secrets are, if it was opened already.

    Raises:
        BadInput: the file is there already, or cannot be written.
    """
    text = support_text(settings, findings, now, environ, vault)
    must_be_new(file)
    try:
        with create(file) as writing:  # never in the place of another: this checks once more
            writing.write(text.encode())
    except OSError:
        raise BadInput(f"The support file {file} could not be written. Choose another folder.") from None


def support_text(
    settings: Settings,
    findings: Sequence[Finding],
    now: datetime,
    environ: Mapping[str, str],
    vault: Vault | None = None,
) -> str:
    """The whole file."""
    counts, audit, names = _payments(settings, vault)
    redact = Redactor([*names, *_belongings(settings, environ)], _places(settings))
    sections = (
        ("Kaunta support file", "\n".join([f"made {shop_time(now)}", *_versions()])),
        ("Settings", "\n".join(_settings(settings, environ))),
        ("Checks", redact("\n".join(finding.line for finding in findings) or "Not tested yet.")),
        ("Payments", "\n".join(counts)),
        (f"Audit, the last {AUDIT_LINES} lines", redact("\n".join(audit))),
        (f"Log, the last {LINES} lines", redact("\n".join(_log(settings.data_dir)))),
    )
    return "\n".join(f"== {title} ==\n{text}\n" for title, text in sections)


def _payments(settings: Settings, vault: Vault | None) -> tuple[list[str], list[str], set[str]]:
    """How many payments stand where, and who did what, in lines; and the names that must not get into the file."""
    try:
        with closing(open_database(shop_database(settings, vault), settings.environment)) as database:
            reader = database.reader
            counts = [f"{state}: {number:,}" for state, number in reader.count_by_state().items()]
            audit = [_audit_line(line) for line in reversed(reader.audit(AUDIT_LINES))]
            return counts or ["none"], audit or ["none"], reader.names()
    except PosError as error:
        return [f"cannot be counted ({type(error).__name__})"], ["cannot be read"], set()


def _audit_line(line: AuditLine) -> str:
    """Who did what without a name or a value: operators are numbers here."""
    who = f"operator {line.operator_id}" if line.operator_id else "nobody by name"
    role = f" ({line.role}{', by the passphrase' if line.owner else ''})" if line.role else ""
    return f"{shop_time(line.at)} {who}{role}: {line.act}, {line.subject}"


def _belongings(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """What the settings and the environment say about the shop, secrets included."""
    yield from (settings.shop_name, settings.registered_name, *settings.receipt_lines)
    yield from (settings.shortcode, settings.till_number or "")
    for url in (settings.public_url, settings.database_url):
        if url:
            parts = urlsplit(url)
            yield from (url, parts.hostname or "", parts.username or "", parts.password or "")
            yield from (value for name, value in parse_qsl(parts.query) if name.endswith("password"))
    if settings.daraja_url not in DARAJA_URLS.values():
        yield urlsplit(settings.daraja_url).hostname or ""
    yield from (environ.get(name, "") for name in _SECRETS)
    yield platform.node()


def _places(settings: Settings) -> dict[str, str]:
    places = {str(settings.data_dir): "[data folder]", str(settings.data_dir.resolve()): "[data folder]"}
    if settings.ngrok_path:
        places[str(settings.ngrok_path)] = "[ngrok]"
    return places | {str(Path.home()): "~"}


def _versions() -> Iterator[str]:
    try:
        yield f"Kaunta {tomllib.loads(_PROJECT.read_text(encoding='utf-8'))['project']['version']}"
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        yield "Kaunta, version not known"
    yield f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {platform.platform()}"
    yield ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _settings(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """What is set, in words of ours only: no value that the shop chose freely is among them."""
    own = settings.daraja_url not in (*DARAJA_URLS.values(), "")
    yield f"environment: {settings.environment}"
    yield f"results: {settings.callback}"
    yield f"M-PESA: {'another address than Safaricom' if own else 'as usual'}"
    yield f"short code: {_digits(settings.shortcode)}, till number: {_digits(settings.till_number)}"
    yield f"keys: {settings.secrets}"
    yield f"database: {'file' if sqlite_file(settings.database) else 'server'}"
    yield f"listen port: {settings.listen_port or 'any'}, first query after: {settings.query_after or 'the usual'}"
    yield f"from the environment: {', '.join(sorted(name for name in environ if name.startswith('POS_'))) or 'nothing'}"


def _digits(number: str | None) -> str:
    return f"{len(number)} digits" if number else "not set"


def _log(folder: Path) -> list[str]:
    try:
        return logs.last_lines(folder, LINES)
    except PosError as error:
        return [error.user_text]
