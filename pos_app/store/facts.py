"""What decides about an event beside the payment itself: read in one statement, since this is the hot path."""

from collections.abc import Sequence

import sqlalchemy as sa

from pos_app.domain.facts import Facts
from pos_app.domain.payment import Remark, Source, State
from pos_app.store import tables as t
from pos_app.store.access import held_columns, to_held
from pos_app.store.rows import AnyRow, in_order, select_payments, unkeyed

_p = t.payment.c
_other = t.payment.alias("other")
_past = t.payment_past.c
_their_grant = t.grant.alias("given").c
_our_line, _their_line = t.payment_line.alias("ours"), t.payment_line.alias("theirs")
_ours, _theirs = _our_line.c, _their_line.c
_paid = State.PAID.value
_has_code = sa.and_(_other.c.receipt == sa.bindparam("receipt"), _other.c.id != _p.id)
_way = sa.and_(_past.payment_id == _p.id, _past.past_id == _other.c.id)
_back = sa.and_(_past.past_id == _p.id, _past.payment_id == _other.c.id)


def _gone_past(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """One of this payment and the other was asked for past the other, whichever of them it was."""
    each = (sa.exists().where(bound, *conditions) for bound in (_way, _back))
    return sa.or_(*(exists.correlate(t.payment, _other) for exists in each))


_receipt_taken = sa.exists().where(_has_code, _other.c.receipt_by.is_distinct_from(Source.OWNER.value))
_typed_for = sa.select(_other.c.id).where(_has_code, _other.c.receipt_by == Source.OWNER.value).scalar_subquery()
_refund_of = sa.select(t.refund.c.payment_id).where(t.refund.c.code == sa.bindparam("receipt")).scalar_subquery()
# The second is what is left of it where its customer was erased.
_ids = sa.bindparam("checkout", type_=sa.Text), sa.bindparam("checkout_left", type_=sa.Text)
_checkout_taken = sa.exists().where(_other.c.checkout_request_id.in_(_ids), _other.c.id != _p.id)
# All of it went back, and so did the access (rule 19): then it is as if nothing had been paid.
_went_back = sa.select(sa.func.coalesce(sa.func.sum(t.refund.c.amount), 0)).where(
    t.refund.c.payment_id == _other.c.id, t.counts_back
)
_gives = sa.exists().where(_their_grant.payment_id == _other.c.id, _their_grant.access.is_(True))
# The other is found by its chain or by who went past whom, never by its state: a server that knows nothing of the
# tables yet would go through all that were ever paid.
_has_paid = sa.and_(
    unkeyed(_other.c.state) == _paid,
    sa.or_(
        sa.func.coalesce(_other.c.amount_paid, _other.c.amount) > _went_back.correlate(_other).scalar_subquery(),
        _gives.correlate(_other),
    ),
)
# Who went past a paid one meant a second sale, also where both are of one chain by a third.
_chain_paid = sa.exists().where(
    _other.c.chain == _p.chain, _has_paid, _other.c.id != _p.id, sa.not_(_gone_past(_past.state == _paid))
)
# Lines of one sum, each of which the other has too, are all that the other has.
_has_line = sa.exists().where(
    _theirs.payment_id == _other.c.id,
    _theirs.post_id == _ours.post_id,
    _theirs.price == _ours.price,
    _theirs.quantity == _ours.quantity,
)
_line_differs = sa.exists().where(_ours.payment_id == _p.id, sa.not_(_has_line.correlate(_other, _our_line)))
# What was bound past one that had ended is no chain with it: whose money it is, a person has said (rule 22).
_is_bound = sa.func.coalesce(_other.c.remark, "").contains(Remark.BOUND.value)
_other_paid = _gone_past(
    _past.state != _paid,
    _has_paid,
    sa.or_(_is_bound, _other.c.amount != _p.amount, _line_differs.correlate(t.payment, _other)),
)
_columns = (
    _receipt_taken,
    _checkout_taken,
    _chain_paid,
    _typed_for,
    _other_paid,
    _refund_of,
    *held_columns(_p.customer_id, t.payment_line.c.post_id, but=_p.id),
)

select_with_facts = select_payments.add_columns(*_columns)


def to_facts(rows: Sequence[AnyRow]) -> Facts:
    """What the rows of `select_with_facts` of one payment say beside it."""
    facts = [row[-len(_columns) :] for row in in_order(rows)]
    receipt_taken, checkout_taken, chain_paid, typed_for, other_paid, refund_of, *_ = facts[0]
    return Facts(
        receipt_taken=bool(receipt_taken),
        checkout_taken=bool(checkout_taken),
        chain_paid=bool(chain_paid),
        typed_for=typed_for,
        other_paid=bool(other_paid),
        refund_of=refund_of,
        held=tuple(to_held(*of_line[-3:]) for of_line in facts),
    )
