"""Categories of posts, and who changed a post."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False, unique=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.execute("ALTER TABLE post ADD COLUMN category_id INTEGER REFERENCES category (id)")
    op.create_index("ix_post_category", "post", ["category_id"])
    op.execute("ALTER TABLE post_change ADD COLUMN operator_id INTEGER REFERENCES operator (id)")
    op.add_column("post_change", sa.Column("owner", sa.Boolean))
