"""`payments`: look up."""

import argparse
from collections.abc import Collection
from dataclasses import replace

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.export import check_target, export_found
from pos_app.cli.output import payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.day_range import DayRange, day_named, day_range
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act, Need, Operator, find_operator
from pos_app.domain.payment import NOT_PAID_STATES, OPEN_STATES, State
from pos_app.domain.search import Search
from pos_app.domain.strict import upper
from pos_app.errors import BadInput
from pos_app.exports.export import check_format
from pos_app.exports.payment_json import payment_json
from pos_app.messages.found import found_words
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock

LISTED = 50  # payments, where nobody says how many
ATTENTION = "attention"  # what a person should look at, whatever its state
_GROUPS = {"open": frozenset(OPEN_STATES), "not_paid": NOT_PAID_STATES}


def run(options: argparse.Namespace) -> int:
    """Print what was found, newest first, or write it to a file. Works beside an open till."""
    if options.export:
        if options.limit is not None:
            raise BadInput("--export writes all that is found, and --limit is for the list. Nothing was written.")
        check_format(options.export)
        check_target(options.export, force=options.force)
    who, search = read_who(options.operator), _search(options)
    settings = load(options.data_dir, options.practice)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        authority, reader = shop.staff.authority, shop.books.reader
        authority.let_pass(Act.LOOK_UP, "")
        search = replace(search, operator=_operator(reader.operators(), options.by))
        if options.export:
            return export_found(reader, search, options.export, settings.shop.mark, json=options.json)
        found = reader.search(search)
        totals = reader.totals_found(search) if found and not options.json else None
        sums = authority.need(Act.TOTALS) is Need.NOTHING
        if options.json and found and authority.staffed():  # with phone numbers in full
            passphrase = owner_for(authority, Act.REVEAL)
            shop.staff.audit.reveal(f"{len(found)} payments by command", passphrase)
    console = Console()
    if options.json:
        console.result([payment_json(payment) for payment in found])
    elif totals:
        console.say("\n".join((*map(payment_row, found), found_words(totals, len(found), sums=sums))))
    else:
        console.say("Nothing found. Try the last 4 digits of the phone, other dates, or the beginning of the code.")
    return 0


def _search(options: argparse.Namespace) -> Search:
    """What the options ask for. Raises BadInput where one of them means nothing."""
    days, wanted = _days(options), options.state or ""
    return Search(
        text=options.find,
        states=_states(wanted),
        attention=wanted == ATTENTION,
        since=days.since,
        until=days.until,
        till=upper(options.till.strip()),
        limit=LISTED if options.limit is None else options.limit,
    )


def _operator(operators: Collection[Operator], name: str | None) -> int | None:
    """Who charged, by name; also one who is switched off. Raises BadInput where there is no such operator."""
    if name is None:
        return None
    operator = find_operator(operators, name)
    if operator is None:
        raise BadInput(f"There is no operator {name[:40]!r}. Nothing was looked up. `operators list` has them.")
    return operator.id


def _days(options: argparse.Namespace) -> DayRange:
    today = shop_day(SystemClock().corrected())
    first, last = (day_named(text, today) if text is not None else None for text in (options.since, options.until))
    return day_range(first, last)


def _states(typed: str) -> frozenset[State]:
    name = typed.strip().lower()
    if name in ("", ATTENTION):
        return frozenset()
    if name in _GROUPS:
        return _GROUPS[name]
    try:
        return frozenset({State(name)})
    except ValueError:
        names = ", ".join((*State, *_GROUPS, ATTENTION))
        raise BadInput(f"{typed[:40]!r} is no state. There are {names}. Nothing was looked up.") from None
