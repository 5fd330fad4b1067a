"""What goes over the wire and comes back: every body we have, and every nonsense we can think of."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.daraja import wire
from pos_app.daraja.wire import AccessToken, Account, Keys, Signed, TokenRefused
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
from pos_app.domain.reference import PostReference, read_reference

PAYLOADS = Path(__file__).parent.parent / "data" / "payloads"
INDEX: list[dict[str, Any]] = json.loads((PAYLOADS / "index.json").read_text(encoding="utf-8"))
PHONE = "254712345678"
PAYBILL = Account("174379")
TILL = Account("600100", "900200")
KEYS = Keys("the-key", "the-secret", "the-passkey")
PUSH = Push(phone=PHONE, amount=250, reference="POST_3_7", title="Maji 20 l", address_token="a1b2c3")
ACCEPTED = b'{"ResponseCode": "0", "CheckoutRequestID": "ws_CO_1"}'
CANCELLED = b'{"ResponseCode": "0", "ResultCode": "1032", "CheckoutRequestID": "ws_CO_1"}'
TOKEN = b'{"access_token": "a", "expires_in": "60"}'
NOON = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)  # 12:00:05 in Nairobi


def entries(*kinds: str) -> list[Any]:
    return [pytest.param(entry, id=entry["file"]) for entry in INDEX if entry["kind"] in kinds]


def body_of(entry: dict[str, Any]) -> bytes:
    return (PAYLOADS / str(entry["file"])).read_bytes()


def checkout_of(body: bytes) -> str:
    """The CheckoutRequestID in a query's answer; in flight it stands in `requestId`."""
    data = json.loads(body)
    return str(data.get("CheckoutRequestID") or data["requestId"])


def error(code: str, message: str = "") -> bytes:
    return json.dumps({"requestId": "1-2-3", "errorCode": code, "errorMessage": message}).encode()


def callback(code: object = 0, items: object = None, **fields: object) -> bytes:
    stk: dict[str, object] = {"MerchantRequestID": "m-1", "CheckoutRequestID": "ws_CO_1", "ResultCode": code, **fields}
    if items is not None:
        stk["CallbackMetadata"] = {"Item": items}
    return json.dumps({"Body": {"stkCallback": stk}}).encode()


def item(name: object, value: object) -> dict[str, object]:
    return {"Name": name, "Value": value}


def read(body: bytes) -> Callback:
    event = wire.read_callback(body)
    assert isinstance(event, Callback)
    return event


class TestEveryBodyWeHave:
    """`index.json` says what each body means; here stands what that is among our outcomes."""

    SYNC: ClassVar[dict[str, type]] = {
        "accepted": Accepted,
        "token": TokenRefused,
        "rejected-config": NotSent,
        "rejected-input": NotSent,
        "busy-subscriber": NotSent,
        "rate": NotSent,
        "unknown": Unanswered,
    }
    RESULT: ClassVar[dict[str, set[Result]]] = {
        "paid": {Result.SUCCESS},
        "declined": {Result.CANCELLED, Result.DECLINED},
        "no-answer": {Result.EXPIRED},
        "failed-transient": {Result.DECLINED},
        "pending": {Result.PENDING},
    }
    CANCELLED = "cancelled-103"  # in a file's name

    def test_the_index_is_whole(self) -> None:
        files = {path.name for path in PAYLOADS.glob("*.json")} - {"index.json"}
        assert {entry["file"] for entry in INDEX} == files
        assert len(entries("oauth", "stk_sync", "raw", "stk_callback", "stk_query")) == 45

    @pytest.mark.parametrize("entry", entries("oauth"))
    def test_oauth(self, entry: dict[str, Any]) -> None:
        token = wire.read_token(entry["http_status"], body_of(entry))
        if entry["classification"] == "token":
            assert token is not None
            assert len(token.value) == 28
            assert token.lifetime == 3599.0
        else:
            assert entry["classification"] == "auth-config"
            assert token is None

    @pytest.mark.parametrize("entry", entries("stk_sync", "raw"))
    def test_the_answer_to_a_push(self, entry: dict[str, Any]) -> None:
        outcome = wire.read_push(entry["http_status"], body_of(entry))
        assert type(outcome) is self.SYNC[entry["classification"]]
        if isinstance(outcome, Accepted):
            data = json.loads(body_of(entry))
            assert outcome == Accepted(data["MerchantRequestID"], data["CheckoutRequestID"])

    @pytest.mark.parametrize("entry", entries("stk_sync", "raw"))
    def test_a_push_s_answer_answers_no_query(self, entry: dict[str, Any]) -> None:
        """Sent to the wrong reader, none of them may become a result."""
        assert isinstance(wire.read_query(entry["http_status"], body_of(entry), "ws_CO_1"), NoAnswer | TokenRefused)

    @pytest.mark.parametrize("entry", entries("stk_callback"))
    def test_callbacks(self, entry: dict[str, Any]) -> None:
        body = body_of(entry)
        stk = json.loads(body)["Body"]["stkCallback"]
        event = read(body)
        assert event.result in self.RESULT[entry["classification"]]
        assert (event.result is Result.CANCELLED) == (self.CANCELLED in entry["file"])
        assert event.code == str(stk["ResultCode"])
        assert (event.merchant_request_id, event.checkout_request_id) == (
            stk["MerchantRequestID"],
            stk["CheckoutRequestID"],
        )
        if entry["classification"] == "paid":
            items = {i["Name"]: i.get("Value") for i in stk["CallbackMetadata"]["Item"]}
            assert event.amount == int(items["Amount"])
            assert event.receipt == items["MpesaReceiptNumber"]
            assert event.phone == str(items["PhoneNumber"])
        else:
            assert (event.amount, event.receipt, event.phone) == (None, None, None)

    @pytest.mark.parametrize("entry", entries("stk_query"))
    def test_the_answer_to_a_query(self, entry: dict[str, Any]) -> None:
        body = body_of(entry)
        answer = wire.read_query(entry["http_status"], body, checkout_of(body))
        assert isinstance(answer, Answer)
        assert answer.result in self.RESULT[entry["classification"]]
        assert (answer.result is Result.CANCELLED) == (self.CANCELLED in entry["file"])
        assert answer.checkout_request_id == checkout_of(body)

    @pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in INDEX])
    def test_bodies_of_other_apis_prove_nothing(self, entry: dict[str, Any]) -> None:
        body = body_of(entry)
        if entry["kind"] != "stk_callback":
            assert isinstance(wire.read_callback(body), UnreadableCallback)
        if entry["kind"] not in ("stk_sync", "stk_query"):  # a query's answer has the same id and ResponseCode
            assert not isinstance(wire.read_push(entry["http_status"] or 200, body), Accepted)
        if entry["kind"] != "stk_query":
            event = wire.read_query(entry["http_status"] or 200, body, "ws_CO_1")
            assert not isinstance(event, Answer)


class TestPushBody:
    def test_a_paybill(self) -> None:
        body = wire.push_body(PAYBILL, KEYS, PUSH, "https://shop.example", NOON)
        assert body == {
            "BusinessShortCode": "174379",
            "Password": base64.b64encode(b"174379the-passkey20261123120005").decode(),
            "Timestamp": "20261123120005",
            "TransactionType": "CustomerPayBillOnline",
            "Amount": 250,
            "PartyA": PHONE,
            "PartyB": "174379",
            "PhoneNumber": PHONE,
            "CallBackURL": "https://shop.example/stk/a1b2c3",
            "AccountReference": "POST_3_7",
            "TransactionDesc": "Maji 20 l",
        }

    def test_a_till_names_the_store_first_and_pays_to_the_till_number(self) -> None:
        body = wire.push_body(TILL, KEYS, PUSH, "https://shop.example", NOON)
        assert body["BusinessShortCode"] == "600100"
        assert body["PartyB"] == "900200"
        assert body["TransactionType"] == "CustomerBuyGoodsOnline"
        assert base64.b64decode(str(body["Password"])) == b"600100the-passkey20261123120005"

    @settings(deadline=None)
    @given(
        st.integers(1, 250_000),
        st.integers(1, 9_999),
        st.integers(1, 1_000_000),
        st.text(min_size=1, max_size=60),
        st.datetimes(
            datetime(2020, 1, 1),
            datetime(2100, 1, 1),
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]),
        ),
    )
    def test_every_field_keeps_its_type_and_length(
        self, amount: int, post: int, customer: int, title: str, now: datetime
    ) -> None:
        push = Push(
            phone=PHONE,
            amount=amount,
            reference=PostReference(post, customer).text(),
            title=title,
            address_token="ab" * 20,
        )
        body = wire.push_body(PAYBILL, KEYS, push, wire.NO_ROUTE, now)
        assert type(body["Amount"]) is int
        assert all(isinstance(value, str) for name, value in body.items() if name != "Amount")
        reference, description = str(body["AccountReference"]), str(body["TransactionDesc"])
        assert len(reference) <= 12
        assert read_reference(reference) == PostReference(post, customer)
        assert re.fullmatch("[A-Za-z0-9 ]{1,13}", description)
        assert description == description.strip()
        timestamp = str(body["Timestamp"])
        assert re.fullmatch("[0-9]{14}", timestamp)
        assert base64.b64decode(str(body["Password"])).decode() == f"174379the-passkey{timestamp}"

    @pytest.mark.parametrize(
        ("utc", "nairobi"),
        [
            (datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC), "20261123235959"),
            (datetime(2026, 11, 23, 21, 0, 0, tzinfo=UTC), "20261124000000"),
            (datetime(2026, 12, 31, 21, 0, 1, tzinfo=UTC), "20270101000001"),
            (datetime(2026, 11, 24, 0, 0, 0, tzinfo=UTC), "20261124030000"),
            (datetime(2026, 11, 23, 23, 30, tzinfo=timezone(timedelta(hours=3))), "20261123233000"),
        ],
    )
    def test_the_time_is_nairobi_s_also_around_midnight(self, utc: datetime, nairobi: str) -> None:
        for body in (
            wire.push_body(PAYBILL, KEYS, PUSH, wire.NO_ROUTE, utc),
            wire.query_body(PAYBILL, KEYS, "ws_CO_1", utc),
        ):
            assert body["Timestamp"] == nairobi
            assert base64.b64decode(str(body["Password"])).decode() == f"174379the-passkey{nairobi}"

    @pytest.mark.parametrize(
        ("title", "sent"),
        [
            ("Maji", "Maji"),
            ("Kahawa na maziwa ya moto", "Kahawa na maz"),
            ("Saa 12 asubuhi na mapema", "Saa 12 asubuh"),
            ("Wi-Fi (siku 1)+chai", "WiFi siku 1ch"),
            ("Twelve chars word", "Twelve chars"),  # the cut would leave a space at the end
            ("Ñandú", "and"),
            ("水", "Payment"),
            ("---", "Payment"),
        ],
    )
    def test_the_description_is_short_and_plain(self, title: str, sent: str) -> None:
        push = Push(phone=PHONE, amount=1, reference="POST_1_1", title=title, address_token="t")
        assert wire.push_body(PAYBILL, KEYS, push, wire.NO_ROUTE, NOON)["TransactionDesc"] == sent

    @pytest.mark.parametrize("base", ["https://shop.example/BOX", "https://shop.example/BOX/"])
    def test_the_address(self, base: str) -> None:
        assert wire.callback_url(base, "abc") == "https://shop.example/BOX/stk/abc"

    def test_without_a_route_the_address_can_never_exist(self) -> None:
        url = wire.callback_url(wire.NO_ROUTE, "abc")
        assert url == "https://kaunta.invalid/stk/abc"
        assert not re.search("mpesa|safaricom|query|cmd|sql|exe", url)

    def test_the_paths_are_those_of_mpesas_pages(self) -> None:
        assert wire.OAUTH_PATH == "/oauth/v1/generate"
        assert wire.PUSH_PATH == "/mpesa/stkpush/v1/processrequest"
        assert wire.QUERY_PATH == "/mpesa/stkpushquery/v1/query"

    def test_a_query(self) -> None:
        assert wire.query_body(TILL, KEYS, "ws_CO_1", NOON) == {
            "BusinessShortCode": "600100",
            "Password": base64.b64encode(b"600100the-passkey20261123120005").decode(),
            "Timestamp": "20261123120005",
            "CheckoutRequestID": "ws_CO_1",
        }

    def test_secrets_are_not_shown(self) -> None:
        assert "the-" not in repr(KEYS)


class TestReadToken:
    @pytest.mark.parametrize("lifetime", ["3599", 3599, 3599.0, " 3599 "])
    def test_the_lifetime_is_text_or_a_number(self, lifetime: object) -> None:
        body = json.dumps({"access_token": " tok3n== ", "expires_in": lifetime}).encode()
        assert wire.read_token(200, body) == AccessToken("tok3n==", 3599.0)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>",
            b"[]",
            b"{}",
            b'{"access_token": "", "expires_in": "3599"}',
            b'{"access_token": "  ", "expires_in": "3599"}',
            b'{"access_token": 7, "expires_in": "3599"}',
            b'{"access_token": null, "expires_in": "3599"}',
            b'{"access_token": "two\\nlines", "expires_in": "3599"}',
            '{"access_token": "é", "expires_in": "3599"}'.encode(),
        ],
    )
    def test_no_token_that_could_be_sent(self, body: bytes) -> None:
        assert wire.read_token(200, body) is None

    @pytest.mark.parametrize(
        "said",
        [
            "", ', "expires_in": null', ', "expires_in": "soon"', ', "expires_in": ""', ', "expires_in": true',
            ', "expires_in": NaN', ', "expires_in": "NaN"', ', "expires_in": -1', ', "expires_in": "-3599"',
            ', "expires_in": 0', ', "expires_in": "0"', ', "expires_in": 1000000000000',
            ', "expires_in": "' + "9" * 400 + '"',
            ', "expires_in": 1e99999999999999999999', ', "expires_in": 1e2', ', "expires_in": "1e2"',
            ', "expires_in": "1_0"', ', "expires_in": "٣٥"', ', "expires_in": [60]', ', "expires_in": {}',
        ],
    )  # fmt: skip
    def test_an_absurd_lifetime_counts_as_the_usual_one(self, said: str) -> None:
        """Where the token ends sooner, M-PESA refuses it unread and it is replaced; longer than usual none is kept."""
        assert wire.read_token(200, f'{{"access_token": "a"{said}}}'.encode()) == AccessToken("a", 3599.0)

    @pytest.mark.parametrize("lifetime", [60, "60", "60.00", 0.5])
    def test_a_shorter_lifetime_is_believed(self, lifetime: object) -> None:
        body = json.dumps({"access_token": "a", "expires_in": lifetime}).encode()
        assert wire.read_token(200, body) == AccessToken("a", float(str(lifetime)))

    @pytest.mark.parametrize("status", [201, 302, 400, 401, 500])
    def test_only_a_200_brings_one(self, status: int) -> None:
        assert wire.read_token(status, b'{"access_token": "a", "expires_in": "3599"}') is None


SURELY_NOT_SENT = [
    (400, "400.002.02", "Bad Request - Invalid PhoneNumber", "invalid_request", "400.002.02: phonenumber"),
    (400, "400.002.05", "Invalid Request Payload", "invalid_request", "400.002.05: request"),
    (400, "400.003.02", "Bad Request", "invalid_request", "400.003.02"),
    (
        401,
        "401.003.01",
        "Error Occurred - Invalid Access Token - aBcD1234 - Invalid API call as no apiproduct match found",
        "credentials",
        "401.003.01: access",
    ),
    (404, "404.001.01", "Resource not found", "404.001.01", "404.001.01"),
    (404, "404.001.04", "Invalid Authentication Header", "404.001.04", "404.001.04: authentication"),
    (405, "405.001", "GET Method Not Allowed", "405.001", "405.001"),
    (500, "500.003.03", "Quota Violation", "rate_limit", "500.003.03"),
    (500, "500.003.02", "Error Occurred: Spike Arrest Violation", "rate_limit", "500.003.02"),
    (500, "500.001.1001", "Wrong credentials", "credentials", "500.001.1001"),
    (500, "500.001.1001", "[MerchantValidate] - Wrong credentials", "credentials", "500.001.1001"),
    (500, "500.001.1001", " MERCHANT DOES NOT EXIST ", "merchant", "500.001.1001"),
    (
        500,
        "500.001.1001",
        "Unable to lock subscriber, a transaction is already in process for the current subscriber",
        "subscriber_locked",
        "500.001.1001",
    ),
]


class TestReadPush:
    @pytest.mark.parametrize(("status", "code", "said", "reason", "detail"), SURELY_NOT_SENT)
    def test_surely_not_sent(self, status: int, code: str, said: str, reason: str, detail: str) -> None:
        assert wire.read_push(status, error(code, said)) == NotSent(reason, detail=detail)

    @pytest.mark.parametrize(
        ("status", "code"), [(404, "404.001.03"), (400, "400.003.01"), (401, "401.002.01"), (404, " 404.001.03 ")]
    )
    def test_the_access_token_was_refused(self, status: int, code: str) -> None:
        assert wire.read_push(status, error(code, "Invalid Access Token")) == TokenRefused()

    @pytest.mark.parametrize(
        ("status", "code", "said"),
        [
            (500, "500.003.02", "System is busy. Please try again in few minutes."),
            (500, "500.003.02", ""),
            (500, "500.003.1001", "Internal Server Error"),
            (500, "500.003.1001", "Wrong credentials"),
            (500, "500.001.1001", "The transaction is being processed"),
            (500, "500.001.1001", "Spike Arrest Violation"),
            (500, "500.001.1001", ""),
            (503, "503.001", "Service unavailable"),
            (500, "500.002.1001", "Duplicate"),
            (403, "403.001", "Forbidden"),
            (407, "407.001", "Proxy"),
            (429, "429.001.01", "Too many"),
            (302, "404.001.03", "Invalid Access Token"),
            (302, "400.002.02", "Bad Request - Invalid Amount"),
            (200, "400.002.02", "Bad Request - Invalid Amount"),
            (200, "404.001.03", "Invalid Access Token"),
            (400, "400.002.2", "Bad Request"),
            (400, "x400.002.02", "Bad Request"),
        ],
    )
    def test_everything_else_is_unknown(self, status: int, code: str, said: str) -> None:
        assert isinstance(wire.read_push(status, error(code, said)), Unanswered)

    @pytest.mark.parametrize("status", [200, 201, 301, 302, 307, 400, 401, 403, 404, 407, 429, 500, 502, 503, 504])
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"null",
            b'"400.002.02"',
            b"[400]",
            b"<html><body>Request unsuccessful. Incapsula incident ID: 1-2</body></html>",
            b'{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}',
            b'{"errorCode": null}',
            b'{"errorCode": 400.00202}',
            b'{"errorCode": ["400.002.02"]}',
            b'{"errorMessage": "Bad Request - Invalid PhoneNumber"}',
            b'{"errorCode": "500.001.1001", "errorMessage": {"text": "Wrong credentials"}}',
            b'{"errorCode": "400.002.02"',
        ],
    )
    def test_what_is_no_refusal_in_m_pesa_s_own_words_is_unknown(self, status: int, body: bytes) -> None:
        assert isinstance(wire.read_push(status, body), Unanswered)

    @pytest.mark.parametrize(
        "changes",
        [
            {"ResponseCode": "1"},
            {"ResponseCode": None},
            {"ResponseCode": False},
            {"ResponseCode": "00"},
            {"CheckoutRequestID": None},
            {"CheckoutRequestID": ""},
            {"CheckoutRequestID": "  "},
            {"CheckoutRequestID": 7},
            {"CheckoutRequestID": "x" * 101},
            {"CheckoutRequestID": "\ud800"},
        ],
    )
    def test_a_200_that_is_not_an_acceptance_is_unknown(self, changes: dict[str, object]) -> None:
        data = {"MerchantRequestID": "m-1", "CheckoutRequestID": "ws_CO_1", "ResponseCode": "0", **changes}
        assert isinstance(wire.read_push(200, json.dumps(data).encode()), Unanswered)

    @pytest.mark.parametrize("status", [201, 202, 302, 400, 500])
    def test_only_a_200_accepts(self, status: int) -> None:
        body = b'{"MerchantRequestID": "m-1", "CheckoutRequestID": "ws_CO_1", "ResponseCode": "0"}'
        assert isinstance(wire.read_push(status, body), Unanswered)

    def test_an_acceptance_as_a_number_and_without_the_other_id(self) -> None:
        assert wire.read_push(200, b'{"CheckoutRequestID": " ws_CO_1 ", "ResponseCode": 0}') == Accepted(
            None, "ws_CO_1"
        )

    @pytest.mark.parametrize(
        "code", ["401.002.01", "401.003.01", "400.002.02", "400.003.02", "500.003.02", "500.001.1001", "999.9"]
    )
    @pytest.mark.parametrize("status", [400, 401, 500])
    def test_what_is_kept_of_an_error_has_no_access_token_and_no_phone_number(self, status: int, code: str) -> None:
        secret = "hQm3PzkVwEJ9sLfT2dYxNc7RbGa1"
        said = (
            f"Error Occurred - Invalid Access Token - {secret} for {PHONE}, Spike Arrest, Wrong credentials, {secret}"
        )
        for message in (said, f"invalid {secret}", f"Invalid {PHONE}"):
            kept = repr(wire.read_push(status, error(code, message))).lower()
            assert secret.lower() not in kept
            assert "712345678" not in kept
            assert secret.lower() not in repr(wire.read_query(status, error(code, message), "ws_CO_1")).lower()


class TestReadQuery:
    ASKED = "ws_CO_23112026120000001"

    def answer(self, code: object, **changes: object) -> bytes:
        return json.dumps(
            {"ResponseCode": "0", "CheckoutRequestID": self.ASKED, "ResultCode": code, "ResultDesc": "x", **changes}
        ).encode()

    @pytest.mark.parametrize(
        ("code", "result"),
        [
            ("0", Result.SUCCESS),
            (0, Result.SUCCESS),
            ("4999", Result.PENDING),
            ("E3008", Result.PENDING),
            ("2029", Result.PENDING),
            ("1032", Result.CANCELLED),
            (1037, Result.EXPIRED),
            ("SFC_IC0003", Result.DECLINED),
        ],
    )
    def test_results(self, code: object, result: Result) -> None:
        assert wire.read_query(200, self.answer(code), self.ASKED) == Answer(result, str(code), self.ASKED)

    def test_in_flight_is_also_said_by_an_error(self) -> None:
        event = wire.read_query(500, error("500.001.1001", "The transaction is being processed"), self.ASKED)
        assert event == Answer(Result.PENDING, "500.001.1001", self.ASKED)

    @pytest.mark.parametrize("given_id", ["ws_CO_other", None, 7, "", "x" * 200])
    def test_an_answer_about_something_else_says_so(self, given_id: object) -> None:
        event = wire.read_query(200, self.answer("0", CheckoutRequestID=given_id), self.ASKED)
        assert isinstance(event, Answer)
        assert event.checkout_request_id != self.ASKED

    @pytest.mark.parametrize(
        ("status", "code"), [(404, "404.001.03"), (400, "400.003.01"), (401, "401.002.01"), (401, "401.001")]
    )
    def test_the_access_token_was_refused(self, status: int, code: str) -> None:
        assert wire.read_query(status, error(code, "Invalid Access Token"), self.ASKED) == TokenRefused()

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (500, error("500.001.1001", "The transaction does not Exist")),
            (500, error("500.001.1001")),
            (500, error("500.003.1001", "The transaction is being processed")),
            (500, error("500.003.02", "Spike Arrest Violation")),
            (400, error("400.002.02", "Invalid CheckoutRequestID")),
            (200, error("500.001.1001", "The transaction is being processed")),
            (200, error("404.001.03", "Invalid Access Token")),
            (200, b'{"ResultCode": null}'),
            (200, b'{"ResultCode": true, "ResponseCode": "0"}'),
            (200, b'{"ResultCode": 0.0}'),
            (200, b'{"ResultCode": {"0": 0}}'),
            (201, b'{"ResultCode": "0"}'),
            (302, b'{"ResultCode": "0"}'),
            (500, b'{"ResultCode": "0"}'),
            (200, b"<html>"),
            (403, b"<html>"),
            (200, b""),
            (503, b'{"fault": {"faultstring": "x"}}'),
        ],
    )
    def test_no_answer(self, status: int, body: bytes) -> None:
        assert isinstance(wire.read_query(status, body, self.ASKED), NoAnswer)

    @pytest.mark.parametrize(
        ("status", "body", "event"),
        [
            (500, error("500.003.1001"), NoAnswer(detail="HTTP 500, 500.003.1001", reached=True)),
            (200, error("404.001.03"), NoAnswer(detail="HTTP 200, 404.001.03", reached=True)),
            (503, b'{"fault": {"faultstring": "x"}}', NoAnswer(detail="HTTP 503", reached=False)),
            (403, b"<html>", NoAnswer(detail="HTTP 403 without a readable answer", reached=False)),
        ],
    )
    def test_who_answered_decides_how_soon_it_is_asked_again(self, status: int, body: bytes, event: NoAnswer) -> None:
        """A code of M-PESA's comes from M-PESA itself; anything else may come from a box on the way."""
        assert wire.read_query(status, body, self.ASKED) == event

    @pytest.mark.parametrize("status", [400, 401, 404, 500])
    def test_in_flight_is_told_by_the_body(self, status: int) -> None:
        body = error("500.001.1001", "The transaction is being processed")
        assert wire.read_query(status, body, self.ASKED) == Answer(Result.PENDING, "500.001.1001", self.ASKED)


class TestWhatTheJournalSays:
    """Of what could not be read: the status and M-PESA's code, never the sender's words."""

    @pytest.mark.parametrize(
        ("status", "body", "detail"),
        [
            (503, b"<html>", "HTTP 503 without a readable answer"),
            (200, b'{"ResponseCode": "1"}', "HTTP 200 without an acceptance"),
            (302, error("400.002.02"), "HTTP 302"),
            (500, b'{"fault": {}}', "HTTP 500"),
            (500, error("500.003.1001", "Internal Server Error"), "HTTP 500, 500.003.1001"),
        ],
    )
    def test_a_push(self, status: int, body: bytes, detail: str) -> None:
        assert wire.read_push(status, body) == Unanswered(detail=detail)

    @pytest.mark.parametrize(
        "body", [b"[]", b'{"Body": {}}', b"secret", b'{"Body": {"stkCallback": {"ResultCode": null}}}']
    )
    def test_a_callback(self, body: bytes) -> None:
        assert wire.read_callback(body) == UnreadableCallback(detail="not a callback of M-PESA")


class TestEncoding:
    """UTF-8 and nothing else, whoever speaks."""

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
    def test_another_encoding_is_no_evidence(self, encoding: str) -> None:
        def sealed(body: bytes) -> bytes:
            return body.decode().encode(encoding)

        assert wire.read_callback(sealed(callback(1032))) == UnreadableCallback(detail="not a callback of M-PESA")
        assert isinstance(wire.read_push(200, sealed(ACCEPTED)), Unanswered)
        assert isinstance(wire.read_push(400, sealed(error("400.002.02"))), Unanswered)
        assert isinstance(wire.read_query(200, sealed(CANCELLED), "ws_CO_1"), NoAnswer)
        assert wire.read_token(200, sealed(TOKEN)) is None

    def test_the_mark_of_utf_8_is_passed_over(self) -> None:
        def marked(body: bytes) -> bytes:
            return b"\xef\xbb\xbf" + body

        assert read(marked(callback(1032))) == read(callback(1032))
        assert wire.read_push(200, marked(ACCEPTED)) == Accepted(None, "ws_CO_1")
        assert wire.read_query(200, marked(CANCELLED), "ws_CO_1") == Answer(Result.CANCELLED, "1032", "ws_CO_1")
        assert wire.read_token(200, marked(TOKEN)) == AccessToken("a", 60.0)

    def test_half_a_character_is_no_evidence(self) -> None:
        """Python's own reading of bytes lets surrogates pass, which no database can store."""
        assert isinstance(wire.read_callback(callback(1032).replace(b"m-1", b"\xed\xa0\x80")), UnreadableCallback)


class TestReadCallback:
    ITEMS = (item("Amount", 250), item("MpesaReceiptNumber", "UKN4X7Q2ZT"), item("PhoneNumber", 254712345678))
    PAID = Callback(Result.SUCCESS, "0", "m-1", "ws_CO_1", Decimal(250), "UKN4X7Q2ZT", PHONE)

    @pytest.mark.parametrize(
        "items",
        [
            list(ITEMS),
            list(reversed(ITEMS)),
            [{"Name": "Balance"}, *ITEMS, item("TransactionDate", 20261123120005)],
            [item("Balance", 7), ITEMS[2], {"Name": "Balance"}, ITEMS[0], ITEMS[1]],
            [*ITEMS, *ITEMS],
            [item("Amount", "250"), item("MpesaReceiptNumber", " ukn4x7q2zt "), item("PhoneNumber", PHONE)],
            [item("Amount", "250.00"), *ITEMS[1:]],
            [None, 7, [], {}, {"Value": 3}, item(None, 1), item(["Amount"], 1), *ITEMS],
        ],
    )
    def test_metadata_is_read_by_name(self, items: list[object]) -> None:
        assert read(callback(0, items)) == self.PAID

    @pytest.mark.parametrize("code", ["SFC_IC0003", "sfc.ic", "R" * 32])
    def test_a_code_may_have_letters(self, code: str) -> None:
        assert read(callback(code)).code == code

    @pytest.mark.parametrize("code", [0, "0", " 0 "])
    def test_the_code_is_a_number_or_text(self, code: object) -> None:
        assert read(callback(code, list(self.ITEMS))) == self.PAID

    def test_numbers_with_a_point(self) -> None:
        body = callback(0, list(self.ITEMS)).replace(b"250,", b"250,").replace(b'"Value": 250}', b'"Value": 250.00}')
        assert b"250.00" in body
        assert read(body).amount == 250
        assert read(body.replace(b"250.00", b"250.01")).amount == Decimal("250.01")

    @pytest.mark.parametrize("amount", [b"2.5e2", b"250e0", b"25E1", b"-0", b"1e999999"])
    def test_a_number_in_another_form_is_no_amount(self, amount: bytes) -> None:
        body = callback(0, list(self.ITEMS)).replace(b'"Value": 250}', b'"Value": ' + amount + b"}")
        assert (read(body).result, read(body).amount) == (Result.SUCCESS, None)

    @pytest.mark.parametrize("code", [b"-0", b"0e0", b"0.0", b"-0.0", b"0E5", b"NaN", b"1032e0"])
    def test_a_number_in_another_form_is_no_code(self, code: bytes) -> None:
        body = callback(7, list(self.ITEMS)).replace(b'"ResultCode": 7', b'"ResultCode": ' + code)
        assert isinstance(wire.read_callback(body), UnreadableCallback)

    @pytest.mark.parametrize("code", ["٠", "０", "+0", "-0", "00", "0x0", "0_0"])
    def test_only_one_form_of_the_code_is_success(self, code: str) -> None:
        event = wire.read_callback(callback(code, list(self.ITEMS)))
        assert isinstance(event, UnreadableCallback) or event.result is Result.PENDING

    @pytest.mark.parametrize(
        "amount",
        [
            True, False, None, "", "two hundred", [], {}, "NaN", "-Infinity", "sNaN", "1e99999999999999999999", "2.5e2",
            "2_50", "+250", "-250", "0250", "٢٥٠", "２５０", "1,250", "KES 250", ".5", "250.",
        ],
    )  # fmt: skip
    def test_no_usable_amount(self, amount: object) -> None:
        assert read(callback(0, [item("Amount", amount), *self.ITEMS[1:]])).amount is None

    @pytest.mark.parametrize("amount", [b"NaN", b"Infinity", b"-Infinity"])
    def test_not_a_number_is_no_amount(self, amount: bytes) -> None:
        body = callback(0, list(self.ITEMS)).replace(b'"Value": 250}', b'"Value": ' + amount + b"}")
        assert read(body).amount is None

    @pytest.mark.parametrize(
        "receipt",
        [
            None,
            True,
            [],
            {},
            "",
            "SHORT",
            "x" * 21,
            "UKN4-X7Q2ZT",
            "UKN4X7Q2Z\u0000",
            "UKN4X7Q2ZıT",
            "UKN4X7Q2Zß",
            "UKN4X7Q2Zſ",
            "UKN4X7Q2Zﬁ",
            "\N{KELVIN SIGN}KN4X7Q2ZT",
            "UKN４X7Q2ZT",
        ],
    )
    def test_no_usable_receipt_code(self, receipt: object) -> None:
        assert read(callback(0, [item("MpesaReceiptNumber", receipt)])).receipt is None

    @pytest.mark.parametrize("number", [254712345678, 20261123140322])
    def test_another_item_s_number_in_the_place_of_the_receipt_is_no_receipt(self, number: int) -> None:
        assert read(callback(0, [item("MpesaReceiptNumber", number)])).receipt is None

    @pytest.mark.parametrize("phone", ["2547 ***** 126", "0712345678", "+254712345678", "255712345678", True, None, []])
    def test_a_masked_or_foreign_phone_is_none(self, phone: object) -> None:
        assert read(callback(0, [item("PhoneNumber", phone)])).phone is None

    def test_a_receipt_code_or_phone_is_text_or_a_whole_number(self) -> None:
        body = callback(0, [item("MpesaReceiptNumber", 7), item("PhoneNumber", 7)])
        event = read(body.replace(b'"Value": 7', b'"Value": 2.54712345678e11'))
        assert (event.receipt, event.phone) == (None, None)
        assert read(body.replace(b'"Value": 7', b'"Value": 254712345678')).phone == PHONE

    @pytest.mark.parametrize("again", ["0", '"0"', "1032", "true", "[]", '1032, "ResultCode": 1032'])
    def test_a_name_given_twice_with_different_values_is_no_evidence(self, again: str) -> None:
        body = callback(1032).replace(b'"ResultCode": 1032', f'"ResultCode": {again}, "ResultCode": 1032'.encode())
        assert again in body.decode()
        assert isinstance(wire.read_callback(body), Callback) == (again.startswith("1032"))

    def test_a_name_given_three_times_is_no_evidence_where_one_differs(self) -> None:
        for codes in ("0 1032 0", "0 0 1032", "1032 0 0"):
            three = ", ".join(f'"ResultCode": {code}' for code in codes.split())
            body = callback(0).replace(b'"ResultCode": 0', three.encode())
            assert isinstance(wire.read_callback(body), UnreadableCallback)

    def test_an_item_given_twice_with_different_values_is_no_evidence(self) -> None:
        event = read(callback(0, [*self.ITEMS, item("Amount", 1), item("MpesaReceiptNumber", "UKN4X7Q2ZZ")]))
        assert (event.amount, event.receipt, event.phone) == (None, None, PHONE)

    @pytest.mark.parametrize(
        "metadata", [None, [], "", 7, {}, {"Item": None}, {"Item": {}}, {"Item": "Amount"}, {"Item": [[]]}]
    )
    def test_missing_metadata(self, metadata: object) -> None:
        event = read(callback(0, CallbackMetadata=metadata))
        assert (event.result, event.amount, event.receipt, event.phone) == (Result.SUCCESS, None, None, None)

    @pytest.mark.parametrize("bad", [None, 7, "", " ", [], "x" * 101, "with space", "\ud800", "\u0000", "é"])
    def test_ids_that_cannot_be_ours_are_none(self, bad: object) -> None:
        event = read(callback(0, MerchantRequestID=bad, CheckoutRequestID=bad))
        assert (event.merchant_request_id, event.checkout_request_id) == (None, None)

    @pytest.mark.parametrize(
        "code", [None, True, False, 0.0, 1032.5, [], [0], {}, "", "  ", "0 0", "0\u0000", "x" * 33]
    )
    def test_without_a_code_it_cannot_be_read(self, code: object) -> None:
        assert isinstance(wire.read_callback(callback(code)), UnreadableCallback)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"0",
            b"null",
            b"[]",
            b"{}",
            b'{"Body": null}',
            b'{"Body": []}',
            b'{"Body": {"stkCallback": null}}',
            b'{"Body": {"stkCallback": [{"ResultCode": 0}]}}',
            b'{"stkCallback": {"ResultCode": 0}}',
            b'{"body": {"stkCallback": {"ResultCode": 0}}}',
            b'{"Body": {"stkCallback": {"ResultCode": 0}}',
            b'\xff\xfe{"Body"',
            b'{"Body": "\xff"}',
            b'{"Body": {"stkCallback": {"ResultCode": ' + b"9" * 10_000 + b"}}}",
            b'{"Body": {"stkCallback": {"ResultCode": ' + b"9" * 4_000 + b"}}}",
            b'{"Body": {"stkCallback": {"ResultCode": 1e99999999999999999999}}}',
            b'{"Body":' * 50_000,
            b"[" * 100_000,
        ],
    )
    def test_unreadable(self, body: bytes) -> None:
        assert isinstance(wire.read_callback(body), UnreadableCallback)

    @pytest.mark.parametrize("depth", [10, 500, *range(900, 1_000, 4)])
    def test_deep_nesting_is_survived_at_every_depth(self, depth: int) -> None:
        """Around the interpreter's limit: where reading still succeeds, comparing two equal items must as well."""
        deep = b"[" * depth + b"]" * depth
        items = b'{"Name": "Amount", "Value": %s}' % deep
        body = callback(0, []).replace(b'"Item": []', b'"Item": [' + items + b", " + items + b"]")
        event = wire.read_callback(body)
        assert isinstance(event, UnreadableCallback) or event.amount is None

    def test_a_long_amount_is_read_and_differs(self) -> None:
        event = read(callback(0, [item("Amount", "9" * 10_000)]))
        assert event.amount is not None
        assert event.amount != 250
        assert read(callback(0, []).replace(b"[]", b'[{"Name": "Amount", "Value": 1e999999}]')).amount != 250


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["0", "1032", 0, 250.0]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KNOWN = st.sampled_from(
    ["Body", "stkCallback", "ResultCode", "CallbackMetadata", "Item", "Name", "Value", "Amount", "CheckoutRequestID",
     "MerchantRequestID", "MpesaReceiptNumber", "PhoneNumber", "errorCode", "errorMessage", "ResponseCode",
     "access_token", "expires_in"]
)  # fmt: skip
STK = st.fixed_dictionaries({}, optional=dict.fromkeys(("ResultCode", "CheckoutRequestID", "CallbackMetadata"), JSON))
CALLBACKS = st.fixed_dictionaries({"Body": st.fixed_dictionaries({"stkCallback": STK | JSON})})
ANYTHING = (
    st.binary(max_size=200)
    | JSON.map(lambda data: json.dumps(data).encode())
    | CALLBACKS.map(lambda data: json.dumps(data).encode())
    | st.dictionaries(KNOWN, JSON, max_size=6).map(lambda data: json.dumps(data).encode())
)
STATUS = st.sampled_from([200, 201, 302, 400, 401, 403, 404, 429, 500, 503])


@settings(deadline=None)
@given(ANYTHING, STATUS)
def test_nothing_that_anybody_sends_raises_or_pays(body: bytes, status: int) -> None:
    event = wire.read_callback(body)
    if isinstance(event, Callback):
        assert (event.result is Result.SUCCESS) == (event.code == "0")
        code = json.loads(body)["Body"]["stkCallback"]["ResultCode"]
        assert event.code == str(code).strip()
    pushed = wire.read_push(status, body)
    if isinstance(pushed, Accepted):
        assert status == 200
        assert str(json.loads(body)["ResponseCode"]).strip() == "0"
    answered = wire.read_query(status, body, "ws_CO_1")
    if isinstance(answered, Answer):
        assert (answered.result is Result.SUCCESS) == (answered.code == "0")
        assert status == 200 or answered.result is Result.PENDING
    wire.read_token(status, body)


@pytest.mark.parametrize(
    ("status", "body", "signed"),
    [
        (500, error("500.001.1001", "[MerchantValidate] - Wrong credentials"), Signed.WRONG),
        (500, error("500.001.1001", "Merchant does not exist"), Signed.NO_MERCHANT),
        (500, error("500.001.1001", "The transaction does not Exist"), Signed.FITS),
        (500, error("500.001.1001", "The transaction is being processed"), Signed.FITS),
        (400, error("400.002.02", "Bad Request - Invalid CheckoutRequestID"), Signed.FITS),
        (200, b'{"ResponseCode": "0", "ResultCode": "1037"}', Signed.FITS),
        (500, error("500.001.1001", "Unable to lock subscriber"), Signed.UNKNOWN),
        (500, error("500.003.02", "Error Occurred: Spike Arrest Violation"), Signed.UNKNOWN),
        (500, error("500.003.1001", "Internal Server Error"), Signed.UNKNOWN),
        (404, error("404.001.03", "Invalid Access Token"), Signed.UNKNOWN),
        (503, b"<html>Incapsula incident</html>", Signed.UNKNOWN),
        (500, b"", Signed.UNKNOWN),
    ],
)
def test_what_a_query_about_nothing_tells_of_who_asks(status: int, body: bytes, signed: Signed) -> None:
    assert wire.read_signed(status, body) is signed
