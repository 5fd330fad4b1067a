"""`refund`: record that money of a payment went back."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.payment import find_payment
from pos_app.domain.operators import Act
from pos_app.exports.payment_json import payment_json
from pos_app.messages.payments import access_given
from pos_app.messages.refunds import refund_words
from pos_app.sales.owner import MoneyBack
from pos_app.settings.settings import load

WITHDRAWN, LEFT = "withdrawn", "left"


def run(options: argparse.Namespace) -> int:
    """Record it, and say where the payment stands. Works beside an open till."""
    who = read_who(options.operator)
    withdraw = None if options.access is None else options.access == WITHDRAWN
    back = MoneyBack(amount=options.amount, code=options.code, why=options.reason, withdraw=withdraw)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        payment = find_payment(shop.books.reader, options.payment)
        refunded = shop.owner.refund(payment, owner_for(shop.staff.authority, Act.REFUND), back)
    console = Console()
    if options.json:
        console.result(payment_json(refunded))
    else:
        console.say(f"{payment_row(refunded)}\n{refund_words(refunded)} {access_given(refunded)}.")
    return 0
