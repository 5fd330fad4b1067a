"""Which closes were written before their lines of the audit had a sum of them: the till seals these, once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_LAST = "SELECT MAX(number) FROM day_close"
_NOTE = "INSERT INTO setting (key, value) VALUES ('closes_before', :note)"


def upgrade() -> None:
    """Nothing is read but the last number."""
    connection = op.get_bind()
    last = connection.execute(sa.text(_LAST)).scalar()
    if last is not None:
        connection.execute(sa.text(_NOTE), {"note": f"{last} due"})
