"""The table of what the renewals of the shop's key have kept of the lines before them (rule 24)."""

import sqlalchemy as sa

from pos_app.store.schema import metadata

seal_block = sa.Table(
    "seal_block",
    metadata,
    sa.Column("seal", sa.Text, primary_key=True),  # as the line of the renewal names it
    sa.Column("journal", sa.Boolean, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("tags", sa.LargeBinary, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
)
