"""`attention`: everything that needs a person, as the window has it."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import read_who, sign_in
from pos_app.domain.attention import Attention, Concern, Waiting
from pos_app.domain.kenya_time import duration
from pos_app.domain.operators import Act
from pos_app.domain.phone import mask
from pos_app.messages import attention as words
from pos_app.messages.amounts import amount_words
from pos_app.messages.window import MARKS
from pos_app.sales.attention import NeedsPerson
from pos_app.settings.settings import load

_WAITS = 5  # the exit code where something does


def run(options: argparse.Namespace) -> int:
    """Print what needs a person, the gravest first; 0 where nothing does, 5 where something does. Works beside an open
    till.
    """
    who, settings, console = read_who(options.operator), load(options.data_dir, options.practice), Console()
    with open_shop(settings) as shop:
        authority, books = shop.staff.authority, shop.books
        sign_in(shop.staff.operators, who)
        authority.let_pass(Act.LOOK_UP, "")
        found = NeedsPerson(books.reader, books.clock, authority).look()
    if options.json:
        console.result(_json(found))
    else:
        mark = MARKS.get(settings.shop.mark)
        console.say("\n".join([*([mark] if mark else []), *_lines(found)]))
    return _WAITS if found.total else 0


def _lines(found: Attention) -> list[str]:
    lines = [words.total_words(found.total) if found.total else words.ALL_CLEAR]
    for item in found.items:
        payment = item.payment
        which = f": {payment.number}, {mask(payment.phone)}, {amount_words(payment)}" if payment else ""
        age = duration((found.at - item.since).total_seconds())
        lines.append(f"{words.name_of(item)}{which} ({age}). {words.what_words(item)}")
    more = [(concern, found.more(concern)) for concern in Concern]
    return lines + [words.more_words(count, concern) for concern, count in more if count]


def _json(found: Attention) -> dict[str, object]:
    return {
        "at": found.at.isoformat(),
        "count": found.total,
        "counts": {concern.value: found.counts.get(concern, 0) for concern in Concern},
        "items": [_item(item) for item in found.items],
    }


def _item(item: Waiting) -> dict[str, object]:
    payment = item.payment
    return {
        "concern": item.concern.value,
        "since": item.since.isoformat(),
        "counts": item.counts,
        "id": payment.id if payment else None,
        "number": payment.number if payment else None,
        "phone": mask(payment.phone) if payment else None,
        "amount": payment.amount if payment else None,
        "state": payment.state.value if payment else None,
        "remarks": sorted(payment.unseen) if payment else [],
    }
