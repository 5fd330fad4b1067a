"""Notes that people wrote, as rows: each about one payment or one customer."""

from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.note import Note
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing

_n, _o, _c, _p = t.note.c, t.operator.c, t.customer.c, t.payment.c
_all = (
    sa.select(_n.at, _n.text, _o.name.label("operator"))
    .select_from(t.note.outerjoin(t.operator, _o.id == _n.operator_id))
    .order_by(_n.id)
)


class NotesReading(Reading):
    """What is read of notes."""

    def payment_notes(self, payment_id: int) -> list[Note]:
        return self._notes(_n.payment_id == payment_id)

    def customer_notes(self, phone: str) -> list[Note]:
        return self._notes(_n.customer_id == sa.select(_c.id).where(_c.phone == phone).scalar_subquery())

    def _notes(self, wanted: sa.ColumnElement[bool]) -> list[Note]:
        with reading(self._engine) as connection:
            return rows_of(connection.execute(_all.where(wanted)), lambda row: Note(**row._mapping))


class NotesWriting(Writing):
    """What a write transaction does to notes."""

    def add_payment_note(self, payment_id: int, operator_id: int | None, at: datetime, text: str) -> None:
        self._insert(t.note, payment_id=payment_id, operator_id=operator_id, at=at, text=text)

    def add_customer_note(self, phone: str, operator_id: int | None, at: datetime, text: str) -> int | None:
        customer_id: int | None = self._connection.scalar(sa.select(_c.id).where(_c.phone == phone))
        if customer_id is not None:
            self._insert(t.note, customer_id=customer_id, operator_id=operator_id, at=at, text=text)
        return customer_id

    def empty_notes(self, customer_id: int) -> None:
        theirs = sa.select(_p.id).where(_p.customer_id == customer_id)
        about = sa.or_(_n.customer_id == customer_id, _n.payment_id.in_(theirs))
        self._connection.execute(t.note.update().where(about).values(text=""))
