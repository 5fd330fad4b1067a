"""`refund`: record that money of a payment went back, or take that back."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.payment import find_payment
from pos_app.domain.operators import Act
from pos_app.errors import BadInput
from pos_app.exports.payment_json import payment_json
from pos_app.messages.payments import access_given
from pos_app.messages.refunds import NOTHING_BACK, refund_words
from pos_app.sales.owner import MoneyBack, NotBack
from pos_app.settings.settings import load

WITHDRAWN, LEFT = "withdrawn", "left"


def run(options: argparse.Namespace) -> int:
    """Record it, and say where the payment stands. Works beside an open till."""
    who = read_who(options.operator)
    withdraw = None if options.access is None else options.access == WITHDRAWN
    recorded = options.amount is not None, options.code is not None
    if any(recorded) if options.take_back is not None else not all(recorded):
        raise BadInput(
            "Give --amount and --code to record what went back, or --take-back CODE for what did not. Nothing was "
            "changed."
        )
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        payment = find_payment(shop.books.reader, options.payment)
        passphrase = owner_for(shop.staff.authority, Act.REFUND)
        if options.take_back is not None:
            refunded = shop.owner.take_back(payment, passphrase, NotBack(code=options.take_back, why=options.reason))
        else:
            back = MoneyBack(amount=options.amount, code=options.code, why=options.reason, withdraw=withdraw)
            refunded = shop.owner.refund(payment, passphrase, back)
    console = Console()
    if options.json:
        console.result(payment_json(refunded))
    else:
        console.say(f"{payment_row(refunded)}\n{refund_words(refunded) or NOTHING_BACK} {access_given(refunded)}.")
    return 0
