"""`verify`: whether the lines of journal and audit are as the tills have written them."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for
from pos_app.domain.links import read_heads
from pos_app.domain.operators import Act
from pos_app.domain.verification import Verification
from pos_app.messages.verification import found_words
from pos_app.settings.settings import load

_WHOLE, _BROKEN = 0, 5


def run(options: argparse.Namespace) -> int:
    """Look through everything; 0 where it is whole, 5 where a line is not. Works beside an open till."""
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


def _json(found: Verification) -> dict[str, object]:
    return {
        "whole": found.whole,
        "lines": found.lines,
        "erased": found.erased,
        "sealed": found.sealed,
        "unsealed": found.unsealed,
        "heads": [str(head.code) for head in found.heads],
        "broken": [broken._asdict() for broken in found.broken],
    }
