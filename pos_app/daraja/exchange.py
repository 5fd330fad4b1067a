"""Whole exchanges with a server: from the name look-up to the last byte of the answer within one limit.

httpx's own time limits are for each read, so a server that drips a byte every few seconds would never be timed out.
Here everything runs on one event loop, where a limit holds over all of it, whatever it waits for.
"""

import asyncio
import os
import ssl
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from pos_app.errors import SettingsError

CONNECT_TIMEOUT = 5.0  # seconds
IDLE_CONNECTION = 5.0  # seconds; an older connection may be dead, and a push on it would be lost
MAX_BODY = 65_536  # bytes of an answer, where nothing else is said
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FIRST_BYTE = "http11.send_request_headers.started"
_UNPACKED = ("gzip", "x-gzip", "deflate")
T = TypeVar("T")


class MustNotLeave(Exception):
    """A request was held back right before its first byte. Nothing was sent.

    Attributes:
        reason: one of `NotSent`'s.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Reply(NamedTuple):
    """An answer."""

    status: int
    body: bytes


class Departure:
    """Watches a request leave, and may hold it back. What it knows is known also when the exchange is cut off.

    Attributes:
        surely_not: nothing of it was sent, beyond doubt.
        left_at: when its first byte was sent, by the loop's clock.
    """

    def __init__(self, objection: Callable[[], str | None] | None = None) -> None:
        self._objection = objection
        self._left = False
        self._socket: _Closable | None = None
        self.surely_not = True
        self.left_at: float | None = None

    def begin(self) -> None:
        """It is handed over; whether it leaves, only `trace` can tell from now on."""
        self._left = self.surely_not = False

    def refused(self) -> None:
        """It was refused unread, which is as good as not sent."""
        self.surely_not = True

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx tells of each step (its extension "trace").

        Raises:
            MustNotLeave: there is an objection to the first byte.
        """
        if self._left:
            return
        self.surely_not = True
        if event.endswith("connect_tcp.complete"):
            self._socket = info["return_value"]
        if event != _FIRST_BYTE or info["request"].method == b"CONNECT":  # that one is for the proxy
            return
        # It may read the database: not on the loop, where everybody would wait for it.
        reason = await asyncio.to_thread(self._objection) if self._objection else None
        if reason:
            raise MustNotLeave(reason)
        self._left, self.surely_not = True, False
        self.left_at = asyncio.get_running_loop().time()

    async def abandon(self) -> None:
        """It came to nothing. A connection cut off during its TLS handshake is left open by httpx, so it ends here."""
        if self._socket:
            await self._socket.aclose()


class _Closable(Protocol):
    async def aclose(self) -> None: ...


class Exchanges:
    """Sends requests to one server: no redirects, no retries.

    Args:
        transport: carries the requests instead of real connections.
        dated: told what time an answer says it is there, and how many seconds the answer took.

    Raises:
        SettingsError: the proxy that the computer names is none.
        httpx.InvalidURL: the address is none.
    """

    def __init__(
        self,
        base_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        dated: Callable[[datetime, float], object] = lambda _said, _took: None,
    ) -> None:
        self._dated = dated
        self._http = _with_proxy_words(
            base_url,
            lambda options: httpx.AsyncClient(
                **options, limits=httpx.Limits(keepalive_expiry=IDLE_CONNECTION), transport=transport
            ),
        )

    async def send(
        self,
        method: str,
        path: str,
        seconds: float,
        departure: Departure | None = None,
        *,
        most: int = MAX_BODY,
        **options: Any,
    ) -> Reply:
        """One request and its answer, all within `seconds`.

        Args:
            most: bytes of an answer that are taken, as sent and unpacked.

        Raises:
            httpx.HTTPError: whatever kept the answer from coming.
            MustNotLeave: there was an objection to its first byte.
        """
        watched = departure or Departure()
        watched.begin()
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(
                    method,
                    path,
                    watched,
                    most,
                    timeout=httpx.Timeout(seconds, connect=CONNECT_TIMEOUT, pool=CONNECT_TIMEOUT),
                    **options,
                )
        except TimeoutError:
            raise httpx.ReadTimeout(f"no whole answer within {seconds:g} seconds") from None

    async def _exchange(self, method: str, path: str, watched: Departure, most: int, **options: Any) -> Reply:
        try:
            async with self._http.stream(method, path, extensions={"trace": watched.trace}, **options) as response:
                if watched.left_at is not None:
                    self._read_date(response, asyncio.get_running_loop().time() - watched.left_at)
                return Reply(response.status_code, await _body(response, most))
        except BaseException:  # whatever it was, also the end of the time
            await watched.abandon()
            raise

    def _read_date(self, response: httpx.Response, took: float) -> None:
        said = read_date(response.headers.get("Date"))
        if said:
            self._dated(said, took)

    async def open(self, seconds: float) -> None:
        """Open a connection as a request would have it, through a proxy and with TLS where there are, and end it.

        Raises:
            httpx.HTTPError: it could not be opened.
        """
        opened = Departure(lambda: "opened")
        with suppress(MustNotLeave):
            await self.send("HEAD", "/", seconds, opened)

    async def close(self) -> None:
        """End every connection."""
        await self._http.aclose()


def read_date(header: str | None) -> datetime | None:
    """The moment (UTC) that a Date header names, or None where it names none."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except (ValueError, OverflowError):
        return None


async def _body(response: httpx.Response, most: int) -> bytes:
    """All of it. We ask for no packing; what comes packed anyway is unpacked no further than it may be long."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", *_UNPACKED):
        raise httpx.DecodingError("an encoding nobody asked for", request=response.request)
    raw = b""
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > most:
            raise httpx.DecodingError("too large an answer", request=response.request)
    return raw if packing == "identity" else _unpacked(raw, response.request, most)


def _unpacked(raw: bytes, request: httpx.Request, most: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it is
    try:
        body = unpacking.decompress(raw, most + 1)
    except zlib.error:
        raise httpx.DecodingError("it cannot be unpacked", request=request) from None
    if len(body) > most or not unpacking.eof:
        raise httpx.DecodingError("too large an answer, or half of one", request=request)
    return body


_CERTIFICATES = (
    "SSL_CERT_FILE or SSL_CERT_DIR names certificates of this computer that are not there or cannot be read, so no "
    "safe connection to M-PESA can be made. Nothing was sent. Set it right, or remove it, then open the till again."
)
_PROXY = (
    "The proxy setting of this computer (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY or NO_PROXY) cannot be used, so M-PESA "
    "cannot be reached. Nothing was sent. Set it to an address like http://proxy.example:3128 (a SOCKS proxy is not "
    "taken), or remove it where there is no proxy, then open the till again."
)


def http_client(base_url: str, timeout: httpx.Timeout | float) -> httpx.Client:
    """How this program speaks to servers where a limit over all of it does not matter: no redirects, no retries.

    Args:
        timeout: seconds.

    Raises:
        SettingsError: the proxy that the computer names is none.
        httpx.InvalidURL: the address is none.
    """
    return _with_proxy_words(base_url, lambda options: httpx.Client(**options, timeout=timeout))


def _with_proxy_words(base_url: str, make: Callable[[dict[str, Any]], T]) -> T:
    """A client for an address.

    Raises:
        SettingsError: the proxy or the certificates that the computer names are none.
        httpx.InvalidURL: the address is none.
    """
    url = httpx.URL(base_url)
    # The simulator is on this computer; a proxy of the shop's network must not stand between.
    trust_env = url.host not in _LOOPBACK
    try:
        if trust_env:
            _check_certificates(os.environ)
            _check_proxy(url)
        options = {"base_url": url, "follow_redirects": False, "trust_env": trust_env, "headers": _PLAIN}
        if url.scheme == "http" and not trust_env:
            # Nobody is to be trusted by a certificate there, and to read those of all the world takes 40 ms.
            options["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return make(options)
    except OSError:  # also `ssl.SSLError`: a file that holds no certificates
        raise SettingsError(_CERTIFICATES) from None
    except (ImportError, ValueError, httpx.InvalidURL):  # what they say repeats the setting, and a password in it
        raise SettingsError(_PROXY) from None


_PLAIN = {"Accept-Encoding": "identity"}  # what is packed may be a thousand times larger than it looks


def _check_certificates(environ: Mapping[str, str]) -> None:
    """What would only show as a server that nobody vouches for.

    Raises:
        OSError: what the variable names is not there.
    """
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file:
        Path(file).stat()
    elif folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise FileNotFoundError


def _check_proxy(url: httpx.URL) -> None:
    """What would only be found out with a request on its way.

    Raises:
        ValueError: the address of the proxy that stands between is none.
    """
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if proxy:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        (parts.hostname or "").encode("idna")
        _ = parts.port
