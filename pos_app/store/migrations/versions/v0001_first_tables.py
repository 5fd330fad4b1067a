"""The first tables.

Self-contained: a migration never imports the program's own tables, which go on changing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OPEN = sa.text("state IN ('requested', 'prompted', 'unknown', 'review')")


def upgrade() -> None:
    _catalogue()
    _payment()
    _journal_and_grants()
    _indexes()
    _journal_is_for_ever()


def _catalogue() -> None:
    op.create_table("setting", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table(
        "post",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("price", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("favourite", sa.Integer, unique=True),
        sa.Column("barcode", sa.Text, unique=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.CheckConstraint("price BETWEEN 1 AND 250000", name="ck_post_price"),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("phone", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("till", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("day_seq", sa.Integer, nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("post_title", sa.Text, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("remark", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("merchant_request_id", sa.Text),
        sa.Column("checkout_request_id", sa.Text, unique=True),
        sa.Column("receipt", sa.Text, unique=True),
        sa.Column("receipt_typed", sa.Text),
        sa.Column("retry_of", sa.Integer, sa.ForeignKey("payment.id")),
        sa.Column("chain", sa.Integer),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("next_check_at", sa.DateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("amount BETWEEN 1 AND 250000", name="ck_payment_amount"),
        sa.UniqueConstraint("till", "day", "day_seq", name="uq_payment_day"),
    )


def _journal_and_grants() -> None:
    op.create_table(
        "payment_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("body", sa.Text),
    )
    op.create_table(
        "grant",
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True, autoincrement=False),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("granted_at", sa.DateTime, nullable=False),
        sa.Column("access", sa.Boolean, nullable=False),
        sa.Column("until", sa.DateTime),
    )


def _indexes() -> None:
    partial = {
        "ix_payment_open": (["till", "id"], _OPEN),
        "ix_payment_asked": (["till", "id"], sa.text("next_check_at IS NOT NULL")),
        "ix_payment_odd": (["id"], sa.text("remark IS NOT NULL")),
    }
    for name, (columns, where) in partial.items():
        op.create_index(name, "payment", columns, sqlite_where=where, postgresql_where=where)
    for name, columns in {
        "ix_payment_customer": ["customer_id", "id"],
        "ix_payment_post": ["post_id", "id"],
        "ix_payment_chain": ["chain"],
        "ix_payment_day": ["day", "id"],
        "ix_payment_typed": ["receipt_typed"],
        "ix_payment_created": ["created_at"],
    }.items():
        op.create_index(name, "payment", columns)
    op.create_index("ix_event_payment", "payment_event", ["payment_id"])
    op.create_index("ix_grant_customer", "grant", ["customer_id", "post_id"])


def _journal_is_for_ever() -> None:
    """Nobody edits or deletes a journal line, not even this program."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER payment_event_no_{verb.lower()} BEFORE {verb} ON payment_event "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION journal_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER payment_event_no_change BEFORE UPDATE OR DELETE ON payment_event "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
