"""`money`: what came without a prompt, newest first. It is bound and named in the window."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import read_who, sign_in
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.operators import Act
from pos_app.domain.unprompted import MoneySearch, Standing, Unprompted
from pos_app.exports.payment_json import iso
from pos_app.messages.unprompted import amount_words, nothing_words, payer_words, state_of
from pos_app.messages.window import MARKS
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Print what was found: 0, also where there is nothing. Works beside an open till."""
    who, settings = read_who(options.operator), load(options.data_dir, options.practice)
    search = MoneySearch(text=options.find, standing=Standing(options.which), limit=options.limit)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        shop.staff.authority.let_pass(Act.LOOK_UP, "")
        found = shop.books.reader.unprompted(search)
    console = Console()
    if options.json:
        console.result([money_json(money) for money in found])
        return 0
    mark = MARKS.get(settings.shop.mark)
    lines = [*map(money_line, found)] or [nothing_words(search.standing, options.find.strip())]
    console.say("\n".join([*([mark] if mark else []), *lines]))
    return 0


def money_line(money: Unprompted) -> str:
    """One row of it."""
    told = (shop_time(money.at), money.receipt.ljust(10), amount_words(money).rjust(14), state_of(money))
    return "  ".join((*told, payer_words(money), money.note)).rstrip()


def money_json(money: Unprompted) -> dict[str, object]:
    """The same for programs. The payer is what M-PESA's record shows of them."""
    return {
        "receipt": money.receipt,
        "at": iso(money.at),
        "amount": money.amount if money.amount is not None else money.cents / 100,
        "payer": money.phone or None,
        "name": money.name or None,
        "account": money.account or None,
        "word": money.word.value or None,
        "note": money.note or None,
        "worded_at": iso(money.worded_at) if money.worded_at else None,
        "by": money.by,
        "payment": money.number or None,
    }
