"""M-PESA's own record: the statements that were read, and each row of them once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_COUNTS = ("agrees", "fills", "settles", "differs", "unprompted", "fee", "sweep", "reversal", "unreadable")
_ROW_FIXED = "receipt, kind, incoming, row_key, cents, at, linked, file_id"
_FILE_FIXED = "digest, origin, at, operator_id, owner, short_code"
_FOR_EVER = "the record of M-PESA is append-only"


def upgrade() -> None:
    op.create_table(
        "record_file",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("operator_id", sa.Integer, sa.ForeignKey("operator.id")),
        sa.Column("owner", sa.Boolean, nullable=False),
        sa.Column("short_code", sa.Text, nullable=False),
        sa.Column("period_first", sa.DateTime),
        sa.Column("period_last", sa.DateTime),
        sa.Column("covered_first", sa.DateTime),
        sa.Column("covered_last", sa.DateTime),
        sa.Column("rows", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
        sa.Column("ended_at", sa.DateTime),
    )
    op.create_table(
        "record_row",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("record_file.id"), nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("incoming", sa.Boolean, nullable=False),
        sa.Column("row_key", sa.Text, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("linked", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id")),
        sa.Column("digits", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.CheckConstraint("cents >= 0", name="ck_record_cents"),
        sa.UniqueConstraint("receipt", "kind", "incoming", "row_key", name="uq_record_row"),
    )
    op.create_index("ix_record_at", "record_row", ["at"])
    op.create_index("ix_record_payment", "record_row", ["payment_id"])
    for name, column in {"undone": "linked", "digits": "digits"}.items():
        there = sa.text(f"{column} <> ''")
        op.create_index(f"ix_record_{name}", "record_row", [column], sqlite_where=there, postgresql_where=there)
    for table, fixed in {"record_row": _ROW_FIXED, "record_file": _FILE_FIXED}.items():
        _guard(table, fixed)


def _guard(table: str, fixed: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, verb in {"update": f"UPDATE OF {fixed}", "delete": "DELETE"}.items():
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE OF {fixed} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
