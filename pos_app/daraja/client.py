"""Talking to Daraja. Every failure comes back as news; nothing is sent twice but what was surely refused unread."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from pos_app.daraja import wire
from pos_app.daraja.wire import Account, Keys, Signed, TokenRefused
from pos_app.domain.payment import Accepted, Answer, NoAnswer, NotSent, Push, Unanswered
from pos_app.errors import SettingsError

CONNECT_TIMEOUT = 5.0  # seconds
PUSH_TIMEOUT = 30.0
TIMEOUT = 15.0
RENEW_BEFORE = 60.0  # seconds before an access token ends
IDLE_CONNECTION = 5.0  # seconds; an older connection may be dead, and a push on it would be lost
_WARM = 2.0  # seconds in which a connection just used stays good enough for a push that is being typed
_MAX_BODY = 65_536
_NEVER_WAS = "ws_CO_01012007000000000000000000"  # before there was M-PESA
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_log = logging.getLogger(__name__)
T = TypeVar("T")


class NoAccessToken(Exception):
    """No access token could be had, so nothing was sent.

    Attributes:
        reason: one of `NotSent`'s.
        detail: what came instead: `HTTP 400, empty`, or what became of the connection. No secret is in it.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class _Reply(NamedTuple):
    status: int
    body: bytes


class AccessTokens:
    """The till's one access token: cached, fetched by one thread at a time, never on disk.

    A new token kills the older one (Daraja, Authorization FAQ 3), so only a token that was refused is dropped.
    """

    def __init__(self, fetch: Callable[[], wire.AccessToken], monotonic: Callable[[], float]) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._value: str | None = None
        self._ends = 0.0
        self._fetched = 0
        self._failure: NoAccessToken | None = None

    def get(self) -> str:
        """A token that lives for another minute at least. Who waits for another thread's fetch shares how it ends.

        Raises:
            NoAccessToken: none could be had.
        """
        before = self._fetched
        with self._lock:
            if self._failure and self._fetched != before:
                raise NoAccessToken(self._failure.reason, self._failure.detail)
            if self._value is None or self._monotonic() >= self._ends - RENEW_BEFORE:
                self._renew()
            assert self._value is not None
            return self._value

    def left(self) -> float | None:
        """Seconds that the token lives on; None where there is none yet. Fetches nothing and waits for nobody.

        Raises:
            NoAccessToken: the last try to fetch one ended so.
        """
        failure = self._failure
        if failure:
            raise NoAccessToken(failure.reason, failure.detail)
        return None if self._value is None else max(0.0, self._ends - self._monotonic())

    def _renew(self) -> None:
        try:
            token = self._fetch()
            self._value, self._ends, self._failure = token.value, self._monotonic() + token.lifetime, None
        except NoAccessToken as error:
            self._failure = error
            raise
        finally:
            self._fetched += 1

    def drop(self, refused: str) -> None:
        """Forget a token that M-PESA refused, unless it was replaced already."""
        with self._lock:
            if self._value == refused:
                self._value = None


_PROXY = (
    "The proxy setting of this computer (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) cannot be used, so M-PESA cannot be "
    "reached. Nothing was sent. Set it to an address like http://proxy.example:3128 (a SOCKS proxy is not taken), or "
    "remove it where there is no proxy, then open the till again."
)


def http_client(
    base_url: str, timeout: httpx.Timeout | float, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """How this program speaks to Daraja: no redirects, no retries.

    Args:
        timeout: seconds.
        transport: carries the requests instead of real connections.

    Raises:
        SettingsError: the proxy that the computer names is none.
        httpx.InvalidURL: the address is none.
    """
    url = httpx.URL(base_url)
    # The simulator is on this computer; a proxy of the shop's network must not stand between.
    trust_env = url.host not in _LOOPBACK
    try:
        if trust_env:
            _check_proxy(url)
        return httpx.Client(
            base_url=url,
            timeout=timeout,
            limits=httpx.Limits(keepalive_expiry=IDLE_CONNECTION),
            follow_redirects=False,
            transport=transport,
            trust_env=trust_env,
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # what they say repeats the setting, and a password in it
        raise SettingsError(_PROXY) from None


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


class DarajaClient:
    """Fits `sales.ports.Gateway`.

    Args:
        base_url: where Daraja is; without a slash at the end.
        callback_base: gives the public address that callbacks reach now, or `wire.NO_ROUTE`.
        now: the wall clock; `monotonic`: seconds that only go forward.
        transport: carries the requests instead of real connections.
    """

    def __init__(
        self,
        *,
        base_url: str,
        account: Account,
        keys: Keys,
        callback_base: Callable[[], str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._account = account
        self._keys = keys
        self._callback_base = callback_base
        self._now = now
        self._monotonic = monotonic
        self._http = http_client(base_url, httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT), transport)
        self._tokens = AccessTokens(self._fetch_token, monotonic)
        self._contact: float | None = None  # when M-PESA last answered

    def sign_in(self) -> float:
        """Have an access token; seconds that it lives on. A new one kills the older one of the same keys.

        Raises:
            NoAccessToken: none could be had.
        """
        self._tokens.get()
        return self._tokens.left() or 0.0

    def token_left(self) -> float | None:
        """Seconds that the access token lives on, None where there is none yet; asks nobody.

        Raises:
            NoAccessToken: the last try to have one ended so.
        """
        return self._tokens.left()

    def warm(self) -> None:
        """Have an access token and an open connection ready, so that the next push leaves at once. Never raises."""
        with suppress(NoAccessToken, httpx.HTTPError, RuntimeError):
            self._tokens.get()
            if self._contact is None or self._monotonic() - self._contact > _WARM:
                self._request("HEAD", "/", CONNECT_TIMEOUT, None)

    def push(self, push: Push) -> Accepted | NotSent | Unanswered:
        """Prompt the customer. Sent once; once more only where the access token was refused (design rule 2)."""
        body = wire.push_body(self._account, self._keys, push, self._callback_base(), self._now())
        try:
            outcome = self._authorised(lambda token: self._send_push(body, token))
        except NoAccessToken as error:
            return NotSent(error.reason)
        return NotSent("access_token") if isinstance(outcome, TokenRefused) else outcome

    def query(self, checkout_request_id: str) -> Answer | NoAnswer:
        """Ask what became of a prompt."""
        body = wire.query_body(self._account, self._keys, checkout_request_id, self._now())
        try:
            outcome = self._authorised(lambda token: self._send_query(body, token, checkout_request_id))
        except NoAccessToken as error:
            return NoAnswer(error.reason)
        return NoAnswer("access token refused") if isinstance(outcome, TokenRefused) else outcome

    def try_passkey(self) -> Signed:
        """Whether short code and passkey belong together, as far as M-PESA tells: asks about a prompt that never was.

        Raises:
            NoAccessToken: none could be had.
        """
        body = wire.query_body(self._account, self._keys, _NEVER_WAS, self._now())
        try:
            return wire.read_signed(*self._request("POST", wire.QUERY_PATH, TIMEOUT, self._tokens.get(), json=body))
        except (httpx.HTTPError, RuntimeError):
            return Signed.UNKNOWN

    def close(self) -> None:
        """Close every connection; what is on its way fails as a lost connection does."""
        self._http.close()

    def _authorised(self, send: Callable[[str], T]) -> T:
        """Send with an access token; once more with a new one where M-PESA refused the first unread."""
        token = self._tokens.get()
        outcome = send(token)
        if isinstance(outcome, TokenRefused):
            self._tokens.drop(token)
            outcome = send(self._tokens.get())
        return outcome

    def _send_push(self, body: dict[str, object], token: str) -> Accepted | NotSent | Unanswered | TokenRefused:
        try:
            reply = self._request("POST", wire.PUSH_PATH, PUSH_TIMEOUT, token, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            _log.warning("push: no connection to M-PESA (%s)", type(error).__name__)
            return NotSent("unreachable")
        except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: the till closes, the client is closed
            _log.warning("push: connection lost after sending (%s)", type(error).__name__)
            return Unanswered(type(error).__name__)
        return wire.read_push(*reply)

    def _send_query(self, body: dict[str, object], token: str, asked: str) -> Answer | NoAnswer | TokenRefused:
        try:
            reply = self._request("POST", wire.QUERY_PATH, TIMEOUT, token, json=body)
        except (httpx.HTTPError, RuntimeError) as error:
            return NoAnswer(type(error).__name__)
        return wire.read_query(*reply, asked)

    def _fetch_token(self) -> wire.AccessToken:
        auth = httpx.BasicAuth(self._keys.consumer_key, self._keys.consumer_secret)
        try:
            reply = self._request(
                "GET", wire.OAUTH_PATH, TIMEOUT, None, params={"grant_type": "client_credentials"}, auth=auth
            )
        except (httpx.HTTPError, RuntimeError) as error:
            _log.warning("access token: M-PESA not reached (%s)", type(error).__name__)
            raise NoAccessToken("unreachable", type(error).__name__) from None
        token = wire.read_token(*reply)
        if token is None:
            _log.warning("access token: refused with HTTP %d", reply.status)
            # Wrong keys are an empty 400, or 400.008.x; everything else is M-PESA's own trouble.
            detail = f"HTTP {reply.status}" if reply.body else f"HTTP {reply.status}, empty"
            raise NoAccessToken("credentials" if reply.status in (400, 401) else "unreachable", detail)
        return token

    def _request(
        self,
        method: str,
        path: str,
        seconds: float,
        token: str | None,
        **options: Any,
    ) -> _Reply:
        """One request, with at most 64 KiB of answer and `seconds` until its end, however slowly it drips.

        Raises:
            httpx.HTTPError: whatever kept the answer from coming.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        ends = self._monotonic() + seconds
        timeout = httpx.Timeout(seconds, connect=CONNECT_TIMEOUT)
        with self._http.stream(method, path, headers=headers, timeout=timeout, **options) as response:
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_BODY:
                    raise httpx.DecodingError("too large an answer", request=response.request)
                if self._monotonic() > ends:
                    raise httpx.ReadTimeout("the answer drips", request=response.request)
        self._contact = self._monotonic()
        return _Reply(response.status_code, body)
