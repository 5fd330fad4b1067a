"""What can be an address: of this till for M-PESA's results, or of the server that plays M-PESA."""

import re
from urllib.parse import urlsplit

from pos_app.errors import SettingsError, unusable

FORBIDDEN_WORDS = ("mpesa", "safaricom", "query", "cmd", "sql", "exe")  # M-PESA refuses addresses with these
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_NAME = 253  # what the names of the internet allow
_LIKE = "an address like https://till.example.co.ke"


def check_public_url(url: str, *, real: bool) -> None:
    """See whether M-PESA takes this as an address for results, whoever named it.

    Args:
        real: whether it is about real money.

    Raises:
        SettingsError: why not.
    """
    check_url("public_url", url, real=real)
    word = next((word for word in FORBIDDEN_WORDS if word in url.lower()), None)
    if word:
        raise SettingsError(f"POS_PUBLIC_URL has the word {word} in it, which M-PESA refuses. Nothing was sent.")


def check_url(name: str, url: str, *, real: bool) -> None:
    """See whether this can be an address at all, and a safe one.

    Args:
        name: of the setting.
        real: whether it is about real money.

    Raises:
        SettingsError: why not.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise unusable(name, _LIKE) from None
    if not host or parts.username or re.search(r"[\s<>\"']", url) or not _can_be_looked_up(url):
        raise unusable(name, _LIKE)
    loopback = host in _LOOPBACK and not real
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise unusable(name, "an https address (http is taken only for this computer, and never in production)")


def _can_be_looked_up(url: str) -> bool:
    """Whether the name of the server can be asked for: as the library reads it, and as the system then takes it."""
    # Imported here: most tills have no address of their own.
    import httpx

    try:
        name = httpx.URL(url).raw_host.decode("ascii")
        name.encode("idna")  # no part of it empty, or too long
    except (httpx.InvalidURL, ValueError):
        return False
    return len(name) <= _LONGEST_NAME
