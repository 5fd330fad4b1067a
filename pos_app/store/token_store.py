"""The access token that all tills of a shop use, sealed. A connection for each question, a statement for each step.

It stands beside the books: what reads it must not wait for a till that writes them, nor leave a lock behind. A single
statement without a transaction ends in the database, whatever becomes of who sent it.
"""

from pathlib import Path

import sqlalchemy as sa

from pos_app.domain.access_token import KeptToken
from pos_app.store.beside import engine_beside, statements_of
from pos_app.store.engine import translated
from pos_app.store.token_table import access_token

_LOOK = (
    "SELECT token_id, sealed, ends_at - {clock} AS lives_on FROM access_token "
    "WHERE id = :row AND sealed IS NOT NULL AND ends_at - {clock} >= :spare"
)
# A lease that lies farther ahead than any is given was given by a clock that was wrong.
_CLAIM = (
    "INSERT INTO access_token AS kept (id, holder, lease_ends_at) VALUES (:row, :holder, {clock} + :lease) "
    "ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, lease_ends_at = excluded.lease_ends_at "
    "WHERE (kept.sealed IS NULL OR kept.ends_at - {clock} < :spare) AND (kept.lease_ends_at IS NULL "
    "OR kept.lease_ends_at <= {clock} OR kept.lease_ends_at > {clock} + :lease + 1)"
)
_KEEP = (
    "UPDATE access_token SET token_id = :holder, sealed = :sealed, ends_at = {clock} + :lifetime, "
    "holder = NULL, lease_ends_at = NULL WHERE id = :row AND holder = :holder"
)
_RELEASE = "UPDATE access_token SET holder = NULL, lease_ends_at = NULL WHERE id = :row AND holder = :holder"
_DROP = (
    "UPDATE access_token SET token_id = NULL, sealed = NULL, ends_at = NULL "
    "WHERE id = :row AND token_id = :token_id AND ends_at > {clock}"
)
_FORGET = "DELETE FROM access_token WHERE id <> :row"


class SqlTokenStore:
    """Fits `daraja.shared_token.TokenStore`. Nothing is opened before something is asked; each question may raise
    what `translated` does.

    Args:
        location: an SQLite file, which must be there, or the URL of a PostgreSQL database.
    """

    def __init__(self, location: Path | str) -> None:
        self._engine = engine_beside(location)
        self._look, self._claim, self._keep, self._release, self._drop, self._forget = statements_of(
            self._engine, _LOOK, _CLAIM, _KEEP, _RELEASE, _DROP, _FORGET
        )

    def take(self, row: str, holder: str, lease: float, spare: float) -> KeptToken | bool:
        """The token that lives on for `spare` seconds; else whether `holder` may fetch one, for `lease` seconds."""
        with translated(), self._engine.connect() as connection:
            found = connection.execute(self._look, {"row": row, "spare": spare}).one_or_none()
            if found:
                return KeptToken(found.token_id, bytes(found.sealed), found.lives_on)
            claimed = connection.execute(self._claim, {"row": row, "holder": holder, "lease": lease, "spare": spare})
            return claimed.rowcount == 1

    def keep(self, row: str, holder: str, sealed: bytes, lifetime: float) -> bool:
        """Keep what `holder` has fetched, by whose name it is known; False where it may not fetch any more."""
        return self._changed(self._keep, row=row, holder=holder, sealed=sealed, lifetime=lifetime)

    def release(self, row: str, holder: str) -> None:
        """`holder` brings none: another may fetch."""
        self._changed(self._release, row=row, holder=holder)

    def drop(self, row: str, token_id: str) -> bool:
        """Forget a token; False where it was replaced already, or has ended by itself."""
        return self._changed(self._drop, row=row, token_id=token_id)

    def forget_others(self, row: str) -> None:
        """Forget what was kept for keys that the shop has no more."""
        self._changed(self._forget, row=row)

    def is_there(self) -> bool:
        """Whether the database has a place for it: not before a till of this version has opened it.

        Raises:
            CannotSave: the server does not answer, or refuses.
        """
        with translated(), self._engine.connect() as connection:
            return sa.inspect(connection).has_table(access_token.name)

    def _changed(self, statement: sa.TextClause, **values: object) -> bool:
        with translated(), self._engine.connect() as connection:
            return connection.execute(statement, values).rowcount == 1
