"""The callback route put together, without a till: opened, probed at once, closed."""

import socket
import threading
from pathlib import Path

import pytest

from pos_app.bootstrap.callbacks import CallbackWiring, try_route
from pos_app.callbacks.route import CallbackRoute
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.errors import Occupied
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import open_vault
from tests.callbacks.posing import AUTH_TOKEN, Agent, until

SANDBOX = {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379"}

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pyngrok's


def tried(folder: Path, **environ: str) -> RouteStatus:
    before = set(threading.enumerate())
    settings = load(folder, False, SANDBOX | environ)
    status = try_route(settings, open_vault(settings), SystemClock())
    until(lambda: {thread for thread in threading.enumerate() if thread.is_alive()} <= before)
    assert not (folder / "route.json").exists()
    return status


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def test_an_own_address_that_leads_here(tmp_path: Path) -> None:
    port = free_port()
    status = tried(tmp_path, POS_CALLBACK="url", POS_PUBLIC_URL=f"http://127.0.0.1:{port}", POS_LISTEN_PORT=str(port))
    assert status.state is RouteState.UP
    assert status.probed_at


def test_an_own_address_that_leads_nowhere(tmp_path: Path) -> None:
    status = tried(tmp_path, POS_CALLBACK="url", POS_PUBLIC_URL=f"http://127.0.0.1:{free_port()}", POS_LISTEN_PORT="0")
    assert status.state is RouteState.DOWN
    assert "Nobody answers at the public address" in status.words


def test_a_callback_in_practice_proves_nothing_of_the_shop_s_own_address(tmp_path: Path) -> None:
    port, clock = free_port(), SystemClock()
    address = {"POS_CALLBACK": "url", "POS_PUBLIC_URL": f"http://127.0.0.1:{port}", "POS_LISTEN_PORT": "0"}
    settings = load(tmp_path, True, address)
    practice = CallbackWiring(settings, open_vault(settings), clock).route
    assert isinstance(practice, CallbackRoute)
    practice.found(address["POS_PUBLIC_URL"])
    practice.came(clock.now())
    practice.stop()
    assert tried(tmp_path, **address).state is RouteState.DOWN


def test_a_tunnel(tmp_path: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    status = tried(tmp_path, POS_CALLBACK="ngrok", POS_NGROK_PATH=str(agent.path))
    assert status.state is RouteState.UP
    assert agent.started()["token"] == AUTH_TOKEN
    assert not agent.running()


def test_a_tunnel_at_a_reserved_address(tmp_path: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    url = f"http://127.0.0.1:{free_port()}"
    status = tried(tmp_path, POS_CALLBACK="ngrok", POS_NGROK_PATH=str(agent.path), POS_PUBLIC_URL=url)
    assert status.state is RouteState.UP
    assert agent.asked()["url"] == url


def test_in_production_an_ngrok_plain_address_is_not_taken(
    tmp_path: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    status = tried(
        tmp_path,
        POS_ENVIRONMENT="production",
        POS_SHORTCODE="600999",
        POS_CALLBACK="ngrok",
        POS_NGROK_PATH=str(agent.path),
    )
    assert status.state is RouteState.DOWN
    assert "an address that M-PESA does not take" in status.words


def test_a_tunnel_that_is_refused(tmp_path: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", AUTH_TOKEN)
    agent.behave("token")
    status = tried(tmp_path, POS_CALLBACK="ngrok", POS_NGROK_PATH=str(agent.path))
    assert status.state is RouteState.DOWN
    assert "auth token" in status.words
    assert AUTH_TOKEN not in status.words


def test_a_till_that_only_asks(tmp_path: Path) -> None:
    assert tried(tmp_path, POS_CALLBACK="none").state is RouteState.NONE


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with pytest.raises(Occupied):
            tried(tmp_path, POS_CALLBACK="url", POS_PUBLIC_URL="https://till.example.co.ke", POS_LISTEN_PORT=port)
