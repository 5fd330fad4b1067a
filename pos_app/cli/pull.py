"""`pull`: what M-PESA's Pull Transactions has, beside the shop's payments."""

import argparse
import re
from datetime import datetime, timedelta

from pos_app.bootstrap.account import money_account
from pos_app.bootstrap.pulling import open_pull_gateway, pull_account
from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.statement import comparison_json
from pos_app.domain.day_range import day_named
from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.operators import Act
from pos_app.errors import BadInput
from pos_app.messages.statements import NOT_YET, NOTHING_CHANGED, statement_words
from pos_app.messages.window import MARKS
from pos_app.sales.pulling import Pulling
from pos_app.sales.statements import Statements
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock

_CLOCK = re.compile("([01][0-9]|2[0-3]):([0-5][0-9])")


def run(options: argparse.Namespace) -> int:
    """Ask M-PESA for all money, and say what that says about the shop's payments: 0 where all is explained, 5 where
    something needs a person, 2 where nothing can be concluded. Not beside an open till, which asks by itself.
    """
    if not options.dry_run:
        raise BadInput(NOT_YET)
    settings, console, clock = load(options.data_dir, options.practice), Console(), SystemClock()
    who, account = read_who(options.operator), pull_account(settings)
    since = None if options.since is None else _since(options.since, clock.corrected())
    with open_shop(settings) as shop:
        reader, authority = shop.books.reader, shop.staff.authority
        sign_in(shop.staff.operators, who)
        passphrase = owner_for(authority, Act.TOTALS)
        authority.let_pass(Act.TOTALS, passphrase)
        with open_pull_gateway(settings, clock) as gateway:
            statement = Pulling(gateway, reader, clock, account).fetch(since)
        found = Statements(reader, authority, money_account(settings)).look(statement, passphrase)
    if options.json:
        console.result(comparison_json(statement, found))
    else:
        mark = MARKS.get(settings.shop.mark)
        console.say("\n".join([*([mark] if mark else []), *statement_words(statement, found), NOTHING_CHANGED]))
    return 5 if found.asks else 0


def _since(text: str, now: datetime) -> datetime:
    """A moment (UTC): a day in the shop, with a time or without.

    Raises:
        BadInput: it is none, or to come.
    """
    day, _, clock = text.strip().replace("T", " ").partition(" ")
    moment = day_start(day_named(day, shop_day(now)))
    if clock:
        found = _CLOCK.fullmatch(clock.strip())
        if not found:
            raise BadInput(f"{clock[:40]!r} is no time: type hours and minutes, such as 06:30. Nothing was sent.")
        moment += timedelta(hours=int(found[1]), minutes=int(found[2]))
    if moment > now:
        raise BadInput("That time is still to come. Nothing was sent.")
    return moment
