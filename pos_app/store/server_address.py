"""The address of a shop's database server: its parts, its place in words, and how safe the way to it has to be."""

from collections.abc import Callable
from ipaddress import ip_address

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

DRIVER = "postgresql+psycopg"
PORT = 5432
# Over a network: encrypted, and the server must know the password as well, so that no other can pose as it.
_SAFE = {"sslmode": "require", "channel_binding": "require"}


def server_address(host: str, port: int, name: str, user: str) -> str:
    """The URL of a database, without a password; TLS is asked for wherever the way leaves this computer."""
    query = {} if is_loopback(host) else _SAFE
    return sa.URL.create(DRIVER, user, host=host, port=port, database=name, query=query).render_as_string()


def is_loopback(host: str | None) -> bool:
    """Whether what goes there stays on this computer: its own name or number, or a socket of its file system."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def needs_tls(address: sa.URL) -> bool:
    """Whether the way leaves this computer, and the address itself does not say how safe it has to be."""
    hosts = [address.host, *_listed(address, "host"), *_listed(address, "hostaddr")]
    return "sslmode" not in address.query and not all(map(is_loopback, hosts))


def _listed(address: sa.URL, name: str) -> list[str]:
    """What the address says behind its `?`, once or more often, each with commas between."""
    return [one for said in address.normalized_query.get(name, ()) for one in said.split(",")]


def place_of(address: sa.URL) -> str:
    """Whom it lets in where: `user@host:port/database`."""
    return f"{address.username or ''}@{address.host or ''}:{address.port or PORT}/{address.database or ''}"


def place_of_url(url: str) -> str:
    """The same of a URL; empty where it is none."""
    try:
        return place_of(sa.make_url(url))
    except ArgumentError:
        return ""


def with_password(url: str, find: Callable[[str], str]) -> str:
    """The URL with its password; unchanged where it has one, is none of a server, or nobody has the password.

    Args:
        find: gives the password of a place (`place_of`), or nothing.
    """
    try:
        address = sa.make_url(url)
    except ArgumentError:
        return url  # whoever opens it says so
    if address.get_backend_name() != "postgresql" or address.password is not None:
        return url
    password = find(place_of(address))
    return address.set(password=password).render_as_string(hide_password=False) if password else url
