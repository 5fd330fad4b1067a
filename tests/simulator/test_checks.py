import pytest

from pos_app.simulator import HttpReply
from pos_app.simulator.checks import is_loopback, read_basic
from tests.simulator.world import Shop, basic, error, password, push_body

PUSH = "/mpesa/stkpush/v1/processrequest"


def refused(reply: HttpReply, field: str) -> bool:
    return error(reply) == (400, "400.002.02", f"Bad Request - Invalid {field}")


@pytest.mark.parametrize(
    "field",
    ["BusinessShortCode", "Password", "Timestamp", "TransactionType", "Amount", "PartyA", "PartyB", "PhoneNumber"],
)
@pytest.mark.parametrize("value", [None, "", "x y", True, [1], {"a": 1}])
def test_a_field_that_cannot_be_used_is_named(field: str, value: object) -> None:
    reply = Shop().push(**{field: value})
    if field == "Password" and value == "x y":
        assert error(reply) == (500, "500.001.1001", "Wrong credentials")
    else:
        assert refused(reply, field)


@pytest.mark.parametrize("amount", [0, -5, 1.5, "1.0", "ten", 250_001, "9999999"])
def test_amounts_are_whole_and_within_the_limit(amount: object) -> None:
    assert refused(Shop().push(Amount=amount), "Amount")


@pytest.mark.parametrize("phone", ["0708374149", "+254708374149", "25470837414", "254208374149", 708374149])
def test_phones_are_kenyan_mobile_numbers(phone: object) -> None:
    assert refused(Shop().push(PhoneNumber=phone), "PhoneNumber")
    assert refused(Shop().push(PartyA=phone), "PartyA")


@pytest.mark.parametrize("timestamp", ["2026112314030", "20261323140300", "2026-11-23 14:03"])
def test_a_timestamp_is_fourteen_digits_of_a_time(timestamp: str) -> None:
    assert refused(Shop().push(Timestamp=timestamp), "Timestamp")


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "ftp://127.0.0.1/x",
        "127.0.0.1/x",
        "http://",
        "http://127.0.0.1:port/x",
        "http://127.0.0.1:0/x",
        "http://[::1/x",
        "http://127.0.0.1/a b",
        "http://<your-host>/x",
        "http://127.0.0.1@example.com/x",
        "http://127.0.0.1\\example.com/x",
    ],
)
def test_callback_urls_that_cannot_be_called_are_refused(url: str | None) -> None:
    assert refused(Shop().push(CallBackURL=url), "CallBackURL")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "https://kaunta.invalid/stk/x", "https://Example.com", "http://[::1]:8/x?a=1"]
)
def test_any_other_callback_url_is_taken(url: str) -> None:
    assert Shop().push(CallBackURL=url).status == 200


def test_the_reference_has_at_most_twelve_characters() -> None:
    assert Shop().push(AccountReference="123456789012").status == 200
    assert refused(Shop().push(AccountReference="1234567890123"), "AccountReference")
    assert refused(Shop().push(AccountReference=None), "Remarks")


def test_the_description_has_one_to_thirteen_characters_and_is_called_remarks() -> None:
    assert Shop().push(TransactionDesc="1234567890123").status == 200
    for description in (None, "", "12345678901234"):
        assert refused(Shop().push(TransactionDesc=description), "Remarks")


def test_numbers_or_text_and_fields_it_does_not_know() -> None:
    shop = Shop()
    reply = shop.push(
        BusinessShortCode=174379,
        Amount="250",
        PartyA=254708374149,
        PartyB=174379,
        PhoneNumber=254708374149,
        AccountReference=42,
        Extra={"deep": [1]},
    )
    assert reply.status == 200
    assert shop.world.shown[0].account_reference == "42"
    assert shop.world.shown[0].amount == 250


def test_the_password_must_match_the_body_s_own_timestamp_whatever_the_clock_says() -> None:
    old = "19991231235959"
    assert Shop().push(Timestamp=old, Password=password(old)).status == 200
    assert error(Shop().push(Timestamp=old)) == (500, "500.001.1001", "Wrong credentials")
    assert error(Shop().push(Password=password("20261123140300", passkey="other")))[2] == "Wrong credentials"


def test_an_unknown_shortcode_is_no_merchant() -> None:
    assert error(Shop().push(BusinessShortCode="600000")) == (500, "500.001.1001", "Merchant does not exist")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 60_000, b"1" * 5000])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    shop = Shop()
    shop.sign_in()
    [reply] = shop.send(shop.request(PUSH, body))
    assert error(reply) == (400, "400.002.05", "Invalid Request Payload")


def test_a_missing_content_type_is_blamed_on_the_shortcode() -> None:
    shop = Shop()
    shop.sign_in()
    request = shop.request(PUSH, push_body())
    [reply] = shop.send(type(request)(method="POST", path=PUSH, authorization=shop.bearer, body=request.body))
    assert refused(reply, "BusinessShortCode")


def test_fields_are_checked_before_the_merchant_and_the_access_token_before_all() -> None:
    assert refused(Shop().push(BusinessShortCode="600000", Amount=0), "Amount")
    shop = Shop()
    shop.bearer = "Bearer stale"
    assert error(shop.push(Amount=0)) == (404, "404.001.03", "Invalid Access Token")


def test_queries_are_checked_alike() -> None:
    shop = Shop()
    assert refused(shop.query(""), "CheckoutRequestID")
    assert error(shop.query("ws_CO_1", Password="x")) == (500, "500.001.1001", "Wrong credentials")
    assert error(shop.query("ws_CO_1", BusinessShortCode="600000"))[2] == "Merchant does not exist"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://127.9.9.9/x", "http://localhost/x", "https://[::1]/x"])
def test_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["https://kaunta.invalid/x", "http://127.0.0.1.example.com/x", "http://192.168.0.1/x", "http://0.0.0.0/x"]
)
def test_every_other_host_is_not(url: str) -> None:
    assert not is_loopback(url)


def test_basic_credentials() -> None:
    assert read_basic(basic("key", "se:cret")) == ("key", "se:cret")
    assert read_basic("Basic !!!") is None
    assert read_basic("Basic /w==") is None
    assert read_basic("Basic a2V5") is None
