"""A refund that the owner has recorded by mistake can be taken back: it counts no more, and its code is free."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_ALL, _COUNTING = "FROM refund WHERE payment_id", "FROM refund WHERE status = 'done' AND payment_id"
_FOR_EVER = "what went back is append-only"
_SAME = " AND ".join(
    f"COALESCE(NEW.{name}, '') = COALESCE(OLD.{name}, '')" for name in ("status", "code", "taken_code")
)
_TAKEN = "OLD.status = 'done' AND NEW.status = 'taken_back'"
_ONLY = f"NOT ({_SAME}) AND NOT ({_TAKEN} AND NEW.code IS NULL AND COALESCE(NEW.taken_code, '') = OLD.code)"
_IS = "CASE WHEN payment.state = 'paid' THEN 1 ELSE 0 END"
_COUNTED_OUT = f"""
    INSERT INTO movement (payment_id, refund_id, at, paid, received, refunds, refunded, returned)
    SELECT id, NEW.id, updated_at, 0, 0, - {_IS}, - NEW.amount * {_IS}, - NEW.amount * (1 - {_IS})
    FROM payment WHERE id = NEW.payment_id;
    UPDATE tally SET refunded = refunded - NEW.amount
    WHERE (day, till, operator_id, state) =
        (SELECT day, till, COALESCE(operator_id, 0), state FROM payment WHERE id = NEW.payment_id);
"""  # noqa: S608 - words of ours


def upgrade() -> None:
    op.add_column("refund", sa.Column("taken_code", sa.Text))
    if op.get_bind().dialect.name == "sqlite":
        _on_file()
    else:
        _on_server()


def _on_file() -> None:
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    for name, text in op.get_bind().execute(sa.text(triggers)).all():
        if _ALL in text:
            op.execute(f"DROP TRIGGER {name}")
            op.execute(sa.text(text.replace(_ALL, _COUNTING)))
    op.execute(
        f"CREATE TRIGGER refund_no_status BEFORE UPDATE OF status, code, taken_code ON refund WHEN {_ONLY} "
        f"BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
    )
    op.execute(
        sa.text(
            f"CREATE TRIGGER refund_taken_back AFTER UPDATE OF status ON refund WHEN {_TAKEN} BEGIN {_COUNTED_OUT} END"
        )
    )


def _on_server() -> None:
    functions = (
        "SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace "
        "WHERE nspname = current_schema() AND prokind = 'f'"
    )
    for text in op.get_bind().execute(sa.text(functions)).scalars().all():
        if _ALL in text:
            op.execute(sa.text(text.replace(_ALL, _COUNTING)))
    op.execute(
        "CREATE TRIGGER refund_no_status BEFORE UPDATE OF status, code, taken_code ON refund FOR EACH ROW "
        f"WHEN ({_ONLY}) EXECUTE FUNCTION journal_is_for_ever()"
    )
    op.execute(
        sa.text(
            "CREATE FUNCTION refund_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {_COUNTED_OUT} RETURN NULL; END $$"
        )
    )
    op.execute(
        f"CREATE TRIGGER refund_taken_back AFTER UPDATE OF status ON refund FOR EACH ROW WHEN ({_TAKEN}) "
        "EXECUTE FUNCTION refund_taken_back()"
    )
