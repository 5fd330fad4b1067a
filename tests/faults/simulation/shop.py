"""A shop on a server with several tills, each a process of its own, one reserved address, an M-PESA that runs here."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos_app.domain.catalogue import draft_post
from pos_app.simulator import Prompt, Simulator, SimulatorOptions
from pos_app.store.database import open_database
from tests.callbacks.posing import AUTH_TOKEN, Agent

PATIENCE = 300.0  # seconds that nothing here should ever need
_LOOK = 0.02


@dataclass
class Said:
    """A line of a till, and when it came."""

    at: float
    what: dict[str, Any]


@dataclass
class TillProcess:
    """One till of the shop."""

    letter: str
    folder: Path
    environ: dict[str, str]
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Open it, again where it was killed."""
        self._begins = len(self.said)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.simulation.shop_till", self.letter, str(self.folder)],
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, args=(self.process,), name="till", daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with suppress(ValueError):  # it was killed in the middle of one
                self.said.append(Said(time.monotonic(), json.loads(line)))

    def heard(self, key: str) -> list[Any]:
        """What this run has said of something."""
        return [each.what[key] for each in self.said[self._begins :] if key in each.what]

    @property
    def route(self) -> tuple[str, str]:
        """How its route stands, and at which till the address is: empty where it is here."""
        found = [each.what for each in self.said[self._begins :] if "route" in each.what]
        return (found[-1]["route"], found[-1]["at"]) if found else ("", "")

    @property
    def holds(self) -> bool:
        """Whether it holds the address, and callbacks come in."""
        return self.process.poll() is None and self.route == ("up", "")

    def tell(self, line: str) -> None:
        """Tell it to do something."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):  # it is dead
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def kill(self) -> None:
        """It is dead, without a word."""
        self.process.kill()
        self.ended()

    def ended(self) -> None:
        """Wait until it has ended, and all that it said is heard."""
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def freeze(self, still: bool) -> None:
        """Let it stand still, or go on."""
        self.process.send_signal(signal.SIGSTOP if still else signal.SIGCONT)

    def close(self) -> None:
        """As a person closes it."""
        try:
            self.tell("close")
            self.process.wait(PATIENCE)
        finally:
            self.kill()


@dataclass
class ShopOfTills:
    """All of it."""

    database: str
    mpesa: Simulator
    tills: list[TillProcess]
    prompts: list[Prompt]
    engine: sa.Engine

    def holder(self) -> TillProcess | None:
        """Who has the address."""
        return next((till for till in self.tills if till.holds), None)

    def rows(self, statement: str, **values: object) -> list[Any]:
        """What stands in the database."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement), values).all())

    def pass_lease(self, seconds: float) -> None:
        """The database's time of the lease passes, and nothing else."""
        with self.engine.begin() as connection:
            statement = "UPDATE public_address SET lease_ends_at = lease_ends_at - :by, since = since - :by"
            connection.execute(sa.text(statement), {"by": seconds})


def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> float:
    """Wait for it; gives the seconds that took."""
    began, pause = time.monotonic(), threading.Event()
    while not true():
        assert time.monotonic() - began < patience, f"{what}: not within {patience:.0f} s"
        pause.wait(_LOOK)
    return time.monotonic() - began


def free_port() -> int:
    """One that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def shop_of_tills(database: str, folder: Path, letters: str, **options: Any) -> Iterator[ShopOfTills]:
    """A shop whose tills may all hold one reserved address.

    Args:
        database: the URL of an empty database.
        options: of the simulated M-PESA.
    """
    opened = open_database(database, "sandbox")
    with opened.write() as transaction:
        transaction.add_post(draft_post("Maji", 50, 1))
    opened.close()
    agent, prompts = Agent(folder / "ngrok"), list[Prompt]()
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    tills: list[TillProcess] = []
    with Simulator(SimulatorOptions(**options), on_prompt=prompts.append) as mpesa:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("POS_")} | {
            "POS_ENVIRONMENT": "sandbox",
            "POS_SHORTCODE": "174379",
            "POS_CONSUMER_KEY": "practice-key",
            "POS_CONSUMER_SECRET": "practice-secret",
            "POS_PASSKEY": "practice-passkey",
            "POS_DARAJA_URL": mpesa.url,
            "POS_DATABASE_URL": database,
            "POS_CALLBACK": "ngrok",
            "POS_NGROK_PATH": str(agent.path),
            "POS_NGROK_AUTHTOKEN": AUTH_TOKEN,
            "POS_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        }
        try:
            tills.extend(TillProcess(letter, folder / letter, environ) for letter in letters)
            yield ShopOfTills(database, mpesa, tills, prompts, engine)
        finally:
            for till in tills:
                till.close()
            engine.dispose()
