"""The running totals leave out what is under way and know where days lie; an index holds each of their cells."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_UNDER_WAY = "('requested', 'prompted', 'unknown')"
_COUNTED = ("day", "till", "operator_id", "state", "amount", "amount_paid")
_ADD = """
    INSERT INTO tally_day (day, first_id, last_id) VALUES (NEW.day, NEW.id, NEW.id)
    ON CONFLICT (day) DO UPDATE SET
        first_id = CASE WHEN excluded.first_id < tally_day.first_id THEN excluded.first_id ELSE tally_day.first_id END,
        last_id = CASE WHEN excluded.last_id > tally_day.last_id THEN excluded.last_id ELSE tally_day.last_id END
        WHERE excluded.first_id < tally_day.first_id OR excluded.last_id > tally_day.last_id;
    INSERT INTO tally (day, till, operator_id, state, payments, asked, received, refunded)
    VALUES (NEW.day, NEW.till, COALESCE(NEW.operator_id, 0), NEW.state, 1, NEW.amount,
            COALESCE(NEW.amount_paid, NEW.amount),
            (SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = NEW.id))
    ON CONFLICT (day, till, operator_id, state) DO UPDATE SET
        payments = tally.payments + 1,
        asked = tally.asked + excluded.asked,
        received = tally.received + excluded.received,
        refunded = tally.refunded + excluded.refunded;
"""
_TAKE = """
    UPDATE tally SET payments = payments - 1, asked = asked - OLD.amount,
        received = received - COALESCE(OLD.amount_paid, OLD.amount),
        refunded = refunded - (SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = OLD.id)
    WHERE day = OLD.day AND till = OLD.till AND operator_id = COALESCE(OLD.operator_id, 0) AND state = OLD.state;
"""


def upgrade() -> None:
    """A million payments take some seconds."""
    on_file = op.get_bind().dialect.name == "sqlite"
    for name, function in (("counted", "added"), ("moved", "moved"), ("gone", "taken")):
        op.execute(f"DROP TRIGGER payment_{name}" + ("" if on_file else " ON payment"))
        if not on_file:
            op.execute(f"DROP FUNCTION tally_{function}()")
    _days()
    if on_file:
        _kept_by_file()
    else:
        _kept_by_server()
    op.create_index("ix_tally_state", "tally", ["state", "day", "till", "operator_id", "payments"])
    for name in ("open", "customer", "cell"):
        op.drop_index(f"ix_payment_{name}", "payment")
    is_open = sa.text("state IN ('requested', 'prompted', 'unknown', 'review')")
    op.create_index(
        "ix_payment_open", "payment", ["state", "till", "id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index(
        "ix_payment_customer", "payment", ["customer_id", "id", "day", "till", "operator_id", "state", "amount"]
    )
    counted = sa.text(f"(state NOT IN {_UNDER_WAY})")
    op.create_index(
        "ix_payment_cell",
        "payment",
        ["day", "till", sa.text("coalesce(operator_id, 0)"), "state", "id", "amount"],
        sqlite_where=counted,
        postgresql_where=counted,
    )
    if not on_file:
        op.execute("ANALYZE payment, tally, tally_day")  # the server would know nothing of the new ones for months


def _days() -> None:
    op.execute(f"DELETE FROM tally WHERE state IN {_UNDER_WAY}")  # noqa: S608 - names of ours
    op.create_table(
        "tally_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("first_id", sa.Integer, nullable=False),
        sa.Column("last_id", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    # By the payments themselves: nothing has held the ends that the totals had against them.
    op.execute(
        "INSERT INTO tally_day (day, first_id, last_id) SELECT day, MIN(id), MAX(id) FROM payment "  # noqa: S608
        f"WHERE state NOT IN {_UNDER_WAY} GROUP BY day"
    )
    for name in ("first_id", "last_id"):
        op.drop_column("tally", name)


def _kept_by_file() -> None:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COUNTED)
    update = f"UPDATE OF {', '.join(_COUNTED)} ON payment WHEN ({changed}) AND"
    for name, when, does in (
        ("payment_added", f"INSERT ON payment WHEN {_is_counted('NEW')}", _ADD),
        ("payment_left", f"{update} {_is_counted('OLD')}", _TAKE),
        ("payment_came", f"{update} {_is_counted('NEW')}", _ADD),
        ("payment_gone", f"DELETE ON payment WHEN {_is_counted('OLD')}", _TAKE),
    ):
        op.execute(sa.text(f"CREATE TRIGGER {name} AFTER {when} BEGIN {does} END"))


def _kept_by_server() -> None:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _COUNTED)
    for name, does in (("added", _ADD), ("taken", _TAKE)):
        op.execute(
            f"CREATE FUNCTION tally_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$"
        )
    for name, when, condition, does in (
        ("payment_added", "INSERT", _is_counted("NEW"), "added"),
        ("payment_left", "UPDATE", f"{_is_counted('OLD')} AND ({changed})", "taken"),
        ("payment_came", "UPDATE", f"{_is_counted('NEW')} AND ({changed})", "added"),
        ("payment_gone", "DELETE", _is_counted("OLD"), "taken"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON payment FOR EACH ROW WHEN ({condition}) "
            f"EXECUTE FUNCTION tally_{does}()"
        )


def _is_counted(row: str) -> str:
    return f"{row}.state NOT IN {_UNDER_WAY}"
