"""The tills of a shop have one public address, which one of them holds."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """None is held yet: the first till that opens and may hold one takes it."""
    op.create_table(
        "public_address",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("till", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("stays", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("good_since", sa.Double),
        sa.Column("lease_ends_at", sa.Double, nullable=False),
    )
