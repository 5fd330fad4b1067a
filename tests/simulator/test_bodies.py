"""Every body has the keys and the kinds of values of one seen on the wire."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pos_app.simulator import bodies
from pos_app.simulator.bodies import HttpReply, Problem, PromptOutcome

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"
IDS = ("8fc3-415b-ba79-04f852fc58507383104", "ws_CO_23112026140300123708374149")


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def shape(value: Any) -> Any:
    """The value with every scalar replaced by its kind."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def status(name: str) -> int:
    rows = json.loads((PAYLOADS / "index.json").read_text())
    return next(int(row["http_status"]) for row in rows if row["file"] == f"{name}.json")


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        (bodies.access_token("Xy4TzQm1KdLr8NbVwE0sPjUaHc2G", 3599), "oauth-success-expires-string"),
        (bodies.accepted(*IDS), "stk-accepted"),
        (bodies.queried(*IDS, bodies.PAID), "query-success"),
        (bodies.queried(*IDS, bodies.CANCELLED), "query-cancelled-1032"),
        (bodies.queried(*IDS, bodies.NO_RESPONSE), "query-unreachable-1037"),
        (bodies.queried(*IDS, bodies.NO_MONEY), "query-insufficient-1"),
        (bodies.queried(*IDS, bodies.WRONG_PIN), "query-wrong-pin-2001"),
        (bodies.pending_4999(*IDS), "query-processing-4999-http200"),
        (bodies.pending_500(IDS[1]), "query-processing-500-001-1001"),
    ],
)
def test_answers_are_daraja_s(reply: HttpReply, name: str) -> None:
    assert reply.status == status(name)
    assert isinstance(reply.body, dict)
    assert shape(reply.body) == shape(payload(name))
    own = {"access_token", "MerchantRequestID", "CheckoutRequestID", "requestId"}
    assert {key: value for key, value in reply.body.items() if key not in own} == {
        key: value for key, value in payload(name).items() if key not in own
    }


@pytest.mark.parametrize(
    ("problem", "name"),
    [
        (bodies.WRONG_SCHEME, "oauth-error-400-008-01"),
        (bodies.WRONG_GRANT_TYPE, "oauth-error-400-008-02"),
        (bodies.INVALID_TOKEN, "stk-error-invalid-access-token-404"),
        (bodies.invalid("PhoneNumber"), "stk-error-invalid-phonenumber"),
        (bodies.invalid("CallBackURL"), "stk-error-invalid-callbackurl"),
        (bodies.invalid("BusinessShortCode"), "stk-error-invalid-businessshortcode"),
        (bodies.NO_SUCH_MERCHANT, "stk-error-merchant-does-not-exist"),
        (bodies.WRONG_CREDENTIALS, "stk-error-wrong-credentials"),
        (bodies.SUBSCRIBER_LOCKED, "stk-error-unable-to-lock-subscriber"),
        (bodies.SYSTEM_BUSY, "stk-error-system-busy"),
        (bodies.wrong_method("GET"), "stk-error-method-not-allowed"),
        (bodies.NO_SUCH_PATH, "stk-error-resource-not-found"),
    ],
)
def test_refusals_are_daraja_s(problem: Problem, name: str) -> None:
    reply = bodies.refusal(problem, "1a21-4f53-86f5-c8c984f35d8a18444")
    assert reply.status == status(name)
    assert isinstance(reply.body, dict)
    assert reply.body | {"requestId": ""} == payload(name) | {"requestId": ""}


def test_without_an_error_code_the_answer_is_the_text_itself() -> None:
    assert bodies.refusal(bodies.UNKNOWN_KEYS, "1") == HttpReply(400, "")
    assert str(bodies.refusal(bodies.FIREWALL, "1").body).startswith("<html>")


def test_a_log_shows_the_refusal_but_no_page() -> None:
    assert str(bodies.NO_SUCH_PATH) == "404 404.001.01 Resource not found"
    assert str(bodies.FIREWALL) == "403 without an errorCode"


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (bodies.NO_MONEY, "callback-insufficient-1"),
        (bodies.CANCELLED, "callback-cancelled-1032-capitalised"),
        (bodies.NO_RESPONSE, "callback-no-response-1037"),
        (bodies.WRONG_PIN, "callback-wrong-pin-2001"),
    ],
)
def test_callbacks_of_failures_are_daraja_s(outcome: PromptOutcome, name: str) -> None:
    seen = payload(name)["Body"]["stkCallback"]
    told = bodies.callback(seen["MerchantRequestID"], seen["CheckoutRequestID"], outcome)
    assert told == payload(name)


@pytest.mark.parametrize(
    ("balance", "name"), [(True, "callback-success-balance-no-value"), (False, "callback-success-four-items")]
)
def test_callbacks_of_payments_are_daraja_s(balance: bool, name: str) -> None:
    items = bodies.payment_items(
        amount=10,
        receipt="TJ3AA1B2C3",
        balance=balance,
        paid_at=datetime(2025, 10, 3, 0, 4, 27, tzinfo=UTC),
        payer="254708374149",
    )
    told = bodies.callback(*IDS, bodies.PAID, items)
    assert shape(told) == shape(payload(name))
    assert {item["Name"]: item.get("Value") for item in items}["TransactionDate"] == 20251003030427


def test_an_alphanumeric_result_code_is_text_in_a_callback_too() -> None:
    told = bodies.callback(*IDS, bodies.WRONG_TILL)
    assert told["Body"]["stkCallback"]["ResultCode"] == "SFC_IC0003"
