"""A connection to a PostgreSQL server whose every wait has an end. Imported only where the driver is installed."""

from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

RV = TypeVar("RV")


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up, and closes itself, where the server does not answer in time.

    The system's own limits see packets that nobody acknowledges. They do not see a server that stands still, nor a
    program in between (a tunnel, a pool) that has taken the packets and does nothing with them.

    Attributes:
        patience: seconds for one statement, with all that it gives.
    """

    patience = 10.0
    _until: float | None = None
    _longer: float | None = None

    def hold(self, seconds: float, patience: float | None = None) -> None:
        """Let the transaction that has begun take so long at most, from now on, however short each of its waits is.

        Args:
            patience: until its end, in place of the usual one.
        """
        self._until, self._longer = monotonic() + seconds, patience

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        """As the driver's own, with an end.

        Raises:
            OperationalError: the server did not answer. The connection is closed.
        """
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            self._until = self._longer = None
        until = monotonic() + (self._longer or self.patience)
        return super().wait(self._ending(gen, min(until, self._until or until)), *args, **options)

    def _ending(self, gen: PQGen[RV], until: float) -> PQGen[RV]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if monotonic() > until:
                    self.close()
                    raise psycopg.OperationalError("the server did not answer in time")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: RV = end.value
            return result
