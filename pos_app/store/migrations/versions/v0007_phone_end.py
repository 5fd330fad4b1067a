"""Customers by the last four digits of their phone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_customer_end", "customer", [sa.text("substr(phone, 9)")])
