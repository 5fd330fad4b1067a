"""What a text can mean, as conditions of the database: each kind of text has an index of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pos_app.domain.search import Meaning
from pos_app.store import tables as t
from pos_app.store.customers import has_ending
from pos_app.store.rows import unkeyed

_p, _l = t.payment.c, t.payment_line.c
_MANY = 2_000  # payments: fewer are read whole for one page
_MANY_CUSTOMERS = 8_000  # fewer are looked up one by one
_ANY_NUMBER = 1_000_000  # of names: more than there are
_AFTER_ALL = "\U0010ffff"  # sorts behind every text, so that a prefix is a range the index can serve
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Broad:
    """A meaning that a great part of all payments may have.

    Attributes:
        holds: whether a payment has it, found out from its id.
        ids: the payments that have it, in no order, perhaps twice; `key`: what they can be cut to a part of all ids by.
        names: whose names those are; each is looked up in an index of its own part.
        many: so many payments are too many to be read whole.
        all_known: the same as `holds`, by an index that has all that filters ask for besides, so that all payments of
            fewer than `many_names` are read; None where there is no such index.
    """

    holds: sa.ColumnElement[bool]
    ids: Ids
    names: Ids
    key: sa.ColumnElement[int]
    many: int
    many_names: int = _ANY_NUMBER
    all_known: sa.ColumnElement[bool] | None = None


def narrow_ways(meant: Meaning) -> list[Ids]:
    """The payments that are meant in a way that few can be."""
    conditions = [*_by_code(meant), *_by_number(meant), *_by_phone(meant)]
    if meant.amount is not None:
        # A server is not told the amount itself, and is told it twice: else it expects as many as were paid so much,
        # and rather reads a million payments than the index.
        paid = _p.amount_paid == sa.select(sa.literal(meant.amount)).scalar_subquery()
        conditions.append(sa.and_(paid, _p.amount_paid != _p.amount, unkeyed(_p.amount_paid) == meant.amount))
    return [sa.select(_p.id).where(condition) for condition in conditions]


def _by_code(meant: Meaning) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    code = t.refund.c.code
    if meant.codes:
        ways += [_p.receipt.in_(meant.codes), _p.receipt_typed.in_(meant.codes)]
        ways.append(_has_refund(code.in_(meant.codes)))
    if meant.code_start:
        ways += [_begins(_p.receipt, meant.code_start), _p.receipt_typed == meant.code_start]
        ways.append(_has_refund(_begins(code, meant.code_start)))
    return ways


def _by_number(meant: Meaning) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    if meant.numbers:
        ways.append(_p.number.in_(meant.numbers))
    if meant.short_number:
        till, sequence = meant.short_number
        ways.append(sa.and_(_p.day_seq == sequence, _p.till == till) if till else _p.day_seq == sequence)
    return ways


def _by_phone(meant: Meaning) -> list[sa.ColumnElement[bool]]:
    ways: list[sa.ColumnElement[bool]] = []
    if meant.phones:
        ways.append(_has_phone(t.customer.c.phone.in_(meant.phones)))
    if meant.phone_end:
        ways.append(_has_phone(has_ending(meant.phone_end)))
    return ways


def broad_ways(meant: Meaning) -> list[Broad]:
    """The meanings that many payments can have: words of names, and an amount."""
    ways = [_of_posts(meant.words), _of_customers(meant.words)] if meant.words else []
    return ways + ([_with_amount(meant.amount)] if meant.amount is not None else [])


def _with_amount(amount: int) -> Broad:
    """Payments for which so much (KES) was asked."""
    asked = _p.amount == amount
    one = sa.select(sa.literal_column("1", sa.Integer))
    held = sa.func.coalesce(_p.amount, _p.amount) == amount  # among what something else leads to
    return Broad(holds=held, ids=sa.select(_p.id).where(asked), names=one, key=_p.id, many=_MANY)


def of_post(post_id: int) -> Broad:
    """Payments with one post among what was sold."""
    line = t.payment_line.alias("line").c
    return Broad(
        holds=sa.exists().where(line.payment_id == _p.id, line.post_id == post_id),
        ids=sa.select(_l.payment_id.label("id")).where(_l.post_id == post_id),
        names=sa.select(t.post.c.id).where(t.post.c.id == post_id),
        key=_l.payment_id,
        many=_MANY,
    )


def _of_posts(words: Sequence[str]) -> Broad:
    word, posts = t.post_word.c, _named(t.post_word, t.post_word.c.post_id, words)
    line = t.payment_line.alias("sold").c
    starts = [
        sa.exists().where(word.post_id == line.post_id, _begins(word.word, each)).correlate(line.post_id.table)
        for each in words
    ]
    return Broad(
        holds=sa.exists().where(line.payment_id == _p.id, *starts),
        ids=sa.select(_l.payment_id.label("id")).where(_l.post_id.in_(posts)),
        names=posts,
        key=_l.payment_id,
        many=_MANY,
    )


def _of_customers(words: Sequence[str]) -> Broad:
    customers = customers_named(words)
    there = _p.customer_id.in_(customers)
    return Broad(
        holds=is_named(_p.customer_id, words),
        ids=sa.select(_p.id).where(there),
        names=customers,
        key=_p.id,
        many=_MANY,
        many_names=_MANY_CUSTOMERS,
        all_known=there,
    )


def customers_named(words: Sequence[str]) -> Ids:
    """The customers whose name has a word that begins like each of these."""
    return _named(t.customer_word, t.customer_word.c.customer_id, words)


def is_named(customer_id: sa.ColumnElement[int], words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether that holds for a customer, found out from their id."""
    word = t.customer_word.c
    return sa.and_(*(sa.exists().where(word.customer_id == customer_id, _begins(word.word, each)) for each in words))


def _named(words: sa.Table, whose: sa.Column[int], wanted: Sequence[str]) -> Ids:
    """Whose name has a word that begins like each of these."""
    first, *more = wanted
    also = [whose.in_(sa.select(whose).where(_begins(words.c.word, word))) for word in more]
    return sa.select(whose).where(_begins(words.c.word, first), *also)


def _begins(column: sa.ColumnElement[str], start: str) -> sa.ColumnElement[bool]:
    return sa.and_(column >= start, column < start + _AFTER_ALL)


def _has_phone(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.customer_id.in_(sa.select(t.customer.c.id).where(condition))


def _has_refund(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.id.in_(sa.select(t.refund.c.payment_id).where(condition))
