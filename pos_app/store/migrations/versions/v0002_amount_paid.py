"""What M-PESA says was paid, where that is not what we asked: the owner who settles it must see it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("payment", sa.Column("amount_paid", sa.Integer))
