"""A look at a database server before a till uses it: who is let in, what is there, and whether a till may write."""

import re
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from pos_app.domain.till_claim import SETTING as TILLS
from pos_app.domain.till_claim import TillClaim, read_claims, with_unclaimed
from pos_app.errors import StoreError
from pos_app.store import tables as t
from pos_app.store.integrity import SHOP
from pos_app.store.migrate import HEAD
from pos_app.store.moving.mark import TAKEN_BACK
from pos_app.store.server import bounded_engine, database_time
from pos_app.store.server_words import trial_words

SECONDS = 6.0  # for one statement
_OWNER = "owner_passphrase"  # as sales keeps it
_UNTOUCHED = "Nothing was changed there, and nothing was kept."
_NEWER = (
    "That database was written by a newer Kaunta. Install the newer version on this computer first, then test again. "
    f"{_UNTOUCHED}"
)
_FOREIGN = (
    "That database has tables of another program. The shop needs a database of its own: let whoever keeps the server "
    f"make one. {_UNTOUCHED}"
)
_NO_RIGHTS = (
    "The database server lets this till in, but not write there. Let this user own the database, or use the user that "
    f"does. {_UNTOUCHED}"
)
_COPY = f"That server is a copy, which takes no changes. Use the address of the one that does. {_UNTOUCHED}"
_encrypted = sa.text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl")
_facts = sa.text(
    "SELECT pg_is_in_recovery() AS copy, current_setting('max_connections')::int AS most, "
    "has_schema_privilege(current_schema(), 'CREATE') AS may_make, "
    "(SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()) AS tables"
)
_writes = sa.text("SELECT has_table_privilege('payment', 'INSERT') AND has_table_privilege('payment', 'UPDATE')")
_owns = sa.text("SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'payment'::regclass")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFound:
    """What a look has found in a database that a till of this program may use.

    Attributes:
        encrypted: the version of TLS, or empty.
        most_connections: that the server takes at once.
        version: the stamp of the schema; None: the database is empty.
        environment: practice, sandbox or production; shop: whose it is. Both None in an empty one.
        payments: how many there are.
        owner: what is kept of the owner's passphrase, if there is one.
        claims: who has which letter; `now`: the time by the database's clock, in seconds since 1970.
    """

    encrypted: str
    most_connections: int
    version: str | None = None
    environment: str | None = None
    shop: str | None = None
    payments: int = 0
    owner: str | None = field(default=None, repr=False)
    claims: dict[str, TillClaim] = field(default_factory=dict)
    now: float = 0.0

    @property
    def is_older(self) -> bool:
        """Whether the first till of this program brings it up to date, and those of older ones must be replaced."""
        return self.version is not None and self.version != HEAD


def look_at_server(url: str) -> ServerFound:
    """Connect, look, and go. Nothing is changed there. Waits for some seconds at most, beside the look-up of a name.

    Raises:
        StoreError: nobody can use it so; in words, without anything of the address or of what the server said.
    """
    try:
        engine = bounded_engine(sa.make_url(url), SECONDS, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    except (ArgumentError, ValueError, ImportError):
        raise StoreError(
            "This computer cannot talk to a database server: the package psycopg is not installed. Let whoever "
            f"installed Kaunta install it. {_UNTOUCHED}"
        ) from None
    try:
        with engine.connect() as connection:
            return _look(connection)
    except DBAPIError as error:
        raise StoreError(f"{trial_words(error.orig)} {_UNTOUCHED}") from error
    finally:
        engine.dispose()


def _look(connection: sa.Connection) -> ServerFound:
    facts = connection.execute(_facts).one()
    if facts.copy:
        raise StoreError(_COPY)
    found = ServerFound(
        encrypted=connection.scalar(_encrypted) or "",
        most_connections=facts.most,
    )
    if not connection.dialect.has_table(connection, "alembic_version"):
        if facts.tables:
            raise StoreError(_FOREIGN)
        if not facts.may_make:
            raise StoreError(_NO_RIGHTS)
        return found
    if _was_taken_back(connection):
        return found
    return _look_into(connection, found)


def _was_taken_back(connection: sa.Connection) -> bool:
    """Whether the shop that was there is where it came from again, and may be moved here once more."""
    if connection.dialect.has_table(connection, t.payment.name) or not connection.dialect.has_table(
        connection, t.setting.name
    ):
        return False
    return connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.key == TAKEN_BACK)) is not None


def _look_into(connection: sa.Connection, found: ServerFound) -> ServerFound:
    version = str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or "")
    if not re.fullmatch("[0-9]{4}", version) or not connection.dialect.has_table(connection, "payment"):
        raise StoreError(_FOREIGN)
    if version > HEAD:
        raise StoreError(_NEWER)
    if not connection.scalar(_writes) or (version < HEAD and not connection.scalar(_owns)):
        raise StoreError(_NO_RIGHTS)
    said = {row.key: row.value for row in connection.execute(sa.select(t.setting.c.key, t.setting.c.value))}
    letters = connection.scalars(sa.select(t.payment.c.till).distinct()).all()
    return ServerFound(
        encrypted=found.encrypted,
        most_connections=found.most_connections,
        version=version,
        environment=said.get("environment"),
        shop=said.get(SHOP),
        payments=connection.scalar(sa.select(sa.func.count()).select_from(t.payment)) or 0,
        owner=said.get(_OWNER),
        claims=with_unclaimed(read_claims(said.get(TILLS)), letters, account=""),
        now=database_time(connection),
    )
