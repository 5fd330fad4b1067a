"""Running totals, the words of names, and the indexes that look payments up in a million."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = str.maketrans("", "", "'\u2018\u2019\u02bc`\u00b4")
_ADD = """
    INSERT INTO tally (day, till, operator_id, state, payments, asked, received, refunded, first_id, last_id)
    VALUES (NEW.day, NEW.till, COALESCE(NEW.operator_id, 0), NEW.state, 1, NEW.amount,
            COALESCE(NEW.amount_paid, NEW.amount),
            (SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = NEW.id), NEW.id, NEW.id)
    ON CONFLICT (day, till, operator_id, state) DO UPDATE SET
        payments = tally.payments + 1,
        asked = tally.asked + excluded.asked,
        received = tally.received + excluded.received,
        refunded = tally.refunded + excluded.refunded,
        first_id = CASE WHEN excluded.first_id < tally.first_id THEN excluded.first_id ELSE tally.first_id END,
        last_id = CASE WHEN excluded.last_id > tally.last_id THEN excluded.last_id ELSE tally.last_id END;
"""
_TAKE = """
    UPDATE tally SET payments = payments - 1, asked = asked - OLD.amount,
        received = received - COALESCE(OLD.amount_paid, OLD.amount),
        refunded = refunded - (SELECT COALESCE(SUM(amount), 0) FROM refund WHERE payment_id = OLD.id)
    WHERE day = OLD.day AND till = OLD.till AND operator_id = COALESCE(OLD.operator_id, 0) AND state = OLD.state;
"""
_BACK_NOW = """
    UPDATE tally SET refunded = refunded + NEW.amount
    WHERE (day, till, operator_id, state) =
        (SELECT day, till, COALESCE(operator_id, 0), state FROM payment WHERE id = NEW.payment_id);
"""
_COUNTED = ("day", "till", "operator_id", "state", "amount", "amount_paid")
_FILL = """
    INSERT INTO tally (day, till, operator_id, state, payments, asked, received, refunded, first_id, last_id)
    SELECT day, till, COALESCE(operator_id, 0), state, COUNT(*), SUM(amount), SUM(COALESCE(amount_paid, amount)),
           SUM(COALESCE(back, 0)), MIN(id), MAX(id)
    FROM payment LEFT JOIN (SELECT payment_id, SUM(amount) AS back FROM refund GROUP BY payment_id) AS went
        ON went.payment_id = payment.id
    GROUP BY day, till, COALESCE(operator_id, 0), state
"""


def upgrade() -> None:
    """A million payments take some seconds."""
    _tally()
    _words()
    op.drop_index("ix_payment_day", "payment")
    op.create_index("ix_payment_cell", "payment", ["day", "till", "state", "id", "operator_id", "amount"])
    op.create_index("ix_payment_seq", "payment", ["day_seq", "till", "id"])
    op.drop_index("ix_payment_odd", "payment")
    odd = sa.text("remark IS NOT NULL")
    op.create_index("ix_payment_odd", "payment", ["id", "remark", "seen"], sqlite_where=odd, postgresql_where=odd)
    op.drop_index("ix_customer_end", "customer")
    op.create_index("ix_customer_end", "customer", [sa.text("substr(phone, 10)")])


def _tally() -> None:
    op.create_table(
        "tally",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("till", sa.Text, primary_key=True),
        sa.Column("operator_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("payments", sa.Integer, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("refunded", sa.BigInteger, nullable=False),
        sa.Column("first_id", sa.Integer, nullable=False),
        sa.Column("last_id", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(_FILL)
    if op.get_bind().dialect.name == "sqlite":
        _kept_by_file()
    else:
        _kept_by_server()


def _kept_by_file() -> None:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COUNTED)
    for name, when, does in (
        ("payment_counted", "INSERT ON payment", _ADD),
        ("payment_moved", f"UPDATE OF {', '.join(_COUNTED)} ON payment WHEN {changed}", _TAKE + _ADD),
        ("payment_gone", "DELETE ON payment", _TAKE),
        ("refund_counted", "INSERT ON refund", _BACK_NOW),
    ):
        op.execute(sa.text(f"CREATE TRIGGER {name} AFTER {when} BEGIN {does} END"))


def _kept_by_server() -> None:
    moved = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _COUNTED)
    for name, does in (("added", _ADD), ("taken", _TAKE), ("moved", _TAKE + _ADD), ("back", _BACK_NOW)):
        op.execute(
            f"CREATE FUNCTION tally_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$"
        )
    for name, when, condition, does in (
        ("payment_counted", "INSERT ON payment", "", "added"),
        ("payment_moved", "UPDATE ON payment", f"WHEN ({moved})", "moved"),
        ("payment_gone", "DELETE ON payment", "", "taken"),
        ("refund_counted", "INSERT ON refund", "", "back"),
    ):
        op.execute(f"CREATE TRIGGER {name} AFTER {when} FOR EACH ROW {condition} EXECUTE FUNCTION tally_{does}()")


def _words() -> None:
    for whose, name in (("post", "title"), ("customer", "name")):
        as_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
        op.create_table(
            f"{whose}_word",
            sa.Column("word", as_bytes, primary_key=True),
            sa.Column(f"{whose}_id", sa.Integer, sa.ForeignKey(f"{whose}.id"), primary_key=True, autoincrement=False),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{whose}_word", f"{whose}_word", [f"{whose}_id", "word"])
        _fill(whose, name)
        _forget(whose, name)


def _fill(whose: str, name: str) -> None:
    connection = op.get_bind()
    key: sa.ColumnClause[int] = sa.column(f"{whose}_id", sa.Integer)
    names = sa.table(whose, sa.column("id"), sa.column(name))
    named = connection.execute(sa.select(names.c.id, names.c[name]).where(names.c[name].is_not(None)))
    add = sa.table(f"{whose}_word", sa.column("word"), key).insert()
    while rows := named.fetchmany(5_000):
        words = [{"word": word, key.name: row[0]} for row in rows for word in _words_of(row[1])]
        if words:
            connection.execute(add, words)


def _forget(whose: str, name: str) -> None:
    """Whoever writes a name, the words of the one before go; the program adds those of the new one."""
    forget = f"DELETE FROM {whose}_word WHERE {whose}_id = NEW.id;"  # noqa: S608 - two names of ours
    when = f"AFTER UPDATE OF {name} ON {whose}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {whose}_named {when} BEGIN {forget} END")
        return
    op.execute(
        f"CREATE FUNCTION {whose}_named() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {forget} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {whose}_named {when} FOR EACH ROW EXECUTE FUNCTION {whose}_named()")


def _words_of(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHE)).casefold()
    folded = "".join(character for character in plain if not unicodedata.combining(character))
    return list(dict.fromkeys(_WORD.findall(folded)))
