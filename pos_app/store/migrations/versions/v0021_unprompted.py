"""Money without a prompt: what people say of it, and to which sale it is bound."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_WAITS = "kind = 'payment' AND incoming AND payment_id IS NULL AND word = ''"
_REVERSED = """
    UPDATE record_row SET word = 'reversed'
    WHERE kind = 'payment' AND incoming AND payment_id IS NULL AND receipt IN
        (SELECT linked FROM record_row WHERE kind = 'reversal' AND linked <> '')
"""


def upgrade() -> None:
    for column in (
        sa.Column("word", sa.Text, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("worded_at", sa.DateTime),
        sa.Column("forgotten", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("record_row", column)
    for name, to in {"worded_by": "operator", "bound_id": "payment"}.items():
        op.execute(f"ALTER TABLE record_row ADD COLUMN {name} INTEGER REFERENCES {to} (id)")
    op.execute(_REVERSED)
    for name, which in {"waiting": _WAITS, "worded": "word <> ''"}.items():
        there = sa.text(which)
        op.create_index(f"ix_record_{name}", "record_row", ["at", "id"], sqlite_where=there, postgresql_where=there)
    op.drop_index("ix_record_payment")
    known = sa.text("payment_id IS NOT NULL")
    op.create_index("ix_record_payment", "record_row", ["payment_id"], sqlite_where=known, postgresql_where=known)
    bound = sa.text("bound_id IS NOT NULL")
    op.create_index(
        "ix_record_bound", "record_row", ["bound_id"], unique=True, sqlite_where=bound, postgresql_where=bound
    )
