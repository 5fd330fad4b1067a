"""Customers can be erased: what is left of their numbers, and the one change that journal and refunds allow."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_STAYS = ("id", "payment_id", "at", "source", "kind", "outcome", "before", "after")
_TEXTS = ("code", "detail", "body")  # they are emptied, or stay as they are
_JOURNAL, _REFUND = "the journal is append-only", "what went back is append-only"


def upgrade() -> None:
    op.add_column("customer", sa.Column("phone_hash", sa.Text))
    op.add_column("customer", sa.Column("erased_at", sa.DateTime))
    erased = sa.text("phone_hash IS NOT NULL")
    op.create_index("ix_customer_erased", "customer", ["phone_hash"], sqlite_where=erased, postgresql_where=erased)
    if op.get_bind().dialect.name == "sqlite":
        _guard_file()
    else:
        _guard_server()


def _guard_file() -> None:
    edited = " OR ".join(
        [f'NEW."{name}" IS NOT OLD."{name}"' for name in _STAYS]
        + [f'(NEW."{name}" IS NOT NULL AND NEW."{name}" IS NOT OLD."{name}")' for name in _TEXTS]
    )
    op.execute("DROP TRIGGER payment_event_no_update")
    op.execute(
        f"CREATE TRIGGER payment_event_no_update BEFORE UPDATE ON payment_event WHEN {edited} "
        f"BEGIN SELECT RAISE(ABORT, '{_JOURNAL}'); END"
    )
    op.execute("DROP TRIGGER refund_no_update")
    op.execute(
        "CREATE TRIGGER refund_no_update BEFORE UPDATE OF payment_id, at, amount ON refund "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUND}'); END"
    )
    op.execute(
        "CREATE TRIGGER refund_no_reason BEFORE UPDATE OF reason ON refund WHEN NEW.reason <> '' "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUND}'); END"
    )


def _guard_server() -> None:
    edited = " OR ".join(
        [f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in _STAYS]
        + [f'(NEW."{name}" IS NOT NULL AND NEW."{name}" IS DISTINCT FROM OLD."{name}")' for name in _TEXTS]
    )
    op.execute("DROP TRIGGER payment_event_no_change ON payment_event")
    op.execute(
        "CREATE TRIGGER payment_event_no_delete BEFORE DELETE ON payment_event "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
    op.execute(
        "CREATE TRIGGER payment_event_no_update BEFORE UPDATE ON payment_event FOR EACH ROW "
        f"WHEN ({edited}) EXECUTE FUNCTION journal_is_for_ever()"
    )
    op.execute("DROP TRIGGER refund_no_change ON refund")
    op.execute(
        "CREATE TRIGGER refund_no_change BEFORE DELETE OR UPDATE OF payment_id, at, amount ON refund "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
    op.execute(
        "CREATE TRIGGER refund_no_reason BEFORE UPDATE OF reason ON refund FOR EACH ROW "
        "WHEN (NEW.reason <> '') EXECUTE FUNCTION journal_is_for_ever()"
    )
