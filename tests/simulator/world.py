"""M-PESA under a clock that stands still until a test moves it, and a shop's requests to it."""

import base64
import heapq
import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pos_app.simulator import (
    OAUTH_PATH,
    PUSH_PATH,
    QUERY_PATH,
    Choice,
    Fault,
    HttpReply,
    Json,
    Mpesa,
    Prompt,
    Request,
    SimulatorOptions,
)
from pos_app.simulator.world import Action

PHONE = "254708374149"
OTHER_PHONE = "254110000222"
CALLBACK = "http://127.0.0.1:5000/stk/secret"
START = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)  # 14:03 in Nairobi


class VirtualWorld:
    """Time moves by `advance` only; callbacks land in `posted`, each after `travel` seconds."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int, Action]] = []
        self.travel = 0.1
        self.posted: list[tuple[float, str, Json]] = []
        self.shown: list[Prompt] = []
        self.gone: list[str] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def schedule(self, delay: float, action: Action) -> None:
        heapq.heappush(self._due, (self._elapsed + delay, next(self._order), action))

    def post(self, url: str, body: Json, done: Action) -> None:
        def arrive() -> None:
            self.posted.append((round(self._elapsed, 3), url, body))
            done()

        self.schedule(self.travel, arrive)

    def prompted(self, prompt: Prompt) -> None:
        self.shown.append(prompt)

    def closed(self, checkout_request_id: str) -> None:
        self.gone.append(checkout_request_id)

    def advance(self, seconds: float) -> None:
        """Let time pass, with everything that is due on the way."""
        end = self._elapsed + seconds
        while self._due and self._due[0][0] <= end:
            self._elapsed, _, action = heapq.heappop(self._due)
            action()
        self._elapsed = end

    def callbacks(self) -> list[Json]:
        """What was posted, without its envelope."""
        return [body["Body"]["stkCallback"] for _, _, body in self.posted]


def basic(key: str = "practice-key", secret: str = "practice-secret") -> str:
    """An Authorization header for an access token."""
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


def password(timestamp: str, shortcode: str = "174379", passkey: str = "practice-passkey") -> str:
    return base64.b64encode(f"{shortcode}{passkey}{timestamp}".encode()).decode()


def push_body(**changes: object) -> Json:
    """A push that is taken. A change to None leaves the field out."""
    body = {
        "BusinessShortCode": "174379",
        "Password": password("20261123140300"),
        "Timestamp": "20261123140300",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 250,
        "PartyA": PHONE,
        "PartyB": "174379",
        "PhoneNumber": PHONE,
        "CallBackURL": CALLBACK,
        "AccountReference": "POST_3_7",
        "TransactionDesc": "Maji 20 l",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def query_body(checkout_request_id: str, **changes: object) -> Json:
    """A question that is answered."""
    return {
        "BusinessShortCode": 174379,
        "Password": password("20261123140400"),
        "Timestamp": "20261123140400",
        "CheckoutRequestID": checkout_request_id,
        **changes,
    }


class Shop:
    """Talks to an M-PESA of its own in a virtual world."""

    def __init__(
        self,
        customer: Choice | None = Choice.PIN,
        faults: Mapping[Fault, float] | tuple[Fault, ...] = (),
        *,
        seed: int = 0,
        till_number: str | None = None,
        token_lifetime: int = 3599,
    ) -> None:
        self.world = VirtualWorld()
        options = SimulatorOptions(
            seed=seed,
            customer=customer,
            faults=dict(faults) if isinstance(faults, Mapping) else dict.fromkeys(faults, 1.0),
            till_number=till_number,
            token_lifetime=token_lifetime,
            shop_name="Mama Njeri Shop",
        )
        self.mpesa = Mpesa(options, self.world)
        self.bearer = ""

    def send(self, request: Request) -> list[HttpReply]:
        """The list that the answer comes into."""
        replies: list[HttpReply] = []
        self.mpesa.handle(request, replies.append)
        return replies

    def sign_in(self, authorization: str | None = None, grant_type: str = "client_credentials") -> HttpReply:
        request = Request(
            method="GET",
            path=OAUTH_PATH,
            asked={"grant_type": grant_type},
            authorization=authorization or basic(),
        )
        [reply] = self.send(request)
        if isinstance(reply.body, dict) and "access_token" in reply.body:
            self.bearer = f"Bearer {reply.body['access_token']}"
        return reply

    def push_later(self, **changes: object) -> list[HttpReply]:
        """Push; the answer may come only when time has moved."""
        if not self.bearer:
            self.sign_in()
        return self.send(self.request(PUSH_PATH, push_body(**changes)))

    def push(self, **changes: object) -> HttpReply:
        [reply] = self.push_later(**changes)
        return reply

    def pushed(self, **changes: object) -> str:
        """Push and give the CheckoutRequestID."""
        reply = self.push(**changes)
        assert isinstance(reply.body, dict)
        return str(reply.body["CheckoutRequestID"])

    def query(self, checkout_request_id: str, **changes: object) -> HttpReply:
        if not self.bearer:
            self.sign_in()
        [reply] = self.send(self.request(QUERY_PATH, query_body(checkout_request_id, **changes)))
        return reply

    def request(self, path: str, body: object) -> Request:
        return Request(
            method="POST",
            path=path,
            authorization=self.bearer,
            content_type="application/json",
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        )


def error(reply: HttpReply) -> tuple[int, str, str]:
    """HTTP status, errorCode and errorMessage of a refusal."""
    assert isinstance(reply.body, dict)
    assert set(reply.body) == {"requestId", "errorCode", "errorMessage"}
    return reply.status, reply.body["errorCode"], reply.body["errorMessage"]
