"""How payments and posts are printed: as text for people, as JSON for programs."""

from collections.abc import Sequence

from pos_app.domain.access import Held
from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import Post, PostChange, access_words
from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.note import Note
from pos_app.domain.operators import Operator
from pos_app.domain.payment import NOT_PAID_STATES, JournalLine, Payment, State
from pos_app.domain.phone import mask
from pos_app.domain.post_import import LineStep
from pos_app.domain.refund import Refund
from pos_app.exports.payment_json import iso, payment_json
from pos_app.messages.amounts import amount_words
from pos_app.messages.payment_history import steps
from pos_app.messages.payments import code_words, state_words
from pos_app.messages.post_import import KINDS, fault_words, step_words
from pos_app.sales.customer_cards import WholeCustomer


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


def customer_json(whole: WholeCustomer, mark: str | None) -> dict[str, object]:
    """Everything that is known of a customer; payments as `detail_json` has them, newest first.

    Args:
        mark: stands there where the money is not real.
    """
    return {
        "phone": whole.found.phone,
        "name": whole.found.name,
        "mark": mark,
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


def access_json(msisdn: str, post_id: int, held: Held | None) -> dict[str, object]:
    """Whether a customer has a post: `until` is null for ever, and where they have nothing of it."""
    until = iso(held.until) if held and held.until else None
    return {"phone": msisdn, "post_id": post_id, "has": held is not None, "until": until}


def post_json(post: Post) -> dict[str, object]:
    """The fields of a post; missing is null."""
    return {
        "id": post.id,
        "title": post.title,
        "price": post.price,
        "days": post.days,
        "favourite": post.favourite,
        "barcode": post.barcode,
        "active": post.active,
        "highest": post.highest,
        "category": post.category,
    }


def post_change_json(change: PostChange) -> dict[str, object]:
    """The fields of what was done to a post; missing is null."""
    return {
        "at": iso(change.at),
        "post_id": change.post_id,
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "source": change.source,
        "operator": change.operator,
        "owner": change.owner,
    }


def step_json(step: LineStep) -> dict[str, object]:
    """What a line of a file of posts would do; missing is null."""
    return {
        "line": step.number,
        "kind": step.kind.value,
        "post_id": step.before.id if step.before else None,
        "title": step.title,
        "changes": [{"field": field, "old": old, "new": new} for field, old, new in step.changes],
        "error": fault_words(step.fault) or None,
    }


def step_row(step: LineStep) -> str:
    """One line about what a line of a file of posts would do."""
    return f"Line {step.number}  {KINDS[step.kind]}: {step.title[:60]}: {step_words(step)}"


def operator_json(operator: Operator) -> dict[str, object]:
    """The fields of an operator."""
    return {"id": operator.id, "name": operator.name, "role": operator.role.value, "active": operator.active}


def operator_row(operator: Operator) -> str:
    """One line about an operator."""
    return f"{operator.id:>4}  {operator.name}  {operator.role}{'' if operator.active else '  (off)'}"


def audit_json(line: AuditLine) -> dict[str, object]:
    """The fields of a line of the audit; missing is null."""
    return {
        "at": iso(line.at),
        "act": line.act.value,
        "operator": line.operator,
        "role": line.role.value if line.role else None,
        "owner": line.owner,
        "subject": line.subject,
        "old": line.old,
        "new": line.new,
    }


def post_row(post: Post) -> str:
    """One line about a post."""
    off = "" if post.active else "  (off)"
    category = f"  [{post.category}]" if post.category else ""
    return f"{post.id:>4}  {post.title}  {post.price_words}  {access_words(post.days)}{category}{off}"


def payment_row(payment: Payment) -> str:
    """One line about a payment."""
    return (
        f"{payment.created_at.astimezone(NAIROBI):%Y-%m-%d %H:%M}  {payment.number}  {mask(payment.phone)}  "
        f"{amount_words(payment):>11}  {state_words(payment)}  {payment.receipt or ''}".rstrip()
    )


def status_line(payment: Payment) -> str:
    """One line of live status."""
    small = code_words(payment)
    moment = payment.updated_at.astimezone(NAIROBI)
    return f"{moment:%H:%M:%S}  {state_words(payment)}" + (f"  ({small})" if small else "")


def exit_code(payment: Payment) -> int:
    """What `charge` ends with."""
    if payment.state is State.PAID:
        return 0
    if payment.state is State.REVIEW:
        return 5
    return 3 if payment.state in NOT_PAID_STATES else 4
