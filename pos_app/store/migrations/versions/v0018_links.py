"""Each line of the journal and of the audit is bound to the one before it, by the till that writes it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_STAYS = (
    "id", "payment_id", "at", "source", "kind", "outcome", "before", "after", "writer", "seq", "link",
)  # fmt: skip
_TEXTS = ("code", "detail", "body")  # they are emptied, or stay as they are
_JOURNAL = "the journal is append-only"


def upgrade() -> None:
    """What is there already stays as it is, however much it is."""
    op.create_table(
        "head",
        sa.Column("till", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("link", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    for table in ("payment_event", "audit"):
        op.add_column(table, sa.Column("writer", sa.Text))
        op.add_column(table, sa.Column("seq", sa.Integer))
        op.add_column(table, sa.Column("link", sa.LargeBinary))
    op.add_column("payment_event", sa.Column("salts", sa.LargeBinary))
    if op.get_bind().dialect.name == "sqlite":
        _guard("IS NOT", "payment_event_no_update", "", f"BEGIN SELECT RAISE(ABORT, '{_JOURNAL}'); END")
    else:
        each, refuse = "FOR EACH ROW", "EXECUTE FUNCTION journal_is_for_ever()"
        _guard("IS DISTINCT FROM", "payment_event_no_update ON payment_event", each, refuse)


def _guard(differs: str, name: str, each: str, refuse: str) -> None:
    """The salts of a line change with its texts only."""
    edited = [f'NEW."{column}" {differs} OLD."{column}"' for column in _STAYS]
    edited += [f'(NEW."{column}" IS NOT NULL AND NEW."{column}" {differs} OLD."{column}")' for column in _TEXTS]
    same = " AND ".join(f'(NEW."{column}" IS NULL) = (OLD."{column}" IS NULL)' for column in _TEXTS)
    edited.append(f"(NEW.salts {differs} OLD.salts AND {same})")
    op.execute(f"DROP TRIGGER {name}")
    op.execute(
        f"CREATE TRIGGER payment_event_no_update BEFORE UPDATE ON payment_event {each} "
        f"WHEN ({' OR '.join(edited)}) {refuse}"
    )
