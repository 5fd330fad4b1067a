"""What a text can mean, as conditions of the database: each kind of text has an index of its own.

They are made once for each shape of a text, and ask by its values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from pos_app.store import tables as t
from pos_app.store.rows import unkeyed
from pos_app.store.shape import TextShape

_p, _l = t.payment.c, t.payment_line.c
_MANY = 2_000  # payments: fewer are read whole for one page
_MANY_CUSTOMERS = 8_000  # fewer are looked up one by one
_MANY_ALONE = 5_000  # where no filter leaves any out: a page of what so many bought is near
FEW_NAMES = 100  # a name's are looked up once for all statements of a page
_ANY_NUMBER = 1_000_000  # of names: more than there are
_AMOUNT = sa.bindparam("amount", type_=sa.Integer)
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True, eq=False)
class Broad:
    """A meaning that a great part of all payments may have.

    Attributes:
        holds: whether a payment has it, found out from its id.
        ids: the payments that have it, in no order, perhaps twice; `key`: what they can be cut to a part of all ids by.
        names: whose names those are; each is looked up in an index of its own part.
        all_known: the same as `holds`, by an index that has all that filters ask for besides, so that all payments of
            fewer than `many_names` are read; None where there is no such index.
        of_these: the same of some names (`FEW_NAMES` at most) that were looked up already; None where nothing is won.
    """

    holds: sa.ColumnElement[bool]
    ids: Ids
    names: Ids
    key: sa.ColumnElement[int]
    all_known: sa.ColumnElement[bool] | None = None
    of_these: "Broad | None" = None

    @property
    def many(self) -> int:
        """So many payments are too many to be read whole."""
        return _MANY

    def many_names(self, *, filtered: bool) -> int:
        """So many names are too many to read all payments of each, where filters leave some out or where none do."""
        return _ANY_NUMBER if self.all_known is None else _MANY_CUSTOMERS if filtered else _MANY_ALONE


@cache
def narrow_ways(text: TextShape) -> tuple[Ids, ...]:
    """The payments that are meant in a way that few can be."""
    conditions = [*_by_code(text), *_by_number(text), *_by_phone(text)]
    if text.amount:
        # A server is not told the amount itself, and is told it twice: else it expects as many as were paid so much,
        # and rather reads a million payments than the index.
        paid = _p.amount_paid == sa.select(_AMOUNT).scalar_subquery()
        conditions.append(sa.and_(paid, _p.amount_paid != _p.amount, unkeyed(_p.amount_paid) == _AMOUNT))
    return tuple(sa.select(_p.id).where(condition) for condition in conditions)


def _by_code(text: TextShape) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    code = t.refund.c.code
    if text.codes:
        codes: sa.BindParameter[str] = sa.bindparam("codes", type_=sa.Text, expanding=True)
        ways += [_p.receipt.in_(codes), _p.receipt_typed.in_(codes), _has_refund(code.in_(codes))]
    if text.code_start:
        start = sa.bindparam("code_start", type_=sa.Text)
        ways += [_begins(_p.receipt, "code_start", "code_after"), _p.receipt_typed == start]
        ways.append(_has_refund(_begins(code, "code_start", "code_after")))
    return ways


def _by_number(text: TextShape) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    if text.numbers:
        ways.append(_p.number.in_(sa.bindparam("numbers", expanding=True)))
    if text.numbered:
        numbered = _p.day_seq == sa.bindparam("number")
        ways.append(sa.and_(numbered, _p.till == sa.bindparam("number_till")) if text.at_till else numbered)
    return ways


def _by_phone(text: TextShape) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    phone = t.customer.c.phone
    if text.phones:
        ways.append(_has_phone(phone.in_(sa.bindparam("phones", expanding=True))))
    if text.phone_end:
        ends = phone.endswith(sa.bindparam("phone_end", type_=sa.Text))  # digits, all of them
        ways.append(_has_phone(sa.and_(t.phone_end == sa.bindparam("phone_tail", type_=sa.Text), ends)))
    return ways


@cache
def broad_ways(text: TextShape) -> tuple[Broad, ...]:
    """The meanings that many payments can have: words of names, and an amount."""
    ways = (_of_posts(text.words), _of_customers(text.words)) if text.words else ()
    return (*ways, *([_with_amount()] if text.amount else []))


@cache
def _with_amount() -> Broad:
    """Payments for which so much (KES) was asked."""
    one = sa.select(sa.literal_column("1", sa.Integer))
    held = sa.func.coalesce(_p.amount, _p.amount) == _AMOUNT  # among what something else leads to
    return Broad(holds=held, ids=sa.select(_p.id).where(_p.amount == _AMOUNT), names=one, key=_p.id)


@cache
def of_post() -> Broad:
    """Payments with one post (`post`) among what was sold."""
    post = sa.bindparam("post", type_=sa.Integer)
    return _sold(t.payment_line.alias("line"), lambda column: column == post)


@cache
def of_these_posts() -> Broad:
    """Payments with one of some posts (`posts`) among what was sold."""
    posts: sa.BindParameter[int] = sa.bindparam("posts", type_=sa.Integer, expanding=True)
    return _sold(t.payment_line.alias("sold"), lambda column: column.in_(posts))


def _sold(lines: sa.FromClause, wanted: Callable[[sa.ColumnElement[int]], sa.ColumnElement[bool]]) -> Broad:
    return Broad(
        holds=sa.exists().where(lines.c.payment_id == _p.id, wanted(lines.c.post_id)),
        ids=sa.select(_l.payment_id.label("id")).where(wanted(_l.post_id)),
        names=sa.select(t.post.c.id).where(wanted(t.post.c.id)),
        key=_l.payment_id,
    )


@cache
def _of_posts(words: int) -> Broad:
    word, posts = t.post_word.c, _named(t.post_word, t.post_word.c.post_id, words)
    line = t.payment_line.alias("sold").c
    starts = [
        sa.exists().where(word.post_id == line.post_id, _word_begins(word.word, place)).correlate(line.post_id.table)
        for place in range(words)
    ]
    return Broad(
        holds=sa.exists().where(line.payment_id == _p.id, *starts),
        ids=sa.select(_l.payment_id.label("id")).where(_l.post_id.in_(posts)),
        names=posts,
        key=_l.payment_id,
        of_these=of_these_posts(),
    )


@cache
def _of_customers(words: int) -> Broad:
    customers = customers_named(words)
    there = _p.customer_id.in_(customers)
    return Broad(
        holds=is_named(_p.customer_id, words),
        ids=sa.select(_p.id).where(there),
        names=customers,
        key=_p.id,
        all_known=there,
    )


def customers_named(words: int) -> Ids:
    """The customers whose name has a word that begins like each of so many; `shape.words_of` are the values."""
    return _named(t.customer_word, t.customer_word.c.customer_id, words)


def is_named(customer_id: sa.ColumnElement[int], words: int) -> sa.ColumnElement[bool]:
    """Whether that holds for a customer, found out from their id."""
    word = t.customer_word.c
    begin = (sa.exists().where(word.customer_id == customer_id, _word_begins(word.word, n)) for n in range(words))
    return sa.and_(*begin)


def _named(table: sa.Table, whose: sa.Column[int], words: int) -> Ids:
    """Whose name has a word that begins like each of these."""
    first, *more = (sa.select(whose).where(_word_begins(table.c.word, place)) for place in range(words))
    return first.where(*map(whose.in_, more))


def _word_begins(column: sa.ColumnElement[str], place: int) -> sa.ColumnElement[bool]:
    return _begins(column, f"word{place}", f"after_word{place}")


def _begins(column: sa.ColumnElement[str], start: str, after: str) -> sa.ColumnElement[bool]:
    return sa.and_(column >= sa.bindparam(start), column < sa.bindparam(after))


def _has_phone(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.customer_id.in_(sa.select(t.customer.c.id).where(condition))


def _has_refund(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.id.in_(sa.select(t.refund.c.payment_id).where(condition))
