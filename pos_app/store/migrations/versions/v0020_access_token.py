"""All tills of a shop use one access token of M-PESA's, which one of them fetches."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """None is there yet: the first till that needs one fetches it."""
    op.create_table(
        "access_token",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token_id", sa.Text),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("ends_at", sa.Double),
        sa.Column("holder", sa.Text),
        sa.Column("lease_ends_at", sa.Double),
    )
