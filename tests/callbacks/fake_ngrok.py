#!/usr/bin/env python3
"""Poses as the ngrok agent, version 3: says what pyngrok waits for, and carries HTTP from its public port to the till.

Its first argument, put there by the program that `posing.Agent` writes, is a folder. The file `mode` in it says how to
behave, `move` lets it change its address when it is next asked, `close` forget its tunnel, `hang` answer no more. What
it was started with and asked for is written there.
"""

import contextlib
import http.client
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER, ARGUMENTS = Path(sys.argv[1]), sys.argv[2:]
TOKEN = os.environ.get("NGROK_AUTHTOKEN", "")
ERRORS = {
    "token": f"authentication failed: The authtoken you specified is not valid. Your authtoken: {TOKEN} ERR_NGROK_105",
    "sessions": "authentication failed: Your account is limited to 1 simultaneous ngrok agent sessions. ERR_NGROK_108",
    "refused": "something new ERR_NGROK_9999",
    "old": "Your ngrok-agent version is too old. ERR_NGROK_121",
    "used up": "Your account has used its requests of this month. ERR_NGROK_727",
}


def say(words: str) -> None:
    """One line of the agent's log."""
    sys.stdout.write(f"t=2026-11-23T14:00:00+0300 {words}\n")
    sys.stdout.flush()


def write(name: str, data: object) -> None:
    """Whole or not at all."""
    part = FOLDER / f"{name}.part"
    part.write_text(json.dumps(data), encoding="utf-8")
    part.replace(FOLDER / name)


def told(command: str) -> bool:
    """Whether the test has left this command; it is obeyed once."""
    try:
        (FOLDER / command).unlink()
    except FileNotFoundError:
        return False
    return True


class Handler(BaseHTTPRequestHandler):
    """What both servers share."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def reply(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words: object) -> None:
        pass


class Edge(Handler):
    """The public address: carries each request to the till."""

    upstream = ""

    def carry(self) -> None:
        to = http.client.HTTPConnection(self.upstream, timeout=20)
        try:
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
            }
            to.request(self.command, self.path, self.body(), headers | {"X-Forwarded-Proto": "https"})
            answer = to.getresponse()
            self.reply(answer.status, answer.read())
        except OSError:
            self.reply(502, b"", Ngrok_Error_Code="ERR_NGROK_8012")
        finally:
            to.close()

    do_GET = do_POST = carry


class Tunnel:
    """The one endpoint, and the public port behind it."""

    def __init__(self, name: str, upstream: str, url: str | None) -> None:
        self.name, self.upstream = name, upstream
        self.open(urlsplit(url or "").port or 0)

    def open(self, port: int = 0) -> None:
        handler = type("Here", (Edge,), {"upstream": urlsplit(self.upstream).netloc})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def move(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.open()

    def data(self) -> dict[str, Any]:
        return {"name": self.name, "id": "ep_1", "url": self.url, "upstream": {"url": self.upstream}}


class Api(Handler):
    """The agent's own API."""

    tunnel: Tunnel | None = None

    def do_GET(self) -> None:
        while (FOLDER / "hang").exists():
            time.sleep(0.01)
        if told("close"):
            Api.tunnel = None
        if self.tunnel and told("move"):
            self.tunnel.move()
        if self.path == "/api/endpoints":
            self.answer(200, {"endpoints": [self.tunnel.data()] if self.tunnel else []})
        elif self.tunnel and self.path == f"/api/endpoints/{self.tunnel.name}":
            self.answer(200, self.tunnel.data())
        else:
            self.answer(404, {"status_code": 404, "msg": "no such endpoint"})

    def do_POST(self) -> None:
        asked = json.loads(self.body())
        write("asked.json", asked)
        if MODE == "limit":
            why = f"Your account may not run more than 1 endpoints. authtoken {TOKEN}\r\n\r\nERR_NGROK_324\r\n"
            self.answer(502, {"error_code": 103, "msg": "failed to start tunnel", "details": {"err": why}})
            return
        try:
            Api.tunnel = Tunnel(asked["name"], asked["upstream"]["url"], asked.get("url"))
        except OSError:  # the same address is open elsewhere: its port is taken
            why = f"failed to start tunnel: The endpoint '{asked.get('url')}' is already online. ERR_NGROK_334"
            self.answer(502, {"error_code": 103, "msg": "failed to start tunnel", "details": {"err": why}})
            return
        self.answer(201, self.tunnel.data() if self.tunnel else {})

    def answer(self, status: int, data: object) -> None:
        self.reply(status, json.dumps(data).encode(), Content_Type="application/json")


def serve() -> None:
    """Behave as an agent in order."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    say(f'lvl=info msg="starting web service" obj=web addr=127.0.0.1:{server.server_port}')
    say('lvl=info msg="tunnel session started" obj=tunnels.session')
    say('lvl=info msg="client session established" obj=csess')
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


MODE = (FOLDER / "mode").read_text(encoding="utf-8")
write(f"start-{time.monotonic_ns()}.json", {"pid": os.getpid(), "arguments": ARGUMENTS, "token": TOKEN})
if MODE == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if MODE in ("silent", "deaf"):
    while True:
        signal.pause()
elif MODE == "ends":
    sys.exit(3)
elif MODE in ERRORS:
    say(f'lvl=eror msg="session closing" obj=tunnels.session err="{ERRORS[MODE]}"')
    sys.exit(1)
elif MODE == "offline":
    while True:  # it goes on trying, as the real one does
        say('lvl=eror msg="failed to reconnect session" err="failed to dial ngrok server: lookup: no such host"')
        time.sleep(0.05)
serve()
