"""The table of the shop's one public address: which till holds it. It has one row at most."""

import sqlalchemy as sa

from pos_app.store.schema import metadata

public_address = sa.Table(
    "public_address",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.Text, nullable=False),  # one data folder on one computer
    sa.Column("run", sa.Text, nullable=False),  # one opening of it
    sa.Column("till", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("stays", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("since", sa.Double, nullable=False),  # seconds since 1970, by the database's clock, as all here
    sa.Column("good_since", sa.Double),
    sa.Column("lease_ends_at", sa.Double, nullable=False),
)
