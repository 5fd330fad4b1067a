"""What many tills of one shop, and many shops on one server, do to each other.

    .venv/bin/python -m tests.bench.tills [--shops 10] [--tills 10] [--minutes 2] [--largest 40] [--first]

On a PostgreSQL server of its own, which keeps what is committed, with a simulated M-PESA for each shop in a process
beside it; whole tills as the program opens them, but for the window, in a few processes, since a hundred would not fit
on a small computer. Prints what was measured, what was wanted and what the processors had to do for it. Ends by
itself: each part has its end, and what does not answer by then is ended.
"""

import argparse
import multiprocessing
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import sqlalchemy as sa

from pos_app.store.database import open_database
from tests.bench.shop_tills import Measured, Place, Seen, Task, Told, serve_mpesa, serve_tills
from tests.store.server import Server, cannot_run

AT_THE_COUNTER = 2.0  # seconds from one customer to the next
TOGETHER = 8  # tills
OPENING = 240.0  # seconds that a process may take to open its tills
LATE = 90.0  # seconds beyond its time that a task may take
CLOSING = 60.0
PROCESSES, PER_PROCESS = 2, 25  # at least; tills at most. A shop's tills are spread over all of them
KEPT = ("max_connections=600", "fsync=on", "full_page_writes=on")  # what is committed is on the disk
_TICKS = 100.0  # of /proc, in a second


@dataclass(frozen=True)
class Bench:
    """What all parts share. `first`: whether what is measured has the processors before other programs."""

    server: Server
    folder: Path
    first: bool = False


class Group:
    """Shops with their tills, spread over some processes."""

    def __init__(self, bench: Bench, shops: int, tills: int, name: str) -> None:
        self.letters = letters_of(tills)
        self._server, self._first = bench.server, bench.first
        self._urls = [bench.server.create(f"{name}{shop}", own_role=True) for shop in range(shops)]
        for url in self._urls:
            open_database(url, "sandbox").close()  # one after the other: Alembic makes one at a time in a process
        self._folder = bench.folder / name
        self._folder.mkdir()
        self._shops = shops
        self._processes = max(PROCESSES, -(-shops * tills // PER_PROCESS))
        self._tills: list[tuple[multiprocessing.process.BaseProcess, Connection]] = []

    def open(self) -> None:
        """Open M-PESA, and all tills."""
        self._mpesa = _begin(serve_mpesa, self._shops)
        darajas = _told(self._mpesa[1], OPENING)
        places = [
            Place(shop, letter, self._urls[shop], darajas[shop])
            for letter in self.letters  # each process has tills of every shop
            for shop in range(self._shops)
        ]
        shares = [places[part :: self._processes] for part in range(self._processes)]
        self._tills = [_begin(serve_tills, share, self._folder) for share in shares]
        for _, pipe in self._tills:
            _told(pipe, OPENING)

    def do(self, tills: int, seconds: float, every: float) -> "Done":
        """Let customers come to so many tills of each shop."""
        before, server, begun = self._ask_mpesa(), processor_of(self._server.process), time.monotonic()
        task, measured = Task(frozenset(self.letters[:tills]), seconds, every), Measured()
        with self._ahead():
            for _, pipe in self._tills:
                pipe.send(task)
            for _, pipe in self._tills:
                measured.add(_told(pipe, seconds + LATE))
        after = self._ask_mpesa()
        return Done(
            measured=measured,
            seconds=time.monotonic() - begun,
            server=processor_of(self._server.process) - server,
            mpesa=after[0].processor - before[0].processor,
            tokens=[told.tokens for told in after],
        )

    @contextmanager
    def _ahead(self) -> Iterator[None]:
        """Where that is wanted, all that is measured has the processors before any other program."""
        ours = [process.pid for process, _ in (*self._tills, self._mpesa) if process.pid]
        if self._first:
            put_ahead([*ours, self._server.process, *children_of(self._server.process)], ahead=True)
        try:
            yield
        finally:
            if self._first:
                put_ahead([*ours, self._server.process, *children_of(self._server.process)], ahead=False)

    def connections(self) -> float:
        """Of one till, while nobody is charged."""
        time.sleep(5)
        engine = sa.create_engine(self._urls[0])
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid != pg_backend_pid()"
            ).scalar_one()
        engine.dispose()
        return float(found) / len(self.letters)

    def _ask_mpesa(self) -> list[Told]:
        self._mpesa[1].send("told")
        told: list[Told] = _told(self._mpesa[1], LATE)
        return told

    def close(self) -> None:
        for process, pipe in (*self._tills, self._mpesa):
            if process.is_alive():
                with suppress(OSError):  # it has just ended
                    pipe.send(None)
        for process, _ in (*self._tills, self._mpesa):
            process.join(CLOSING)
            if process.is_alive():
                process.kill()
                process.join()


class Done:
    """A task that is over. `server`, `mpesa`: seconds of processor. `tokens`: that each shop has fetched in all."""

    def __init__(
        self, *, measured: Measured, seconds: float, server: float, mpesa: float, tokens: Sequence[int]
    ) -> None:
        self.charges = len(measured.saved)
        self.refused = measured.refused
        self.p50, self.p95 = percentiles([took for _, took in measured.saved], 50, 95)
        self.heard50, self.heard99 = percentiles(heard(measured.seen), 50, 99)
        self.tokens = tokens
        self._processor = measured.processor, server, mpesa
        self._seconds = seconds

    def line(self, name: str) -> str:
        each = (1_000 * used / max(1, self.charges) for used in self._processor)
        tills, server, mpesa = (f"{used:5.0f}" for used in each)
        return (
            f"{name:<34}{self.charges:7,}{len(self.refused):8,}{self.p50 * 1_000:8.0f}{self.p95 * 1_000:8.0f}"
            f"{self.heard50 * 1_000:9.0f}{self.heard99 * 1_000:9.0f}   {tills} {server} {mpesa}"
            f"{100 * sum(self._processor) / self._seconds:8.0f} %"
        )


def heard(seen: Sequence[Seen]) -> Iterator[float]:
    """Seconds from when a version of a payment was published at its own till until each other one has it, or newer."""
    own = {(one.shop, one.payment, one.version): one.at for one in reversed(seen) if one.own}
    elsewhere = defaultdict(list)
    for one in seen:
        if not one.own:
            elsewhere[one.shop, one.payment, one.till].append(one)
    for (shop, payment, _), ones in elsewhere.items():
        known = 0
        for one in sorted(ones, key=lambda one: one.at):
            for version in range(known + 1, one.version + 1):
                at = own.get((shop, payment, version))
                if at is not None:
                    yield max(0.0, one.at - at)
            known = max(known, one.version)


def percentiles(values: Sequence[float] | Iterator[float], *wanted: int) -> list[float]:
    """NaN where there is nothing to tell them by."""
    known = list(values)
    if len(known) < 2:
        return [float("nan")] * len(wanted)
    cuts = statistics.quantiles(known, n=100, method="inclusive")
    return [cuts[each - 1] for each in wanted]


def letters_of(tills: int) -> list[str]:
    """A, B ... Z, A2, B2 ..."""
    return [f"{letter}{turn or ''}" for turn in (0, *range(2, 10)) for letter in ascii_uppercase][:tills]


def processor_of(process: int) -> float:
    """Seconds that a process and its children have used, also those that have ended."""
    used = sum(_ticks(process)[:4])
    for child in children_of(process):
        with suppress(OSError):  # it has ended
            used += sum(_ticks(child)[:2])
    return used / _TICKS


def children_of(process: int) -> list[int]:
    """The ids of those that are there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(stat.parent.name))
    return found


def put_ahead(processes: Sequence[int], *, ahead: bool) -> None:
    """Give the threads of these the processors before all others that want them, or as everybody has them."""
    policy, priority = (os.SCHED_RR, 1) if ahead else (os.SCHED_OTHER, 0)
    for process in processes:
        for thread in Path(f"/proc/{process}/task").glob("*"):
            with suppress(ProcessLookupError):  # it has ended
                os.sched_setscheduler(int(thread.name), policy, os.sched_param(priority))


def _ticks(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]]


def _begin(work: object, *arguments: object) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)  # type: ignore[arg-type]
    process.start()
    theirs.close()
    return process, ours


def _told(pipe: Connection, seconds: float) -> Any:
    if not pipe.poll(seconds):
        raise SystemExit(f"A process has said nothing for {seconds:.0f} s: given up.")
    return pipe.recv()


@contextmanager
def opened(bench: Bench, shops: int, tills: int, name: str) -> Iterator[Group]:
    """Shops of so many tills, open."""
    group = Group(bench, shops, tills, name)
    try:
        begun = time.monotonic()
        group.open()
        print(f"# {shops} x {tills} tills opened in {time.monotonic() - begun:.0f} s")
        yield group
    finally:
        group.close()


def counter_rows(bench: Bench, seconds: float) -> Iterator[str]:
    """One till alone, and eight of its shop."""
    with opened(bench, 1, TOGETHER, "counters") as group:
        group.do(TOGETHER, 4 * AT_THE_COUNTER, AT_THE_COUNTER)  # everything is loaded and connected
        alone = group.do(1, 2 * seconds, AT_THE_COUNTER)
        yield alone.line("1 till, a charge each 2 s")
        eight = group.do(TOGETHER, seconds, AT_THE_COUNTER)
        yield eight.line(f"{TOGETHER} tills, a charge each 2 s each")
        quick = group.do(1, seconds / 3, 0.0)
        yield quick.line("1 till, flat out")
        together = group.do(TOGETHER, seconds / 3, 0.0)
        yield together.line(f"{TOGETHER} tills, flat out")
        yield goal("Enter to saved, 8 tills to one, p95", eight.p95 / alone.p95, 1.5, "x")
        yield goal("charges flat out, one till to 8", quick.charges / max(1, together.charges), 1 / 0.7, "x")
        yield goal("access tokens, 8 tills", together.tokens[0], 2, "")
        yield goal("connections of an idle till", group.connections(), 3, "")


def shop_rows(bench: Bench, shops: int, tills: int, seconds: float) -> Iterator[str]:
    """Many shops, each with a database and a role of its own."""
    with opened(bench, shops, tills, "shops") as group:
        group.do(tills, 15, 15)
        told = group.do(tills, seconds, 60.0)
        yield told.line(f"{shops} shops x {tills} tills, one a minute")
        yield goal("Enter to saved, p95", told.p95 * 1_000, 100, "ms")
        yield goal("on all screens, p99", told.heard99 * 1_000, 300, "ms")
        yield goal("access tokens of a shop, at most", max(told.tokens), 2, "")
        yield goal("connections of an idle till", group.connections(), 3, "")


def large_rows(bench: Bench, tills: int, seconds: float) -> Iterator[str]:
    """One shop with very many tills on one consumer key."""
    with opened(bench, 1, tills, "large") as group:
        group.do(tills, 15, 15)
        told = group.do(tills, seconds, 60.0)
        yield told.line(f"1 shop x {tills} tills, one a minute")
        yield goal(f"access tokens, {tills} tills", told.tokens[0], 2, "")
        yield goal("on all screens, p99", told.heard99 * 1_000, 300, "ms")


def goal(name: str, value: float, most: float, unit: str) -> str:
    """A line that says what was wanted."""
    return f"  {name:<42}{value:8.2f} {unit:<3} goal: {most:.2f} at most   {'met' if value <= most else 'MISSED'}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shops", type=int, default=10, help="0: leave them out")
    parser.add_argument("--tills", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=2.0, help="of customers, in each of the parts")
    parser.add_argument("--largest", type=int, default=40, help="tills of the one large shop; 0: leave it out")
    parser.add_argument("--first", action="store_true", help="ahead of all other programs while it measures; as root")
    parser.add_argument("--folder", type=Path, help="where the tills' data folders are made meanwhile")
    options = parser.parse_args()
    if why := cannot_run():
        sys.exit(why)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # the server and all tills are taken down first
    seconds = options.minutes * 60
    print(
        "processor: ms for each charge of the tills, of the server and of the simulated M-PESA; then of one core, all"
    )
    print(f"{'':<34}charges refused  p50 ms  p95 ms heard p50 heard p99  tills server mpesa   busy")
    with tempfile.TemporaryDirectory(dir=options.folder) as made, Server(options=KEPT) as server:
        bench = Bench(server, Path(made), options.first)
        rows = [counter_rows(bench, min(60.0, seconds))]
        rows += [shop_rows(bench, options.shops, options.tills, seconds)] if options.shops else []
        rows += [large_rows(bench, options.largest, seconds)] if options.largest else []
        for part in rows:
            for row in part:
                print(row, flush=True)


if __name__ == "__main__":
    main()
