"""Supplements to closes, and by which record a row was learnt anew."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_FOR_EVER = "a supplement to a close is append-only"


def upgrade() -> None:
    op.add_column("record_row", sa.Column("learnt_by", sa.Integer))
    op.create_table(
        "close_supplement",
        sa.Column("close_number", sa.Integer, sa.ForeignKey("day_close.number"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.UniqueConstraint("close_number", "digest", name="uq_supplement_record"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER close_supplement_no_{name} BEFORE {name.upper()} ON close_supplement "
                f"BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER close_supplement_no_change BEFORE DELETE OR UPDATE ON close_supplement "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
