"""Servers to look at: M-PESA's own, simulated; and one that says what a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pos_app.settings.settings import Settings, load
from pos_app.simulator import Simulator, SimulatorOptions

MakeServer = Callable[..., str]


@pytest.fixture
def server() -> Iterator[MakeServer]:
    """Make a server that answers with this Date; gives its address."""
    with ExitStack() as stack:

        def make(date: str | None) -> str:
            class Handler(BaseHTTPRequestHandler):
                def do_HEAD(self) -> None:
                    self.send_response_only(404)
                    if date is not None:
                        self.send_header("Date", date)
                    self.end_headers()

            made = HTTPServer(("127.0.0.1", 0), Handler)
            thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(made.server_close)
            stack.callback(made.shutdown)
            return f"http://127.0.0.1:{made.server_address[1]}"

        yield make


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody knows, as a filter or a log-in page in between has one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    return  # the client hung up, as it should

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, but not listening: nobody else gets the port meanwhile
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.fixture
def mpesa() -> Iterator[Simulator]:
    with Simulator(SimulatorOptions()) as simulator:
        yield simulator


@pytest.fixture
def sandbox(mpesa: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop whose M-PESA is the simulator, with all that it needs."""
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "PASSKEY"):
        monkeypatch.setenv(f"POS_{name}", f"practice-{name.lower().removeprefix('consumer_')}")
    environ = {"POS_ENVIRONMENT": "sandbox", "POS_DARAJA_URL": mpesa.url, "POS_SHORTCODE": "174379"}
    return load(tmp_path / "shop", False, environ)
