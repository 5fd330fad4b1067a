"""What was sold stands in lines, and each line has a grant of its own; a post's price may be asked at the counter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_OPEN = "state IN ('requested', 'prompted', 'unknown', 'review')"
_PAYMENT = (
    "id, number, till, day, day_seq, customer_id, amount, address, state, remark, reason, merchant_request_id, "
    "checkout_request_id, receipt, receipt_typed, retry_of, chain, created_at, updated_at, closed_at, next_check_at, "
    "version, amount_paid, receipt_by, completed_at, seen"
)
_GRANT = "payment_id, customer_id, post_id, granted_at, access, until, starts_at"


def upgrade() -> None:
    op.add_column("post", sa.Column("highest", sa.Integer))
    _lines()
    _grants()
    _payments()


def _lines() -> None:
    op.create_table(
        "payment_line",
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True, autoincrement=False),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("price", sa.Integer, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer),
        sa.CheckConstraint("price BETWEEN 1 AND 250000", name="ck_line_price"),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name="ck_line_quantity"),
        sa.UniqueConstraint("post_id", "payment_id", name="uq_line_post"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO payment_line (payment_id, line, post_id, title, price, quantity, days) "
        "SELECT id, 1, post_id, post_title, amount, 1, days FROM payment ORDER BY id"
    )


def _grants() -> None:
    """One for each line, so that the key is the payment's and the line's."""
    op.rename_table("grant", "grant_before")
    op.drop_index("ix_grant_customer", "grant_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX grant_pkey RENAME TO grant_before_pkey")
    op.create_table(
        "grant",
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True, autoincrement=False),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("granted_at", sa.DateTime, nullable=False),
        sa.Column("access", sa.Boolean, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.Column("starts_at", sa.DateTime),
    )
    op.execute(
        f'INSERT INTO "grant" ({_GRANT}, line) SELECT {_GRANT}, 1 FROM grant_before ORDER BY payment_id'  # noqa: S608
    )
    op.drop_table("grant_before")
    op.create_index("ix_grant_customer", "grant", ["customer_id", "post_id"])


def _payments() -> None:
    """The columns that lines have now go. SQLite drops none that points to another table, so it gets a new table, in
    which each payment keeps its id: what points to it goes on doing so.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_payment_post", "payment")
        for column in ("post_id", "post_title", "days"):
            op.drop_column("payment", column)
        return
    op.create_table(
        "payment_after",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("till", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("day_seq", sa.Integer, nullable=False),
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
        sa.Column("amount_paid", sa.Integer),
        sa.Column("receipt_by", sa.Text),
        sa.Column("completed_at", sa.DateTime),
        sa.Column("seen", sa.Text),
        sa.CheckConstraint("amount BETWEEN 1 AND 250000", name="ck_payment_amount"),
        sa.UniqueConstraint("till", "day", "day_seq", name="uq_payment_day"),
    )
    op.execute(
        f"INSERT INTO payment_after ({_PAYMENT}) SELECT {_PAYMENT} FROM payment ORDER BY id"  # noqa: S608 - ours
    )
    op.drop_table("payment")
    op.rename_table("payment_after", "payment")
    _indexes()


def _indexes() -> None:
    partial = {
        "ix_payment_open": (["till", "id"], _OPEN),
        "ix_payment_asked": (["till", "id"], "next_check_at IS NOT NULL"),
        "ix_payment_odd": (["id"], "remark IS NOT NULL"),
        "ix_payment_paid": (["amount_paid"], "amount_paid != amount"),
    }
    for name, (columns, where) in partial.items():
        op.create_index(name, "payment", columns, sqlite_where=sa.text(where))
    for name, columns in {
        "ix_payment_amount": ["amount", "id"],
        "ix_payment_customer": ["customer_id", "id"],
        "ix_payment_chain": ["chain"],
        "ix_payment_day": ["day", "id"],
        "ix_payment_typed": ["receipt_typed"],
        "ix_payment_created": ["created_at"],
    }.items():
        op.create_index(name, "payment", columns)
