"""A payment with all that is known beside it, and a customer with everything, as JSON; and the file of one customer."""

import json
from collections.abc import Sequence
from pathlib import Path

from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.note import Note
from pos_app.domain.payment import JournalLine, Payment
from pos_app.domain.receipt import Mark
from pos_app.domain.refund import Refund
from pos_app.errors import BadInput, why_not_written
from pos_app.exports.payment_json import iso, payment_json
from pos_app.messages.payment_history import steps
from pos_app.messages.window import MARKS
from pos_app.private_files import replace_file
from pos_app.sales.customer_cards import WholeCustomer


def write_customer(whole: WholeCustomer, path: Path, mark: Mark) -> None:
    """Write everything that is known of a customer to a file that only this user of the computer may read.

    Raises:
        BadInput: it cannot be written, and why; what was there stays.
    """
    try:
        replace_file(path, json.dumps(customer_json(whole, mark), indent=1).encode())
    except OSError as error:
        raise BadInput(why_not_written(error)) from None


def detail_json(
    payment: Payment, journal: Sequence[JournalLine], notes: Sequence[Note], refunds: Sequence[Refund]
) -> dict[str, object]:
    """The fields of a payment, and all that is known beside it, oldest first; missing is null.

    `timeline` has each step in words, `journal` what they were made of.
    """
    return payment_json(payment) | {
        "journal": [_journal_json(line) for line in journal],
        "timeline": [
            {"at": iso(step.at), "title": step.title, "note": step.note or None, "times": step.times}
            for step in steps(payment, journal, notes)
        ],
        "notes": [_note_json(note) for note in notes],
        "refunds": [_refund_json(refund) for refund in refunds],
    }


def customer_json(whole: WholeCustomer, mark: Mark) -> dict[str, object]:
    """Everything that is known of a customer; payments as `detail_json` has them, newest first.

    Args:
        mark: in words, where the money is not real; otherwise null.
    """
    return {
        "phone": whole.found.phone,
        "name": whole.found.name,
        "mark": MARKS.get(mark),
        "access": [_given_json(given) for given in whole.access],
        "notes": [_note_json(note) for note in whole.notes],
        "payments": [detail_json(each.payment, each.journal, each.notes, each.refunds) for each in whole.payments],
    }


def _given_json(given: GivenAccess) -> dict[str, object]:
    return {
        "post_id": given.post_id,
        "post_title": given.title,
        "payment": given.number,
        "by_hand": given.number is None,
        "days": given.days,
        "given_at": iso(given.given_at),
        "starts_at": iso(given.starts_at),
        "until": iso(given.until) if given.until else None,
        "withdrawn_at": iso(given.withdrawn_at) if given.withdrawn_at else None,
        "reason": given.reason,
        "withdrawn_reason": given.withdrawn_reason,
        "operator": given.operator,
    }


def _note_json(note: Note) -> dict[str, object]:
    return {"at": iso(note.at), "operator": note.operator, "text": note.text}


def _journal_json(line: JournalLine) -> dict[str, object]:
    return {
        "at": iso(line.at),
        "source": line.source,
        "kind": line.kind,
        "outcome": line.outcome.value,
        "before": line.before.value,
        "after": line.after.value,
        "code": line.code,
        "detail": line.detail,
        "body": line.body,
    }


def _refund_json(refund: Refund) -> dict[str, object]:
    return {
        "at": iso(refund.at),
        "amount": refund.amount,
        "code": refund.code,
        "reason": refund.reason,
        "access_withdrawn": refund.withdrawn,
    }
