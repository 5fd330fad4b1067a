"""What the renewals of the shop's key keep of the lines before them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Renewals from before have kept nothing: their lines stay as they are."""
    op.create_table(
        "seal_block",
        sa.Column("seal", sa.Text, primary_key=True),
        sa.Column("journal", sa.Boolean, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("tags", sa.LargeBinary, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
    )
