"""Talking to Daraja. Every failure comes back as an event; nothing is sent twice but what was surely refused unread."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

import httpx

from pos_app.daraja import pull_wire, wire
from pos_app.daraja.exchange import CONNECT_TIMEOUT, Departure, Exchanges, MustNotLeave, Reply
from pos_app.daraja.loop import LoopThread, Runner, Work
from pos_app.daraja.pull_pages import PulledPages
from pos_app.daraja.pull_wire import MOST_OF_A_PAGE, PulledPage
from pos_app.daraja.shared_token import LONGEST_FETCH, SharedToken
from pos_app.daraja.tokens import AccessTokens, NoAccessToken
from pos_app.daraja.wire import Account, Keys, Signed, TokenRefused
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Unanswered
from pos_app.domain.pulled import NotPulled, PulledSet, PullRegistration, PullTrouble
from pos_app.domain.push import Push

_WARM = 2.0  # seconds in which a connection just used stays good enough for a push that is being typed
_NEVER_WAS = "ws_CO_01012007000000000000000000"  # before there was M-PESA
_NEVER_OPENED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_LOST = (httpx.HTTPError, TimeoutError, RuntimeError, CancelledError)  # the last two: the till closes
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Limits(NamedTuple):
    """Seconds, each over whole exchanges, however slowly they go.

    Attributes:
        push: the exchange that prompts; `push_in_all`: with its access token, and with both once more.
        token: fetching an access token. `other`: every other exchange; `query_in_all`: as above.
        warm_in_all: getting ready.
        pull_in_all: all pages of Pull Transactions.
    """

    push: float = 30.0
    push_in_all: float = 35.0
    token: float = LONGEST_FETCH
    other: float = 15.0
    query_in_all: float = 15.0
    warm_in_all: float = 20.0
    pull_in_all: float = 120.0


class DarajaClient:
    """Fits `sales.ports.Gateway` and `sales.ports.PullGateway`.

    Args:
        base_url: where Daraja is; without a slash at the end.
        callback_base: gives the public address that callbacks reach now, or `wire.NO_ROUTE`.
        now: the wall clock; `monotonic`: seconds that only go forward.
        transport: carries the requests instead of real connections.
        limits: how long it waits.
        told: told after each exchange whether M-PESA itself answered.
        dated: told what time an answer says it is there, and how many seconds the answer took.
        runner: runs the exchanges instead of an event loop on a thread of its own.
        shared: has the access token of all tills with these keys; None: the client has one of its own.
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
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits = Limits(),
        told: Callable[[bool], object] = lambda _heard: None,
        dated: Callable[[datetime, float], object] = lambda _said, _took: None,
        runner: Runner | None = None,
        shared: SharedToken | None = None,
    ) -> None:
        self._account = account
        self._keys = keys
        self._callback_base = callback_base
        self._now = now
        self._monotonic = monotonic
        self._limits = limits
        self._told = told
        self._exchanges = Exchanges(base_url, transport, dated)
        self._runner = runner or LoopThread("mpesa")
        self._shared = shared
        self._tokens = AccessTokens(self._fetch_token, monotonic, shared)
        self._contact: float | None = None  # when M-PESA last answered

    def sign_in(self) -> float:
        """Have an access token; seconds that it lives on. One that is not shared kills the older one of the same keys.

        Raises:
            NoAccessToken: none could be had.
        """
        try:
            self._run(self._tokens.get, self._limits.other)
        except _LOST as error:
            raise NoAccessToken("unreachable", type(error).__name__) from None
        return self._tokens.left() or 0.0

    def token_left(self) -> float | None:
        """Seconds that the access token lives on, None where there is none yet; asks nobody.

        Raises:
            NoAccessToken: the last try to have one ended so.
        """
        return self._tokens.left()

    def tokens_ended(self) -> int:
        """How many of the shared access tokens M-PESA has refused before their time, within the last hour."""
        return self._shared.ended_early() if self._shared else 0

    def reach(self) -> None:
        """Open a connection and end it: whether it can be had is told. Never raises."""
        with suppress(*_LOST):
            self._run(self._reach, self._limits.other)

    def warm(self) -> None:
        """Have an access token and an open connection ready, so that the next push leaves at once. Never raises."""
        with suppress(NoAccessToken, *_LOST):
            self._run(self._warm, self._limits.warm_in_all)

    def push(self, push: Push, objection: Callable[[], str | None] = lambda: None) -> Accepted | NotSent | Unanswered:
        """Prompt the customer. Sent once; once more only where the access token was refused (rule 2).

        Args:
            objection: asked right before the first byte, each time: why it must not leave, as one of `NotSent`'s
                reasons. Not on the calling thread.
        """
        body = wire.push_body(self._account, self._keys, push, self._callback_base(), self._now())
        departure = Departure(objection)
        try:
            outcome = self._run(
                lambda: self._authorised(lambda token: self._send_push(body, token, departure)),
                self._limits.push_in_all,
            )
        except (NoAccessToken, MustNotLeave) as refused:
            _log.warning("push: it did not leave (%s)", refused.reason)
            return NotSent(refused.reason)
        except _LOST as error:
            if departure.surely_not or isinstance(error, _NEVER_OPENED):
                _log.warning("push: no connection to M-PESA (%s)", type(error).__name__)
                return NotSent("unreachable")
            _log.warning("push: connection lost after sending (%s)", type(error).__name__)
            return Unanswered(detail=type(error).__name__)
        return NotSent("access_token") if isinstance(outcome, TokenRefused) else outcome

    def query(self, checkout_request_id: str) -> Answer | NoAnswer:
        """Ask what became of a prompt."""
        body = wire.query_body(self._account, self._keys, checkout_request_id, self._now())
        try:
            outcome = self._run(
                lambda: self._authorised(lambda token: self._send_query(body, token, checkout_request_id)),
                self._limits.query_in_all,
            )
        except NoAccessToken as error:
            return NoAnswer(detail=error.reason)
        except _LOST as error:
            return NoAnswer(detail=type(error).__name__)
        return NoAnswer(detail="access token refused") if isinstance(outcome, TokenRefused) else outcome

    def try_passkey(self) -> Signed:
        """Whether short code and passkey belong together, as far as M-PESA tells: asks about a prompt that never was.

        Raises:
            NoAccessToken: none could be had.
        """
        body = wire.query_body(self._account, self._keys, _NEVER_WAS, self._now())
        try:
            return self._run(lambda: self._try_passkey(body), self._limits.query_in_all)
        except _LOST:
            return Signed.UNKNOWN

    def pull(self, first: datetime, last: datetime) -> PulledSet | NotPulled:
        """All that M-PESA tells of the money that came from one moment to another (UTC), or nothing."""
        try:
            return self._run(lambda: self._pull(first, last, self._now()), self._limits.pull_in_all)
        except NoAccessToken as error:
            trouble = PullTrouble.CREDENTIALS if error.reason == "credentials" else PullTrouble.UNREACHABLE
            return NotPulled(trouble, error.detail)
        except _LOST as error:
            return NotPulled(PullTrouble.UNREACHABLE, type(error).__name__)

    def register_pull(self, nominated: str) -> PullRegistration:
        """Ask M-PESA, once for a short code, to tell of its money. `nominated`: an MSISDN that it knows of the shop."""
        address = f"{self._callback_base().rstrip('/')}/pull"
        body = pull_wire.register_body(self._account, nominated, address)
        try:
            outcome = self._run(
                lambda: self._authorised(lambda token: self._send_registration(body, token)), self._limits.query_in_all
            )
        except (NoAccessToken, *_LOST):
            return PullRegistration.UNKNOWN
        return PullRegistration.REFUSED if isinstance(outcome, TokenRefused) else outcome

    def close(self) -> None:
        """Close every connection; what is on its way ends at once, as a lost connection does."""
        self._runner.close(self._exchanges.close)

    def _run(self, work: Work[T], seconds: float) -> T:
        """Do work on the event loop, and wait for it so many seconds at most.

        Raises:
            TimeoutError, RuntimeError, CancelledError: see `_LOST`.
        """

        async def within() -> T:
            try:
                async with asyncio.timeout(seconds):
                    return await work()
            except TimeoutError:
                self._told(False)
                raise

        return self._runner.run(within)

    # --- on the event loop

    async def _reach(self) -> None:
        try:
            await self._exchanges.open(self._limits.other)
        except httpx.HTTPError:
            self._told(False)
        else:
            self._told(True)

    async def _warm(self) -> None:
        await self._tokens.get()
        if self._contact is None or self._monotonic() - self._contact > _WARM:
            await self._send("HEAD", "/", CONNECT_TIMEOUT)

    async def _authorised(self, send: Callable[[str], Awaitable[T]]) -> T:
        """Send with an access token; once more with a new one where M-PESA refused the first unread."""
        token = await self._tokens.get()
        outcome = await send(token)
        if isinstance(outcome, TokenRefused):
            self._tokens.drop(token)
            outcome = await send(await self._tokens.get())
        return outcome

    async def _send_push(
        self, body: dict[str, object], token: str, departure: Departure
    ) -> Accepted | NotSent | Unanswered | TokenRefused:
        reply = await self._send("POST", wire.PUSH_PATH, self._limits.push, departure, token=token, json=body)
        outcome = wire.read_push(*reply)
        if isinstance(outcome, TokenRefused):
            departure.refused()
        return outcome

    async def _send_query(self, body: dict[str, object], token: str, asked: str) -> Answer | NoAnswer | TokenRefused:
        return wire.read_query(
            *await self._send("POST", wire.QUERY_PATH, self._limits.other, token=token, json=body), asked
        )

    async def _pull(self, first: datetime, last: datetime, asked_at: datetime) -> PulledSet | NotPulled:
        pages = PulledPages()
        while not pages.ended:
            body = pull_wire.pull_body(self._account, first, last, pages.offset)
            page = await self._authorised(partial(self._send_pull, body))
            if trouble := pages.take(page):
                return trouble
        return PulledSet(rows=pages.rows, first=first, last=last, asked_at=asked_at)

    async def _send_pull(self, body: dict[str, object], token: str) -> PulledPage | NotPulled | TokenRefused:
        try:
            reply = await self._send(
                "POST", pull_wire.PULL_PATH, self._limits.other, token=token, json=body, most=MOST_OF_A_PAGE
            )
        except httpx.HTTPError as error:
            return NotPulled(PullTrouble.UNREACHABLE, type(error).__name__)
        return pull_wire.read_page(*reply)

    async def _send_registration(self, body: dict[str, object], token: str) -> PullRegistration | TokenRefused:
        reply = await self._send("POST", pull_wire.REGISTER_PATH, self._limits.other, token=token, json=body)
        return pull_wire.read_registration(*reply)

    async def _try_passkey(self, body: dict[str, object]) -> Signed:
        token = await self._tokens.get()
        return wire.read_signed(*await self._send("POST", wire.QUERY_PATH, self._limits.other, token=token, json=body))

    async def _fetch_token(self) -> wire.AccessToken:
        auth = httpx.BasicAuth(self._keys.consumer_key, self._keys.consumer_secret)
        try:
            reply = await self._send(
                "GET", wire.OAUTH_PATH, self._limits.token, params={"grant_type": "client_credentials"}, auth=auth
            )
        except httpx.HTTPError as error:
            _log.warning("access token: M-PESA not reached (%s)", type(error).__name__)
            raise NoAccessToken("unreachable", type(error).__name__) from None
        token = wire.read_token(*reply)
        if token is None:
            _log.warning("access token: refused with HTTP %d", reply.status)
            # Wrong keys are an empty 400, or 400.008.x; everything else is M-PESA's own trouble.
            detail = f"HTTP {reply.status}" if reply.body else f"HTTP {reply.status}, empty"
            raise NoAccessToken("credentials" if reply.status in (400, 401) else "unreachable", detail)
        return token

    async def _send(
        self,
        method: str,
        path: str,
        seconds: float,
        departure: Departure | None = None,
        *,
        token: str | None = None,
        **options: Any,
    ) -> Reply:
        """One exchange within `seconds`.

        Raises:
            httpx.HTTPError: whatever kept the answer from coming.
            MustNotLeave: there was an objection to its first byte.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            reply = await self._exchanges.send(method, path, seconds, departure, headers=headers, **options)
        except httpx.HTTPError:
            self._told(False)
            raise
        self._contact = self._monotonic()
        self._told(_its_own(reply))
        return reply


def _its_own(reply: Reply) -> bool:
    """Whether M-PESA itself answered, and not a firewall, a hotel's page or what stands before it while it is down."""
    return reply.body.lstrip().startswith(b"{") or (not reply.body and reply.status < 500)
