"""What goes over the wire to Daraja and what comes back, as pure functions.

Nothing here raises for what M-PESA or a stranger sends: a body is understood, or it is no evidence.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pos_app.daraja import codes
from pos_app.daraja.json_object import code_of, error_of, number_of, plain_text, read_object, same
from pos_app.domain import strict
from pos_app.domain.classify import RECEIPT_CODE
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    NoAnswer,
    NotSent,
    Result,
    Unanswered,
    UnreadableCallback,
)
from pos_app.domain.push import Push

OAUTH_PATH = "/oauth/v1/generate"
PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"
NO_ROUTE = "https://kaunta.invalid"  # a name that can never exist; the sandbox takes it
_MAX_DESCRIPTION = 13  # Daraja, M-PESA Express: TransactionDesc
_MSISDN = re.compile("254[17][0-9]{8}")
_ID = re.compile("[!-~]{1,100}")  # plain characters: any others could not be stored, or sent in a header
_TOKEN = re.compile("[!-~]{1,4096}")
_LIFETIME = Decimal(3_599)  # seconds that an access token lives as a rule; no longer is ever believed


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of a Daraja app. Never shown: `repr` hides them."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    passkey: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the money goes to.

    Attributes:
        shortcode: the paybill, or for a till its store number.
        till_number: the till (Buy Goods); None for a paybill.
    """

    shortcode: str
    till_number: str | None = None


class AccessToken(NamedTuple):
    """An OAuth token and how long it lives, in seconds."""

    value: str
    lifetime: float


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """M-PESA refused the access token, before it looked at the request (rule 2)."""


def callback_url(base: str, address_token: str) -> str:
    """A payment's own CallBackURL."""
    return f"{base.rstrip('/')}/stk/{address_token}"


def push_body(account: Account, keys: Keys, push: Push, base: str, now: datetime) -> dict[str, object]:
    """The body of an STK Push. Amount is an integer (KES), everything else text.

    Args:
        base: the public address that callbacks reach, or `NO_ROUTE`.
        now: any zone; Timestamp and Password both come from this one reading, in Nairobi time.
    """
    return {
        **_signed(account, keys, now),
        "TransactionType": "CustomerBuyGoodsOnline" if account.till_number else "CustomerPayBillOnline",
        "Amount": push.amount,
        "PartyA": push.phone,
        "PartyB": account.till_number or account.shortcode,
        "PhoneNumber": push.phone,
        "CallBackURL": callback_url(base, push.address_token),
        "AccountReference": push.reference,
        "TransactionDesc": _description(push.title),
    }


def query_body(account: Account, keys: Keys, checkout_request_id: str, now: datetime) -> dict[str, object]:
    """The body of a status query."""
    return {**_signed(account, keys, now), "CheckoutRequestID": checkout_request_id}


def _signed(account: Account, keys: Keys, now: datetime) -> dict[str, object]:
    timestamp = now.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")
    password = base64.b64encode(f"{account.shortcode}{keys.passkey}{timestamp}".encode()).decode()
    return {"BusinessShortCode": account.shortcode, "Password": password, "Timestamp": timestamp}


def _description(title: str) -> str:
    """1 to 13 plain characters; M-PESA refuses a push without any."""
    plain = re.sub("[^A-Za-z0-9 ]", "", title)
    return plain[:_MAX_DESCRIPTION].strip() or "Payment"


def read_token(status: int, body: bytes) -> AccessToken | None:
    """The access token in an answer of the OAuth call.

    `expires_in` comes as text and as a number. Without a usable one the token counts as one that lives as usual: where
    it does not, M-PESA refuses it unread, and it is replaced once (rule 2).
    """
    data = read_object(body)
    if status != 200 or not data:
        return None
    value, lifetime = plain_text(data.get("access_token"), _TOKEN), number_of(data.get("expires_in"))
    if lifetime is None or not 0 < lifetime < _LIFETIME:
        lifetime = _LIFETIME
    return AccessToken(value, float(lifetime)) if value else None


def read_push(status: int, body: bytes) -> Accepted | NotSent | Unanswered | TokenRefused:
    """Classify the answer to a push (rule 3): everything not surely one of the others is unknown."""
    data = read_object(body)
    if data is None:
        return Unanswered(detail=f"HTTP {status} without a readable answer")
    if status == 200:
        checkout = _id(data.get("CheckoutRequestID"))
        if code_of(data.get("ResponseCode")) == "0" and checkout:
            return Accepted(_id(data.get("MerchantRequestID")), checkout)
        return Unanswered(detail="HTTP 200 without an acceptance")
    code, said = error_of(data)
    if status < 400 or not code:
        return Unanswered(detail=f"HTTP {status}")
    if code in codes.TOKEN_REFUSED:
        return TokenRefused()
    reason = codes.NOT_SENT.get(code) or next(
        (reason for known, words, reason in codes.NOT_SENT_IF_SAID if code == known and words in said), None
    )
    return NotSent(reason, detail=_detail(code, said)) if reason else Unanswered(detail=f"HTTP {status}, {code}")


def read_query(status: int, body: bytes, asked: str) -> Answer | NoAnswer | TokenRefused:
    """Classify the answer to a status query. In flight is said in two ways, and both mean "not yet"."""
    data = read_object(body)
    if data is None:
        return NoAnswer(detail=f"HTTP {status} without a readable answer")
    code, said = error_of(data)
    if status >= 400 and code in codes.TOKEN_REFUSED:
        return TokenRefused()
    if status >= 400 and code == "500.001.1001" and "being processed" in said:
        return Answer(Result.PENDING, code, asked)
    result = code_of(data.get("ResultCode"))
    if status != 200 or result is None:
        return NoAnswer(detail=f"HTTP {status}, {code}", reached=True) if code else NoAnswer(detail=f"HTTP {status}")
    return Answer(codes.result_of(result), result, _id(data.get("CheckoutRequestID")))


class Signed(StrEnum):
    """What Daraja thinks of a short code and its passkey."""

    FITS = "fits"
    WRONG = "credentials"
    NO_MERCHANT = "merchant"
    UNKNOWN = "unknown"


def read_signed(status: int, body: bytes) -> Signed:
    """What the answer to a query about a prompt that never was tells about who asked.

    Daraja looks at short code and passkey first: whoever is told that there is no such transaction has passed.
    """
    data = read_object(body)
    if data is None:
        return Signed.UNKNOWN
    code, said = error_of(data)
    for known, words, reason in codes.NOT_SENT_IF_SAID:
        if code == known and words in said and reason in tuple(Signed):
            return Signed(reason)
    passed = status == 200 or "transaction" in said or "checkoutrequestid" in said
    return Signed.FITS if passed else Signed.UNKNOWN


def read_callback(body: bytes) -> Callback | UnreadableCallback:
    """Read what was posted to a payment's address. Metadata is read by name: items move and lack values."""
    data = read_object(body)
    outer = data.get("Body") if data else None
    stk = outer.get("stkCallback") if isinstance(outer, dict) else None
    code = code_of(stk.get("ResultCode")) if isinstance(stk, dict) else None
    if not isinstance(stk, dict) or code is None:
        return UnreadableCallback(detail="not a callback of M-PESA")
    items = _items(stk)
    return Callback(
        result=codes.result_of(code),
        result_code=code,
        merchant_request_id=_id(stk.get("MerchantRequestID")),
        checkout_request_id=_id(stk.get("CheckoutRequestID")),
        amount=number_of(items.get("Amount")),
        receipt=_receipt(items.get("MpesaReceiptNumber")),
        phone=_matching(items.get("PhoneNumber"), _MSISDN),
    )


def _receipt(value: object) -> str | None:
    """M-PESA's code. It is always text: a number is another item's value in its place, and no evidence."""
    return _matching(value, RECEIPT_CODE) if isinstance(value, str) else None


def _items(stk: dict[str, object]) -> dict[str, object]:
    """The metadata by name; a name given twice with different values is no evidence and left out."""
    metadata = stk.get("CallbackMetadata")
    items = metadata.get("Item") if isinstance(metadata, dict) else None
    found: dict[str, object] = {}
    spoilt: set[str] = set()
    for item in items if isinstance(items, list) else ():
        name = item.get("Name") if isinstance(item, dict) else None
        if not isinstance(name, str) or "Value" not in item:
            continue
        if name in found and not same(found[name], item["Value"]):
            spoilt.add(name)
        found[name] = item["Value"]
    return {name: value for name, value in found.items() if name not in spoilt}


def _id(value: object) -> str | None:
    return plain_text(value, _ID)


def _matching(value: object, pattern: re.Pattern[str]) -> str | None:
    text = strict.upper(str(value).strip()) if isinstance(value, int | str) else ""
    return text if pattern.fullmatch(text) else None


def _detail(code: str, said: str) -> str:
    """The code, and the name of the field M-PESA refused; never its whole text, which can carry an access token."""
    refused_field = re.search(r"invalid ([a-z]{3,24})\b", said)
    return f"{code}: {refused_field[1]}" if refused_field else code
