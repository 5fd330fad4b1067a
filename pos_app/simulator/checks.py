"""Reading requests the way Daraja does: field by field, the first that cannot be used is named in the refusal.

Liberal in what it takes: numbers or text, fields it does not know, any clock in Timestamp.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from pos_app.domain.kenya_time import NAIROBI
from pos_app.simulator.bodies import NO_SUCH_MERCHANT, UNREADABLE, WRONG_CREDENTIALS, Json, Refused, invalid

MAX_AMOUNT = 250_000  # KES for one transaction: M-PESA Express, FAQ 5
PAYBILL = "CustomerPayBillOnline"
BUY_GOODS = "CustomerBuyGoodsOnline"

_DIGITS = "[0-9]{5,7}"
_MSISDN = "254[17][0-9]{8}"
# The sandbox takes longer ones; M-PESA Express documents these lengths, and a client that keeps them is safe.
_REFERENCE = ".{1,12}"
_DESCRIPTION = ".{1,13}"
_URL = r"https?://[^\s<>\"\\^`{|}@]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request, without its transport. `asked`: what stands behind the `?` of its address."""

    method: str
    path: str
    asked: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who asks: Password is base64 of shortcode, passkey and timestamp, all three as in the body."""

    shortcode: str
    password: str
    timestamp: str

    def check(self, shortcode: str, passkey: str) -> None:
        """Refuse another merchant, or one who does not know the passkey."""
        if self.shortcode != shortcode:
            raise Refused(NO_SUCH_MERCHANT)
        expected = base64.b64encode(f"{shortcode}{passkey}{self.timestamp}".encode()).decode()
        if self.password != expected:
            raise Refused(WRONG_CREDENTIALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """A request to prompt a customer. `payer` and `phone` are MSISDNs, `amount` is in KES."""

    signature: Signature
    transaction_type: str
    amount: int
    payer: str
    party_b: str
    phone: str
    callback_url: str
    account_reference: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question what became of a prompt."""

    signature: Signature
    checkout_request_id: str


def read_push(request: Request) -> PushRequest:
    """The push in a request; the fields are checked in the order of the documentation."""
    body = _read_object(request)
    return PushRequest(
        signature=_signature(body),
        transaction_type=_field(body, "TransactionType", f"{PAYBILL}|{BUY_GOODS}"),
        amount=_amount(body),
        payer=_field(body, "PartyA", _MSISDN),
        party_b=_field(body, "PartyB", _DIGITS),
        phone=_field(body, "PhoneNumber", _MSISDN),
        callback_url=_callback_url(body),
        account_reference=_account_reference(body),
        description=_field(body, "TransactionDesc", _DESCRIPTION, called="Remarks"),
    )


def read_query(request: Request) -> Query:
    """The query in a request."""
    body = _read_object(request)
    return Query(signature=_signature(body), checkout_request_id=_field(body, "CheckoutRequestID", ".+"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PullQuery:
    """A question for the money that came. Times in UTC, both included."""

    short_code: str
    first: datetime
    last: datetime
    offset: int


def read_pull_query(request: Request) -> PullQuery:
    """The question of Pull Transactions in a request; its times are Nairobi's."""
    body = _read_object(request)
    return PullQuery(
        short_code=_field(body, "ShortCode", _DIGITS),
        first=_shop_time(body, "StartDate"),
        last=_shop_time(body, "EndDate"),
        offset=int(_field(body, "OffSetValue", "[0-9]{1,9}")),
    )


def read_pull_register(request: Request) -> str:
    """The short code that Pull Transactions is registered for."""
    body = _read_object(request)
    short_code = _field(body, "ShortCode", _DIGITS)
    _field(body, "RequestType", "Pull")
    _field(body, "NominatedNumber", _MSISDN)
    _callback_url(body)
    return short_code


def read_by_hand(request: Request) -> tuple[str, int, str]:
    """Who pays without a prompt (MSISDN), how much (KES), and what is typed as account."""
    body = _read_object(request)
    return _field(body, "Msisdn", _MSISDN), _amount(body), _field(body, "BillRefNumber", "[^\\r\\n]{0,20}")


def read_receipt(request: Request) -> str:
    """The receipt code in a request."""
    return _field(_read_object(request), "TransactionID", "[A-Z0-9]{10}")


def read_basic(authorization: str) -> tuple[str, str] | None:
    """Consumer key and secret of an `Authorization: Basic` header; None when they cannot be read."""
    try:
        key, colon, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (key, secret) if colon else None


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine. The simulator posts nowhere else, whatever it is asked."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_object(request: Request) -> Json:
    if request.content_type != "application/json":
        raise Refused(invalid("BusinessShortCode"))  # what Daraja says when the header is missing
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None
    if not isinstance(body, dict):
        raise Refused(UNREADABLE)
    return body


def _text(body: Json, name: str) -> str:
    """A field as text; empty when it is missing or is neither text nor a number."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _field(body: Json, name: str, pattern: str, *, called: str | None = None) -> str:
    value = _text(body, name)
    if not re.fullmatch(pattern, value):
        raise Refused(invalid(called or name))
    return value


def _signature(body: Json) -> Signature:
    return Signature(
        shortcode=_field(body, "BusinessShortCode", _DIGITS),
        password=_field(body, "Password", ".+"),
        timestamp=_timestamp(body),
    )


def _timestamp(body: Json) -> str:
    value = _field(body, "Timestamp", "[0-9]{14}")
    try:
        datetime.strptime(value, "%Y%m%d%H%M%S")
    except ValueError:
        raise Refused(invalid("Timestamp")) from None
    return value


def _shop_time(body: Json, name: str) -> datetime:
    try:
        there = datetime.strptime(_text(body, name), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise Refused(invalid(name)) from None
    return there.replace(tzinfo=NAIROBI).astimezone(UTC)


def _amount(body: Json) -> int:
    amount = int(_field(body, "Amount", "[0-9]{1,6}"))
    if not 1 <= amount <= MAX_AMOUNT:
        raise Refused(invalid("Amount"))
    return amount


def _account_reference(body: Json) -> str:
    if not _text(body, "AccountReference"):
        raise Refused(invalid("Remarks"))  # seen: a missing reference is called by the other field's name
    return _field(body, "AccountReference", _REFERENCE)


def _callback_url(body: Json) -> str:
    url = _field(body, "CallBackURL", _URL)
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, an unclosed bracket
        usable = False
    if not usable:
        raise Refused(invalid("CallBackURL"))
    return url
