"""`payment`: one payment whole, with its lines, what happened to it, what people wrote and what went back."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.note import Note
from pos_app.domain.operators import Act
from pos_app.domain.payment import JournalLine, Payment
from pos_app.domain.phone import group, local, mask, mask_in
from pos_app.domain.search import Search
from pos_app.domain.strict import upper, whole
from pos_app.errors import BadInput
from pos_app.exports.customer_json import detail_json
from pos_app.messages.payment_facts import details_text
from pos_app.messages.payment_history import day_in_common, step_words, steps
from pos_app.sales.ports import Reader
from pos_app.settings.settings import load

_MOST = 1_000_000_000  # an id beyond that is a slip, and no database has it


def run(options: argparse.Namespace) -> int:
    """Print it. Works beside an open till."""
    who = read_who(options.operator)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        shop.staff.authority.let_pass(Act.LOOK_UP, "")
        reader = shop.books.reader
        payment = find_payment(reader, options.payment)
        journal, notes = reader.journal(payment.id), reader.payment_notes(payment.id)
        refunds = reader.refunds(payment.id)
        if options.reveal:
            _reveal(shop, payment)
    console = Console()
    if options.json:
        shown = payment if options.reveal else _masked(payment)
        console.result(detail_json(shown, journal, notes, refunds))
    else:
        console.say(_words(payment, journal, notes, reveal=options.reveal))
    return 0


def find_payment(reader: Reader, named: str) -> Payment:
    """By its id, or by its number, as lists show it.

    Raises:
        BadInput: there is none.
    """
    payment_id = whole(named.strip())
    if payment_id is not None:
        found = reader.payment(payment_id) if payment_id <= _MOST else None
    else:
        found = payment_of_number(reader, named)
    if found is None:
        raise BadInput(f"There is no payment {named[:40]!r}. Nothing was changed. `payments --json` has the ids.")
    return found


def payment_of_number(reader: Reader, number: str) -> Payment | None:
    """By its number alone, in whatever case; None where there is none."""
    told = upper(number.strip())
    return next((each for each in reader.search(Search(text=told)) if each.number == told), None)


def _reveal(shop: OpenShop, payment: Payment) -> None:
    """Recorded first; where the owner leaves that to those above, it needs the passphrase."""
    shop.staff.audit.reveal(payment.number, owner_for(shop.staff.authority, Act.REVEAL))


def _masked(payment: Payment) -> Payment:
    """M-PESA's id of the prompt ends with the payer's number."""
    checkout = payment.checkout_request_id
    return replace(
        payment, phone=mask(payment.phone), checkout_request_id=mask_in(checkout) if checkout is not None else None
    )


def _words(payment: Payment, journal: Sequence[JournalLine], notes: Sequence[Note], *, reveal: bool) -> str:
    told = steps(payment, journal, notes)
    common = day_in_common(told, payment.created_at)
    happened = [step_words(step, common) for step in told]
    text = details_text(payment, happened)
    whole_text = f"{text}\nPhone {group(local(payment.phone))}" if reveal else text
    # What came from outside may hold what a terminal obeys.
    return "".join(one if one.isprintable() or one == "\n" else "\ufffd" for one in whole_text)
