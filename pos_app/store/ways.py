"""What a text can mean, as conditions of the database: each kind of text has an index of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pos_app.domain.search import Meaning
from pos_app.store import tables as t
from pos_app.store.customers import has_ending

_p, _l = t.payment.c, t.payment_line.c
_FEW_LINES, _FEW_CUSTOMERS = 3_000, 6_000  # that are read whole for one page
_AFTER_ALL = "\U0010ffff"  # sorts behind every text, so that a prefix is a range the index can serve
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Broad:
    """A meaning that a great part of all payments may have.

    Attributes:
        holds: whether a payment has it, found out from its id.
        ids: the payments that have it, in no order, perhaps twice.
        some: rows that tell how many there are, to be counted up to a limit.
        few: how many of those are few enough to read all of `ids`.
        names: whose names those are.
        key: what `ids` can be cut to a part of all ids by; None where that would not help.
    """

    holds: sa.ColumnElement[bool]
    ids: Ids
    some: Ids
    few: int
    names: Ids
    key: sa.ColumnElement[int] | None = None


def narrow_ways(meant: Meaning) -> list[Ids]:
    """The payments that are meant in a way that few can be."""
    conditions = [*_by_code(meant), *_by_number(meant), *_by_phone(meant)]
    if meant.amount is not None:
        conditions.append(sa.and_(_p.amount_paid == meant.amount, _p.amount_paid != _p.amount))  # as its index has it
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
    """The meanings that many payments can have: words of names, beside an amount, which `with_amount` has."""
    return [_of_posts(meant.words), _of_customers(meant.words)] if meant.words else []


def with_amount(amount: int) -> sa.ColumnElement[bool]:
    """Payments for which so much (KES) was asked."""
    return _p.amount == amount


def of_post(post_id: int) -> Broad:
    """Payments with one post among what was sold."""
    line = t.payment_line.alias("line").c
    ids = sa.select(_l.payment_id.label("id")).where(_l.post_id == post_id)
    return Broad(
        holds=sa.exists().where(line.payment_id == _p.id, line.post_id == post_id),
        ids=ids,
        some=ids,
        few=_FEW_LINES,
        names=sa.select(t.post.c.id).where(t.post.c.id == post_id),
        key=_l.payment_id,
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
        some=sa.select(_l.payment_id).where(_l.post_id.in_(posts)),
        few=_FEW_LINES,
        names=posts,
        key=_l.payment_id,
    )


def _of_customers(words: Sequence[str]) -> Broad:
    customers = customers_named(words)
    return Broad(
        holds=is_named(_p.customer_id, words),
        ids=sa.select(_p.id).where(_p.customer_id.in_(customers)),
        some=customers,
        few=_FEW_CUSTOMERS,
        names=customers,
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
