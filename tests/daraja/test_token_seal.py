"""What is kept of an access token opens for whoever has the shop's keys, and for nobody else."""

from dataclasses import replace

import pytest

from pos_app.daraja.token_seal import TokenSeal
from pos_app.daraja.wire import Keys

KEYS = Keys("the-consumer-key", "the-consumer-secret", "the-passkey")
URL = "https://api.safaricom.test"
TOKEN = "c9SQxWWhmdVRlyh0zh8gZDTkubVF"


def seal(keys: Keys = KEYS, environment: str = "production", url: str = URL) -> TokenSeal:
    return TokenSeal(keys, environment, url)


def test_another_till_with_the_same_keys_opens_it() -> None:
    assert seal().open(seal().seal(TOKEN)) == TOKEN
    assert seal().row == seal().row


def test_the_passkey_has_nothing_to_do_with_it() -> None:
    assert seal(replace(KEYS, passkey="another")).open(seal().seal(TOKEN)) == TOKEN


@pytest.mark.parametrize(
    "other",
    [
        seal(replace(KEYS, consumer_secret="another")),
        seal(replace(KEYS, consumer_key="another")),
        seal(environment="sandbox"),
        seal(url="https://sandbox.safaricom.test"),
        seal(replace(KEYS, consumer_key=""), environment="production\0the-consumer-key"),
    ],
)
def test_nobody_else_does_and_each_has_a_place_of_its_own(other: TokenSeal) -> None:
    assert other.open(seal().seal(TOKEN)) is None
    assert other.row != seal().row


def test_what_was_altered_opens_for_nobody() -> None:
    sealed = seal().seal(TOKEN)
    for at in range(len(sealed)):
        assert seal().open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) is None
        assert seal().open(sealed[:at]) is None


def test_the_same_token_is_never_the_same_twice_and_nothing_is_in_plain() -> None:
    one, other = seal().seal(TOKEN), seal().seal(TOKEN)
    assert one != other
    for secret in (TOKEN, KEYS.consumer_key, KEYS.consumer_secret):
        assert secret.encode() not in one
        assert secret.encode() not in bytes.fromhex(seal().row)
