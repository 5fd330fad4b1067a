"""`payments`: look up."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import payment_json, payment_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.domain.search import Search
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Print what was found, newest first. Works beside an open till."""
    who = read_who(options.operator)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        authority, reader = shop.staff.authority, shop.books.reader
        authority.let_pass(Act.LOOK_UP, "")
        found = reader.search(Search(text=options.find, limit=options.limit))
        if options.json and found and authority.staffed():  # with phone numbers in full
            passphrase = owner_for(authority, Act.REVEAL)
            shop.staff.audit.reveal(f"{len(found)} payments by command", passphrase)
    console = Console()
    if options.json:
        console.result([payment_json(payment) for payment in found])
    elif found:
        console.say("\n".join(map(payment_row, found)))
    else:
        console.say("Nothing found. Try the last 4 digits of the phone, or the beginning of the code.")
    return 0
