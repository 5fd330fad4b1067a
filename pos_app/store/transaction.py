"""Writing: one transaction of the ledger's writer. SQLAlchemy Core, since this is the hot path."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pos_app.domain.catalogue import Post, PostDraft, barcode_key, same_barcode
from pos_app.domain.clock import shop_day
from pos_app.domain.payment import Facts, JournalLine, NewPayment, Payment, State
from pos_app.errors import CannotSave, Clash
from pos_app.store import tables as t
from pos_app.store.engine import translated
from pos_app.store.reader import of_phone
from pos_app.store.rows import post_values, remark_text, select_payments, to_payment, to_post

PaymentKey = int | str  # as in `sales.ports`
ToJudge = tuple[Payment, Facts]
_p = t.payment.c
_other = t.payment.alias("other")
_another = _other.c.id != _p.id
_select_with_facts = select_payments.add_columns(
    sa.exists().where(_other.c.receipt == sa.bindparam("receipt"), _another),
    sa.exists().where(_other.c.checkout_request_id == sa.bindparam("checkout"), _another),
    sa.exists().where(_other.c.chain == _p.chain, _other.c.state == State.PAID.value, _another),
)
_by_id = select_payments.where(_p.id == sa.bindparam("id"))
_judged_by_id = _select_with_facts.where(_p.id == sa.bindparam("id"))
_judged_by_address = _select_with_facts.where(_p.address == sa.bindparam("address"))
_MUTABLE = (
    _p.state, _p.remark, _p.reason, _p.merchant_request_id, _p.checkout_request_id, _p.receipt, _p.receipt_typed,
    _p.updated_at, _p.closed_at, _p.next_check_at, _p.version, _p.amount_paid,
)  # fmt: skip
_update = (
    t.payment.update()
    .where(_p.id == sa.bindparam("at_id"), _p.version == sa.bindparam("at_version"))
    .values({column.name: sa.bindparam(column.name) for column in _MUTABLE})
)
_add_grant = t.grant.insert()
_add_line = t.payment_event.insert()
_rehearsals = [
    table.insert().from_select(table.c.keys(), table.select().where(sa.false()))
    for table in (t.customer, t.payment, t.grant, t.payment_event)
]


class SqlTransaction:
    """Fits `sales.ports.Transaction`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._lines: list[dict[str, object]] = []  # of the journal; nothing that is decided here reads them

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
                self._lines.clear()
                self._undo_part()
                raise
            execute("RELEASE SAVEPOINT part")

    def _undo_part(self) -> None:
        try:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT part")
        except DBAPIError as error:  # SQLite has given up the whole transaction
            raise CannotSave() from error

    def flush(self) -> None:
        """Write the journal lines that wait: one statement for all is several times faster than one each."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._connection.execute(_add_line, lines)

    def payment(self, payment_id: int) -> Payment | None:
        row = self._connection.execute(_by_id, {"id": payment_id}).first()
        return to_payment(row) if row else None

    def to_judge(self, key: PaymentKey, receipt: str | None, checkout_request_id: str | None) -> ToJudge | None:
        """One statement: this is the hot path."""
        statement = _judged_by_id if isinstance(key, int) else _judged_by_address
        name = "id" if isinstance(key, int) else "address"
        row = self._connection.execute(
            statement, {name: key, "receipt": receipt, "checkout": checkout_request_id}
        ).first()
        return (to_payment(row), Facts(*map(bool, row[-3:]))) if row else None

    def of_phone(self, phone: str, since: datetime) -> list[Payment]:
        """Also keeps another till on the server from looking at this phone until the commit, or both would find
        nothing and prompt the customer. SQLite has one writer anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(phone, 0))))
        return of_phone(self._connection, phone, since)

    def add_payment(self, new: NewPayment) -> Payment:
        """Insert as `requested`, with the next number of the till's day, and its customer where new."""
        day = shop_day(new.created_at)
        last = self._connection.scalar(sa.select(sa.func.max(_p.day_seq)).where(_p.till == new.till, _p.day == day))
        sequence = (last or 0) + 1
        payment_id = self._insert(
            t.payment,
            number=f"{new.till}-{day:%Y%m%d}-{sequence:04}",
            till=new.till,
            day=day,
            day_seq=sequence,
            post_id=new.post.id,
            post_title=new.post.title,
            days=new.post.days,
            customer_id=self._customer(new.phone),
            amount=new.post.price,
            address=new.address,
            state=State.REQUESTED.value,
            retry_of=new.retry_of,
            created_at=new.created_at,
            updated_at=new.created_at,
            version=1,
        )
        self._connection.execute(
            t.payment.update().where(_p.id == payment_id).values(chain=self._chain_of(payment_id, new.retry_of))
        )
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
                "remark": remark_text(after),
                "reason": after.reason,
                "merchant_request_id": after.merchant_request_id,
                "checkout_request_id": after.checkout_request_id,
                "receipt": after.receipt,
                "receipt_typed": after.receipt_typed,
                "amount_paid": after.amount_paid,
                "updated_at": after.updated_at,
                "closed_at": after.closed_at,
                "next_check_at": after.next_check_at,
                "version": before.version + 1,
            },
        )
        if done.rowcount != 1:
            raise Clash("the payment was changed by somebody else")
        if after.grant and not before.grant:
            self._connection.execute(
                _add_grant,
                {
                    "payment_id": after.id,
                    "customer_id": after.customer_id,
                    "post_id": after.post_id,
                    "granted_at": after.grant.granted_at,
                    "access": after.grant.access,
                    "until": after.grant.until,
                },
            )

    def add_line(self, payment_id: int, line: JournalLine) -> None:
        self._lines.append(
            {
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
        )

    def repeated(self, payment_id: int, kind: str, at: datetime) -> int:
        """Count one more of a kind that changed nothing; how many there are now."""
        r = t.repeated.c
        one = sa.and_(r.payment_id == payment_id, r.kind == kind)
        changed = t.repeated.update().where(one).values(times=r.times + 1, last_at=at).returning(r.times)
        times = self._connection.scalar(changed)
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
        ids = [row.id for row in due]
        self._connection.execute(
            t.payment.update().where(_p.id.in_(ids)).values(next_check_at=at, version=_p.version + 1)
        )
        return [payment for payment_id in ids if (payment := self.payment(payment_id))]

    def post(self, post_id: int) -> Post | None:
        row = self._connection.execute(t.post.select().where(t.post.c.id == post_id)).first()
        return to_post(row) if row else None

    def add_post(self, draft: PostDraft) -> Post:
        self._refuse_shared_keys(draft, None)
        post = self.post(self._insert(t.post, **post_values(draft)))
        assert post is not None
        return post

    def change_post(self, post: Post) -> None:
        self._refuse_shared_keys(post, post.id)
        self._connection.execute(t.post.update().where(t.post.c.id == post.id).values(post_values(post)))

    def set_setting(self, key: str, value: str) -> None:
        set_setting(self._connection, key, value)

    def touch(self, at: datetime) -> None:
        """Write something durable, and see that every table of a payment can be written."""
        for statement in _rehearsals:
            self._connection.execute(statement)
        set_setting(self._connection, "written_at", at.isoformat())

    def _insert(self, table: sa.Table, **values: object) -> int:
        key = self._connection.execute(table.insert().values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _customer(self, phone: str) -> int:
        found = self._connection.scalar(sa.select(t.customer.c.id).where(t.customer.c.phone == phone))
        return found if found is not None else self._insert(t.customer, phone=phone)

    def _chain_of(self, payment_id: int, retry_of: int | None) -> int:
        """The first payment of the chain that this one asks again in; its own id where it is the first."""
        if retry_of is None:
            return payment_id
        chain = self._connection.scalar(sa.select(_p.chain).where(_p.id == retry_of))
        assert chain is not None  # the foreign key has seen to it
        return int(chain)

    def _refuse_shared_keys(self, draft: PostDraft, own_id: int | None) -> None:
        """SQL finds what may be the same barcode, the domain says whether it is."""
        if self._connection.dialect.name == "postgresql":  # another till's post would not be seen before its commit
            self._connection.execute(sa.text("LOCK TABLE post IN SHARE ROW EXCLUSIVE MODE"))
        column = t.post.c
        alike = sa.func.ltrim(sa.func.upper(column.barcode), "0") == barcode_key(draft.barcode or "").lstrip("0")
        found = t.post.select().where(
            column.id != (own_id or 0), sa.or_(column.favourite == (draft.favourite or 0), alike)
        )
        for other in map(to_post, self._connection.execute(found)):
            if draft.favourite and draft.favourite == other.favourite:
                raise Clash(f"Key {draft.favourite} already picks {other.title}. Nothing was saved.")
            if same_barcode(draft.barcode, other.barcode):
                raise Clash(f"{draft.barcode} is {other.title}'s code. Nothing was saved.")


def set_setting(connection: sa.Connection, key: str, value: str) -> None:
    """Write one setting of this database."""
    changed = connection.execute(t.setting.update().where(t.setting.c.key == key).values(value=value))
    if not changed.rowcount:
        connection.execute(t.setting.insert().values(key=key, value=value))
