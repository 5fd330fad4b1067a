"""Erasing a customer: the one place where what was written is taken away. Codes, amounts, states and times stay."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.erasure import (
    OWN_BODIES,
    OWN_DETAILS,
    ErasableCustomer,
    Erased,
    ErasureKey,
    IdleCustomer,
    is_plain_code,
)
from pos_app.domain.links import LinkKey, erased_salts
from pos_app.domain.phone import erased_phone, without_payer
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.links import EVENT_TEXTS
from pos_app.store.mpesa_record import MpesaRecordWriting
from pos_app.store.notes import NotesWriting
from pos_app.store.parts import Reading
from pos_app.store.renewals import RenewalWriting
from pos_app.store.rows import AnyRow, AnySelect, select_payments, to_payments

_c, _p, _e, _g, _h = t.customer.c, t.payment.c, t.payment_event.c, t.grant.c, t.access_by_hand.c
# By the time when it ended, which M-PESA tells: the computer's clock that dated its beginning may have been wrong.
_ended = sa.func.coalesce(_p.closed_at, _p.updated_at)
_last = sa.select(_ended).where(_p.customer_id == _c.id).order_by(_p.id.desc()).limit(1).scalar_subquery()


def _is_idle(before: datetime, at: datetime) -> sa.ColumnElement[bool]:
    """Of a customer, by the indexes of their payments, grants and access by hand."""
    sold = sa.exists().where(_g.customer_id == _c.id, _g.access.is_(True), sa.or_(_g.until.is_(None), _g.until > at))
    lasts = sa.and_(_h.withdrawn_at.is_(None), sa.or_(_h.until.is_(None), _h.until > at))
    given = sa.exists().where(_h.customer_id == _c.id, sa.or_(_h.given_at >= before, lasts))
    over = (sa.not_(each.correlate(t.customer)) for each in (sold, given))
    return sa.and_(sa.or_(_last.is_(None), _last < before), *over)


_cut = (
    t.payment.update()
    .where(_p.id == sa.bindparam("of_payment"))
    .values(checkout_request_id=sa.bindparam("left", type_=sa.Text))
)
_texts = sa.select(_e.id, _e.source, _e.kind, _e.code, _e.detail, _e.body, _e.link, _e.salts)
_take = (
    t.payment_event.update()
    .where(_e.id == sa.bindparam("of_line"))
    .values({name: sa.bindparam(name) for name in (*EVENT_TEXTS, "salts")})
)
_OWN = {
    "detail": {(kind.source, kind.what) for kind in OWN_DETAILS},
    "body": {(kind.source, kind.what) for kind in OWN_BODIES},
}
_AT_ONCE = 500  # ids in one question


class ErasureReading(Reading):
    """What is read of those who were erased."""

    def erased(self, phone_hash: str) -> list[Erased]:
        payments = sa.select(sa.func.count()).where(_p.customer_id == _c.id).scalar_subquery()
        statement = sa.select(_c.erased_at, payments).where(_c.phone_hash == phone_hash).order_by(_c.erased_at.desc())
        with reading(self._engine) as connection:
            return rows_of(connection.execute(statement), lambda row: Erased(row[0], int(row[1])))

    def idle_customers(self, after: int, before: datetime, at: datetime, limit: int) -> list[IdleCustomer]:
        columns = _c.id, _c.phone, _is_idle(before, at)
        behind = sa.select(*columns).where(_c.id > after, _c.erased_at.is_(None)).order_by(_c.id).limit(limit)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(behind), lambda row: IdleCustomer(row[0], row[1], bool(row[2])))


class ErasureWriting(MpesaRecordWriting, NotesWriting, RenewalWriting):
    """What a write transaction takes away."""

    def erasable(self, phone: str, since: datetime) -> ErasableCustomer | None:
        found = self._connection.execute(sa.select(_c.id, _c.phone, _c.name).where(_c.phone == phone)).first()
        if found is None:
            return None
        in_the_way = sa.or_(t.is_open, _p.next_check_at.is_not(None), _p.created_at >= since, _p.remark.is_not(None))
        statement = select_payments.where(_p.customer_id == found.id, in_the_way).order_by(_p.id.desc())
        payments = tuple(to_payments(self._connection.execute(statement).all()))
        return ErasableCustomer(id=found.id, phone=found.phone, name=found.name, payments=payments)

    def is_idle(self, customer_id: int, before: datetime, at: datetime) -> bool:
        return bool(self._connection.scalar(sa.select(_is_idle(before, at)).where(_c.id == customer_id)))

    def erase(self, customer: ErasableCustomer, key: ErasureKey, at: datetime) -> int:
        self.flush()  # also what was learnt a moment ago
        phone = erased_phone(customer.phone, customer.id)
        change = t.customer.update().where(_c.id == customer.id)
        self._connection.execute(
            change.values(phone=phone, name=None, phone_hash=key.hash(customer.phone), erased_at=at)
        )
        theirs = sa.select(_p.id).where(_p.customer_id == customer.id)
        self._erase_texts(theirs, key.links)
        self.empty_notes(customer.id)
        self._forget_payer(customer.phone)
        by_hand = t.access_by_hand.update().where(_h.customer_id == customer.id)
        self._connection.execute(by_hand.values(reason=""))
        self._connection.execute(by_hand.where(_h.withdrawn_reason.is_not(None)).values(withdrawn_reason=""))
        self._connection.execute(t.refund.update().where(t.refund.c.payment_id.in_(theirs)).values(reason=""))
        return self._cut_ids(customer)

    def _erase_texts(self, theirs: sa.Select[tuple[int]], key: LinkKey) -> None:
        """Each text that goes leaves in its line what stands for it in the link; its salt goes with it."""
        changes = []
        for row in self._execute(_texts.where(_e.payment_id.in_(theirs))):
            texts = {name: getattr(row, name) for name in EVENT_TEXTS}
            going = [place for place, name in enumerate(texts) if texts[name] is not None and _goes(row, name)]
            if going:
                old = None if row.link else key.old_text(row.id)
                salts = erased_salts(list(texts.values()), row.salts and bytes(row.salts), going, old)
                left = {name: None if place in going else text for place, (name, text) in enumerate(texts.items())}
                changes.append({"of_line": row.id, "salts": salts, **left})
        if changes:
            self._connection.execute(_take, changes)

    def _cut_ids(self, customer: ErasableCustomer) -> int:
        """Each payment's CheckoutRequestID loses its payer; one that would not be the only one then goes altogether,
        and so does one that has the number elsewhere.
        """
        own, number = _p.customer_id == customer.id, customer.phone[3:]
        many = self._connection.execute(t.payment.update().where(own).values(version=_p.version + 1)).rowcount
        ids = sa.select(_p.id, _p.checkout_request_id).where(own, _p.checkout_request_id.is_not(None))
        held = [(row.id, row.checkout_request_id, without_payer(row.checkout_request_id)) for row in self._execute(ids)]
        taken = self._taken({left for _, whole, left in held if left != whole})
        changes: list[dict[str, object]] = []
        for payment_id, whole, left in held:
            gone = left in taken or number in left
            if gone or left != whole:
                changes.append({"of_payment": payment_id, "left": None if gone else left})
                taken.add(left)
        if changes:
            self._connection.execute(_cut, changes)
        return many

    def _taken(self, ids: set[str]) -> set[str]:
        """Those of these that another payment has already."""
        asked = sorted(ids)
        parts = (asked[first : first + _AT_ONCE] for first in range(0, len(asked), _AT_ONCE))
        found = (
            self._connection.scalars(sa.select(_p.checkout_request_id).where(_p.checkout_request_id.in_(part)))
            for part in parts
        )
        return {one for part in found for one in part}

    def _execute(self, statement: AnySelect) -> Sequence[AnyRow]:
        return self._connection.execute(statement).all()


def _goes(row: AnyRow, name: str) -> bool:
    """Whether a text of a journal line is none of the till's own words."""
    if name == "code":
        return not is_plain_code(row.code)
    return (row.source, row.kind) not in _OWN[name]
