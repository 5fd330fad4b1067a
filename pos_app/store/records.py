"""Payments as files of a million have them: only the columns that are written, put together without detours."""

from functools import cache
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from pos_app.domain.payment_line import PaymentLine
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.search import Search, Sort
from pos_app.store import tables as t
from pos_app.store.integrity import all_rows, reading
from pos_app.store.limits import in_order
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow, AnySelect, UnreadableRow, refunded, stored_remarks, stored_state
from pos_app.store.search import find

_p, _l, _g = t.payment.c, t.payment_line.c, t.grant.c
_granted = sa.exists().where(_g.payment_id == _l.payment_id, _g.line == _l.line)
_OF_PAYMENT = (
    _p.id, _p.number, t.customer.c.phone, _p.amount, _p.state, _p.remark, _p.reason, _p.merchant_request_id,
    _p.checkout_request_id, _p.receipt, _p.receipt_typed, _p.amount_paid, refunded, _p.seen, t.operator.c.name,
    _p.created_at, _p.updated_at,
)  # fmt: skip
_OF_LINE = (_granted, _l.post_id, _l.title, _l.price, _l.quantity, _l.days)
_LINE = len(_OF_PAYMENT)  # the first column of a line
# A row for each line of each payment, as `select_payments` has them, also of one that has lost its lines.
_records = sa.select(*_OF_PAYMENT, *_OF_LINE).select_from(
    t.payment.join(t.customer)
    .outerjoin(t.operator, t.operator.c.id == _p.operator_id)
    .outerjoin(t.payment_line, _l.payment_id == _p.id)
)


class RecordsReading(Reading):
    """What is read of payments to be written to files."""

    def records(self, search: Search) -> list[PaymentRecord]:
        with reading(self._engine) as connection:
            ids = find(connection, search)
            rows = all_rows(connection.execute(_of_page(search.sort), {"ids": ids})) if ids else []
            return [_record(list(lines)) for _, lines in groupby(rows, key=itemgetter(0))]


@cache
def _of_page(sort: Sort) -> AnySelect:
    """The records of some `ids`, in an order."""
    return _records.where(_p.id.in_(sa.bindparam("ids", expanding=True))).order_by(*in_order(sort), _l.line)


def _record(rows: list[AnyRow]) -> PaymentRecord:
    """The rows of one payment, in the order of its lines. By place, not by name: there are a million of them."""
    payment_id, number, phone, amount, state, remarks, reason, merchant, checkout = rows[0][:9]
    receipt, typed, paid, back, seen, operator, created, updated = rows[0][9:_LINE]
    known, why = stored_state(state, reason)
    return PaymentRecord(
        id=payment_id,
        number=number,
        lines=tuple([_line(row) for row in rows]),
        phone=phone,
        amount=amount,
        state=known,
        remarks=stored_remarks(remarks),
        reason=why,
        merchant_request_id=merchant,
        checkout_request_id=checkout,
        receipt=receipt,
        receipt_typed=typed,
        amount_paid=paid,
        refunded=back,
        seen=stored_remarks(seen),
        operator=operator,
        created_at=created,
        updated_at=updated,
        granted=all(row[_LINE] for row in rows),
    )


def _line(row: AnyRow) -> PaymentLine:
    post_id, title, price, quantity, days = row[_LINE + 1 :]
    if post_id is None:
        raise UnreadableRow("a payment without a line")
    return PaymentLine(post_id=post_id, title=title, price=price, quantity=quantity, days=days)
