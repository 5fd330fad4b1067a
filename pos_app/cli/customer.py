"""`customer`: one customer by their phone. Erasing is for the owner."""

import argparse

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.domain.phone import Msisdn, parse_phone
from pos_app.errors import BadInput
from pos_app.messages.erasure import erased_words
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Erase them. Works beside an open till."""
    who, msisdn = read_who(options.operator), parse_phone(options.phone)
    if not options.erase:
        raise BadInput("Say what to do: --erase --reason TEXT. Nothing was changed.")
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        return _erase(shop, msisdn, options)


def _erase(shop: OpenShop, msisdn: Msisdn, options: argparse.Namespace) -> int:
    passphrase = owner_for(shop.staff.authority, Act.ERASE)
    erased = shop.erasure.erase(msisdn, options.reason or "", passphrase)
    console = Console()
    if options.json:
        console.result({"erased": True, "phone": erased.phone, "payments": erased.payments, "swept": erased.swept})
    else:
        console.say(erased_words(erased))
    return 0
