"""`audit`: who did what, newest first, for the owner."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import audit_json
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.messages.audit import audit_line_words
from pos_app.messages.operators import NOTHING_YET
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Print the newest lines."""
    who = read_who(options.operator)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        lines = shop.staff.audit.newest(options.limit, owner_for(shop.staff.authority, Act.AUDIT))
    console = Console()
    if options.json:
        console.result([audit_json(line) for line in lines])
    else:
        console.say("\n".join(map(audit_line_words, lines)) or NOTHING_YET)
    return 0
