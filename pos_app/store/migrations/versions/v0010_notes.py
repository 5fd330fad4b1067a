"""Notes that people write about payments and customers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_FOR_EVER = "a note is never changed, only emptied"
_FIXED = ("id", "at", "operator_id", "payment_id", "customer_id")


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("operator_id", sa.Integer, sa.ForeignKey("operator.id")),
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id")),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id")),
        sa.Column("text", sa.Text, nullable=False),
        sa.CheckConstraint("(payment_id IS NULL) <> (customer_id IS NULL)", name="ck_note_about"),
    )
    for about in ("payment", "customer"):
        where = sa.text(f"{about}_id IS NOT NULL")
        op.create_index(f"ix_note_{about}", "note", [f"{about}_id"], sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "sqlite":
        _guard_file()
    else:
        _guard_server()


def _guard_file() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
    op.execute(f"CREATE TRIGGER note_no_delete BEFORE DELETE ON note {refuse}")
    op.execute(f"CREATE TRIGGER note_no_update BEFORE UPDATE OF {', '.join(_FIXED)} ON note {refuse}")
    op.execute(f"CREATE TRIGGER note_emptied BEFORE UPDATE OF text ON note WHEN NEW.text <> '' {refuse}")


def _guard_server() -> None:
    raised = f"RAISE EXCEPTION '{_FOR_EVER}' USING ERRCODE = 'integrity_constraint_violation'"
    op.execute(
        f"CREATE FUNCTION note_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raised}; END $$",
    )
    refuse = "FOR EACH ROW EXECUTE FUNCTION note_is_for_ever()"
    op.execute(f"CREATE TRIGGER note_no_change BEFORE DELETE OR UPDATE OF {', '.join(_FIXED)} ON note {refuse}")
    when = "FOR EACH ROW WHEN (NEW.text <> '')"
    op.execute(f"CREATE TRIGGER note_emptied BEFORE UPDATE OF text ON note {when} EXECUTE FUNCTION note_is_for_ever()")
