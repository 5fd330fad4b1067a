"""What was done to posts, by the line, for ever; and look-ups of an amount."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OTHER_PAID = sa.text("amount_paid != amount")


def upgrade() -> None:
    op.create_table(
        "post_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("old", sa.Text),
        sa.Column("new", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_index("ix_change_post", "post_change", ["post_id"])
    op.create_index("ix_payment_amount", "payment", ["amount", "id"])
    op.create_index(
        "ix_payment_paid", "payment", ["amount_paid"], sqlite_where=_OTHER_PAID, postgresql_where=_OTHER_PAID
    )
    _lines_are_for_ever()


def _lines_are_for_ever() -> None:
    """Nobody edits or deletes a line, not even this program."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER post_change_no_{verb.lower()} BEFORE {verb} ON post_change "
                "BEGIN SELECT RAISE(ABORT, 'what was done to posts is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER post_change_no_change BEFORE UPDATE OR DELETE ON post_change "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
