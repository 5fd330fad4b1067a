"""`refund`: record that money of a payment went back."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import payment_json, payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.search import Search
from pos_app.domain.strict import upper, whole
from pos_app.errors import BadInput
from pos_app.messages.payments import access_given
from pos_app.messages.refunds import refund_words
from pos_app.sales.owner import MoneyBack
from pos_app.sales.ports import Reader
from pos_app.settings.settings import load

WITHDRAWN, LEFT = "withdrawn", "left"
_MOST = 1_000_000_000  # an id beyond that is a slip, and no database has it


def run(options: argparse.Namespace) -> int:
    """Record it, and say where the payment stands. Works beside an open till."""
    who = read_who(options.operator)
    withdraw = None if options.access is None else options.access == WITHDRAWN
    back = MoneyBack(amount=options.amount, code=options.code, why=options.reason, withdraw=withdraw)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        payment = _find(shop.books.reader, options.payment)
        refunded = shop.owner.refund(payment, owner_for(shop.staff.authority, Act.REFUND), back)
    console = Console()
    if options.json:
        console.result(payment_json(refunded))
    else:
        console.say(f"{payment_row(refunded)}\n{refund_words(refunded)} {access_given(refunded)}.")
    return 0


def _find(reader: Reader, named: str) -> Payment:
    """By its id, or by its number, as lists show it."""
    number, payment_id = upper(named.strip()), whole(named.strip())
    if payment_id is not None:
        found = reader.payment(payment_id) if payment_id <= _MOST else None
    else:
        found = next((each for each in reader.search(Search(text=number)) if each.number == number), None)
    if found is None:
        raise BadInput(f"There is no payment {named[:40]!r}. Nothing was changed. `payments --json` has the ids.")
    return found
