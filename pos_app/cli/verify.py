"""`verify`: whether the lines of journal and audit are as the tills have written them."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for
from pos_app.cli.payment import payment_of_number
from pos_app.domain.links import read_heads
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.receipt_check import read_value
from pos_app.domain.verification import Verification
from pos_app.errors import BadInput
from pos_app.messages.verification import NOT_GENUINE, found_words, genuine_words
from pos_app.settings.settings import load

_WHOLE, _BROKEN = 0, 5


def run(options: argparse.Namespace) -> int:
    """Look through everything; 0 where it is whole, 5 where a line is not. Works beside an open till."""
    if (options.receipt is None) != (options.value is None):
        raise BadInput("A receipt is verified by its number and its check value: --receipt NUMBER --value CHECK.")
    if options.receipt is not None:
        return _verify_receipt(options)
    against = read_heads(" ".join(options.against)) if options.against else []
    console = Console()
    with open_shop(load(options.data_dir, options.practice)) as shop:
        if options.seal:
            authority = shop.staff.authority
            sealed = shop.links.seal(authority, owner_for(authority, Act.SEAL))
            console.warn("1 line is sealed now." if sealed == 1 else f"{sealed:,} lines are sealed now.")
        found = shop.links.verify(against)
    if options.json:
        console.result(_json(found))
    else:
        console.say(found_words(found))
    return _WHOLE if found.whole else _BROKEN


def _verify_receipt(options: argparse.Namespace) -> int:
    """Whether a receipt is the shop's own, and what it must say then."""
    console = Console()
    with open_shop(load(options.data_dir, options.practice)) as shop:
        payment = payment_of_number(shop.books.reader, options.receipt)
        genuine = payment is not None and shop.links.is_genuine(payment, options.value)
        read_value(options.value)  # also where there is no such payment
    if options.json:
        console.result({"genuine": genuine, **(_receipt_json(payment) if genuine and payment else {})})
    else:
        console.say(genuine_words(payment) if genuine and payment else NOT_GENUINE)
    return _WHOLE if genuine else _BROKEN


def _receipt_json(payment: Payment) -> dict[str, object]:
    paid = payment.closed_at.isoformat() if payment.closed_at else None
    return {"number": payment.number, "amount": payment.received, "paid_at": paid, "receipt": payment.receipt}


def _json(found: Verification) -> dict[str, object]:
    return {
        "whole": found.whole,
        "lines": found.lines,
        "erased": found.erased,
        "sealed": found.sealed,
        "unsealed": found.unsealed,
        "closes": found.closes,
        "unsealed_closes": found.unsealed_closes,
        "renewed": found.renewed,
        "heads": [str(head.code) for head in found.heads],
        "broken": [broken._asdict() for broken in found.broken],
    }
