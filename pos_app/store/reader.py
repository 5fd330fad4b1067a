"""Reading, from any thread, beside the writer."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import (
    KEPT_OF_A_KIND,
    JournalLine,
    Outcome,
    Payment,
    State,
)
from pos_app.domain.payment_event import EventKind
from pos_app.domain.refund import Refund
from pos_app.domain.search import Search, Sort, Totals
from pos_app.store import tables as t
from pos_app.store.access import AccessReading
from pos_app.store.attention import AttentionReading
from pos_app.store.cancelling import cancellable
from pos_app.store.close_sums import CloseSums
from pos_app.store.customer_records import CustomerRecordsReading
from pos_app.store.customers import CustomersReading
from pos_app.store.day import DayReading
from pos_app.store.day_check import DayChecks
from pos_app.store.day_sales import SalesReading
from pos_app.store.erasure import ErasureReading
from pos_app.store.integrity import all_rows, reading, rows_of
from pos_app.store.limits import in_order
from pos_app.store.links import LinkReading
from pos_app.store.mpesa_record import MpesaRecordReading
from pos_app.store.notes import NotesReading
from pos_app.store.parts import setting
from pos_app.store.posts import PostsReading
from pos_app.store.records import RecordsReading
from pos_app.store.refunds import refunds_of, to_refund
from pos_app.store.rows import (
    AnyRow,
    AnySelect,
    newest_payments,
    select_lines,
    select_payments,
    stored,
    to_line,
    to_payments,
)
from pos_app.store.search import find, totals_found
from pos_app.store.staff import StaffReading
from pos_app.store.statement import StatementReading
from pos_app.store.supplements import SupplementReading
from pos_app.store.takings import TakingsReading
from pos_app.store.tally import cells, totals, wrong_days
from pos_app.store.unprompted import UnpromptedReading
from pos_app.store.verification import VerificationReading

_p = t.payment.c
_by_id = select_payments.where(_p.id == sa.bindparam("id"))
_of_phone = select_payments.where(
    t.customer.c.phone == sa.bindparam("phone"), sa.or_(t.is_open, _p.created_at >= sa.bindparam("since"))
).order_by(_p.id.desc())
_known = sa.select(_p.address).where(_p.address.in_(sa.bindparam("addresses", expanding=True)))


@cache
def _of_page(sort: Sort) -> AnySelect:
    """The payments of some `ids`, in an order."""
    return select_payments.where(_p.id.in_(sa.bindparam("ids", expanding=True))).order_by(*in_order(sort))


def of_phone(connection: sa.Connection, phone: str, since: datetime) -> list[Payment]:
    """The payments of a phone that are open or were opened since, newest first."""
    return to_payments(all_rows(connection.execute(_of_phone, {"phone": phone, "since": since})))


def journal_of(connection: sa.Connection, payment_id: int) -> list[JournalLine]:
    """What happened to a payment, oldest first; then how often more came of a kind that changed nothing."""
    statement = select_lines.where(t.payment_event.c.payment_id == payment_id).order_by(t.payment_event.c.id)
    more = t.repeated.c
    beyond = t.repeated.select().where(more.payment_id == payment_id, more.times > KEPT_OF_A_KIND)
    lines = rows_of(connection.execute(statement), to_line)
    return lines + rows_of(
        connection.execute(beyond.order_by(more.last_at)),
        lambda row: _more(row, lines[-1].after),
    )


def paid_of_chain(connection: sa.Connection, payment_id: int) -> Payment | None:
    """Another payment of the same chain that is paid; the newest, where there are more."""
    chain = sa.select(_p.chain).where(_p.id == payment_id).scalar_subquery()
    paid = sa.and_(_p.chain == chain, _p.state == State.PAID.value, _p.id != payment_id)
    found = to_payments(all_rows(connection.execute(newest_payments(paid, limit=1))))
    return found[0] if found else None


def _more(row: AnyRow, stands: State) -> JournalLine:
    """The line of what came too often to be kept."""
    no_answer = row.kind == EventKind.NO_ANSWER
    kind = EventKind.NO_ANSWER if no_answer else EventKind.MORE_CALLBACKS
    return JournalLine(
        at=row.last_at,
        source=kind.source,
        kind=kind.what,
        outcome=Outcome.IGNORED,
        before=stands,
        after=stands,
        code=None if no_answer else row.kind,
        detail=f"{row.times - KEPT_OF_A_KIND:,} more, counted and not kept",
    )


class SqlReader(
    AccessReading,
    AttentionReading,
    CustomersReading,
    CustomerRecordsReading,
    PostsReading,
    StaffReading,
    NotesReading,
    TakingsReading,
    RecordsReading,
    ErasureReading,
    StatementReading,
    UnpromptedReading,
    MpesaRecordReading,
    DayReading,
    SalesReading,
    DayChecks,
    SupplementReading,
    CloseSums,
    LinkReading,
    VerificationReading,
):
    """Fits `sales.ports.Reader`."""

    def payment(self, payment_id: int) -> Payment | None:
        with reading(self._engine) as connection:
            found = to_payments(all_rows(connection.execute(_by_id, {"id": payment_id})))
        return found[0] if found else None

    def journal(self, payment_id: int) -> list[JournalLine]:
        with reading(self._engine) as connection:
            return journal_of(connection, payment_id)

    def open_payments(self, till: str) -> list[Payment]:
        return self._payments(select_payments.where(_p.till == till, t.is_open).order_by(_p.id.desc()))

    def to_ask(self, till: str) -> list[Payment]:
        due = _p.next_check_at.is_not(None)
        return self._payments(select_payments.where(_p.till == till, due).order_by(_p.id.desc()))

    def of_phone(self, phone: str, since: datetime) -> list[Payment]:
        with reading(self._engine) as connection:
            return of_phone(connection, phone, since)

    def paid_of_chain(self, payment_id: int) -> Payment | None:
        with reading(self._engine) as connection:
            return paid_of_chain(connection, payment_id)

    def refunds(self, payment_id: int) -> list[Refund]:
        with reading(self._engine) as connection:
            return rows_of(connection.execute(refunds_of(payment_id)), to_refund)

    def recent_phones(self, limit: int) -> list[str]:
        statement = (
            sa.select(t.customer.c.phone)
            .join_from(t.payment, t.customer)
            .where(t.customer.c.erased_at.is_(None))
            .order_by(_p.id.desc())
            .limit(20 * limit)
        )
        with reading(self._engine) as connection:
            phones = connection.scalars(statement).all()
        return list(dict.fromkeys(phones))[:limit]

    def tills(self) -> list[str]:
        """One step along the index for each till: there are some, of a million payments."""
        next_one = sa.select(sa.func.min(_p.till)).where(_p.till > sa.bindparam("last"))
        found: list[str] = []
        with reading(self._engine) as connection:
            while (till := connection.scalar(next_one, {"last": found[-1] if found else ""})) is not None:
                found.append(till)
        return found

    def attention(self, limit: int) -> list[Payment]:
        return self.search(Search(attention=True, limit=limit))

    def search(self, search: Search) -> list[Payment]:
        with reading(self._engine) as connection:
            ids = find(connection, search)
            return to_payments(all_rows(connection.execute(_of_page(search.sort), {"ids": ids}))) if ids else []

    def totals(self, day: date) -> Totals:
        with reading(self._engine) as connection:
            return totals(connection, [cells.c.day == day])

    def totals_found(self, search: Search, cancel: Cancel | None = None) -> Totals:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return totals_found(connection, search)

    def wrong_days(self, cancel: Cancel | None = None) -> list[date]:
        """The days whose running totals are not those of their payments: none, unless another program wrote there.

        Reads every payment. Raises Cancelled.
        """
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return wrong_days(connection)

    def count_by_state(self) -> dict[State, int]:
        """How many payments stand where; states that none is in are left out."""
        c = cells.c
        statement = (
            sa.select(c.state, sa.func.sum(c.payments)).where(c.payments > 0).group_by(c.state).order_by(c.state)
        )
        with reading(self._engine) as connection:
            return dict(rows_of(connection.execute(statement), lambda row: (stored(State, row[0]), int(row[1]))))

    def names(self) -> set[str]:
        """Every name that people gave: of posts, also as once sold, of categories, customers and operators."""
        columns = (
            t.post.c.title,
            t.payment_line.c.title,
            t.category.c.name,
            t.customer.c.name,
            t.operator.c.name,
        )
        with reading(self._engine) as connection:
            return {name for column in columns for name in connection.scalars(sa.select(column).distinct()) if name}

    def setting(self, key: str) -> str | None:
        with reading(self._engine) as connection:
            return setting(connection, key)

    def known_addresses(self, addresses: Collection[str]) -> set[str]:
        with reading(self._engine) as connection:
            return set(connection.scalars(_known, {"addresses": list(addresses)}))

    def _payments(self, statement: AnySelect) -> list[Payment]:
        with reading(self._engine) as connection:
            return to_payments(all_rows(connection.execute(statement)))
