"""`totals`: what came in, in sum."""

import argparse
from collections.abc import Iterable
from datetime import date

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.day_range import day_named
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act
from pos_app.domain.takings import By, Taking, Takings
from pos_app.messages.takings import HEADINGS, check_days, group_words, nothing_came
from pos_app.messages.window import MARKS
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock

_FIGURES = ("Payments", "Paid", "KES asked", "KES paid", "KES refunded", "KES net")


def run(options: argparse.Namespace) -> int:
    """Print the sums of a range of days. Works beside an open till."""
    first, last = _days(options)
    who = read_who(options.operator)
    settings = load(options.data_dir, options.practice)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        authority = shop.staff.authority
        authority.let_pass(Act.TOTALS, owner_for(authority, Act.TOTALS))
        takings = shop.books.reader.takings(first, last, By(options.by))
    console = Console()
    if options.json:
        console.result(_json(takings, settings.environment))
    else:
        mark = MARKS.get(settings.shop.mark)
        console.say("\n".join([*([mark] if mark else []), *_lines(takings)]))
    return 0


def _days(options: argparse.Namespace) -> tuple[date, date]:
    """The days that the options name; where only the last is named, it is the first, too. Raises BadInput."""
    today = shop_day(SystemClock().corrected())
    first, last = (day_named(text, today) if text is not None else None for text in (options.first, options.last))
    days = first or last or today, last or today
    check_days(*days)
    return days


def _json(takings: Takings, environment: str) -> dict[str, object]:
    return {
        "from": takings.first.isoformat(),
        "to": takings.last.isoformat(),
        "by": takings.by.value,
        "environment": environment,
        "groups": [{"key": _key(group), "name": group.name or None} | _figures(group) for group in takings.groups],
        "total": _figures(takings.whole),
    }


def _key(group: Taking) -> object:
    return group.key if isinstance(group.key, int | str | None) else group.key.isoformat()


def _figures(group: Taking) -> dict[str, object]:
    return {
        "payments": group.payments,
        "paid": group.paid,
        "asked": group.asked,
        "received": group.received,
        "refunded": group.refunded,
        "net": group.net,
    }


def _lines(takings: Takings) -> Iterable[str]:
    if not takings.groups:
        yield nothing_came(takings)
        return
    rows = [[HEADINGS[takings.by], *_FIGURES]]
    rows += [[group_words(takings.by, group), *_cells(group)] for group in takings.groups]
    rows.append(["Together", *_cells(takings.whole)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *figures in rows:
        yield "  ".join([first.ljust(widths[0]), *map(str.rjust, figures, widths[1:])])


def _cells(group: Taking) -> Iterable[str]:
    return (f"{figure:,}" for figure in _figures(group).values())
