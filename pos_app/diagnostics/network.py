"""The way to M-PESA: the name, the connection, and the clock, which is compared with M-PESA's own.

Requests go as the till's own go, through the same proxy where there is one. Nothing that counts is asked.
"""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from pos_app.check_result import Verdict, amber, green, red
from pos_app.daraja.exchange import CONNECT_TIMEOUT, http_client, read_date
from pos_app.domain.kenya_time import NAIROBI, duration
from pos_app.errors import PosError

CLOSE_ENOUGH = 2.0  # seconds; M-PESA says whole seconds only
FAR_OFF = 300.0
_LOOK_AT_INTERNET = "Nothing was sent. See whether the internet works on this computer, then run the checks again."


class ServerContact(NamedTuple):
    """One short exchange with a server: seconds until the connection stood, and what time the server has."""

    connected: float
    server_time: datetime | None
    asked_at: datetime
    answered_at: datetime


def name_look_up(url: str) -> Verdict:
    """Whether the name of M-PESA's server can be found."""
    host = _host(url)
    if _is_address(host):
        return green(f"{host} is an address: nothing to look up")
    if _proxy_stands_between(url):
        return green("Left to the proxy of this network")
    begun = time.monotonic()
    try:
        socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return red(f"The name {host} was not found. {_LOOK_AT_INTERNET}")
    return green(f"Found {host} in {_ms(time.monotonic() - begun)}")


def connection(url: str) -> Verdict:
    """Whether a connection to M-PESA's server can be opened, and how quickly."""
    contact = reach(url)
    how = "Encrypted connection" if urlsplit(url).scheme == "https" else "Connection"
    return green(f"{how} to {_host(url)} in {_ms(contact.connected)}")


def clock(url: str, now: Callable[[], datetime]) -> Verdict:
    """Whether this computer's clock is right; payments are signed with it."""
    try:
        contact = reach(url, now)
    except PosError:  # what is wrong and what to do is what the check of the connection says
        return amber(f"Not compared: M-PESA's server was not reached. This computer says {_here(now())}.{_zone(now())}")
    if contact.server_time is None:
        return amber(f"M-PESA's server said no time to compare with. This computer says {_here(now())}.{_zone(now())}")
    # The server leaves fractions out, and its answer took some time: both are evened out.
    middle = contact.asked_at + (contact.answered_at - contact.asked_at) / 2
    off = (middle - contact.server_time - timedelta(seconds=0.5)).total_seconds()
    which = "fast" if off > 0 else "slow"
    if abs(off) <= CLOSE_ENOUGH:
        return green(f"Right within {CLOSE_ENOUGH:g} seconds.{_zone(now())}")
    way = "back" if off > 0 else "forward"
    words = (
        f"The clock of this computer is {duration(abs(off))} {which}. Set it by the internet (date and time settings), "
        f"or {way} by hand."
    )
    if abs(off) <= FAR_OFF:
        return amber(words)
    return red(f"{words} M-PESA may refuse every request until then, and receipts carry the wrong time.")


def local_clock(now: Callable[[], datetime]) -> Verdict:
    """In practice there is nobody to compare with."""
    return green(f"Not compared in practice.{_zone(now())}")


def reach(url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> ServerContact:
    """Exchange a few bytes with the server.

    Raises:
        PosError: it cannot be reached.
    """
    begun = time.monotonic()
    connected = begun

    def trace(event: str, _info: object) -> None:
        nonlocal connected
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            connected = time.monotonic()

    try:
        with http_client(url, timeout=httpx.Timeout(CONNECT_TIMEOUT)) as http:
            asked_at = now()
            response = http.head("/", extensions={"trace": trace})
            return ServerContact(connected - begun, read_date(response.headers.get("date")), asked_at, now())
    except httpx.ConnectError as error:
        if "CERTIFICATE" in str(error).upper():
            raise PosError(
                f"The connection to {_host(url)} is not safe: its certificate is refused. Nothing was sent. See "
                "whether this computer's date is right, and whether another program stands between (a filter, a "
                "hotel's or café's log-in page)."
            ) from None
        raise PosError(f"No connection to {_host(url)} can be opened. {_LOOK_AT_INTERNET}") from None
    except httpx.HTTPError as error:
        how = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "broke the connection off"
        raise PosError(f"{_host(url)} {how}. {_LOOK_AT_INTERNET}") from None


def _zone(now: datetime) -> str:
    """A remark where the computer is set to another zone than the shop's: information only."""
    here = now.astimezone()
    if here.utcoffset() == NAIROBI.utcoffset(None):
        return ""
    return f" This computer is set to the zone {here:%z}; the till shows Nairobi's time all the same."


def _here(now: datetime) -> str:
    return f"{now.astimezone(NAIROBI):%H:%M:%S}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _proxy_stands_between(url: str) -> bool:
    proxies = getproxies()
    return bool(proxies.get(urlsplit(url).scheme) or proxies.get("all")) and not proxy_bypass(_host(url))
