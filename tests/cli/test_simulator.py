"""`simulator`: a process of its own that other Daraja clients drive."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.cli.conftest import Command

MAIN = Path(__file__).parent.parent.parent / "main.py"


def test_it_serves_daraja_until_it_is_told_to_stop() -> None:
    process = subprocess.Popen(
        [sys.executable, str(MAIN), "simulator", "--port", "0", "--consumer-key", "mine", "--json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.Client(base_url=url, trust_env=False) as client:
            path = "/oauth/v1/generate?grant_type=client_credentials"
            assert client.get(path, auth=("practice-key", "practice-secret")).status_code == 400
            assert client.get(path, auth=("mine", "practice-secret")).json()["expires_in"] == "3599"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()
    finally:
        process.kill()
        process.wait()


def test_a_port_in_use_and_an_unknown_fault_are_said(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = command("simulator", "--port", str(other.getsockname()[1]))
    assert ran.code == 2
    assert "used by another program" in ran.err
    unknown = command("simulator", "--fault", "rain")
    assert unknown.code == 2
    assert "callback-lost" in unknown.err
