"""A shop behind a tunnel that is killed in the middle of a payment; a program of ours poses as the ngrok agent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pos_app.domain.callback_route import RouteState
from pos_app.domain.payment import Payment, State
from pos_app.messages import window as words
from pos_app.settings.choices import CallbackMode
from pos_app.settings.settings import Settings
from pos_app.simulator import Choice, Simulator
from pos_app.ui.widgets.pill import Pill
from tests.callbacks.posing import AUTH_TOKEN, Agent
from tests.e2e.conftest import Operator, Shop
from tests.ui.parts import part

PHONE = "0712345678"
MSISDN = "254712345678"
OTHER_PHONE = "0722345678"
OTHER_MSISDN = "254722345678"

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pyngrok's


@pytest.fixture
def settings(settings: Settings, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The shop's, with ngrok; the first question to M-PESA comes late, so that a callback is really needed."""
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    return replace(
        settings, callback=CallbackMode.NGROK, ngrok_path=agent.path, public_url=None, listen_port=0, query_after=None
    )


@pytest.fixture
def operator(shop: Shop) -> Iterator[Operator]:
    with shop.open() as operator:
        operator.until(lambda: operator.till.route.status.state is RouteState.UP)
        yield operator


def status(operator: Operator) -> str:
    return part(operator.window, Pill, "status").accessibleName()  # in full, whatever there is room for


def test_results_come_through_the_tunnel(operator: Operator, mpesa: Simulator, agent: Agent) -> None:
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    payment = operator.becomes(State.PAID)
    assert payment.receipt
    assert [line.source for line in operator.journal()] == ["push", "callback"]
    operator.until(lambda: status(operator) == words.STATUS_READY)
    for child in psutil.Process().children(recursive=True):
        assert AUTH_TOKEN not in " ".join(child.cmdline())


def test_the_ngrok_process_is_killed_in_the_middle_and_the_payment_ends_paid_by_asking(
    operator: Operator, mpesa: Simulator, agent: Agent, tmp_path: Path
) -> None:
    agent.behave("token")  # it cannot come back
    operator.charge("1", PHONE)
    operator.becomes(State.PROMPTED)
    agent.kill()
    operator.until(lambda: status(operator) == words.STATUS_ROUTE_DOWN)
    route = tmp_path / "route.json"  # for other programs, written by a thread of its own
    operator.until(lambda: json.loads(route.read_text(encoding="utf-8"))["state"] == "down")
    mpesa.answer(mpesa.prompts()[0].checkout_request_id, Choice.PIN)
    payment = operator.becomes(State.PAID)
    assert payment.granted
    assert payment.receipt is None
    assert "callback" not in [line.source for line in operator.journal()]
    operator.sees("in the customer's SMS")
    assert mpesa.pushes == 1
    assert_log_is_clean(tmp_path)


def test_an_ngrok_process_that_comes_back_with_another_address_loses_no_payment(
    operator: Operator, mpesa: Simulator, agent: Agent
) -> None:
    operator.charge("1", PHONE)
    operator.becomes(State.PROMPTED)
    before = agent.asked()
    agent.kill()
    agent.started(2)
    operator.until(lambda: status(operator) == words.STATUS_READY)
    assert agent.asked()["upstream"] == before["upstream"]
    mpesa.answer(mpesa.prompts()[0].checkout_request_id, Choice.PIN)
    assert operator.becomes(State.PAID).receipt is None  # its callback went to an address that is no more
    assert next_customer_pays(operator, mpesa).receipt


def test_while_it_is_down_prompts_go_out_and_are_asked_about_and_when_it_is_back_results_come(
    operator: Operator, mpesa: Simulator, agent: Agent
) -> None:
    agent.behave("token")
    agent.kill()
    operator.until(lambda: status(operator) == words.STATUS_ROUTE_DOWN)
    mpesa.script(MSISDN, Choice.PIN)
    operator.charge("1", PHONE)
    assert operator.becomes(State.PAID).receipt is None
    agent.behave("good")
    operator.until(lambda: status(operator) == words.STATUS_READY)
    assert next_customer_pays(operator, mpesa).receipt


def next_customer_pays(operator: Operator, mpesa: Simulator) -> Payment:
    operator.sees("Paid")
    operator.press("newCharge")
    operator.sees("Choose a post")
    mpesa.script(OTHER_MSISDN, Choice.PIN)
    operator.charge("2", OTHER_PHONE)
    operator.until(lambda: len(operator.payments()) == 2)
    return operator.becomes(State.PAID)


def assert_log_is_clean(folder: Path) -> None:
    log = (folder / "kaunta.log").read_text(encoding="utf-8")
    assert "the callback route is up" in log
    assert "the callback route is down" in log
    for secret in (AUTH_TOKEN, "/stk/", "/knock/", MSISDN):
        assert secret not in log
