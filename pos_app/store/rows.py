"""Between rows and the domain's objects."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import sqlalchemy as sa

from pos_app.domain.catalogue import Post, PostChange, PostDraft
from pos_app.domain.payment import Grant, JournalLine, Outcome, Payment, Remark, Source, State, read_reason
from pos_app.store import tables as t

T = TypeVar("T")
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]
_p = t.payment.c
_PAYMENT_COLUMNS = (
    _p.id, _p.number, _p.till, _p.address, _p.post_id, _p.post_title, _p.days, _p.customer_id, _p.amount, _p.state,
    _p.remark, _p.reason, _p.merchant_request_id, _p.checkout_request_id, _p.receipt, _p.receipt_typed, _p.retry_of,
    _p.created_at, _p.updated_at, _p.closed_at, _p.next_check_at, _p.version, _p.amount_paid,
    _p.receipt_by, _p.completed_at, _p.seen,
)  # fmt: skip

select_payments = sa.select(
    *_PAYMENT_COLUMNS,
    t.customer.c.phone,
    t.grant.c.granted_at,
    t.grant.c.access,
    t.grant.c.until,
    t.grant.c.starts_at,
).select_from(t.payment.join(t.customer).outerjoin(t.grant, t.grant.c.payment_id == t.payment.c.id))


class UnreadableRow(Exception):
    """What is stored is nothing that this program writes: a state, a time or a number that is none."""


def stored(kind: Callable[[Any], T], value: object) -> T:
    """A stored value as what it stands for.

    Args:
        kind: reads it; a ValueError of it means that it is no such thing.

    Raises:
        UnreadableRow: no program of ours has written it.
    """
    try:
        return kind(value)
    except ValueError as error:
        raise UnreadableRow from error


_NAMES = tuple(str(column.key) for column in select_payments.selected_columns)


def to_payment(row: AnyRow) -> Payment:
    """A row of `select_payments`, perhaps with more columns after its own, as a payment."""
    values = dict(zip(_NAMES, row, strict=False))
    grant = {name: values.pop(name) for name in ("granted_at", "access", "until", "starts_at")}
    remarks, seen, by = values.pop("remark"), values.pop("seen"), values.pop("receipt_by")
    state = stored(State, values.pop("state"))
    reason = read_reason(state, values.pop("reason"))
    return Payment(
        **values,
        state=state,
        reason=reason,
        remarks=_remarks(remarks),
        seen=_remarks(seen),
        receipt_by=stored(Source, by) if by else None,
        grant=Grant(**grant) if grant["granted_at"] else None,
    )


def _remarks(text: object) -> frozenset[Remark]:
    if not isinstance(text, str | None):
        raise UnreadableRow("a remark that is no text")
    return frozenset(stored(Remark, name) for name in text.split(",")) if text else frozenset()


def remark_text(remarks: Collection[Remark]) -> str | None:
    """Remarks as stored and as `--json` prints them: joined by commas, None where there is none."""
    return ",".join(sorted(remarks)) or None


def to_post(row: AnyRow) -> Post:
    """A row of the post table as a post."""
    return Post(**row._mapping)


def to_change(row: AnyRow) -> PostChange:
    """A row of what was done to a post."""
    values = dict(row._mapping)
    del values["id"]
    return PostChange(**values)


def post_values(draft: PostDraft) -> dict[str, object]:
    """The columns of a post."""
    return {
        "title": draft.title,
        "price": draft.price,
        "days": draft.days,
        "favourite": draft.favourite,
        "barcode": draft.barcode,
        "active": draft.active,
    }


def to_line(row: AnyRow) -> JournalLine:
    """A row of the journal as a line."""
    values = dict(row._mapping)
    del values["id"], values["payment_id"]
    values |= {
        "outcome": stored(Outcome, values["outcome"]),
        "before": stored(State, values["before"]),
        "after": stored(State, values["after"]),
    }
    return JournalLine(**values)
