"""`customer`: one customer by their phone: told, handed out as a file, or erased, which is for the owner."""

import argparse

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.export import check_target
from pos_app.cli.output import payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.customer_record import CustomerCard
from pos_app.domain.operators import Act
from pos_app.domain.phone import Msisdn, mask, parse_phone
from pos_app.domain.receipt import Mark
from pos_app.errors import BadInput
from pos_app.exports.customer_json import customer_json, write_customer
from pos_app.exports.payment_json import iso
from pos_app.messages.access import by_hand_words, note_line, possessions, written_words
from pos_app.messages.erasure import NEVER_ERASED, erased_words, when_words
from pos_app.sales.customer_cards import PAGE
from pos_app.settings.settings import load

NOT_ERASED = 3  # the exit code of "no"


def run(options: argparse.Namespace) -> int:
    """Tell, write, erase, or say whether they were erased. Works beside an open till."""
    who, msisdn = read_who(options.operator), parse_phone(options.phone)
    if options.erase and options.export:
        raise BadInput("Export first, then erase: one of the two at a time. Nothing was changed.")
    if options.export:
        check_target(options.export, force=options.force)
    settings = load(options.data_dir, options.practice)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        if options.erase:
            return _erase(shop, msisdn, options)
        if options.was_erased:
            return _was_erased(shop, msisdn, options)
        if options.json or options.export:
            return _hand_out(shop, msisdn, options, settings.shop.mark)
        Console().say(_words(shop.cards.at(msisdn)))
    return 0


def _hand_out(shop: OpenShop, msisdn: Msisdn, options: argparse.Namespace, mark: Mark) -> int:
    """Everything, with the number in full, which is recorded first."""
    whole = shop.cards.whole(msisdn, owner_for(shop.staff.authority, Act.REVEAL))
    path, console = options.export, Console()
    if path is None:
        console.result(customer_json(whole, mark))
        return 0
    write_customer(whole, path, mark)
    if options.json:
        console.result({"file": str(path), "payments": len(whole.payments)})
    else:
        console.say(written_words(msisdn, str(path)))
    return 0


def _words(card: CustomerCard) -> str:
    """What is known of them, the number masked."""
    who = mask(card.found.phone)
    by_hand = [by_hand_words(each) for each in card.access if each.number is None]
    notes = [f"Note {note_line(note)}" for note in card.notes]
    payments = [payment_row(payment) for payment in card.payments]
    more = ["Older ones: `payments` with the number."] if len(payments) == PAGE else []
    lines = [f"{card.found.name}, {who}" if card.found.name else who, possessions(card.has()), *by_hand, *notes]
    return "\n".join([*lines, *(payments or ["No payments yet."]), *more])


def _erase(shop: OpenShop, msisdn: Msisdn, options: argparse.Namespace) -> int:
    passphrase = owner_for(shop.staff.authority, Act.ERASE)
    erased = shop.erasure.erase(msisdn, options.reason or "", passphrase)
    console = Console()
    if options.json:
        console.result({"erased": True, "phone": erased.phone, "payments": erased.payments, "swept": erased.swept})
    else:
        console.say(erased_words(erased))
    return 0


def _was_erased(shop: OpenShop, msisdn: Msisdn, options: argparse.Namespace) -> int:
    found = shop.erasure.when_erased(msisdn, owner_for(shop.staff.authority, Act.ERASE))
    console = Console()
    if options.json:
        console.result([{"at": iso(each.at), "payments": each.payments} for each in found])
    else:
        console.say("\n".join(map(when_words, found)) or NEVER_ERASED)
    return 0 if found else NOT_ERASED
