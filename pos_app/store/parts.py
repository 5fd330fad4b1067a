"""What the parts of a reader and of a write transaction have in common: each room of the store has its own part."""

import sqlalchemy as sa


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

    def _insert(self, table: sa.Table, **values: object) -> int:
        key = self._connection.execute(table.insert(), values).inserted_primary_key
        assert key is not None
        return int(key[0])
