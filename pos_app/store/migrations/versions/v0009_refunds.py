"""Money that went back, and access that was withdrawn with it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ABOVE = (
    "(SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = NEW.payment_id) + NEW.amount "
    "> COALESCE((SELECT amount_paid FROM payment WHERE id = NEW.payment_id), 0)"
)
_A_PAYMENTS = "EXISTS (SELECT 1 FROM payment WHERE receipt = NEW.code)"
_WORDS = {
    _ABOVE: "more would have gone back than was paid",
    _A_PAYMENTS: "this is the code of a payment",
}
_FOR_EVER = "what went back is append-only"


def upgrade() -> None:
    op.add_column("grant", sa.Column("withdrawn_at", sa.DateTime))
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, unique=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.CheckConstraint("amount >= 1", name="ck_refund_amount"),
    )
    op.create_index("ix_refund_payment", "refund", ["payment_id"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_file()
    else:
        _guard_server()


def _guard_file() -> None:
    for name, (wrong, words) in zip(("paid", "code"), _WORDS.items(), strict=True):
        op.execute(
            f"CREATE TRIGGER refund_{name} BEFORE INSERT ON refund WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
    for name, verb in {"update": "UPDATE OF payment_id, at, amount, reason", "delete": "DELETE"}.items():
        op.execute(
            f"CREATE TRIGGER refund_no_{name} BEFORE {verb} ON refund BEGIN SELECT RAISE(ABORT, '{_FOR_EVER}'); END"
        )


def _guard_server() -> None:
    code = "USING ERRCODE = 'integrity_constraint_violation'"
    checks = " ".join(f"IF {wrong} THEN RAISE EXCEPTION '{words}' {code}; END IF;" for wrong, words in _WORDS.items())
    op.execute(
        f"CREATE FUNCTION refund_fits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {checks} RETURN NEW; END $$"
    )
    op.execute("CREATE TRIGGER refund_fits BEFORE INSERT ON refund FOR EACH ROW EXECUTE FUNCTION refund_fits()")
    op.execute(
        "CREATE TRIGGER refund_no_change BEFORE DELETE OR UPDATE OF payment_id, at, amount, reason ON refund "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever()"
    )
