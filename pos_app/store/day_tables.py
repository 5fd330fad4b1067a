"""The tables of the days: what moved, and the closes."""

import sqlalchemy as sa

from pos_app.store.schema import UtcDateTime, metadata

day_close = sa.Table(
    "day_close",  # as it was written: nobody changes one, nobody deletes one
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("till", sa.Text, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("owner", sa.Boolean, nullable=False),
    sa.Column("last_payment_id", sa.Integer, nullable=False),  # those behind it are opened after the close
    sa.Column("received", sa.BigInteger, nullable=False),  # of its movements, as the next three
    sa.Column("refunded", sa.BigInteger, nullable=False),
    sa.Column("returned", sa.BigInteger, nullable=False),
    sa.Column("report", sa.Text, nullable=False),  # as `domain.day_json` writes it
)

close_supplement = sa.Table(
    "close_supplement",  # what M-PESA's record said once a day was closed; written once, as a close
    metadata,
    sa.Column("close_number", sa.ForeignKey("day_close.number"), primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, nullable=False),  # of the record
    sa.Column("report", sa.Text, nullable=False),  # as `domain.supplement` writes it
    sa.UniqueConstraint("close_number", "digest", name="uq_supplement_record"),
)

movement = sa.Table(
    "movement",  # what was added to what a payment counts with; triggers write it, a close gives it its number, once
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("payment_id", sa.ForeignKey("payment.id"), nullable=False),
    sa.Column("refund_id", sa.ForeignKey("refund.id")),  # the refund that it is; None: what was paid
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("paid", sa.Integer, nullable=False),  # payments: 1 as it becomes paid, 0 where only a figure changes
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("refunds", sa.Integer, nullable=False),  # how many, of a payment that is paid
    sa.Column("refunded", sa.Integer, nullable=False),
    sa.Column("returned", sa.Integer, nullable=False),  # what went back of a payment that is not paid
    sa.Column("close_number", sa.ForeignKey("day_close.number", deferrable=True, initially="DEFERRED")),
)

sa.Index("ix_movement_close", movement.c.close_number, movement.c.id)
sa.Index("ix_movement_at", movement.c.at)
