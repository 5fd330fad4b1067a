"""The way between the till and M-PESA: an httpx transport without sockets that can fail wherever a network can."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from pos_app.simulator import (
    OAUTH_PATH,
    PULL_PATH,
    PUSH_PATH,
    QUERY_PATH,
    REGISTER_PATH,
    HttpReply,
    Json,
    Mpesa,
    Request,
)
from pos_app.simulator.bodies import HANG_UP
from tests.faults.oracles.truth import Accepted, Answered, Truth
from tests.faults.simulation.kernel import Kernel, Later

TOKEN_REFUSED = ("404.001.03", "400.003.01", "401.002.01", "401.001")  # before the request was looked at


class Kind(StrEnum):
    """What a request asks for."""

    OAUTH = "oauth"
    PUSH = "push"
    QUERY = "query"
    PULL = "pull"


_KINDS = {
    OAUTH_PATH: Kind.OAUTH,
    PUSH_PATH: Kind.PUSH,
    QUERY_PATH: Kind.QUERY,
    PULL_PATH: Kind.PULL,
    REGISTER_PATH: Kind.PULL,
}


@dataclass(frozen=True, slots=True)
class Raw:
    """An HTTP answer as bytes. Unless it is `said` M-PESA's own word, somebody on the way speaks."""

    status: int
    body: bytes = b""
    content_type: str = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one request.

    Attributes:
        opens: raised before anything is sent, or None.
        reaches: whether M-PESA gets the request.
        breaks: raised after sending, instead of an answer.
        instead: what the till gets instead of M-PESA's answer.
        says: what M-PESA itself says instead of the truth, where it answers 200.
        spoil: damages M-PESA's answer.
        cut: how many bytes of the answer come before the connection breaks.
        delay: seconds, there and back.
        drip: seconds between two bytes of the answer.
    """

    opens: type[httpx.TransportError] | None = None
    reaches: bool = True
    breaks: type[httpx.TransportError] | None = None
    instead: Raw | None = None
    says: Callable[[Json], Json] | None = None
    spoil: Callable[[bytes], bytes] | None = None
    cut: int | None = None
    delay: float = 0.1
    drip: float = 0.0


FINE = Fate()
Weather = Callable[[Kind], Fate]


def fine(kind: Kind) -> Fate:
    """Nothing goes wrong."""
    return FINE


class _Stream(httpx.AsyncByteStream):
    """An answer's body, byte by byte where it drips; whoever reads it to its end has it."""

    def __init__(
        self, kernel: Kernel, fate: Fate, body: bytes, whole: Callable[[], None], closed: Callable[[], None]
    ) -> None:
        self._kernel = kernel
        self._fate = fate
        self._body = body
        self._whole = whole
        self._closed = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        fate, body = self._fate, self._body
        if fate.drip:
            for at in range(len(body) if fate.cut is None else fate.cut):
                self._kernel.sleep(fate.drip)
                await asyncio.sleep(0)  # here the limit over the whole exchange is felt
                yield body[at : at + 1]
        else:
            yield body[: fate.cut]
        if fate.cut is not None:
            raise httpx.ReadError("connection reset")
        self._whole()

    async def aclose(self) -> None:
        self._closed()


class Transport(httpx.AsyncBaseTransport):
    """Carries the till's requests to a simulated M-PESA.

    Attributes:
        weather: decides what becomes of each request; may be changed at any time.
        requests: how many were begun, of each kind.
    """

    def __init__(self, kernel: Kernel, truth: Truth, mpesa: Mpesa) -> None:
        self._kernel = kernel
        self._truth = truth
        self._mpesa = mpesa
        self.weather: Weather = fine
        self.alive = True  # False: the program that asks is gone, whatever comes back is heard by nobody
        self.requests: Counter[Kind] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        kind = _KINDS[request.url.path]
        self.requests[kind] += 1
        fate = self.weather(kind)
        if kind is not Kind.OAUTH:
            return await self._exchange(request, kind, fate)
        self._kernel.hold()  # everybody waits for an access token on its way
        try:
            return await self._exchange(request, kind, fate)
        except BaseException:
            self._kernel.let_go()
            raise

    async def _exchange(self, request: httpx.Request, kind: Kind, fate: Fate) -> httpx.Response:
        kernel, timeout, tell = self._kernel, request.extensions["timeout"], request.extensions["trace"]
        await tell("connection.connect_tcp.started", {"request": request})
        if fate.opens:
            kernel.sleep(min(fate.delay, timeout["connect"]))
            raise fate.opens("no connection", request=request)
        await tell("http11.send_request_headers.started", {"request": request})
        body = json.loads(request.content) if request.content else {}
        token = str(body.get("CallBackURL", "")).rpartition("/")[2]
        if kind is Kind.PUSH:
            self._truth.left[token] += 1
            self._truth.bearers.setdefault(token, []).append(request.headers["Authorization"])
        kernel.sleep(fate.delay / 2)
        coming: Later[HttpReply] = Later()
        if fate.reaches:
            self._hand_in(request, token, coming)
        if fate.breaks:
            kernel.sleep(fate.delay / 2)
            raise fate.breaks("connection lost", request=request)
        if fate.instead:
            kernel.sleep(fate.delay / 2)
            code = _error_code(fate.instead)
            return self._response(kind, fate, fate.instead, lambda: self._refused(kind, code, token))
        return self._answer(request, kind, fate, body, token, coming)

    def _hand_in(self, request: httpx.Request, token: str, coming: Later[HttpReply]) -> None:
        self._truth.handling = token
        self._mpesa.handle(_request(request), coming.set)

    def _answer(
        self, request: httpx.Request, kind: Kind, fate: Fate, body: dict[str, Any], token: str, coming: Later[HttpReply]
    ) -> httpx.Response:
        patience = request.extensions["timeout"]["read"]
        reply = self._kernel.wait(coming, max(0.0, patience - fate.delay / 2))
        if reply is None:
            raise httpx.ReadTimeout("silence", request=request)
        if reply is HANG_UP:
            raise httpx.RemoteProtocolError("hung up", request=request)
        if fate.delay > patience:
            self._kernel.sleep(patience - fate.delay / 2)
            raise httpx.ReadTimeout("silence", request=request)
        self._kernel.sleep(fate.delay / 2)
        if fate.says and reply.status == 200 and isinstance(reply.body, dict):
            reply = HttpReply(200, fate.says(reply.body))
        raw = _raw(reply)
        if fate.spoil:
            return self._response(kind, fate, Raw(raw.status, fate.spoil(raw.body), raw.content_type), lambda: None)
        return self._response(kind, fate, raw, lambda: self._whole(kind, reply, token, body))

    def _response(self, kind: Kind, fate: Fate, raw: Raw, whole: Callable[[], None]) -> httpx.Response:
        closed = self._kernel.let_go if kind is Kind.OAUTH else lambda: None
        stream = _Stream(self._kernel, fate, raw.body, whole, closed)
        return httpx.Response(raw.status, headers={"Content-Type": raw.content_type}, stream=stream)

    def _whole(self, kind: Kind, reply: HttpReply, token: str, asked: dict[str, Any]) -> None:
        """M-PESA's own undamaged answer is in the till's hands."""
        said = reply.body if isinstance(reply.body, dict) else {}
        self._refused(kind, said.get("errorCode"), token)
        if not self.alive or reply.status != 200:
            return
        if kind is Kind.PUSH:
            self._truth.seen.append(Accepted(token, said["MerchantRequestID"], said["CheckoutRequestID"]))
        elif kind is Kind.QUERY:
            answer = Answered(asked["CheckoutRequestID"], said["ResultCode"], said["CheckoutRequestID"])
            self._truth.seen.append(answer)

    def _refused(self, kind: Kind, code: object, token: str) -> None:
        """A push that was refused for its access token is sent again (rule 2)."""
        if kind is Kind.PUSH and code in TOKEN_REFUSED:
            self._truth.refused[token] += 1
            self._truth.left[token] -= 1


def _request(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        asked=dict(request.url.params),
        authorization=request.headers.get("Authorization", ""),
        content_type=request.headers.get("Content-Type", ""),
        body=request.content,
    )


def _error_code(raw: Raw) -> object:
    said = json.loads(raw.body) if raw.content_type == "application/json" else None
    return said.get("errorCode") if isinstance(said, dict) else None


def _raw(reply: HttpReply) -> Raw:
    if isinstance(reply.body, dict):
        return Raw(reply.status, json.dumps(reply.body).encode(), "application/json")
    return Raw(reply.status, reply.body if isinstance(reply.body, bytes) else reply.body.encode())
