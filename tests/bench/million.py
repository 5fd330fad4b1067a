"""Looking payments up in a history of a million: a table of what each look-up takes, at three sizes.

    .venv/bin/python -m tests.bench.million [--server] [--rounds 40] [--folder /dev/shm]
    .venv/bin/python -m tests.bench.million --history 10k.db 1m.db

Makes the histories (`tests.bench.history`), asks each question for so many things drawn from a seed, and prints median
and 99th percentile in milliseconds for each size, and how the median grows from the smallest to the largest.
`--server`: on a PostgreSQL server of its own. What is made is deleted at the end. `--history`: in files or databases
that `tests.bench.history` has made before, with a fifth as many customers and a fiftieth as many posts; they stay.
"""

import argparse
import gc
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.payment import NOT_PAID_STATES, Payment, State
from pos_app.domain.search import NOBODY, PageEnd, Search, Sort
from pos_app.store.database import Database, open_database
from tests.bench.history import FIRST, GOODS, LAST, TILLS, Shop, generate
from tests.store.server import Server

Ask = Callable[[], object]


class Questions:
    """What an operator may ask of a history, each time about something else.

    Args:
        shop: whose history it is.
        seed: draws what is asked for.
    """

    def __init__(self, database: Database, shop: Shop, seed: int) -> None:
        self._reader = database.reader
        self._shop = shop
        self._draw = Random(seed)
        newest, oldest = self._reader.search(Search(limit=1)), self._reader.search(Search(limit=1, sort=Sort.OLDEST))
        self._last, self._first = newest[0].created_at, oldest[0].created_at

    def searches(self) -> dict[str, Callable[[], Search]]:
        """A page of each kind."""
        draw = self._draw
        return {
            "newest": Search,
            "oldest": lambda: Search(sort=Sort.OLDEST),
            "deep page": lambda: Search(after=self._deep()),
            "highest amount": lambda: Search(sort=Sort.HIGHEST),
            "highest amount, deep page": lambda: Search(sort=Sort.HIGHEST, after=self._deep()),
            "code": lambda: Search(text=self._payment().receipt or "UKN4X7Q2ZT"),
            "beginning of a code": lambda: Search(text=(self._payment().receipt or "UKN4X7Q2ZT")[:5]),
            "first three of a code": lambda: Search(text=(self._payment().receipt or "UKN4X7Q2ZT")[:3]),
            "number": lambda: Search(text=self._payment().number),
            "short number": lambda: Search(text=f"{draw.choice(TILLS)}-{draw.randint(1, 900):04}"),
            "figures alone": lambda: Search(text=str(draw.choice((5, 42, 100, 250, 500, 678, 1_250, 12_345)))),
            "amount": lambda: Search(text=f"KES {draw.choice((5, 50, 250, 777, 1_250, 5_000))}"),
            "phone": lambda: Search(text=self._payment().phone),
            "last three digits": lambda: Search(text=f"{draw.randint(0, 999):03}"),
            "last four digits": lambda: Search(text=f"{draw.randint(0, 9_999):04}"),
            "word of many posts": lambda: Search(text=draw.choice(GOODS)),
            "beginning of a word": lambda: Search(text=draw.choice(GOODS + FIRST + LAST)[: draw.randint(1, 4)]),
            "one post": lambda: Search(text=self._post()),
            "first name": lambda: Search(text=draw.choice(FIRST)),
            "whole name": lambda: Search(text=f"{draw.choice(LAST)} {draw.choice(FIRST)}"),
            "nothing matches": lambda: Search(text="zzzzz"),
            "a day": lambda: self._in(1),
            "a month": lambda: self._in(31),
            "a month, highest amount": lambda: replace(self._in(31), sort=Sort.HIGHEST),
            "a state": lambda: Search(states=self._states()),
            "a state that none has": lambda: Search(states=frozenset({State.REQUESTED})),
            "a till": lambda: Search(till=draw.choice(TILLS)),
            "an operator": lambda: Search(operator=draw.randint(NOBODY, 8)),
            "all filters": self._filters,
            "all filters, deep page": lambda: replace(self._filters(), after=self._deep()),
            "all filters, lowest amount": lambda: replace(self._filters(), sort=Sort.LOWEST),
            "all filters, a month": lambda: replace(self._filters(), **self._days(31)),
            "a till, highest amount": lambda: Search(till=draw.choice(TILLS), sort=Sort.HIGHEST),
            "a state, word of many posts": lambda: Search(states=self._states(), text=draw.choice(GOODS)),
            "a state, one post": lambda: Search(states=self._states(), text=self._post()),
            "a state, first name": lambda: Search(states=self._states(), text=draw.choice(FIRST)),
            "a state, amount": lambda: Search(states=self._states(), text=f"KES {draw.choice((5, 250, 1_250))}"),
            "a month, one post": lambda: replace(self._in(31), text=self._post()),
            "all filters, one post": lambda: replace(self._filters(), text=self._post()),
            "all filters, figures alone": lambda: replace(self._filters(), text=str(draw.choice((5, 250, 678)))),
            "one post, highest amount": lambda: Search(text=self._post(), sort=Sort.HIGHEST),
            "to look at": lambda: Search(attention=True),
        }

    def sums(self) -> dict[str, Callable[[], Search]]:
        """Figures of everything that is found."""
        draw = self._draw
        return {
            "sum of a month": lambda: self._in(31),
            "sum of all": Search,
            "sum of all filters": self._filters,
            "sum of one post": lambda: Search(text=self._post()),
            "sum of many posts": lambda: Search(text=draw.choice(GOODS)),
            "sum of a name": lambda: Search(text=draw.choice(FIRST)),
            "sum of figures": lambda: Search(text="250"),
            "sum of a month, many posts": lambda: replace(self._in(31), text=draw.choice(GOODS)),
            "sum of what to look at": lambda: Search(attention=True),
        }

    def asked(self) -> Iterator[tuple[str, Callable[[], Ask]]]:
        """Each question by its name; what it gives asks it once."""
        for name, page in self.searches().items():
            yield name, lambda page=page: self._page(page())  # type: ignore[misc]
        yield "what needs a person", lambda: lambda: self._reader.needs_person(self._last)
        for name, whole in self.sums().items():
            yield name, lambda whole=whole: self._sum(whole())  # type: ignore[misc]

    def _page(self, search: Search) -> Ask:
        return lambda: self._reader.search(search)

    def _sum(self, search: Search) -> Ask:
        return lambda: self._reader.totals_found(search)

    def _payment(self) -> Payment:
        payment = self._reader.payment(self._draw.randint(1, self._shop.payments))
        assert payment is not None
        return payment

    def _post(self) -> str:
        articles = self._shop.articles
        return articles[int(len(articles) * self._draw.random() ** 3)].title

    def _states(self) -> frozenset[State]:
        return self._draw.choice((frozenset({State.PAID}), NOT_PAID_STATES, *(frozenset({state}) for state in State)))

    def _deep(self) -> PageEnd:
        payment = self._payment()
        return PageEnd(payment.id, payment.amount)

    def _filters(self) -> Search:
        return Search(states=self._states(), till=self._draw.choice(TILLS), operator=self._draw.randint(NOBODY, 8))

    def _days(self, days: int) -> dict[str, Any]:
        longest = max(1, (self._last - self._first).days - days)
        first: date = shop_day(self._first) + timedelta(days=self._draw.randrange(longest))
        return {"since": day_start(first), "until": day_start(first + timedelta(days=days))}

    def _in(self, days: int) -> Search:
        return Search(**self._days(days))


def measure(
    location: Path | str, shop: Shop, rounds: int, now: Callable[[], float] = time.perf_counter
) -> dict[str, tuple[float, float]]:
    """Median and 99th percentile of each question, in milliseconds."""
    told = {}
    with closing(open_database(location, "practice")) as database:
        gc.freeze()  # as `pos_app.cli.window` does when the till is open
        for name, ask in Questions(database, shop, seed=1).asked():
            for _ in range(3):
                ask()()  # its statements are made once in a run of the till
            took = []
            for _ in range(rounds):
                once = ask()
                begun = now()
                once()
                took.append((now() - begun) * 1000)
            told[name] = statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[98]
    return told


@contextmanager
def _place(folder: str, server: Server | None, payments: int) -> Iterator[Path | str]:
    if server:
        yield server.create(f"of{payments}")
        return
    with tempfile.TemporaryDirectory(dir=folder) as made:
        yield Path(made) / "practice.db"


def _table(sizes: list[int], told: list[dict[str, tuple[float, float]]]) -> Iterator[str]:
    yield f"{'milliseconds: median, 99 %':<30}" + "".join(f"{size:>20,}" for size in sizes) + f"{'growth':>9}"
    for name in told[0]:
        figures = [each[name] for each in told]
        growth = figures[-1][0] / figures[0][0]
        yield f"{name:<30}" + "".join(f"{mid:11.1f} {most:8.1f}" for mid, most in figures) + f"{growth:8.1f}x"


def main() -> None:
    """Make, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--payments", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--cpu", action="store_true", help="processor time of the till: where the machine is not idle")
    parser.add_argument("--folder", default=tempfile.gettempdir())
    parser.add_argument("--history", nargs="+", default=[], help="made already: files, or URLs")
    options = parser.parse_args()
    if options.server:
        with Server() as server:
            _compare(options, server)
    else:
        _compare(options, None)


def _compare(options: argparse.Namespace, server: Server | None) -> None:
    sizes, told = [], []
    now = time.process_time if options.cpu else time.perf_counter
    for location, shop in _histories(options, server):
        sizes.append(shop.payments)
        told.append(measure(location, shop, options.rounds, now))
    for line in _table(sizes, told):
        print(line)
    print(f"resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, with the making")


def _histories(options: argparse.Namespace, server: Server | None) -> Iterator[tuple[Path | str, Shop]]:
    for name in options.history:
        location = name if "://" in name else Path(name)
        with closing(open_database(location, "practice")) as database:
            [newest] = database.reader.search(Search(limit=1))
        yield location, _shop(newest.id)
    for payments in [] if options.history else options.payments:
        with _place(options.folder, server, payments) as location:
            begun = time.perf_counter()
            generate(location, _shop(payments))
            print(f"{payments:,} payments made in {time.perf_counter() - begun:.0f} s")
            yield location, _shop(payments)


def _shop(payments: int) -> Shop:
    return Shop(payments, customers=payments // 5, posts=payments // 50)


if __name__ == "__main__":
    main()
