"""`pull`: what M-PESA's Pull Transactions has, beside the shop's payments."""

import argparse
import re
from datetime import datetime, timedelta

from pos_app.bootstrap.account import money_account, pull_account
from pos_app.bootstrap.pulling import open_pull_gateway
from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.statement import comparison_json
from pos_app.domain.day_range import day_named
from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.operators import Act
from pos_app.errors import BadInput
from pos_app.messages.statements import NOTHING_CHANGED, RECORDED, statement_words
from pos_app.messages.window import MARKS
from pos_app.sales.build import build_recording
from pos_app.sales.pull_rounds import digest_of
from pos_app.sales.pulling import Pulling
from pos_app.sales.statements import Statements
from pos_app.settings.settings import load
from pos_app.system_clock import SystemClock

_CLOCK = re.compile("([01][0-9]|2[0-3]):([0-5][0-9])")


def run(options: argparse.Namespace) -> int:
    """Ask M-PESA for all money, say what that says about the shop's payments, and record it: 0 where all is explained,
    5 where something needs a person, 2 where nothing can be concluded. Not beside an open till, which asks by itself.
    """
    settings, console, clock = load(options.data_dir, options.practice), Console(), SystemClock()
    who, account = read_who(options.operator), pull_account(settings)
    act = Act.TOTALS if options.dry_run else Act.STATEMENT
    since = None if options.since is None else _since(options.since, clock.corrected())
    with open_shop(settings) as shop:
        reader, authority = shop.books.reader, shop.staff.authority
        sign_in(shop.staff.operators, who)
        passphrase = owner_for(authority, act)
        authority.let_pass(act, passphrase)
        with open_pull_gateway(settings, clock) as gateway:
            statement = Pulling(gateway, reader, clock, account).fetch(since)
        if options.dry_run:
            found = Statements(reader, authority, money_account(settings)).look(statement, passphrase)
        else:
            recording = build_recording(shop.books, authority, money_account(settings))
            found = recording.record_pulled(statement, digest_of(statement))
    if options.json:
        console.result(comparison_json(statement, found))
    else:
        mark = MARKS.get(settings.shop.mark)
        words = statement_words(statement, found, recorded=not options.dry_run)
        ends = NOTHING_CHANGED if options.dry_run else RECORDED
        console.say("\n".join([*([mark] if mark else []), *words, ends]))
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
