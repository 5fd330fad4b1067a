"""Access that somebody gave without a payment."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_FIXED = "id, customer_id, post_id, given_at, days, operator_id"  # the rest moves when other access is withdrawn
_FOR_EVER = "access by hand is withdrawn, never deleted"


def upgrade() -> None:
    op.create_table(
        "access_by_hand",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("given_at", sa.DateTime, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("operator_id", sa.Integer, sa.ForeignKey("operator.id")),
        sa.Column("withdrawn_at", sa.DateTime),
        sa.Column("withdrawn_reason", sa.Text),
        sa.CheckConstraint("days >= 1", name="ck_access_days"),
    )
    op.create_index("ix_access_customer", "access_by_hand", ["customer_id", "post_id"])
    if op.get_bind().dialect.name == "sqlite":
        for name, verb in {"update": f"UPDATE OF {_FIXED}", "delete": "DELETE"}.items():
            op.execute(
                f"CREATE TRIGGER access_no_{name} BEFORE {verb} ON access_by_hand "
                f"BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER access_no_change BEFORE DELETE OR UPDATE OF {_FIXED} ON access_by_hand "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
