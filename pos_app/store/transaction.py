"""Writing: one transaction of the ledger's writer. SQLAlchemy Core, since this is the hot path."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pos_app.domain.facts import Facts
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import (
    CallbackAddress,
    JournalLine,
    NewPayment,
    Payment,
    PaymentId,
    PaymentKey,
    Remark,
    State,
)
from pos_app.domain.payment_event import Claims
from pos_app.domain.payment_line import same_sale
from pos_app.domain.phone import without_payer
from pos_app.errors import CannotSave, Clash
from pos_app.store import tables as t
from pos_app.store.access import AccessWriting
from pos_app.store.customers import CustomersWriting
from pos_app.store.day import DayWriting
from pos_app.store.engine import cannot_save, translated
from pos_app.store.erasure import ErasureWriting
from pos_app.store.facts import select_with_facts, to_facts
from pos_app.store.links import Linking
from pos_app.store.parts import set_setting, setting
from pos_app.store.posts import PostsWriting
from pos_app.store.reader import journal_of, of_phone, paid_of_chain
from pos_app.store.refunds import RefundsWriting
from pos_app.store.rows import (
    grant_values,
    line_rows,
    remark_text,
    select_payments,
    to_payment,
)
from pos_app.store.server import be_alone
from pos_app.store.staff import StaffWriting
from pos_app.store.supplements import SupplementWriting
from pos_app.store.unprompted import UnpromptedWriting

_p = t.payment.c
_by_id = select_payments.where(_p.id == sa.bindparam("id"))
_facts_by_id = select_with_facts.where(_p.id == sa.bindparam("id"))
_facts_by_address = select_with_facts.where(_p.address == sa.bindparam("address"))
_MUTABLE = (
    _p.state, _p.remark, _p.reason, _p.merchant_request_id, _p.checkout_request_id, _p.receipt, _p.receipt_typed,
    _p.updated_at, _p.closed_at, _p.next_check_at, _p.version, _p.amount_paid,
    _p.receipt_by, _p.completed_at, _p.seen,
)  # fmt: skip
_update = (
    t.payment.update()
    .where(_p.id == sa.bindparam("at_id"), _p.version == sa.bindparam("at_version"))
    .values({column.name: sa.bindparam(column.name) for column in _MUTABLE})
)
_paid = _p.state == State.PAID.value
_last_of_day = sa.select(sa.func.max(_p.day_seq)).where(_p.till == sa.bindparam("till"), _p.day == sa.bindparam("day"))
_begin_chain = t.payment.update().where(_p.id == sa.bindparam("at_id")).values(chain=_p.id)
_customer = sa.select(_p.customer_id).where(_p.id == sa.bindparam("at_id")).scalar_subquery()
_gone_past = sa.select(_p.id, _p.state, _p.chain).where(
    _p.customer_id == _customer,
    _p.id.in_(sa.bindparam("despite", expanding=True)),
    _p.id != sa.bindparam("at_id"),
)
_join_chains = (
    t.payment.update()
    .where(sa.or_(_p.id == sa.bindparam("at_id"), _p.chain.in_(sa.bindparam("chains", expanding=True))))
    .values(chain=sa.bindparam("first"))
)
_add_grant = t.grant.insert()
_change_grant = (
    t.grant.update()
    .where(t.grant.c.payment_id == sa.bindparam("of_payment"), t.grant.c.line == sa.bindparam("of_line"))
    .values({name: sa.bindparam(name) for name in ("granted_at", "access", "until", "starts_at", "withdrawn_at")})
)
_r = t.repeated.c
_once_more = (
    t.repeated.update()
    .where(_r.payment_id == sa.bindparam("of_payment"), _r.kind == sa.bindparam("of_kind"))
    .values(times=_r.times + 1, last_at=sa.bindparam("at"))
    .returning(_r.times)
)
_WAIT_TILL, _WAIT_ROW = "5s", "1s"  # for another till; for a row that somebody else holds on the server
_rehearsals = [
    table.insert().from_select(table.c.keys(), table.select().where(sa.false()))
    for table in (
        t.customer,
        t.payment,
        t.payment_line,
        t.grant,
        t.payment_event,
        t.refund,
        t.movement,
        t.audit,
        t.head,
    )
]


class SqlTransaction(
    AccessWriting,
    CustomersWriting,
    PostsWriting,
    StaffWriting,
    ErasureWriting,
    DayWriting,
    UnpromptedWriting,
    SupplementWriting,
    RefundsWriting,
):
    """Fits `sales.ports.Transaction`.

    One till at a time writes, on a server as in a file: what is found in here (who was asked, what the customer has,
    whose code it is) is still so at the commit. One lock for everything, taken first, cannot be taken in the wrong
    order. A till that falls silent inside a transaction loses it, so that the others can go on. Nothing is waited for
    without end: a row that a stranger on the server has locked is one row, and holds up no other.
    """

    def __init__(self, connection: sa.Connection, linking: Linking | None = None) -> None:
        super().__init__(connection, linking)
        try:
            be_alone(connection, _WAIT_TILL, _WAIT_ROW, by_keys=True)
        except DBAPIError as error:  # not one row's fault: nothing can be saved
            raise cannot_save(error.orig) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail by itself. Savepoints never nest."""
        self.flush()
        with translated():
            execute = self._connection.exec_driver_sql
            execute("SAVEPOINT part")
            try:
                yield
                self.flush()
            except BaseException:
                self.forget()
                self._undo_part()
                raise
            execute("RELEASE SAVEPOINT part")

    def _undo_part(self) -> None:
        try:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT part")
        except DBAPIError as error:  # SQLite has given up the whole transaction
            raise CannotSave() from error

    def payment(self, payment_id: int) -> Payment | None:
        rows = self._connection.execute(_by_id, {"id": payment_id}).all()
        return to_payment(rows) if rows else None

    def with_facts(self, key: PaymentKey, claims: Claims) -> tuple[Payment, Facts] | None:
        """One statement: this is the hot path."""
        checkout = claims.checkout_request_id
        claimed = {"receipt": claims.receipt, "checkout": checkout, "checkout_left": without_payer(checkout or "")}
        match key:
            case PaymentId():
                rows = self._connection.execute(_facts_by_id, {"id": key.id, **claimed}).all()
            case CallbackAddress():
                rows = self._connection.execute(_facts_by_address, {"address": key.address, **claimed}).all()
        return (to_payment(rows), to_facts(rows)) if rows else None

    def of_phone(self, phone: str, since: datetime) -> list[Payment]:
        return of_phone(self._connection, phone, since)

    def paid_of_chain(self, payment_id: int) -> Payment | None:
        return paid_of_chain(self._connection, payment_id)

    def doubles_of_chain(self, payment_id: int) -> list[int]:
        chain = sa.select(_p.chain).where(_p.id == payment_id).scalar_subquery()
        double = Remark.DOUBLE.value
        waits = sa.and_(_p.remark.contains(double), sa.not_(sa.func.coalesce(_p.seen, "").contains(double)))
        others = sa.select(_p.id).where(_p.chain == chain, _p.id != payment_id, _paid, waits).order_by(_p.id)
        return list(self._connection.scalars(others))

    def add_payment(self, new: NewPayment) -> Payment:
        """Insert as `requested`, with its lines, the next number of the till's day, its customer where new, and what
        was gone past.
        """
        day = shop_day(new.created_at)
        last = self._connection.scalar(_last_of_day, {"till": new.till, "day": day})
        sequence = (last or 0) + 1
        payment_id = self._insert(
            t.payment,
            number=f"{new.till}-{day:%Y%m%d}-{sequence:04}",
            till=new.till,
            day=day,
            day_seq=sequence,
            customer_id=self.known_customer(new.phone),
            amount=new.amount,
            address=new.address,
            state=State.REQUESTED.value,
            retry_of=new.retry_of,
            operator_id=new.operator_id,
            created_at=new.created_at,
            updated_at=new.created_at,
            version=1,
        )
        self._connection.execute(t.payment_line.insert(), line_rows(payment_id, new.lines))
        self._bind(payment_id, new)
        payment = self.payment(payment_id)
        assert payment is not None
        return payment

    def update(self, before: Payment, after: Payment) -> None:
        """Compare and set on the version. Raises Clash."""
        done = self._connection.execute(
            _update,
            {
                "at_id": before.id,
                "at_version": before.version,
                "state": after.state.value,
                "remark": remark_text(after.remarks),
                "reason": after.reason.word,
                "merchant_request_id": after.merchant_request_id,
                "checkout_request_id": after.checkout_request_id,
                "receipt": after.receipt,
                "receipt_typed": after.receipt_typed,
                "amount_paid": after.amount_paid,
                "receipt_by": after.receipt_by.value if after.receipt_by else None,
                "completed_at": after.completed_at,
                "seen": remark_text(after.seen),
                "updated_at": after.updated_at,
                "closed_at": after.closed_at,
                "next_check_at": after.next_check_at,
                "version": before.version + 1,
            },
        )
        if done.rowcount != 1:
            raise Clash("the payment was changed by somebody else")
        self._write_grants(before, after)

    def _write_grants(self, before: Payment, after: Payment) -> None:
        added, changed = [], []
        for number, (old, new) in enumerate(zip(before.lines, after.lines, strict=True), 1):
            if new.grant is None or new.grant == old.grant:
                continue
            values = grant_values(new.grant)
            if old.grant is None:
                whose = {"customer_id": after.customer_id, "post_id": new.post_id}
                added.append({"payment_id": after.id, "line": number} | whose | values)
            else:
                changed.append({"of_payment": after.id, "of_line": number} | values)
        if added:
            self._connection.execute(_add_grant, added)
        if changed:
            self._connection.execute(_change_grant, changed)

    def add_line(self, payment_id: int, line: JournalLine) -> None:
        values = {
            "payment_id": payment_id,
            "at": line.at,
            "source": line.source,
            "kind": line.kind,
            "outcome": line.outcome.value,
            "before": line.before.value,
            "after": line.after.value,
            "code": line.code,
            "detail": line.detail,
            "body": line.body,
        }
        self.append(t.payment_event, values)

    def journal(self, payment_id: int) -> list[JournalLine]:
        self.flush()
        return journal_of(self._connection, payment_id)

    def has_line(self, payment_id: int, like: JournalLine) -> bool:
        self.flush()
        line = t.payment_event.c
        said = (line.source, like.source), (line.kind, like.kind), (line.code, like.code), (line.body, like.body)
        same = (column.is_not_distinct_from(value) for column, value in said)
        found = sa.select(sa.exists().where(line.payment_id == payment_id, *same))
        return bool(self._connection.scalar(found))

    def repeated(self, payment_id: int, kind: str, at: datetime) -> int:
        """Count one more of a kind that changed nothing; how many there are now."""
        times = self._connection.scalar(_once_more, {"of_payment": payment_id, "of_kind": kind, "at": at})
        if times is None:
            times = 1
            first = t.repeated.insert().values(payment_id=payment_id, kind=kind, times=times, last_at=at)
            self._connection.execute(first)
        return int(times)

    def make_due(self, phone: str, at: datetime) -> list[Payment]:
        due = self._connection.execute(
            select_payments.where(
                t.customer.c.phone == phone, _p.state.in_(t.OPEN_STATES), _p.checkout_request_id.is_not(None)
            )
        ).all()
        ids = list(dict.fromkeys(row.id for row in due))
        self._connection.execute(
            t.payment.update().where(_p.id.in_(ids)).values(next_check_at=at, version=_p.version + 1)
        )
        return [payment for payment_id in ids if (payment := self.payment(payment_id))]

    def setting(self, key: str) -> str | None:
        return setting(self._connection, key)

    def set_setting(self, key: str, value: str) -> None:
        set_setting(self._connection, key, value)

    def touch(self, at: datetime) -> None:
        """Write something durable, and see that every table of a payment can be written."""
        for statement in _rehearsals:
            self._connection.execute(statement)
        set_setting(self._connection, "written_at", at.isoformat())

    def _asks_the_same(self, payment_id: int, new: NewPayment) -> bool:
        asked = self.payment(payment_id)
        return asked is not None and same_sale(asked.lines, new.lines)

    def _bind(self, payment_id: int, new: NewPayment) -> None:
        """Remember what the operator went past, and the chain: what is asked for again, or once more meanwhile.

        A chain is named by its first payment. Where one of it was paid, whoever asks past the others sells anew: else
        one that stays open for a day would make a double of every later sale to this customer.
        """
        if not new.despite and new.retry_of is None:  # nearly always, and it is charged more quickly
            self._connection.execute(_begin_chain, {"at_id": payment_id})
            return
        gone_past = {"at_id": payment_id, "despite": sorted(new.despite)}
        seen = self._connection.execute(_gone_past, gone_past).all() if new.despite else []
        past = [row for row in seen if row.id != new.retry_of]
        same = [row for row in past if row.state != State.PAID.value and self._asks_the_same(row.id, new)]
        chains = {int(row.chain) for row in same}
        if chains:
            done = self._connection.scalars(sa.select(_p.chain).where(_p.chain.in_(sorted(chains)), _paid))
            chains -= set(done.all())
        if new.retry_of is not None:
            chains.add(int(self._connection.scalar(sa.select(_p.chain).where(_p.id == new.retry_of)) or 0))
        first = min(chains, default=payment_id)
        joined = {"at_id": payment_id, "chains": sorted(chains - {first}), "first": first}
        self._connection.execute(_join_chains, joined)
        if past:
            rows = [{"payment_id": payment_id, "past_id": row.id, "state": row.state} for row in past]
            self._connection.execute(t.payment_past.insert(), rows)
