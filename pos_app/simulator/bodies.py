"""Daraja's bodies: what it answers and what it posts, in the shapes seen on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pos_app.domain.kenya_time import NAIROBI

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An HTTP answer: a JSON object, a file, or text as it is (a firewall's page, or nothing at all)."""

    status: int
    body: Json | bytes | str = ""


HANG_UP = HttpReply(0)  # no answer: the connection is closed


_PULLED = {"ResponseRefID": "26178-42530161-2"}


class Problem(NamedTuple):
    """Why a request is refused. Without an errorCode the answer is not JSON but `message` itself."""

    status: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.status} {self.code} {self.message}" if self.code else f"{self.status} without an errorCode"


class Refused(Exception):
    """A request is not taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _page(title: str, text: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"


UNKNOWN_KEYS = Problem(400, "", "")  # seen: HTTP 400 with an empty body for keys of another environment
WRONG_SCHEME = Problem(400, "400.008.01", "Invalid Authentication passed")
WRONG_GRANT_TYPE = Problem(400, "400.008.02", "Invalid grant type passed")
INVALID_TOKEN = Problem(404, "404.001.03", "Invalid Access Token")
NO_BEARER = Problem(404, "404.001.04", "Invalid Authentication Header")
NO_SUCH_PATH = Problem(404, "404.001.01", "Resource not found")
UNREADABLE = Problem(400, "400.002.05", "Invalid Request Payload")
NO_SUCH_MERCHANT = Problem(500, "500.001.1001", "Merchant does not exist")
WRONG_CREDENTIALS = Problem(500, "500.001.1001", "Wrong credentials")
SUBSCRIBER_LOCKED = Problem(
    500,
    "500.001.1001",
    "Unable to lock subscriber, a transaction is already in process for the current subscriber",
)
NO_SUCH_TRANSACTION = Problem(500, "500.001.1001", "The transaction does not Exist")
SYSTEM_BUSY = Problem(500, "500.003.02", "System is busy. Please try again in few minutes.")
SPIKE_ARREST = Problem(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
FIREWALL = Problem(403, "", _page("Access denied", "Request unsuccessful. Incapsula incident ID: 0-0"))
NO_SUCH_PULL_SHORT_CODE = Problem(400, "400.001", "Invalid ShortCode")
PULL_FAILED = Problem(500, "500.001.1001", "Failed to retrieve transactions")
UNAVAILABLE = Problem(503, "", _page("503 Service Unavailable", "No server is available to handle this request."))


def invalid(field: str) -> Problem:
    """A field is missing or cannot be used."""
    return Problem(400, "400.002.02", f"Bad Request - Invalid {field}")


def wrong_method(method: str) -> Problem:
    """The path takes another method."""
    return Problem(405, "405.001", f"{method} Method Not Allowed")


def refusal(problem: Problem, request_id: str) -> HttpReply:
    """The answer to a refused request."""
    if not problem.code:
        return HttpReply(problem.status, problem.message)
    return HttpReply(
        problem.status,
        {"requestId": request_id, "errorCode": problem.code, "errorMessage": problem.message},
    )


@dataclass(frozen=True, slots=True)
class PromptOutcome:
    """How a prompt ended. A query words some codes otherwise than the callback of the same payment."""

    code: int | str  # a number in the callback's JSON, except the alphanumeric ones
    callback_text: str
    query_text: str


def _alike(code: int | str, text: str) -> PromptOutcome:
    return PromptOutcome(code, text, text)


PAID = _alike(0, "The service request is processed successfully.")
NO_MONEY = _alike(1, "The balance is insufficient for the transaction.")
CANCELLED = PromptOutcome(1032, "Request Cancelled by user.", "Request cancelled by user")
NO_RESPONSE = PromptOutcome(1037, "No response from user.", "DS timeout user cannot be reached.")
WRONG_PIN = _alike(2001, "The initiator information is invalid.")
# Both come only after the PIN: a PartyB or TransactionType that does not belong to the shortcode.
WRONG_PAYBILL = _alike(2028, "The request is not permitted according to product assignment.")
WRONG_TILL = _alike("SFC_IC0003", "The operator does not exist.")


def access_token(token: str, lifetime: int) -> HttpReply:
    """A new access token; `expires_in` (seconds) is text on the wire."""
    return HttpReply(200, {"access_token": token, "expires_in": str(lifetime)})


def accepted(merchant_request_id: str, checkout_request_id: str) -> HttpReply:
    """The push is queued. That is all it means: nobody has paid."""
    return HttpReply(
        200,
        {
            "MerchantRequestID": merchant_request_id,
            "CheckoutRequestID": checkout_request_id,
            "ResponseCode": "0",
            "ResponseDescription": "Success. Request accepted for processing",
            "CustomerMessage": "Success. Request accepted for processing",
        },
    )


def queried(merchant_request_id: str, checkout_request_id: str, outcome: PromptOutcome) -> HttpReply:
    """What became of a prompt. The code is text, and there is never a receipt code, an amount or a phone."""
    return HttpReply(200, _query_body(merchant_request_id, checkout_request_id, str(outcome.code), outcome.query_text))


def pending_4999(merchant_request_id: str, checkout_request_id: str) -> HttpReply:
    """The customer has not acted: the form seen since November 2025."""
    text = "The transaction is still under processing"
    return HttpReply(200, _query_body(merchant_request_id, checkout_request_id, "4999", text))


def pending_500(checkout_request_id: str) -> HttpReply:
    """The customer has not acted: the older form. Its requestId repeats the CheckoutRequestID."""
    return refusal(Problem(500, "500.001.1001", "The transaction is being processed"), checkout_request_id)


def _query_body(merchant_request_id: str, checkout_request_id: str, code: str, text: str) -> Json:
    return {
        "ResponseCode": "0",
        "ResponseDescription": "The service request has been accepted successsfully",  # the typo is Daraja's
        "MerchantRequestID": merchant_request_id,
        "CheckoutRequestID": checkout_request_id,
        "ResultCode": code,
        "ResultDesc": text,
    }


def pull_registered(short_code: str, *, known: bool) -> HttpReply:
    """Pull Transactions is registered, now or before: the keys have blanks, as in production."""
    words = "ShortCode already Registered" if known else "ShortCode Registered Successfully"
    return HttpReply(
        200,
        {
            "ResponseRefID": "feb5e3f2-fbc4-745844c-ee37b546f627",
            "Response Status": "1001" if known else "1000",
            "ShortCode": short_code,
            "Response Description": words,
        },
    )


def pulled(rows: object) -> HttpReply:
    """A page of Pull Transactions; an empty one is said in several ways."""
    return HttpReply(200, {**_PULLED, "ResponseCode": "1000", "ResponseMessage": "Success", "Response": rows})


def pulled_nothing() -> HttpReply:
    """There are no records, or the short code may not ask: nobody can tell which."""
    return HttpReply(200, {**_PULLED, "ResponseCode": "1001", "ResponseMessage": "No records", "Response": [[]]})


def callback(
    merchant_request_id: str,
    checkout_request_id: str,
    outcome: PromptOutcome,
    items: Sequence[Json] = (),
    *,
    code_as_text: bool = False,
) -> Json:
    """What is posted to the CallBackURL. Without `items` (not paid) the CallbackMetadata key is absent."""
    told: Json = {
        "MerchantRequestID": merchant_request_id,
        "CheckoutRequestID": checkout_request_id,
        "ResultCode": str(outcome.code) if code_as_text else outcome.code,
        "ResultDesc": outcome.callback_text,
    }
    if items:
        told["CallbackMetadata"] = {"Item": list(items)}
    return {"Body": {"stkCallback": told}}


def payment_items(*, amount: int, receipt: str, balance: bool, paid_at: datetime, payer: str) -> list[Json]:
    """The items of a paid callback. Balance, where it is there at all, has no Value; the last two are numbers."""
    return [
        {"Name": "Amount", "Value": amount},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
        *([{"Name": "Balance"}] if balance else []),
        {"Name": "TransactionDate", "Value": int(paid_at.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S"))},
        {"Name": "PhoneNumber", "Value": int(payer)},
    ]
