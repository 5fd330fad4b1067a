import pytest

from pos_app.simulator import OAUTH_PATH, Fault, HttpReply, Request
from tests.simulator.world import OTHER_PHONE, Shop, basic, error

INVALID = (404, "404.001.03", "Invalid Access Token")


def test_the_lifetime_is_text() -> None:
    reply = Shop().sign_in()
    assert reply.status == 200
    assert isinstance(reply.body, dict)
    assert reply.body["expires_in"] == "3599"


@pytest.mark.parametrize("authorization", ["Bearer abc", "Basic", "x"])
def test_another_scheme_is_refused(authorization: str) -> None:
    assert error(Shop().sign_in(authorization)) == (400, "400.008.01", "Invalid Authentication passed")


def test_another_grant_type_is_refused() -> None:
    assert error(Shop().sign_in(grant_type="password")) == (400, "400.008.02", "Invalid grant type passed")


@pytest.mark.parametrize("authorization", [basic(key="other"), basic(secret="other"), "Basic !!!"])
def test_unknown_keys_get_an_empty_answer(authorization: str) -> None:
    shop = Shop()
    assert shop.sign_in(authorization) == HttpReply(400, "")
    assert shop.mpesa.tokens_issued == 0


def test_only_get_gives_access_tokens() -> None:
    [reply] = Shop().send(Request(method="POST", path=OAUTH_PATH, authorization=basic()))
    assert error(reply) == (405, "405.001", "POST Method Not Allowed")


def test_a_new_access_token_ends_the_older() -> None:
    shop = Shop()
    shop.sign_in()
    older = shop.bearer
    shop.sign_in()
    newer, shop.bearer = shop.bearer, older
    assert error(shop.push()) == INVALID
    assert error(shop.query("ws_CO_1")) == INVALID
    shop.bearer = newer
    assert shop.push().status == 200
    assert shop.mpesa.tokens_issued == 2


def test_an_access_token_ends_by_itself() -> None:
    shop = Shop(token_lifetime=60)
    shop.sign_in()
    shop.world.advance(59)
    assert shop.push().status == 200
    shop.world.advance(1)
    assert error(shop.push(PhoneNumber=OTHER_PHONE)) == INVALID


@pytest.mark.parametrize("authorization", ["", "Bearer ", basic()])
def test_a_request_without_a_bearer_is_refused(authorization: str) -> None:
    shop = Shop()
    shop.sign_in()
    shop.bearer = authorization or " "
    assert error(shop.push()) == (404, "404.001.04", "Invalid Authentication Header")


def test_an_access_token_that_dies_early_is_refused_never_twice_in_a_row() -> None:
    shop = Shop(faults=(Fault.TOKEN_DIES_EARLY,))
    assert error(shop.push()) == INVALID
    assert error(shop.push()) == INVALID  # it stays dead
    shop.sign_in()
    checkout = shop.pushed()
    assert error(shop.query(checkout)) == INVALID  # the next one dies as well
    shop.sign_in()
    assert shop.query(checkout).status == 200
    assert shop.mpesa.prompted == 1
