"""What a close has counted, line by line, for a tax entry."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pos_app.domain.day import Sale
from pos_app.store import tables as t
from pos_app.store.integrity import all_rows, reading
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow

_p, _l, _m = t.payment.c, t.payment_line.c, t.movement.c
_SALES = 1_000  # movements in memory at once
_select_sales = (
    sa.select(
        _m.id, _m.at, _m.paid, _m.received, _m.refunded, _m.refund_id, _p.number, _p.amount, _p.receipt,
        sa.func.coalesce(t.refund.c.code, t.refund.c.taken_code).label("code"), _l.title, _l.quantity, _l.price,
    )
    .select_from(
        t.movement.join(t.payment)
        .outerjoin(t.refund, t.refund.c.id == _m.refund_id)
        .outerjoin(t.payment_line, sa.and_(_l.payment_id == _p.id, _m.paid != 0))
    )
    .order_by(_m.id, _l.line)
)  # fmt: skip


def _sales(rows: Sequence[AnyRow]) -> Iterator[Sale]:
    """What each movement is for a tax entry: its lines as sold, and what lies beside them."""
    of_movement: dict[int, list[AnyRow]] = {}
    for row in rows:
        of_movement.setdefault(row.id, []).append(row)
    for lines in of_movement.values():
        first = lines[0]
        beside = first.received
        for row in lines if first.paid else []:
            total = row.quantity * row.price * row.paid
            beside -= total
            yield _sale(row, row.title, row.quantity * row.paid, row.price, total)
        if beside:
            yield _sale(first, None, 1, beside, beside)
        if first.refunded:
            yield _sale(first, None, 1, -first.refunded, -first.refunded, refund=True)


def _sale(row: AnyRow, item: str | None, quantity: int, price: int, total: int, *, refund: bool = False) -> Sale:
    return Sale(
        at=row.at,
        receipt=row.number,
        item=item,
        quantity=quantity,
        price=price,
        total=total,
        code=row.code if row.refund_id else row.receipt,
        refund=refund,
    )


class SalesReading(Reading):
    """Part of `SqlReader`."""

    def close_sales(self, number: int) -> Iterator[list[Sale]]:
        last = 0
        while True:
            page = sa.select(_m.id).where(_m.close_number == number, _m.id > last).order_by(_m.id).limit(_SALES)
            with reading(self._engine) as connection:
                ids = list(connection.scalars(page))
                rows = all_rows(connection.execute(_select_sales.where(_m.id.in_(ids)))) if ids else []
            if not ids:
                return
            yield list(_sales(rows))
            last = ids[-1]
