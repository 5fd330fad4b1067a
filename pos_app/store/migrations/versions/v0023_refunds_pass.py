"""A refund may pass to the payment whose money it was; who paid is not known where it may have been erased before."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_FOR_EVER = "what went back is append-only"
_MORE = "more would have gone back than was paid"
# Only of a payment whose code M-PESA has given to another one.
_KEPT = "NOT EXISTS (SELECT 1 FROM payment WHERE id = OLD.payment_id AND remark LIKE '%code_lost%' AND receipt IS NULL)"
_ABOVE = (
    "(SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = NEW.payment_id) + NEW.amount "
    "> COALESCE((SELECT amount_paid FROM payment WHERE id = NEW.payment_id), 0)"
)
_IS = "CASE WHEN payment.state = 'paid' THEN 1 ELSE 0 END"
_MOVED = " ".join(
    f"""
    INSERT INTO movement (payment_id, refund_id, at, paid, received, refunds, refunded, returned)
    SELECT id, NEW.id, (SELECT updated_at FROM payment WHERE id = NEW.payment_id), 0, 0,
        {sign} {_IS}, {sign} NEW.amount * {_IS}, {sign} NEW.amount * (1 - {_IS})
    FROM payment WHERE id = {row}.payment_id;
    UPDATE tally SET refunded = refunded {sign} NEW.amount
    WHERE (day, till, operator_id, state) =
        (SELECT day, till, COALESCE(operator_id, 0), state FROM payment WHERE id = {row}.payment_id);
    """  # noqa: S608 - words of ours
    for row, sign in (("OLD", "-"), ("NEW", "+"))
)
# Before 0021 nothing told a payer who was taken away from one who was never shown.
_FORGOTTEN = """
    UPDATE record_row SET forgotten = TRUE
    WHERE kind = 'payment' AND incoming AND payment_id IS NULL AND phone = '' AND NOT forgotten AND (
        EXISTS (SELECT 1 FROM customer JOIN record_file ON record_file.id = record_row.file_id
                WHERE customer.erased_at >= record_file.at)
        OR (at < :year_ago AND EXISTS (SELECT 1 FROM setting WHERE key = 'retention_run')))
"""


def upgrade() -> None:
    year_ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=360)  # by themselves they go after 12 months
    op.get_bind().execute(sa.text(_FORGOTTEN).bindparams(sa.bindparam("year_ago", year_ago, sa.DateTime)))
    if op.get_bind().dialect.name == "sqlite":
        _on_file()
    else:
        _on_server()


def _on_file() -> None:
    op.execute("DROP TRIGGER refund_no_update")
    for name, when, words in (
        ("refund_no_update", "UPDATE OF at, amount ON refund", _FOR_EVER),
        ("refund_stays", f"UPDATE OF payment_id ON refund WHEN {_KEPT}", _FOR_EVER),
        ("refund_passes", f"UPDATE OF payment_id ON refund WHEN {_ABOVE}", _MORE),
    ):
        op.execute(sa.text(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"))
    op.execute(sa.text(f"CREATE TRIGGER refund_passed AFTER UPDATE OF payment_id ON refund BEGIN {_MOVED} END"))


def _on_server() -> None:
    op.execute("DROP TRIGGER refund_no_change ON refund")
    op.execute(
        "CREATE TRIGGER refund_no_change BEFORE DELETE OR UPDATE OF at, amount ON refund "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
    code = "USING ERRCODE = 'integrity_constraint_violation'"
    checks = " ".join(
        f"IF {wrong} THEN RAISE EXCEPTION '{words}' {code}; END IF;"
        for wrong, words in ((_KEPT, _FOR_EVER), (_ABOVE, _MORE))
    )
    for name, when, does, gives in (
        ("passes", "BEFORE", checks, "NEW"),
        ("passed", "AFTER", _MOVED, "NULL"),
    ):
        op.execute(
            sa.text(
                f"CREATE FUNCTION refund_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {does} RETURN {gives}; END $$"
            )
        )
        op.execute(
            f"CREATE TRIGGER refund_{name} {when} UPDATE OF payment_id ON refund FOR EACH ROW "
            f"EXECUTE FUNCTION refund_{name}()"
        )
