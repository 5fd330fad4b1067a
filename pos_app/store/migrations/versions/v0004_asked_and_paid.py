"""What M-PESA has of each payment, who gave its code, from when access counts, and what was gone past for it."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_AMOUNT = re.compile(r'"Name"\s*:\s*"Amount"\s*,\s*"Value"\s*:\s*"?([0-9]{1,9})(?:\.0+)?"?\s*[},]')
_SETTLED = "source = 'owner' AND kind = 'settled' AND code = 'paid' AND outcome = 'applied'"


def upgrade() -> None:
    op.add_column("payment", sa.Column("receipt_by", sa.Text))
    op.add_column("payment", sa.Column("completed_at", sa.DateTime))
    op.add_column("payment", sa.Column("seen", sa.Text))
    op.add_column("grant", sa.Column("starts_at", sa.DateTime))
    op.create_table(
        "payment_past",
        sa.Column("payment_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True),
        sa.Column("past_id", sa.Integer, sa.ForeignKey("payment.id"), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("ix_past_past", "payment_past", ["past_id"])
    _what_was_paid()
    _who_gave_the_code()
    op.execute('UPDATE "grant" SET starts_at = granted_at WHERE access')


def _what_was_paid() -> None:
    """What was asked, but where M-PESA's own callback in the journal says otherwise; also of what is to be settled."""
    connection = op.get_bind()
    odd = connection.execute(
        sa.text(
            "SELECT id, amount, state = 'review' OR remark LIKE '%by_owner%' FROM payment WHERE amount_paid IS NULL "
            "AND ((state = 'paid' AND (remark LIKE '%by_owner%' OR remark LIKE '%amount_differs%')) "
            "OR (state = 'review' AND reason = 'amount_differs'))"
        )
    )
    for payment_id, asked, owners in odd.all():
        told = connection.execute(
            sa.text(
                "SELECT body FROM payment_event WHERE payment_id = :id AND source = 'callback' AND code = '0' "
                "AND body IS NOT NULL ORDER BY id"
            ),
            {"id": payment_id},
        ).scalars()
        amounts = [int(found[1]) for body in told if (found := _AMOUNT.search(body))]
        if owners:  # what the owner had, or has, to look at is the one that differs
            amounts.sort(key=lambda amount: amount == asked)
        if amounts:
            connection.execute(
                sa.text("UPDATE payment SET amount_paid = :amount WHERE id = :id"),
                {"amount": amounts[0], "id": payment_id},
            )
    op.execute("UPDATE payment SET amount_paid = amount WHERE state = 'paid' AND amount_paid IS NULL")


def _who_gave_the_code() -> None:
    """M-PESA, but where the owner settled with a code that no callback of the payment names."""
    op.execute("UPDATE payment SET receipt_by = 'mpesa' WHERE receipt IS NOT NULL")
    op.execute(
        "UPDATE payment SET receipt_by = 'owner' WHERE receipt IS NOT NULL AND state = 'paid' "  # noqa: S608 - ours
        f"AND EXISTS (SELECT 1 FROM payment_event WHERE payment_id = payment.id AND {_SETTLED}) "
        "AND NOT EXISTS (SELECT 1 FROM payment_event WHERE payment_id = payment.id AND source = 'callback' "
        "AND code = '0' AND body LIKE '%' || payment.receipt || '%')"
    )
