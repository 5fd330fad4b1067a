"""How payments and posts are printed: as text for people, as JSON for programs."""

from pos_app.domain.access import Held
from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import Post, PostChange, access_words
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.operators import Operator
from pos_app.domain.payment import NOT_PAID_STATES, Payment, State
from pos_app.domain.phone import mask
from pos_app.domain.post_import import LineStep
from pos_app.exports.payment_json import iso
from pos_app.messages.amounts import amount_words
from pos_app.messages.payments import code_words, state_words
from pos_app.messages.post_import import KINDS, fault_words, step_words


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
    return ": ".join(filter(None, (f"Line {step.number}  {KINDS[step.kind]}", step.title[:60], step_words(step))))


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
