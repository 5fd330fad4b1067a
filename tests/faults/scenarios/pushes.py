"""Every way a push can end on the wire, and what the till must make of it: rule 3 as a table."""

import json
from dataclasses import dataclass

import httpx

from pos_app.simulator import Choice
from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.transport import FINE, Fate, Kind, Raw
from tests.faults.simulation.world import World, world

NOT_SENT, UNKNOWN, PROMPTED = "not_sent", "unknown", "prompted"


@dataclass(frozen=True, slots=True)
class Case:
    """One fate of a push, and the state of the payment right after it."""

    name: str
    fate: Fate
    state: str


def _error(status: int, code: str, message: str, *, reaches: bool = False) -> Fate:
    body = {"requestId": "1-2-3", "errorCode": code, "errorMessage": message}
    return Fate(reaches=reaches, instead=Raw(status, json.dumps(body).encode(), "application/json"))


def _page(status: int, *, reaches: bool = True) -> Fate:
    return Fate(reaches=reaches, instead=Raw(status, b"<html><body>Not what you asked for</body></html>"))


def _json(status: int, body: object, *, reaches: bool = True) -> Fate:
    return Fate(reaches=reaches, instead=Raw(status, json.dumps(body).encode(), "application/json"))


_ID = "ws_CO_23112026140000123708374149"
_NOT_OPENED = [
    Case("name look-up fails", Fate(opens=httpx.ConnectError), NOT_SENT),
    Case("connection refused", Fate(opens=httpx.ConnectError, delay=0.0), NOT_SENT),
    Case("TLS is bad", Fate(opens=httpx.ConnectError, delay=2.0), NOT_SENT),
    Case("connecting takes too long", Fate(opens=httpx.ConnectTimeout, delay=60.0), NOT_SENT),
    Case("no connection free", Fate(opens=httpx.PoolTimeout), NOT_SENT),
    Case("proxy refuses", Fate(opens=httpx.ProxyError), NOT_SENT),
]
_LOST = [
    Case(f"{error.__name__}, M-PESA has it: {reaches}", Fate(reaches=reaches, breaks=error), UNKNOWN)
    for error in (
        *(httpx.WriteError, httpx.WriteTimeout, httpx.ReadError, httpx.ReadTimeout),
        *(httpx.RemoteProtocolError, httpx.LocalProtocolError, httpx.CloseError),
    )
    for reaches in (True, False)
]  # fmt: skip
_SLOW = [
    Case("cut in the first byte", Fate(cut=0), UNKNOWN),
    Case("cut in the middle", Fate(cut=60), UNKNOWN),
    Case("one byte a second", Fate(drip=1.0), UNKNOWN),
    Case("one byte in ten milliseconds", Fate(drip=0.01), PROMPTED),
    Case("slow, in time", Fate(delay=29.0), PROMPTED),
    Case("too slow", Fate(delay=31.0), UNKNOWN),
    Case("half of it", Fate(spoil=lambda body: body[: len(body) // 2]), UNKNOWN),
    Case("not UTF-8", Fate(spoil=lambda body: body.replace(b"ws_CO", b"\xff\xfe")), UNKNOWN),
    Case("a mountain", Fate(spoil=lambda body: body + b" " * 70_000), UNKNOWN),
    Case("in a list", Fate(spoil=lambda body: b"[" + body + b"]"), UNKNOWN),
]
_PAGES = [
    Case(f"page with {status}", _page(status), UNKNOWN) for status in (200, 403, 407, 429, 500, 502, 503, 504)
] + [Case(f"redirect {status}", _page(status, reaches=False), UNKNOWN) for status in (301, 302, 303, 307, 308)]
_REFUSED = [
    Case(f"{code} {message}", _error(status, code, message), NOT_SENT)
    for status, code, message in (
        (400, "400.002.02", "Bad Request - Invalid PhoneNumber"),
        (400, "400.002.05", "Invalid Request Payload"),
        (400, "400.003.02", "Bad Request"),
        (401, "401.003.01", "Error Occurred - Invalid Credentials"),
        (404, "404.001.01", "Resource not found"),
        (404, "404.001.04", "Invalid Authentication Header"),
        (405, "405.001", "Method Not Allowed"),
        (500, "500.003.03", "Error Occurred: Quota Violation"),
        (500, "500.003.02", "Error Occurred: Spike Arrest Violation"),
        (500, "500.001.1001", "[MpesaCB - ]Wrong credentials"),
        (500, "500.001.1001", "Merchant does not exist"),
        (500, "500.001.1001", "Unable to lock subscriber, a transaction is already in process"),
        # Refused for the access token, and again with a new one.
        (404, "404.001.03", "Invalid Access Token"),
        (400, "400.003.01", "Invalid Access Token"),
        (401, "401.002.01", "Error Occurred - Invalid Access Token"),
    )
]
_MAYBE = [
    Case(f"{code} {message}", _error(status, code, message, reaches=True), UNKNOWN)
    for status, code, message in (
        (500, "500.003.02", "System is busy. Please try again in few minutes."),
        (500, "500.003.1001", "Internal Server Error"),
        (500, "500.001.1001", "Server Error"),
        (500, "500.001.1001", "The transaction is being processed"),
        (503, "503.001.01", "Unavailable"),
        (400, "400.999.99", "Never heard of"),
        (200, "400.002.02", "Bad Request, and yet 200"),
        (302, "400.002.02", "Bad Request, and yet a redirect"),
    )
] + [
    Case("Apigee fault", _json(500, {"fault": {"faultstring": "x", "detail": {"errorcode": "y"}}}), UNKNOWN),
    Case("200 with another ResponseCode", _json(200, {"ResponseCode": "1", "CheckoutRequestID": _ID}), UNKNOWN),
    Case("200 without an id", _json(200, {"ResponseCode": "0", "MerchantRequestID": "1-2-3"}), UNKNOWN),
    Case("200 with an empty id", _json(200, {"ResponseCode": "0", "CheckoutRequestID": ""}), UNKNOWN),
    Case("200 with a strange id", _json(200, {"ResponseCode": "0", "CheckoutRequestID": ["x"]}), UNKNOWN),
    Case("200 with nothing", _json(200, {}), UNKNOWN),
    Case("200 with null", _json(200, None), UNKNOWN),
]
CASES = [*_NOT_OPENED, *_LOST, *_SLOW, *_PAGES, *_REFUSED, *_MAYBE, Case("nothing goes wrong", FINE, PROMPTED)]


def classes(seed: int, runs: int) -> None:
    """T19: one push for each case, in any order; each is in its class at once, and is paid where its proof comes."""
    with world(seed) as shop:
        cases = shop.random.sample(CASES, len(CASES))
        assert runs == len(cases), f"a seed has {len(cases)} payments"
        shop.environment.customer = lambda _: (shop.random.uniform(41.0, 59.0), Choice.PIN)
        for case in cases:
            _one(shop, case)
        shop.run(120)
        settle(shop)
        check(shop)
        paid = shop.rows("SELECT count(*) AS n FROM payment WHERE state = 'paid'")[0]["n"]
        assert paid == len(shop.truth.prompts), f"{len(shop.truth.prompts)} customers paid, {paid} payments are"


def _one(shop: World, case: Case) -> None:
    shop.weather = lambda kind: case.fate if kind is Kind.PUSH else FINE
    payment = shop.sell()
    shop.run(40.0)  # the push has ended, and its callback has not come
    state = shop.now_is(payment).state
    assert state == case.state, f"{case.name}: {state}, and rule 3 says {case.state}"
