"""The table of M-PESA's access token, which all tills of a shop use."""

import sqlalchemy as sa

from pos_app.store.schema import metadata

access_token = sa.Table(
    "access_token",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # derived from the shop's keys
    sa.Column("token_id", sa.Text),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("ends_at", sa.Double),  # seconds since 1970, by the database's clock, as the lease's
    sa.Column("holder", sa.Text),  # who fetches one now
    sa.Column("lease_ends_at", sa.Double),
)
