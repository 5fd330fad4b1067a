"""Money of M-PESA's record that no prompt surely asked for: looked up page by page, and what people say of it.

A page goes by the index of what waits, or of what was said. A text that is a whole code or a phone leads to its rows; a
name, an amount or the beginning of a code is looked for newest first.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.payment import NOT_PAID_STATES, OPEN_STATES, Payment, Remark, State
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import RowKind, last_digits_of
from pos_app.domain.unprompted import (
    CLOCKS,
    NEAR,
    MoneyMeaning,
    MoneySearch,
    RowWord,
    Standing,
    Unprompted,
    money_meaning,
)
from pos_app.store import record_tables as r
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import AnyRow, AnySelect, select_payments, stored, to_payments

_w, _p, _c = r.record_row.c, t.payment.c, t.customer.c
_back = r.record_row.alias("back")
_holder = t.payment.alias("holder")
_PAID = _w.kind == RowKind.PAYMENT.value
_LOOKED_AT = 40  # customers of a phone's visible digits
_NEWEST = 200  # payments of an amount
_WHOLE = 10  # characters of a whole receipt code: fewer are the beginning of many
# As the index of the migration says it, in words that both databases take for the same.
_waits = sa.text("record_row.kind = 'payment' AND record_row.incoming AND record_row.payment_id IS NULL")
_unnamed, _named = sa.text("record_row.word = ''"), sa.text("record_row.word <> ''")
_held = sa.exists().where(_holder.c.receipt == _w.receipt)  # a callback that came since has given its code away
_went = (
    sa.select(sa.func.coalesce(sa.func.sum(_back.c.cents), 0))
    .where(_back.c.linked == _w.receipt, _back.c.linked != "", _back.c.kind == RowKind.REVERSAL.value)
    .correlate(r.record_row)
    .scalar_subquery()
)
_select = sa.select(
    _w.id, _w.receipt, _w.cents, _w.at, _w.phone, _w.name, _w.account, _w.forgotten, _w.outcome, _w.word, _w.note,
    _w.worded_at, t.operator.c.name.label("by"), _w.bound_id, _w.payment_id, _p.number, _p.receipt.label("has"),
    sa.case((_w.word == RowWord.REVERSED.value, _went), else_=0).label("went"),
).select_from(
    r.record_row.outerjoin(t.operator, t.operator.c.id == _w.worded_by).outerjoin(t.payment, _p.id == _w.bound_id)
)  # fmt: skip
_STANDING = {
    Standing.WAITING: (_waits, _unnamed, sa.not_(_held)),
    Standing.NAMED: (_waits, _named),
    Standing.BOUND: (_named, _w.word == RowWord.BOUND.value),
}


def money_waiting(connection: sa.Connection) -> tuple[int, datetime | None]:
    """How much of it waits, and when the first of it came."""
    asked = sa.select(sa.func.count(), sa.func.min(_w.at)).where(*_STANDING[Standing.WAITING])
    count, first = connection.execute(asked).one()
    return int(count), first


class UnpromptedReading(Reading):
    """Part of `SqlReader`."""

    def unprompted(self, search: MoneySearch) -> list[Unprompted]:
        asked = _page(search)
        if asked is None:
            return []
        with reading(self._engine) as connection:
            return rows_of(connection.execute(asked), _to_money)

    def unprompted_waiting(self) -> int:
        counted = sa.select(sa.func.count()).select_from(r.record_row).where(*_STANDING[Standing.WAITING])
        with reading(self._engine) as connection:
            return int(connection.scalar(counted) or 0)

    def unprompted_money(self, row_id: int) -> Unprompted | None:
        with reading(self._engine) as connection:
            return _money(connection, row_id)

    def bound_money(self, payment_id: int) -> Unprompted | None:
        with reading(self._engine) as connection:
            row = connection.execute(_select.where(_w.bound_id == payment_id)).first()
        return _to_money(row) if row else None

    def prompts_near(self, amount: int, at: datetime, phone: str = "") -> list[Payment]:
        with reading(self._engine) as connection:
            return _prompts(connection, amount, at, phone)

    def payers_like(self, phone: str) -> list[tuple[str, str | None]]:
        beginning, end = phone[1:3], phone[-3:]
        if not end:
            return []
        like = _c.phone.between(f"254{beginning}", f"254{beginning}\x7f") if beginning.isdecimal() else sa.true()
        asked = sa.select(_c.phone, _c.name).where(like, _c.phone.like(f"254%{end}"), _c.erased_at.is_(None))
        with reading(self._engine) as connection:
            found = connection.execute(asked.order_by(_c.id.desc()).limit(_LOOKED_AT))
            return rows_of(found, lambda row: (str(row.phone), row.name))


class UnpromptedWriting(Writing):
    """Part of `SqlTransaction`."""

    def unprompted_money(self, row_id: int) -> Unprompted | None:
        self.flush()
        return _money(self._connection, row_id)

    def bound_money(self, payment_id: int) -> Unprompted | None:
        self.flush()
        row = self._connection.execute(_select.where(_w.bound_id == payment_id)).first()
        return _to_money(row) if row else None

    def prompts_near(self, amount: int, at: datetime, phone: str = "") -> list[Payment]:
        self.flush()
        return _prompts(self._connection, amount, at, phone)

    def may_be_bound(self, payment: Payment) -> bool:
        self.flush()
        digits = _w.digits.in_(("", payment.phone[-3:]))
        when = _w.at.between(payment.created_at - CLOCKS, payment.created_at + NEAR)
        bound = sa.and_(_named, _w.word == RowWord.BOUND.value, when, _w.cents == payment.amount * 100, digits)
        paid = sa.and_(_p.id == _w.bound_id, _p.receipt == _w.receipt, _p.state == State.PAID.value)
        return bool(self._connection.scalar(sa.select(sa.exists().where(bound, paid))))

    def word_money(self, row_id: int, word: RowWord, note: str, at: datetime, operator_id: int | None) -> None:
        self._word(row_id, word=word.value, note=note, worded_at=at, worded_by=operator_id)

    def bind_money(self, row_id: int, payment_id: int, at: datetime, operator_id: int | None) -> None:
        self._word(
            row_id, word=RowWord.BOUND.value, note="", worded_at=at, worded_by=operator_id, bound_id=payment_id,
            payment_id=payment_id, outcome="agrees",
        )  # fmt: skip

    def bound_past(self, payment_id: int, past: Iterable[Payment]) -> None:
        rows = [{"payment_id": payment_id, "past_id": each.id, "state": each.state.value} for each in past]
        if rows:
            self._connection.execute(t.payment_past.insert(), rows)

    def payment_of_code(self, receipt: str) -> Payment | None:
        self.flush()
        found = to_payments(self._connection.execute(select_payments.where(_p.receipt == receipt)).all())
        return found[0] if found else None

    def unbind_money(self, payment_id: int) -> None:
        """Where M-PESA has given its code to another payment since, the money is that one's; else it waits again."""
        bound = r.record_row.update().where(_w.bound_id == payment_id)
        given = sa.select(_holder.c.id).where(_holder.c.receipt == _w.receipt).scalar_subquery()
        gone = sa.exists().where(_back.c.linked == _w.receipt, _back.c.kind == RowKind.REVERSAL.value)
        self._connection.execute(
            bound.values(
                word=sa.case((gone, RowWord.REVERSED.value), else_=RowWord.NONE.value),
                worded_at=None,
                worded_by=None,
                bound_id=None,
                payment_id=given,
                outcome=sa.case((given.is_not(None), "agrees"), else_="unprompted"),
            )
        )

    def _word(self, row_id: int, **values: object) -> None:
        self._connection.execute(r.record_row.update().where(_w.id == row_id).values(values))


def mark_reversed(connection: sa.Connection, receipts: Collection[str]) -> None:
    """Money without a prompt that the record has going back waits for nobody."""
    gone = sa.exists().where(_back.c.linked == _w.receipt, _back.c.linked != "", _back.c.kind == RowKind.REVERSAL.value)
    waiting = _PAID, _w.incoming.is_(True), _w.payment_id.is_(None), _w.word == RowWord.NONE.value
    marked = r.record_row.update().where(_w.receipt.in_(receipts), *waiting, gone)
    connection.execute(marked.values(word=RowWord.REVERSED.value))


def _page(search: MoneySearch) -> AnySelect | None:
    standing = [*_STANDING[search.standing]]
    if search.after:
        at, row_id = search.after
        standing += [_w.at <= at, sa.or_(_w.at < at, _w.id < row_id)]
    asked = _select.where(*standing).order_by(_w.at.desc(), _w.id.desc()).limit(search.limit)
    if not search.text.strip():
        return asked
    few, many = _ways(money_meaning(search.text))
    found = [sa.select(_w.id).where(each) for each in few]
    if many:  # newest first, until a page is full
        walked = sa.select(_w.id).where(*standing, sa.or_(*many)).order_by(_w.at.desc(), _w.id.desc())
        found.append(sa.select(walked.limit(search.limit).subquery().c.id))
    if not found:
        return None
    # By these ids, not along what waits: the condition of its index is hidden in a case.
    hidden = [sa.case((sa.and_(*standing), 1), else_=0) == 1]
    return (
        _select.where(_w.id.in_(sa.union_all(*found)), *hidden).order_by(_w.at.desc(), _w.id.desc()).limit(search.limit)
    )


def _ways(meaning: MoneyMeaning) -> tuple[list[sa.ColumnElement[bool]], list[sa.ColumnElement[bool]]]:
    """What leads to few rows by an index, and what may be in many rows."""
    few: list[sa.ColumnElement[bool]] = []
    many: list[sa.ColumnElement[bool]] = []
    if meaning.code:
        whole = len(meaning.code) >= _WHOLE
        (few if whole else many).append(_w.receipt == meaning.code if whole else _w.receipt.startswith(meaning.code))
    if meaning.cents is not None:
        many.append(_w.cents == meaning.cents)
    if meaning.phone:
        few.append(sa.and_(_w.digits == meaning.phone[-3:], _w.digits != "", _w.phone == meaning.phone))
    elif meaning.digits:
        few.append(sa.and_(_w.digits == meaning.digits, _w.digits != ""))
    if meaning.words and not any(character.isdigit() for word in meaning.words for character in word):
        name = sa.func.lower(_w.name)  # which has no figures
        each = (sa.or_(name.startswith(word), name.contains(f" {word}")) for word in meaning.words)
        many.append(sa.and_(*each))
    return few, many


def _prompts(connection: sa.Connection, amount: int, at: datetime, phone: str) -> list[Payment]:
    """Payments of an amount that were asked for near a moment, and are not paid or have no code; newest first. What is
    open counts however old it is.
    """
    unpaid = _p.state.in_([state.value for state in (*OPEN_STATES, *NOT_PAID_STATES)])
    wanted = sa.or_(unpaid, sa.and_(_p.state == State.PAID.value, _p.receipt.is_(None)))
    asked = [_p.amount == amount, sa.func.coalesce(_p.remark, "").not_like(f"%{Remark.BOUND.value}%")]
    if digits := last_digits_of(phone):
        asked.append(sa.exists().where(_c.id == _p.customer_id, sa.func.substr(_c.phone, 10) == digits))
    near = sa.select(_p.id).where(_p.created_at.between(at - NEAR, at + CLOCKS), wanted, *asked)
    still = sa.select(_p.id).where(_p.state.in_(t.OPEN_STATES), _p.created_at <= at + CLOCKS, *asked)
    newest = (each.order_by(_p.id.desc()).limit(_NEWEST).subquery() for each in (near, still))
    ids = sa.union(*(sa.select(each.c.id) for each in newest))
    return to_payments(connection.execute(select_payments.where(_p.id.in_(ids)).order_by(_p.id.desc())).all())


def _money(connection: sa.Connection, row_id: int) -> Unprompted | None:
    row = connection.execute(_select.where(_w.id == row_id, _PAID, _w.incoming.is_(True))).first()
    return _to_money(row) if row else None


def _to_money(row: AnyRow) -> Unprompted:
    return Unprompted(
        id=row.id,
        receipt=row.receipt,
        cents=row.cents,
        at=row.at,
        phone=row.phone,
        name=row.name,
        account=row.account,
        forgotten=row.forgotten,
        otherwise=row.bound_id is None and row.outcome == RowOutcome.DIFFERS.value,
        word=stored(RowWord, row.word),
        note=row.note,
        worded_at=row.worded_at,
        by=row.by,
        payment_id=row.bound_id if row.bound_id is not None else row.payment_id,
        number=row.number or "",
        back=row.went,
        lost=row.bound_id is not None and row.has != row.receipt,
    )
