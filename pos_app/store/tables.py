"""The tables. Amounts are integers (KES), times are UTC, states are stored by name."""

from typing import Any

import sqlalchemy as sa

from pos_app.domain.refund import RefundStatus
from pos_app.store.address_table import public_address as public_address
from pos_app.store.day_tables import close_supplement as close_supplement
from pos_app.store.day_tables import day_close as day_close
from pos_app.store.day_tables import movement as movement
from pos_app.store.schema import UtcDateTime as UtcDateTime
from pos_app.store.schema import metadata as metadata
from pos_app.store.seal_table import seal_block as seal_block
from pos_app.store.token_table import access_token as access_token

OPEN_STATES = ("requested", "prompted", "unknown", "review")
UNDER_WAY = OPEN_STATES[:3]  # a payment passes through these within minutes, and stays where it comes to then


def _linked() -> list[sa.Column[Any]]:
    """Which till has linked a line, as which of its lines; nothing where the shop's key was not there."""
    return [sa.Column("writer", sa.Text), sa.Column("seq", sa.Integer), sa.Column("link", sa.LargeBinary)]


setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

category = sa.Table(
    "category",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),  # the name in the one spelling that counts
    sa.Column("place", sa.Integer, nullable=False),
)

post = sa.Table(
    "post",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("price", sa.Integer, nullable=False),
    sa.Column("days", sa.Integer),
    sa.Column("favourite", sa.Integer, unique=True),
    sa.Column("barcode", sa.Text, unique=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("highest", sa.Integer),
    sa.Column("category_id", sa.ForeignKey("category.id")),
    sa.CheckConstraint("price BETWEEN 1 AND 250000", name="ck_post_price"),
)

post_change = sa.Table(
    "post_change",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("post_id", sa.ForeignKey("post.id"), nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("old", sa.Text),
    sa.Column("new", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("owner", sa.Boolean),
)

operator = sa.Table(
    "operator",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),  # the name in the one spelling that counts
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("pin", sa.Text, nullable=False),
    sa.Column("tries", sa.Text),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("role", sa.Text),
    sa.Column("owner", sa.Boolean, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("old", sa.Text),
    sa.Column("new", sa.Text),
    *_linked(),
)

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.Text, nullable=False, unique=True),  # of an erased one, what is left of it
    sa.Column("name", sa.Text),
    sa.Column("phone_hash", sa.Text),  # of an erased number, by the shop's key; the same one may be erased again
    sa.Column("erased_at", UtcDateTime),
)

payment = sa.Table(
    "payment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("till", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("day_seq", sa.Integer, nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("address", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("remark", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("merchant_request_id", sa.Text),
    sa.Column("checkout_request_id", sa.Text, unique=True),
    sa.Column("receipt", sa.Text, unique=True),
    sa.Column("receipt_typed", sa.Text),
    sa.Column("retry_of", sa.ForeignKey("payment.id")),
    sa.Column("chain", sa.Integer),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("next_check_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("amount_paid", sa.Integer),
    sa.Column("receipt_by", sa.Text),
    sa.Column("completed_at", UtcDateTime),
    sa.Column("seen", sa.Text),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.CheckConstraint("amount BETWEEN 1 AND 250000", name="ck_payment_amount"),
    sa.UniqueConstraint("till", "day", "day_seq", name="uq_payment_day"),
)

payment_line = sa.Table(
    "payment_line",  # what was sold, as it was sold
    metadata,
    sa.Column("payment_id", sa.ForeignKey("payment.id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("post_id", sa.ForeignKey("post.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("price", sa.Integer, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("days", sa.Integer),
    sa.CheckConstraint("price BETWEEN 1 AND 250000", name="ck_line_price"),
    sa.CheckConstraint("quantity BETWEEN 1 AND 999", name="ck_line_quantity"),
    sa.UniqueConstraint("post_id", "payment_id", name="uq_line_post"),  # a post once; and how a post's are found
    sqlite_with_rowid=False,
)

payment_past = sa.Table(
    "payment_past",  # what the operator was warned about and went past, and where it stood then
    metadata,
    sa.Column("payment_id", sa.ForeignKey("payment.id"), primary_key=True),
    sa.Column("past_id", sa.ForeignKey("payment.id"), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)

payment_event = sa.Table(
    "payment_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("payment_id", sa.ForeignKey("payment.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("body", sa.Text),
    *_linked(),
    sa.Column("salts", sa.LargeBinary),  # of code, detail and body, as `domain.links` has them
)

head = sa.Table(
    "head",  # the last line that each till has linked
    metadata,
    sa.Column("till", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("link", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

repeated = sa.Table(
    "repeated",
    metadata,
    sa.Column("payment_id", sa.ForeignKey("payment.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
)

grant = sa.Table(
    "grant",
    metadata,
    sa.Column("payment_id", sa.ForeignKey("payment.id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False),
    sa.Column("post_id", sa.ForeignKey("post.id"), nullable=False),
    sa.Column("granted_at", UtcDateTime, nullable=False),
    sa.Column("access", sa.Boolean, nullable=False),
    sa.Column("until", UtcDateTime),
    sa.Column("starts_at", UtcDateTime),
    sa.Column("withdrawn_at", UtcDateTime),
)

access_by_hand = sa.Table(
    "access_by_hand",  # given without a payment; withdrawn, never deleted
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False),
    sa.Column("post_id", sa.ForeignKey("post.id"), nullable=False),
    sa.Column("given_at", UtcDateTime, nullable=False),
    sa.Column("days", sa.Integer),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("until", UtcDateTime),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("withdrawn_reason", sa.Text),
    sa.CheckConstraint("days >= 1", name="ck_access_days"),
)

refund = sa.Table(
    "refund",  # money that went back; the sum of a payment's is held against what was paid by a trigger, too
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("payment_id", sa.ForeignKey("payment.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, unique=True),  # none where it was taken back; then the next has it
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("taken_code", sa.Text),
    sa.CheckConstraint("amount >= 1", name="ck_refund_amount"),
)
counts_back = refund.c.status == RefundStatus.DONE.value  # what was taken back counts no more

note = sa.Table(
    "note",  # what people write about one payment or one customer; never changed, only emptied where that is erased
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("payment_id", sa.ForeignKey("payment.id")),
    sa.Column("customer_id", sa.ForeignKey("customer.id")),
    sa.Column("text", sa.Text, nullable=False),
    sa.CheckConstraint("(payment_id IS NULL) <> (customer_id IS NULL)", name="ck_note_about"),
)

tally = sa.Table(
    "tally",  # running totals of each day, till, operator (0: nobody) and state, but those under way; by triggers
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("till", sa.Text, primary_key=True),
    sa.Column("operator_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("payments", sa.Integer, nullable=False),
    sa.Column("asked", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

tally_day = sa.Table(
    "tally_day",  # no payment that was ever counted on a day is outside of these two
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("first_id", sa.Integer, nullable=False),
    sa.Column("last_id", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

_as_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # so that what begins alike stands together
post_word = sa.Table(
    "post_word",  # of the title, as `domain.search.name_words` has them
    metadata,
    sa.Column("word", _as_bytes, primary_key=True),
    sa.Column("post_id", sa.ForeignKey("post.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

customer_word = sa.Table(
    "customer_word",  # of the name
    metadata,
    sa.Column("word", _as_bytes, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

PHONE_END = 3  # digits: an MSISDN has twelve
# The number stands in the text, since an expression with a parameter is not the one that the index has.
phone_end = sa.func.substr(customer.c.phone, sa.literal_column("10"), type_=sa.Text)
sa.Index("ix_customer_end", phone_end)


def _only(where: sa.ColumnElement[bool], name: str, *columns: sa.ColumnElement[Any]) -> None:
    """An index of a part of the rows."""
    sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


# Literally as statements have them, or the index would not serve; a nobody who charged is 0, as in the running totals.
is_open = payment.c.state.in_([sa.literal_column(f"'{state}'") for state in OPEN_STATES])
is_counted = payment.c.state.not_in([sa.literal_column(f"'{state}'") for state in UNDER_WAY])
served_by = sa.func.coalesce(payment.c.operator_id, sa.literal_column("0"), type_=sa.Integer)
_only(is_open, "ix_payment_open", payment.c.state, payment.c.till, payment.c.id)
_only(payment.c.next_check_at.is_not(None), "ix_payment_asked", payment.c.till, payment.c.id)
_only(payment.c.remark.is_not(None), "ix_payment_odd", payment.c.id, payment.c.remark, payment.c.seen)
sa.Index("ix_payment_amount", payment.c.amount, payment.c.id)
_only(payment.c.amount_paid != payment.c.amount, "ix_payment_paid", payment.c.amount_paid)
_only(customer.c.phone_hash.is_not(None), "ix_customer_erased", customer.c.phone_hash)
sa.Index("ix_change_post", post_change.c.post_id)
sa.Index("ix_post_category", post.c.category_id)
sa.Index(
    "ix_payment_customer",  # with all that a filter may ask besides: a name can be that of thousands
    *(payment.c[name] for name in ("customer_id", "id", "day", "till", "operator_id", "state", "amount")),
)
sa.Index("ix_payment_chain", payment.c.chain)
_cell = payment.c.day, payment.c.till, served_by, payment.c.state  # of the running totals
_only(is_counted, "ix_payment_cell", *_cell, payment.c.id, payment.c.amount)
sa.Index("ix_tally_state", *(tally.c[name] for name in ("state", "day", "till", "operator_id", "payments")))
sa.Index("ix_payment_seq", payment.c.day_seq, payment.c.till, payment.c.id)
sa.Index("ix_post_word", post_word.c.post_id, post_word.c.word)
sa.Index("ix_customer_word", customer_word.c.customer_id, customer_word.c.word)
sa.Index("ix_payment_typed", payment.c.receipt_typed)
sa.Index("ix_payment_created", payment.c.created_at)
sa.Index("ix_past_past", payment_past.c.past_id)
sa.Index("ix_event_payment", payment_event.c.payment_id)
sa.Index("ix_refund_payment", refund.c.payment_id)
for _about in (note.c.payment_id, note.c.customer_id):
    _only(_about.is_not(None), f"ix_note_{_about.name[:-3]}", _about)
sa.Index("ix_grant_customer", grant.c.customer_id, grant.c.post_id)
sa.Index("ix_access_customer", access_by_hand.c.customer_id, access_by_hand.c.post_id)
