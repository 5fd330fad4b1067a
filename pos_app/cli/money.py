"""`money`: what came without a prompt, newest first, and of which payment it may be; that it is that one.

It is bound and named in the window.
"""

import argparse
from collections.abc import Sequence

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.payment import find_payment
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.unprompted import MoneySearch, Standing, Unprompted
from pos_app.errors import BadInput
from pos_app.exports.payment_json import iso, payment_json
from pos_app.messages.payments import state_words
from pos_app.messages.unprompted import amount_words, identified_words, nothing_words, payer_words, state_of
from pos_app.messages.window import MARKS
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Print what was found: 0, also where there is nothing. Works beside an open till."""
    who, settings = read_who(options.operator), load(options.data_dir, options.practice)
    search = MoneySearch(text=options.find, standing=Standing(options.which), limit=options.limit)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        shop.staff.authority.let_pass(Act.LOOK_UP, "")
        if options.payment is not None:
            return _identify(options, shop)
        found = [(money, _candidates(shop, money)) for money in shop.books.reader.unprompted(search)]
    console = Console()
    if options.json:
        console.result([money_json(money, payments) for money, payments in found])
        return 0
    mark = MARKS.get(settings.shop.mark)
    told = [line for money, payments in found for line in (money_line(money), *map(_may_be, payments))]
    lines = told or [nothing_words(search.standing, options.find.strip())]
    console.say("\n".join([*([mark] if mark else []), *lines]))
    return 0


def _candidates(shop: OpenShop, money: Unprompted) -> list[Payment]:
    """The payments that it may be said to be of (rule 28)."""
    return [hint.payment for hint in shop.binding.hints(money).prompts if hint.may_be_its]


def _identify(options: argparse.Namespace, shop: OpenShop) -> int:
    """Say that it is that one: of one row of money alone, found by its whole code."""
    rows = shop.books.reader.unprompted(MoneySearch(text=options.find))
    rows = [money for money in rows if money.receipt == options.find.strip().upper()]
    if len(rows) != 1:
        raise BadInput(
            "No money that waits has this code. Nothing was changed: `money` lists what waits. Give its whole code: "
            "`money UKN4X7Q2ZT --is A-20261123-0042`."
        )
    payment = find_payment(shop.books.reader, options.payment)
    paid = shop.binding.identify(rows[0], payment, owner_for(shop.staff.authority, Act.BIND))
    console = Console()
    if options.json:
        console.result(payment_json(paid))
    else:
        console.say(f"{payment_row(paid)}\n{identified_words(paid)}")
    return 0


def _may_be(payment: Payment) -> str:
    return f"    may be {payment.number}, {mask(payment.phone)}: {state_words(payment).lower()}"


def money_line(money: Unprompted) -> str:
    """One row of it."""
    told = (shop_time(money.at), money.receipt.ljust(10), amount_words(money).rjust(14), state_of(money))
    return "  ".join((*told, payer_words(money), money.note)).rstrip()


def money_json(money: Unprompted, candidates: Sequence[Payment] = ()) -> dict[str, object]:
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
        "candidates": [payment.number for payment in candidates],
    }
