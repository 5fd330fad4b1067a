"""What can be an address: of this till for M-PESA's results, or of the server that plays M-PESA.

An address is taken in one form: M-PESA posts a result once, and what it cannot call is lost without a word. What is
only written in another way (capitals, `:443`, a slash or a point at the end, letters beyond ASCII in the name) is
normalised; all else is refused in words.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import SplitResult, urlsplit

from pos_app.domain.strict import whole
from pos_app.errors import SettingsError, unusable

FORBIDDEN_WORDS = ("mpesa", "m-pesa", "safaricom", "query", "cmd", "sql", "exe")  # M-PESA refuses addresses with these
_LOOPBACK_NAMES = ("localhost",)
_LONGEST = 200  # characters; a payment's own part comes behind
_LONGEST_NAME = 253  # what the names of the internet allow
_USUAL_PORT = {"https": 443, "http": 80}
_LABEL = re.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PATH = re.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
_AT_HOME_ONLY = ("localhost", "local", "localdomain", "lan", "home", "internal", "intranet", "corp", "invalid", "arpa")
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
_LIKE = "an address like https://till.example.co.ke"
_Host = str | IPv4Address | IPv6Address


def public_url(url: str, *, real: bool) -> str:
    """An address for results in the one form that M-PESA is given, whoever named it.

    Args:
        real: whether it is about real money.

    Raises:
        SettingsError: M-PESA would not take it, or could not reach it; why.
    """
    address = server_url("public_url", url, real=real)
    parts = urlsplit(address)
    host = _host(parts)
    # To try things out, a simulator on this computer calls the till.
    if not (_on_the_internet(host) or (_is_loopback(host) and not real)):
        raise unusable("public_url", f"{_LIKE}, which the internet knows: this one is of this computer or shop only")
    word = next((word for word in FORBIDDEN_WORDS if word in address.lower()), None)
    if word:
        raise SettingsError(
            f"The public address (POS_PUBLIC_URL) has the word {word} in it, which M-PESA refuses. Nothing was sent."
        )
    return address


def server_url(name: str, url: str, *, real: bool) -> str:
    """An address that can be called, in its one form and without a slash at the end.

    Args:
        name: of the setting.
        real: whether it is about real money.

    Raises:
        SettingsError: it cannot, or not safely; why.
    """
    typed = url.strip()
    if "?" in typed or "#" in typed:
        raise unusable(name, f"{_LIKE}, without ? and #: what M-PESA adds behind them would never arrive")
    if "@" in typed:
        raise unusable(name, f"{_LIKE}, without a user's name, a password or @")
    # `urlsplit` takes tabs and line ends out without a word.
    if not typed.isprintable() or re.search(r"[\s\\%<>\"'`{}|^]", typed) or len(typed) > _LONGEST:
        raise unusable(name, f"{_LIKE}, without spaces, % and other marks, {_LONGEST} characters at most")
    try:
        parts = urlsplit(typed)
        host = _host(parts)
        port = _port(parts)
    except ValueError:
        raise unusable(name, _LIKE) from None
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path):
        raise unusable(name, f"{_LIKE}, with plain letters and digits only between the slashes behind it")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host) and not real):
        raise unusable(name, "an https address (http is taken only for this computer, and never in production)")
    shown = f"[{host}]" if isinstance(host, IPv6Address) else str(host)
    return f"{parts.scheme}://{shown}{'' if port in (None, _USUAL_PORT[parts.scheme]) else f':{port}'}{path}"


def _host(parts: SplitResult) -> _Host:
    """The server: an address in numbers, or a name that can be asked for, in ASCII. ValueError: neither."""
    # Imported here: most tills have no address of their own.
    import httpx

    name = (parts.hostname or "").removesuffix(".")
    if parts.netloc.startswith("["):
        return IPv6Address(name)
    if not name.isascii():
        try:
            name = httpx.URL(f"https://{name}").raw_host.decode("ascii")
        except httpx.InvalidURL:
            raise ValueError("not a name of the internet") from None
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, name.split("."))):
        raise ValueError("not a name of the internet")
    if name.rpartition(".")[2].isdigit():  # and not what some read as an address: 127.1, 2130706433
        return IPv4Address(name)
    return name


def _port(parts: SplitResult) -> int | None:
    """ValueError: not one that can be called."""
    said = parts.netloc.rpartition("]")[2].partition(":")[2]
    port = whole(said) if said else None
    if said and (port is None or not 0 < port < 65_536):
        raise ValueError("not a port")
    return port


def _is_loopback(host: _Host) -> bool:
    return host in _LOOPBACK_NAMES if isinstance(host, str) else host.is_loopback


def _on_the_internet(host: _Host) -> bool:
    """Whether it can be reached from outside, as far as its form tells."""
    if isinstance(host, str):
        return "." in host and host.rpartition(".")[2] not in _AT_HOME_ONLY
    host = (host.ipv4_mapped if isinstance(host, IPv6Address) else None) or host
    nowhere = host.is_unspecified or host.is_multicast or host.is_link_local or host.is_loopback
    return not nowhere and not any(host in network for network in _PRIVATE if network.version == host.version)
