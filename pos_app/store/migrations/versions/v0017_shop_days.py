"""The shop's days: what moved of each payment, and the closes.

What was recorded before this version becomes close number 0.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_HAD = "CASE WHEN {row}.state = 'paid' THEN COALESCE({row}.amount_paid, {row}.amount) ELSE 0 END"
_IS = "CASE WHEN {row}.state = 'paid' THEN 1 ELSE 0 END"
_BACK = "(SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = NEW.id)"
_TIMES = "(SELECT COUNT(*) FROM refund WHERE payment_id = NEW.id)"
_STEP = f"({_IS.format(row='NEW')} - {_IS.format(row='OLD')})"
_INTO = "INSERT INTO movement (payment_id, refund_id, at, paid, received, refunds, refunded, returned)"
_ADDED = f"{_INTO} VALUES (NEW.id, NULL, NEW.updated_at, 1, COALESCE(NEW.amount_paid, NEW.amount), 0, 0, 0);"
_MOVED = f"""
    {_INTO} VALUES (NEW.id, NULL, NEW.updated_at, {_STEP}, {_HAD.format(row="NEW")} - {_HAD.format(row="OLD")},
        {_TIMES} * {_STEP}, {_BACK} * {_STEP}, - {_BACK} * {_STEP});
"""
_WENT_BACK = f"""
    {_INTO} SELECT NEW.payment_id, NEW.id, NEW.at, 0, 0, {_IS.format(row="payment")},
        NEW.amount * {_IS.format(row="payment")}, NEW.amount * (1 - {_IS.format(row="payment")})
    FROM payment WHERE id = NEW.payment_id;
"""  # noqa: S608 - words of ours
_COUNTED = ("state", "amount", "amount_paid")
_CHANGES = f"{_IS.format(row='OLD')} <> {_IS.format(row='NEW')} OR {_HAD.format(row='OLD')} <> {_HAD.format(row='NEW')}"
_FIXED = ("id", "payment_id", "refund_id", "at", "paid", "received", "refunds", "refunded", "returned")
_KEYS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("payment_id", "payment.id", {}),
    ("refund_id", "refund.id", {}),
    ("close_number", "day_close.number", {"deferrable": True, "initially": "DEFERRED"}),
)
_FOR_EVER = "what a close has counted is append-only"
_PAID_BEFORE = """
    INSERT INTO movement (payment_id, at, paid, received, refunds, refunded, returned, close_number)
    SELECT id, COALESCE(closed_at, updated_at), 1, COALESCE(amount_paid, amount), 0, 0, 0, 0
    FROM payment WHERE state = 'paid' ORDER BY id
"""
_BACK_BEFORE = f"""
    INSERT INTO movement (payment_id, refund_id, at, paid, received, refunds, refunded, returned, close_number)
    SELECT payment_id, refund.id, refund.at, 0, 0, {_IS.format(row="payment")},
        refund.amount * {_IS.format(row="payment")}, refund.amount * (1 - {_IS.format(row="payment")}), 0
    FROM refund JOIN payment ON payment.id = refund.payment_id ORDER BY refund.id
"""  # noqa: S608 - words of ours
_SUMS = "SELECT SUM(paid), SUM(received), SUM(refunds), SUM(refunded), SUM(returned) FROM movement"
_OPENED = """
    SELECT state IN ('requested', 'prompted', 'unknown', 'review'), state = 'paid', COUNT(*), SUM(amount)
    FROM payment GROUP BY 1, 2
"""


def upgrade() -> None:
    """A million payments take some seconds."""
    op.create_table(
        "day_close",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("till", sa.Text, nullable=False),
        sa.Column("operator_id", sa.Integer, sa.ForeignKey("operator.id")),
        sa.Column("owner", sa.Boolean, nullable=False),
        sa.Column("last_payment_id", sa.Integer, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("refunded", sa.BigInteger, nullable=False),
        sa.Column("returned", sa.BigInteger, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
    )
    file = op.get_bind().dialect.name == "sqlite"
    keys = {name: [sa.ForeignKey(to, **more)] if file else [] for name, to, more in _KEYS}
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("payment_id", sa.Integer, *keys["payment_id"], nullable=False),
        sa.Column("refund_id", sa.Integer, *keys["refund_id"]),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("refunds", sa.Integer, nullable=False),
        sa.Column("refunded", sa.Integer, nullable=False),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("close_number", sa.Integer, *keys["close_number"]),
    )
    _close_what_was()
    op.create_index("ix_movement_close", "movement", ["close_number", "id"])
    op.create_index("ix_movement_at", "movement", ["at"])
    if file:
        _kept_by_file()
    else:
        for name, to, more in _KEYS:  # all rows at once, not each by itself
            table, column = to.split(".")
            op.create_foreign_key(f"movement_{name}_fkey", "movement", table, [name], [column], **more)
        _kept_by_server()


def _close_what_was() -> None:
    """Nobody closed days before: all of it together is number 0, so that the first day does not begin years ago."""
    connection = op.get_bind()
    last = connection.execute(sa.text("SELECT MAX(id) FROM payment")).scalar()
    if last is None:
        return
    op.execute(_PAID_BEFORE)
    op.execute(_BACK_BEFORE)
    sums = [int(value or 0) for value in connection.execute(sa.text(_SUMS)).one()]
    figures = dict(zip(("paid", "received", "refunds", "refunded", "returned"), sums, strict=True))
    figures |= {"payments": 0, "asked": 0, "not_paid": 0, "not_paid_asked": 0, "unsure": 0, "unsure_asked": 0}
    for is_open, is_paid, payments, asked in connection.execute(sa.text(_OPENED)):
        kind = "unsure" if is_open else "" if is_paid else "not_paid"
        for name, value in (("payments", payments), ("asked", asked), (kind, payments), (f"{kind}_asked", asked)):
            if name in figures:
                figures[name] += int(value)
    began = connection.execute(sa.text("SELECT MIN(day) FROM payment")).scalar()
    now = datetime.now(UTC)
    report = {
        "since": f"{began} 00:00:00+03:00",
        "until": now.isoformat(),
        "after": 0,
        "lost": 0,
        "figures": figures,
        **{name: [] for name in ("posts", "operators", "hours", "open")},
        "open_count": figures["unsure"],
        "open_amount": figures["unsure_asked"],
    }
    close = sa.table(
        "day_close",
        *map(sa.column, ("number", "till", "last_payment_id", "received", "refunded", "returned", "report")),
        sa.column("at", sa.DateTime),
        sa.column("owner", sa.Boolean),
    )
    sums_kept = {name: figures[name] for name in ("received", "refunded", "returned")}
    zero = {"number": 0, "at": now.replace(tzinfo=None), "till": "", "owner": False, "last_payment_id": last}
    op.execute(close.insert().values(zero | sums_kept | {"report": json.dumps(report, sort_keys=True)}))


def _kept_by_file() -> None:
    for name, when, does in (
        ("payment_came_paid", "INSERT ON payment WHEN NEW.state = 'paid'", _ADDED),
        ("payment_money_moved", f"UPDATE OF {', '.join(_COUNTED)} ON payment WHEN {_CHANGES}", _MOVED),
        ("refund_money_moved", "INSERT ON refund", _WENT_BACK),
    ):
        op.execute(sa.text(f"CREATE TRIGGER {name} AFTER {when} BEGIN {does} END"))
    for name, when in (
        ("movement_no_update", f"UPDATE OF {', '.join(_FIXED)} ON movement"),
        ("movement_closed_once", "UPDATE OF close_number ON movement WHEN OLD.close_number IS NOT NULL"),
        ("movement_no_delete", "DELETE ON movement"),
        ("day_close_no_update", "UPDATE ON day_close"),
        ("day_close_no_delete", "DELETE ON day_close"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END")


def _kept_by_server() -> None:
    for name, does in (("came_paid", _ADDED), ("moved", _MOVED), ("went_back", _WENT_BACK)):
        op.execute(
            f"CREATE FUNCTION money_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$"
        )
    for name, when, condition, does in (
        ("payment_came_paid", "INSERT ON payment", "WHEN (NEW.state = 'paid')", "came_paid"),
        ("payment_money_moved", "UPDATE ON payment", f"WHEN ({_CHANGES})", "moved"),
        ("refund_money_moved", "INSERT ON refund", "", "went_back"),
    ):
        op.execute(f"CREATE TRIGGER {name} AFTER {when} FOR EACH ROW {condition} EXECUTE FUNCTION money_{does}()")
    fixed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED)
    once = f"BEFORE UPDATE ON movement FOR EACH ROW WHEN (OLD.close_number IS NOT NULL OR {fixed})"
    for name, when in (
        ("movement_closed_once", once),
        ("movement_no_delete", "BEFORE DELETE ON movement FOR EACH ROW"),
        ("day_close_no_change", "BEFORE UPDATE OR DELETE ON day_close FOR EACH ROW"),
    ):
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION journal_is_for_ever()")
