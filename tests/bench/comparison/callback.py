"""Callbacks a second to a committed grant, beside a plain Django view on the same disk, and beside the limits."""

import multiprocessing
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from multiprocessing.pool import Pool
from pathlib import Path

from tests.bench.callbacks import Load, listening, load
from tests.bench.comparison.row import LeftOut, Line, Row
from tests.store.server import Server, cannot_run

CONNECTIONS = {1: 3.0, 8: 8.0, 64: 8.0}  # at a time, and how many times the Django view's rate is the goal
_ROUNDS = 2  # of each, in turns: the better one counts, as what else runs here only makes it worse
_THREADS = 16  # of Django's server
_PATIENCE = 30.0  # seconds until a server answers
_GOAL_OF_LIMIT = 0.5
Place = Callable[[], str]


def rows(payments: int) -> Iterator[Line]:
    """On SQLite, then on PostgreSQL; each with so many payments a round."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        with tempfile.TemporaryDirectory() as folder:
            numbers = iter(range(1_000))
            yield from _on("SQLite", lambda: f"{folder}/{next(numbers)}.db", payments, pool)
            yield from _limits(Path(folder), payments, pool)
        if why := cannot_run():
            yield LeftOut("callbacks on PostgreSQL", why)
            return
        with Server() as server:
            yield from _on("PostgreSQL", server.create, payments, pool)


def _on(name: str, place: Place, payments: int, pool: Pool) -> Iterator[Line]:
    django = find_spec("django") is not None and find_spec("gunicorn") is not None
    for connections, goal in CONNECTIONS.items():
        ours, plain = [], []
        for _ in range(_ROUNDS):
            ours.append(_ours(place(), payments, connections, pool))
            plain += [_django(place(), payments, connections, pool)] if django else []
        best, other = max(ours), max(plain, default=None)
        what = f"callbacks, {name}, {connections} at a time"
        beside = "Django" if other else ""
        yield Row(what, best.rate, "/s", beside, other and other.rate, least=goal if other else None)
        yield Row(f"{what}: 50 %", best.middle, "ms", beside, other and other.middle)
        yield Row(f"{what}: 99 %", best.most, "ms", beside, other and other.most)
    if not django:
        yield LeftOut(f"a Django view on {name}", "django and gunicorn are not installed")


def _location(place: str) -> Path | str:
    return place if "://" in place else Path(place)


def _ours(place: str, payments: int, connections: int, pool: Pool) -> Load:
    with listening(_location(place)) as (port, wait_for):
        wait_for(0, payments)
        return pool.apply(load, (port, 0, payments, connections))


def _django(place: str, payments: int, connections: int, pool: Pool) -> Load:
    module = "tests.bench.baselines.django_view"
    environment = os.environ | {"BENCH_DATABASE": place}
    subprocess.run([sys.executable, "-m", module, place, str(payments)], env=environment, check=True)
    port = _free_port()
    server = ["gunicorn", "--threads", str(_THREADS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    with _running([sys.executable, "-m", *server, f"{module}:application"], environment, port):
        return pool.apply(load, (port, 0, payments, connections))


def _limits(folder: Path, payments: int, pool: Pool) -> Iterator[Line]:
    """What carrying alone gives, and what the disk gives where each grant is a transaction of its own."""
    most = max(CONNECTIONS)
    ours = _ours(f"{folder}/limit.db", payments, most, pool)
    raw = _commits(folder / "raw.db", payments)
    beside = "raw sqlite3, a commit each"
    yield Row(f"callbacks, SQLite, {most} at a time", ours.rate, "/s", beside, raw, least=_GOAL_OF_LIMIT)
    if find_spec("aiohttp") is None:
        yield LeftOut("carrying without a database", "aiohttp is not installed")
        return
    port = _free_port()
    words = [sys.executable, "-m", "tests.bench.baselines.no_database", str(port)]
    with _running(words, dict(os.environ), port):
        carried = pool.apply(load, (port, 0, payments, most))
    yield Row(f"callbacks, SQLite, {most} at a time", ours.rate, "/s", "aiohttp without a database", carried.rate)


def _commits(file: Path, count: int) -> float:
    """Commits a second of one row changed and one added each, with nothing around them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE payment (id INTEGER PRIMARY KEY, state TEXT);"
            "CREATE TABLE access (id INTEGER PRIMARY KEY, payment_id INTEGER UNIQUE);"
        )
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO payment (id, state) VALUES (?, 'prompted')", [(n,) for n in range(count)])
        connection.execute("COMMIT")
        begun = time.perf_counter()
        for number in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE payment SET state = 'paid' WHERE id = ?", (number,))
            connection.execute("INSERT INTO access (payment_id) VALUES (?)", (number,))
            connection.execute("COMMIT")
        return count / (time.perf_counter() - begun)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def _running(words: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)
