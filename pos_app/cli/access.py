"""`access`: whether a customer has a post; and access that is given, extended and withdrawn by hand."""

import argparse
from datetime import datetime

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import access_json
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.payment import find_payment
from pos_app.domain.access import Held
from pos_app.domain.access_by_hand import read_days
from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Act
from pos_app.domain.phone import parse_phone
from pos_app.domain.withdrawal import OfLine
from pos_app.errors import BadInput
from pos_app.messages.access import has_words
from pos_app.sales.access_by_hand import Seen
from pos_app.settings.settings import load

GIVE, EXTEND, WITHDRAW = "give", "extend", "withdraw"
YES, NO = 0, 3


def run(options: argparse.Namespace) -> int:
    """Answer, or change it and say what the customer has now. Works beside an open till."""
    who, msisdn = read_who(options.operator), parse_phone(options.phone)
    days = _days(options)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        shop.staff.authority.let_pass(Act.LOOK_UP, "")
        post, seen = shop.access.look(msisdn, options.post)
        now = shop.books.clock.corrected()
        held = seen.held if options.action is None else _changed(shop, post, seen, days, options, now)
    has = held is not None and held.lasts(now)
    console = Console()
    if options.json:
        console.result(access_json(msisdn, post.id, held if has else None))
    else:
        console.say(has_words(msisdn, post.title, held, now))
    return YES if has or options.action else NO


def _days(options: argparse.Namespace) -> int | None:
    """How many days are given; None for ever, and where nothing is."""
    if options.payment and options.action != WITHDRAW:
        raise BadInput("--payment goes with `access withdraw`. Nothing was changed.")
    if options.action not in (GIVE, EXTEND):
        if options.days is not None or options.for_ever:
            raise BadInput("--days and --for-ever go with `access give` and `access extend`. Nothing was changed.")
        return None
    if (options.days is None) is not options.for_ever:
        raise BadInput("Say how long: --days N or --for-ever. Nothing was changed.")
    return None if options.for_ever else read_days(options.days)


def _changed(
    shop: OpenShop, post: Post, seen: Seen, days: int | None, options: argparse.Namespace, now: datetime
) -> Held | None:
    has, action = seen.has(now), options.action
    if action == GIVE and has:
        words = has_words(seen.msisdn, post.title, has, now)
        raise BadInput(f"{words} Nothing was changed. More days: `access extend`.")
    if action == EXTEND and not has:
        words = has_words(seen.msisdn, post.title, seen.held, now)
        raise BadInput(f"{words} Nothing was changed. New access: `access give`.")
    if action != WITHDRAW:
        return shop.access.give(seen, days, options.reason or "", owner_for(shop.staff.authority, Act.ACCESS))
    only = _line(shop, post, options.payment) if options.payment else None
    passphrase = owner_for(shop.staff.authority, Act.ACCESS)
    return shop.access.withdraw(seen, options.reason or "", passphrase, only=only)


def _line(shop: OpenShop, post: Post, named: str) -> OfLine:
    """The line of a payment that is of this post."""
    payment = find_payment(shop.books.reader, named)
    for number, line in enumerate(payment.lines, 1):
        if line.post_id == post.id:
            return OfLine(payment.id, number)
    raise BadInput(f"Payment {payment.number} is not for {post.title}. Nothing was changed.")
