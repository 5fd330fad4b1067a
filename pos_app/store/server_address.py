"""A shop's database server as an address: the URL in the settings, what it is called, how safe the way has to be."""

import os
from collections.abc import Callable, Mapping
from ipaddress import ip_address

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from pos_app.errors import BadInput

DRIVER = "postgresql+psycopg"
PORT = 5432
# What an address may say to have less than is asked for over a network; and that a certificate proves the server.
_OPEN = ("disable", "allow", "prefer")
_PROVEN = "verify-full"


def server_address(host: str, port: int, name: str, user: str) -> str:
    """The URL of a database, without a password."""
    return sa.URL.create(DRIVER, user, host=host, port=port, database=name).render_as_string()


def read_address(text: str) -> sa.URL:
    """An address with its password in one place, whichever of the two it was written in: `user:password@host` or
    `?password=`, which the driver takes, too, and prefers.

    Raises:
        ArgumentError, ValueError: it is none.
    """
    url = sa.make_url(text)
    said = url.normalized_query.get("password")
    return url.difference_update_query(["password"]).set(password=said[-1]) if said else url


def without_password(address: sa.URL) -> str:
    """An address without its password."""
    made = sa.URL.create(
        address.drivername,
        address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
    return made.render_as_string()


def without_secrets(address: sa.URL) -> str:
    """An address as others may read it: without its password, and without that of a key."""
    return without_password(address.difference_update_query(["password", "sslpassword"]))


def typed_address(text: str) -> sa.URL:
    """The address of a database server as somebody typed it.

    Raises:
        BadInput: it is none.
    """
    try:
        url = read_address(text.strip())
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend != "postgresql" or not url.database:
        raise BadInput(
            "The address of the database server reads like postgresql://user@host/name. Nothing was changed, nothing "
            "was sent."
        )
    return url.set(drivername=DRIVER)


def is_loopback(host: str | None) -> bool:
    """Whether what goes there stays on this computer: its own name or number, or a socket of its file system."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def leaves_computer(address: sa.URL, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the way to it may leave this computer. An address without a host means its own socket, but where the
    driver's own variables name a host; a service is a file that may name any.
    """
    said = address.normalized_query
    if "service" in said or environ.get("PGSERVICE"):
        return True
    hosts = [address.host or "", *said.get("host", ())]
    numbers = said.get("hostaddr", ()) or [environ.get("PGHOSTADDR", "")]
    named = hosts if any(hosts) else [environ.get("PGHOST", "")]
    return not all(is_loopback(one) for listed in (*named, *numbers) for one in listed.split(","))


def safe_way(address: sa.URL, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the driver is told for the way to a server, beside what the address says itself; the same for every door.

    Outside this computer it is encrypted, and the server proves itself: by knowing the password (channel binding), so
    that nobody in between gets it or poses as the server; or by its certificate (`sslmode=verify-full`). A till that is
    let in by a certificate of its own and no password has nothing to give away so.
    """
    said = address.query
    if not leaves_computer(address, environ):
        return {}
    safe = {} if "sslmode" in said else {"sslmode": "require"}
    by_certificate = said.get("sslmode") == _PROVEN or (
        "sslcert" in said and not (address.password or "password" in said)
    )
    if "channel_binding" in said or said.get("sslmode") in _OPEN or by_certificate:
        return safe
    return safe | {"channel_binding": "require"}


def place_of(address: sa.URL) -> str:
    """Whom it lets in where, as passwords are kept by: `user@host:port/database`."""
    return f"{address.username or ''}@{address.host or ''}:{address.port or PORT}/{address.database or ''}"


def place_of_url(url: str) -> str:
    """The same of a URL; empty where it is none."""
    try:
        return place_of(sa.make_url(url))
    except (ArgumentError, ValueError):
        return ""


def place_words(address: sa.URL) -> str:
    """The server and its database, for people: without user and password, and without the port where it is the usual
    one, which one address names and another leaves out.
    """
    host = address.host or "this computer"
    port = f" (port {address.port})" if address.port not in (None, PORT) else ""
    return f"the database {address.database} on {host}{port}"


def with_password(url: str, find: Callable[[str], str]) -> str:
    """The URL with its password; unchanged where it has one, is none of a server, or nobody has the password.

    Args:
        find: gives the password of a place (`place_of`), or nothing.
    """
    try:
        address = read_address(url)
    except (ArgumentError, ValueError):
        return url  # whoever opens it says so
    if address.get_backend_name() != "postgresql" or address.password is not None:
        return url
    password = find(place_of(address))
    return address.set(password=password).render_as_string(hide_password=False) if password else url
