"""What the parts of a reader and of a write transaction have in common: each room of the store has its own part."""

import sqlalchemy as sa

from pos_app.store.server import database_time
from pos_app.store.tables import setting as _settings

_setting = sa.select(_settings.c.value).where(_settings.c.key == sa.bindparam("of_key"))
_change_setting = (
    _settings.update().where(_settings.c.key == sa.bindparam("of_key")).values(value=sa.bindparam("value"))
)


class Reading:
    """Part of `SqlReader`: any thread, a connection for each question."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine


class Writing:
    """Part of `SqlTransaction`: all parts write over its one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def flush(self) -> None:
        """Write what waits to be written together."""

    def database_time(self) -> float:
        """Seconds since 1970 by the clock of the database's computer."""
        return database_time(self._connection)

    def _insert(self, table: sa.Table, **values: object) -> int:
        key = self._connection.execute(table.insert(), values).inserted_primary_key
        assert key is not None
        return int(key[0])


def setting(connection: sa.Connection, key: str) -> str | None:
    """One setting of this database."""
    value: str | None = connection.scalar(_setting, {"of_key": key})
    return value


def set_setting(connection: sa.Connection, key: str, value: str) -> None:
    """Write one setting of this database."""
    changed = connection.execute(_change_setting, {"of_key": key, "value": value})
    if not changed.rowcount:
        connection.execute(_settings.insert(), {"key": key, "value": value})
