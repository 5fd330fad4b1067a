"""What M-PESA must accept. The keys are tried on the simulator, which refuses as Daraja does."""

from dataclasses import replace

import httpx
import pytest
import respx

from pos_app.check_result import Status
from pos_app.daraja.tokens import NoAccessToken
from pos_app.diagnostics import mpesa as checks
from pos_app.settings.choices import Environment
from pos_app.settings.settings import Settings
from pos_app.simulator import Simulator
from pos_app.vault.vault import open_vault

DARAJA = "https://sandbox.safaricom.co.ke"


def test_the_right_keys_get_a_token(sandbox: Settings, mpesa: Simulator) -> None:
    verdict = checks.shop_token(sandbox, open_vault(sandbox))
    assert verdict.status is Status.GREEN
    assert verdict.words.startswith(
        "M-PESA accepts the shop's keys; an access token lives 60 min. Each shop of a chain"
    )
    assert mpesa.tokens_issued == 1


def test_other_keys_get_an_empty_400_which_is_said_in_words(sandbox: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_CONSUMER_SECRET", "canary-secret")
    verdict = checks.shop_token(sandbox, open_vault(sandbox))
    assert verdict.status is Status.RED
    for part in ("did not accept the shop's keys", "another environment", "sandbox", "Nothing was sent"):
        assert part in verdict.words
    assert "canary" not in verdict.words


def test_without_keys_nothing_is_tried(sandbox: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_PASSKEY", "")
    assert checks.shop_token(sandbox, open_vault(sandbox)) == (Status.AMBER, "Not tried: the shop's keys cannot be had")


def test_nobody_there(sandbox: Settings, nobody: str) -> None:
    verdict = checks.shop_token(replace(sandbox, daraja_url=nobody), open_vault(sandbox))
    assert verdict.status is Status.RED
    assert verdict.words.startswith("M-PESA was not reached, so the keys could not be tried. Nothing was sent.")


@respx.mock
def test_m_pesa_s_own_trouble_is_told_apart(sandbox: Settings) -> None:
    respx.get(url__startswith=DARAJA).mock(return_value=httpx.Response(503, text="<html>Incapsula</html>"))
    verdict = checks.shop_token(replace(sandbox, daraja_url=DARAJA), open_vault(sandbox))
    assert verdict.status is Status.RED
    assert "answered but did not let this till in (code 503)" in verdict.words


@pytest.mark.parametrize(
    ("left", "words"), [(None, "No access token yet"), (2_460.0, "41 min left"), (0.0, "0 min left")]
)
def test_the_till_s_own_token_is_only_read(left: float | None, words: str) -> None:
    verdict = checks.token_of_till(lambda: left, lambda: 1, Environment.PRODUCTION)
    assert verdict.status is Status.GREEN
    assert words in verdict.words


def test_a_till_whose_last_fetch_failed_says_so() -> None:
    def left() -> float | None:
        raise NoAccessToken("credentials", "HTTP 400, empty")

    verdict = checks.token_of_till(left, lambda: 0, Environment.PRODUCTION)
    assert verdict.status is Status.RED
    assert "this till works in production" in verdict.words


def test_another_shop_with_the_same_keys_is_noticed() -> None:
    verdict = checks.token_of_till(lambda: 2_460.0, lambda: 2, Environment.PRODUCTION)
    assert verdict.status is Status.AMBER
    for part in ("2 times within the last hour", "same consumer key", "a Daraja app of its own"):
        assert part in verdict.words


@pytest.mark.parametrize(
    ("shortcode", "till_number", "status"),
    [("600123", None, Status.GREEN), ("600123", "5123456", Status.GREEN), ("", None, Status.RED)],
)
def test_the_shop_s_number(sandbox: Settings, shortcode: str, till_number: str | None, status: Status) -> None:
    verdict = checks.shortcode(replace(sandbox, shortcode=shortcode, till_number=till_number))
    assert verdict.status is status
    assert "600123" not in verdict.words
