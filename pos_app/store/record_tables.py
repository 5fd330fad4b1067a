"""The tables of M-PESA's own record; see `tables`."""

import sqlalchemy as sa

from pos_app.store import tables as t

RECORD_COUNTS = ("agrees", "fills", "settles", "differs", "unprompted", "fee", "sweep", "reversal", "unreadable")
record_file = sa.Table(
    "record_file",  # each statement of M-PESA's that was recorded
    t.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("at", t.UtcDateTime, nullable=False),
    sa.Column("operator_id", sa.ForeignKey("operator.id")),
    sa.Column("owner", sa.Boolean, nullable=False),
    sa.Column("short_code", sa.Text, nullable=False),
    sa.Column("period_first", t.UtcDateTime),
    sa.Column("period_last", t.UtcDateTime),
    sa.Column("covered_first", t.UtcDateTime),
    sa.Column("covered_last", t.UtcDateTime),
    sa.Column("rows", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False) for name in RECORD_COUNTS),
    sa.Column("ended_at", t.UtcDateTime),
)

record_row = sa.Table(
    "record_row",  # what moved money; names and digits only while no payment is known to be meant
    t.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("file_id", sa.ForeignKey("record_file.id"), nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("incoming", sa.Boolean, nullable=False),
    sa.Column("row_key", sa.Text, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("at", t.UtcDateTime, nullable=False),
    sa.Column("linked", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("payment_id", sa.ForeignKey("payment.id")),
    sa.Column("digits", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("word", sa.Text, nullable=False, server_default=""),  # what was said of money without a prompt
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("worded_at", t.UtcDateTime),
    sa.Column("forgotten", sa.Boolean, nullable=False, server_default=sa.false()),  # who paid was taken away
    sa.Column("worded_by", sa.ForeignKey("operator.id")),
    sa.Column("bound_id", sa.ForeignKey("payment.id")),
    sa.Column("learnt_by", sa.Integer),  # the last record by which it turned out to be something else
    sa.CheckConstraint("cents >= 0", name="ck_record_cents"),
    sa.UniqueConstraint("receipt", "kind", "incoming", "row_key", name="uq_record_row"),
)

sa.Index("ix_record_at", record_row.c.at)
_known = sa.text("payment_id IS NOT NULL")  # most have one: what waits is not looked up by having none
sa.Index("ix_record_payment", record_row.c.payment_id, sqlite_where=_known, postgresql_where=_known)
for _name, _told in (("undone", record_row.c.linked), ("digits", record_row.c.digits)):
    _there = sa.text(f"{_told.name} <> ''")  # as the migration spells it
    sa.Index(f"ix_record_{_name}", _told, sqlite_where=_there, postgresql_where=_there)

# Money that no prompt surely asked for, and what was said of it, by when it came.
_unprompted = "kind = 'payment' AND incoming AND payment_id IS NULL AND word = ''"
for _name, _which in (("waiting", _unprompted), ("worded", "word <> ''")):
    _there = sa.text(_which)
    sa.Index(f"ix_record_{_name}", record_row.c.at, record_row.c.id, sqlite_where=_there, postgresql_where=_there)
_bound = sa.text("bound_id IS NOT NULL")
sa.Index("ix_record_bound", record_row.c.bound_id, unique=True, sqlite_where=_bound, postgresql_where=_bound)
