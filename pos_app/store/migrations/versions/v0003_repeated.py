"""How often something came for a payment that changed nothing, beyond the lines that its journal keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "repeated",
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
    )
