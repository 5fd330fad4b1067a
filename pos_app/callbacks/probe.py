"""Probes the public address from outside, to see whether it leads to a till of this shop, and to nobody else."""

import hmac
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import NamedTuple

import httpx

from pos_app.daraja.exchange import http_client
from pos_app.errors import SettingsError

LIFE = 30.0  # seconds in which a probe is answered
TIMEOUT = 5.0  # seconds to connect, and for each part of the answer
DEADLINE = 15.0  # seconds for all of it, however slowly it drips
_BYTES = 20  # 160 bits
_ASKED, _ANSWERED = "knock ", "answer "
_MAX_BODY = 256  # more than our own answer has
PATH = "/knock/"  # as it is asked from outside: a router may let only this and /stk/ in
_PLEASE = {"ngrok-skip-browser-warning": "1", "accept-encoding": "identity"}  # or ngrok shows people a page of its own
_GOES_ON = "Payments go on: the till asks M-PESA for their results."

_NO_NAME = "The name of the public address cannot be found. Check the internet connection and the address."
_NO_ADDRESS = "The public address is not one that can be called. Check how it is written."
_REFUSED = "Nobody answers at the public address. Check the tunnel or the router, and that they lead to this computer."
_CERTIFICATE = "The certificate of the public address is not valid, so M-PESA would not trust it. Renew it."
_NETWORK = "The public address cannot be reached. Check the internet connection."
_SLOW = "The public address does not answer in time. Check the internet connection."
_STRANGER = "Another server answered at the public address, not this till. Check where the address leads."
_REDIRECT = "The public address sends callers on to another one, which M-PESA does not follow. Set the final address."
_TUNNEL_EMPTY = "ngrok is reached, but it does not reach this till. Wait a minute; if it stays so, restart the till."
_USED_UP = "The month's requests of the ngrok plan are used up (ERR_NGROK_727)."
_NOBODY = (_NO_NAME, _REFUSED, _NETWORK, _SLOW)
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


class Probe(NamedTuple):
    """A probe under way: what is asked, and what only this till, or another of its shop, can answer."""

    nonce: str
    reply: str


class Probes:
    """The probes that this till has under way. Each is answered once, and not for long. Any thread.

    Args:
        key: gives what the tills of the shop know, and nobody else; empty where this one has no others. Where the
            address leads now to one and now to another of them, each answers those of all.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, key: Callable[[], str] = str) -> None:
        self._monotonic = monotonic
        self._key = key
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str, float]] = {}

    def issue(self) -> Probe:
        """A new probe, whose nonce `answer` knows for a while."""
        made, key = Probe(secrets.token_hex(_BYTES), secrets.token_hex(_BYTES)), self._key()
        if key:
            nonce = made.nonce + _mark(key, _ASKED, made.nonce)
            made = Probe(nonce, _mark(key, _ANSWERED, nonce))
        now = self._monotonic()
        with self._lock:
            self._open = {nonce: kept for nonce, kept in self._open.items() if kept[1] > now}
            self._open[made.nonce] = (made.reply, now + LIFE)
        return made

    def answer(self, nonce: str) -> str | None:
        """The reply to this nonce; None where it is neither ours nor the shop's, used, or old."""
        with self._lock:
            reply, ends = self._open.pop(nonce, ("", 0.0))
        if ends > self._monotonic():
            return reply
        return None if reply else self._of_the_shop(nonce)

    def _of_the_shop(self, nonce: str) -> str | None:
        key, asked, mark = self._key(), nonce[: 2 * _BYTES], nonce[2 * _BYTES :]
        if not (key and mark.isascii() and hmac.compare_digest(mark, _mark(key, _ASKED, asked))):
            return None
        return _mark(key, _ANSWERED, nonce)


def _mark(key: str, what: str, nonce: str) -> str:
    return hmac.new(key.encode(), f"{what}{nonce}".encode(), "sha256").hexdigest()[: 2 * _BYTES]


class ProbeResult(NamedTuple):
    """What a probe found.

    Attributes:
        words: what went wrong; empty where this till itself has answered.
        nobody: nobody at all has answered, so nobody else would hear what M-PESA says there.
        used_up: the tunnel carries nothing more this month.
    """

    words: str = ""
    nobody: bool = False
    used_up: bool = False


def probe(
    base: str,
    probes: Probes,
    timeout: float = TIMEOUT,
    used_up: Callable[[], str] = lambda: _USED_UP,
    deadline: float = DEADLINE,
) -> ProbeResult:
    """Probe a public address once; never raises for what a network does.

    Args:
        timeout: seconds to connect, and for each part of the answer; `deadline`: seconds for all of it.
        used_up: the words for a tunnel whose month is used up.
    """
    asked, found, client = probes.issue(), Future[_Found](), list[httpx.Client]()

    def ask() -> None:
        try:
            found.set_result(_ask(base, asked, timeout, client))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            found.set_exception(error)

    threading.Thread(target=ask, name="probe", daemon=True).start()
    try:
        fault, nobody = found.result(deadline)
    except TimeoutError:
        fault, nobody = _SLOW, False
        for one in client:
            one.close()  # the thread ends with the next part of the answer, or for want of it
    if fault == _USED_UP:
        return ProbeResult(f"{used_up()} {_GOES_ON}", used_up=True)
    return ProbeResult(f"{fault} {_GOES_ON}" if fault else "", nobody=nobody)


class _Found(NamedTuple):
    """What is wrong, empty where nothing is; whether nobody at all is there."""

    fault: str
    nobody: bool = False


def _ask(base: str, asked: Probe, timeout: float, client_to_close: list[httpx.Client]) -> _Found:
    try:
        # A proxy may lead outside, but never back to this computer. A new connection each time, as M-PESA's is.
        with http_client(base, timeout) as client:
            client_to_close.append(client)
            with client.stream("GET", f"{PATH}{asked.nonce}", headers=_PLEASE) as response:
                return _Found(_fault(response, asked.reply))
    except SettingsError as error:
        return _Found(error.user_text)
    except (httpx.InvalidURL, ValueError):  # also a name that cannot be written as the internet writes names
        return _Found(_NO_ADDRESS)
    except httpx.HTTPError as error:
        fault = _no_answer(error)
        # Whoever has taken the connection would hear M-PESA, too, even if he says nothing.
        return _Found(fault, fault in _NOBODY and isinstance(error, _NOT_CONNECTED))


def _fault(response: httpx.Response, reply: str) -> str:
    if response.is_redirect:
        return _REDIRECT
    if code := response.headers.get("ngrok-error-code"):
        return _USED_UP if code == "ERR_NGROK_727" else _TUNNEL_EMPTY
    body = b""
    for part in response.iter_raw():
        body += part
        if len(body) > _MAX_BODY:
            break
    ours = response.status_code == 200 and secrets.compare_digest(body, reply.encode())
    return "" if ours else _STRANGER


def _no_answer(error: Exception) -> str:
    causes = list(_causes(error))
    for kind, fault in (
        (socket.gaierror, _NO_NAME),
        (ssl.SSLError, _CERTIFICATE),
        (ConnectionRefusedError, _REFUSED),
        (httpx.TimeoutException, _SLOW),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return _NETWORK


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
