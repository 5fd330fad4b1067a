"""What M-PESA, or a stranger, may say to a till: bodies, built from what they shall say."""

import json
from collections.abc import Iterable
from random import Random

from pos_app.domain.payment_event import NotSent
from tests.faults.oracles.model import Sold
from tests.faults.oracles.truth import Accepted, Answered, Json, Refused, Told, told_by
from tests.faults.simulation.shapes import any_shapes, reshaped
from tests.faults.simulation.transport import Raw

JSON = "application/json"
NOT_PAID = ("1032", "1037", "2001", "17")
NOT_FINAL = ("4999", "31415")


class Ids:
    """The ids and receipt codes that M-PESA gives each payment. Address tokens are counted from 1."""

    def __init__(self, sold: Iterable[str]) -> None:
        self._sold = sold

    def merchant(self, token: str) -> str:
        return f"29115-34620561-{int(token, 16)}"

    def checkout(self, token: str) -> str:
        return f"ws_CO_23112026140000{int(token, 16):03}708374149"

    def receipt(self, token: str) -> str:
        return f"UKN4X{int(token, 16):05}"

    def other(self, token: str) -> str:
        """The first payment that is another one."""
        return next((other for other in self._sold if other != token), "0")


# --- callbacks

OTHER_PHONE = "254708374149"
ODD_CHANGES = ("amount", "checkout", "merchant", "reused", "second", "another's")
CHANGES = (*ODD_CHANGES, "phone", "masked")


def callback(ids: Ids, sold: Sold, code: str) -> Json:
    """The genuine one."""
    stk: Json = {
        "MerchantRequestID": ids.merchant(sold.token),
        "CheckoutRequestID": ids.checkout(sold.token),
        "ResultCode": int(code) if code.isdecimal() else code,
        "ResultDesc": "M-PESA's words.",
    }
    if code == "0":
        items = {
            "Amount": sold.amount,
            "MpesaReceiptNumber": ids.receipt(sold.token),
            "TransactionDate": 20261123140005,
            "PhoneNumber": int(sold.phone),
        }
        stk["CallbackMetadata"] = {"Item": [{"Name": name, "Value": value} for name, value in items.items()]}
    return {"Body": {"stkCallback": stk}}


def changed(ids: Ids, sold: Sold, body: Json, change: str) -> Json:
    """The same with one thing wrong."""
    stk = body["Body"]["stkCallback"]
    items = {item["Name"]: item for item in stk.get("CallbackMetadata", {"Item": []})["Item"]}
    other = ids.other(sold.token)
    if change in ("checkout", "another's"):
        stk["CheckoutRequestID"] = ids.checkout(other)
    if change in ("merchant", "another's"):
        stk["MerchantRequestID"] = ids.merchant(other)
    values = {
        "amount": ("Amount", sold.amount + 1),
        "reused": ("MpesaReceiptNumber", ids.receipt(other)),
        "another's": ("MpesaReceiptNumber", ids.receipt(other)),
        "second": ("MpesaReceiptNumber", "UKN9ZZZZZZ"),
        "phone": ("PhoneNumber", int(OTHER_PHONE)),
        "masked": ("PhoneNumber", "2547 *** 149"),
    }
    name, value = values.get(change, ("", None))
    if name in items:
        items[name]["Value"] = value
    return body


def sealed(body: Json, oddity: int | None) -> tuple[bytes, Told | None]:
    """As bytes, in an odd shape of that number or in the usual one; and what it tells then."""
    told = told_by(body)
    if oddity is None:
        return json.dumps(body).encode(), told
    random = Random(oddity)
    return reshaped(body, told, any_shapes(random), random)


# --- answers to pushes

PUSH_ANSWERS = ("accepted", "refused", "locked", "lost", "busy", "page", "no id", "another's", "unopened")


def push_answer(ids: Ids, token: str, kind: str) -> tuple[Raw | NotSent | None, Accepted | Refused | None]:
    """What comes back, and what it proves."""
    owner = ids.other(token) if kind == "another's" else token
    merchant, checkout = ids.merchant(owner), ids.checkout(owner)
    accepted = {"MerchantRequestID": merchant, "CheckoutRequestID": checkout, "ResponseCode": "0"}
    match kind:
        case "accepted" | "another's":
            return _json(200, accepted), Accepted(token, merchant, checkout)
        case "refused":
            return _error(400, "400.002.02", "Bad Request - Invalid PhoneNumber"), Refused(token)
        case "locked":
            return _error(500, "500.001.1001", "Unable to lock subscriber, a transaction is in process"), Refused(token)
        case "busy":
            return _error(500, "500.003.02", "System is busy. Please try again in few minutes."), None
        case "page":
            return Raw(502, b"<html>Bad gateway</html>"), None
        case "no id":
            return _json(200, {"ResponseCode": "0"}), None
        case "unopened":
            return NotSent("unreachable"), Refused(token)
        case _:
            return None, None


# --- answers to questions

QUERY_ANSWERS = ("1032", "1037", "4999", "0", "other id", "being processed", "page", "lost")


def query_answer(kind: str, asked: str) -> tuple[Raw | None, Answered | None]:
    """What comes back, and what it tells."""
    match kind:
        case "lost":
            return None, None
        case "page":
            return Raw(200, b"<html>Welcome to the hotel's network</html>"), None
        case "being processed":
            return _error(500, "500.001.1001", "The transaction is being processed"), None
        case "other id":
            return _json(200, _result("0", "ws_CO_0")), Answered(asked, "0", "ws_CO_0")
        case _:
            return _json(200, _result(kind, asked)), Answered(asked, kind, asked)


def _result(code: str, checkout: str) -> Json:
    return {"ResponseCode": "0", "CheckoutRequestID": checkout, "ResultCode": code, "ResultDesc": "M-PESA's words."}


def _json(status: int, body: Json) -> Raw:
    return Raw(status, json.dumps(body).encode(), JSON)


def _error(status: int, code: str, message: str) -> Raw:
    return _json(status, {"requestId": "1", "errorCode": code, "errorMessage": message})
