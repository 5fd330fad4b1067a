"""Which till holds the shop's public address. A connection for each question, a statement for each step."""

from pathlib import Path

import sqlalchemy as sa

from pos_app.domain.callback_route import RouteState
from pos_app.domain.shop_address import DOWN_FOR, LEASE, OPENING_FOR, AddressHolder, HolderWord, ShopAddress
from pos_app.store.beside import engine_beside, statements_of
from pos_app.store.engine import translated

# A lease that lies farther ahead than any is given was given by a clock that was wrong.
_FREE = (
    "(kept.lease_ends_at <= {clock} OR kept.lease_ends_at > {clock} + :lease + 1 "
    "OR (kept.state = 'down' AND kept.since <= {clock} - :down) "
    "OR (kept.state = 'opening' AND kept.since <= {clock} - :opening))"
)
_LOOK = (
    "SELECT kept.*, {clock} AS now, " + _FREE + " AS free FROM public_address AS kept WHERE id = 1"  # noqa: S608 - ours
)
_CLAIM = (
    "INSERT INTO public_address AS kept "
    "(id, holder, run, till, address, stays, state, words, since, good_since, lease_ends_at) "
    "VALUES (1, :holder, :run, :till, :address, :stays, 'opening', '', {clock}, NULL, {clock} + :lease) "
    "ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, run = excluded.run, till = excluded.till, "
    "address = excluded.address, stays = excluded.stays, state = excluded.state, words = excluded.words, "
    "since = excluded.since, good_since = NULL, lease_ends_at = excluded.lease_ends_at "
    "WHERE kept.holder = excluded.holder OR " + _FREE
)
_TELL = (
    "UPDATE public_address SET lease_ends_at = {clock} + :lease, address = :address, words = :words, "
    "since = CASE WHEN state = :state THEN since ELSE {clock} END, state = :state, "
    "good_since = CASE WHEN :good THEN (CASE WHEN :anew OR good_since IS NULL THEN {clock} ELSE good_since END) END "
    "WHERE id = 1 AND run = :run"
)
_RELEASE = "UPDATE public_address SET lease_ends_at = {clock}, good_since = NULL WHERE id = 1 AND run = :run"
_FORGET = "DELETE FROM public_address WHERE id = 1 AND holder = :holder"
_TIMES = {"lease": LEASE, "down": DOWN_FOR, "opening": OPENING_FOR}


class SqlAddressStore:
    """Fits `callbacks.shop_route.AddressStore`. Nothing is opened before something is asked; each question may raise
    what `translated` does.

    Args:
        location: an SQLite file, which must be there, or the URL of a PostgreSQL database.
    """

    def __init__(self, location: Path | str) -> None:
        self._engine = engine_beside(location)
        self._look, self._claim, self._tell, self._release, self._forget = statements_of(
            self._engine, _LOOK, _CLAIM, _TELL, _RELEASE, _FORGET
        )

    def look(self) -> ShopAddress | None:
        """How it stands; None where no till ever held one."""
        with translated(), self._engine.connect() as connection:
            return self._read(connection)

    def claim(self, mine: AddressHolder) -> ShopAddress | None:
        """Hold it from now on, where it is free; how it stands then."""
        values = {
            "holder": mine.holder,
            "run": mine.run,
            "till": mine.till,
            "address": mine.address,
            "stays": mine.stays,
        }
        with translated(), self._engine.connect() as connection:
            connection.execute(self._claim, values | _TIMES)
            return self._read(connection)

    def tell(self, run: str, word: HolderWord) -> ShopAddress | None:
        """The holder's word, which keeps it for another lease, where it still is the holder; how it stands then."""
        values = {
            "run": run,
            "address": word.address,
            "state": word.state.value,
            "good": word.good,
            "anew": word.anew,
            "words": word.words,
            "lease": LEASE,
        }
        with translated(), self._engine.connect() as connection:
            connection.execute(self._tell, values)
            return self._read(connection)

    def release(self, run: str) -> None:
        """It is held no more by this run: another till may have it at once."""
        with translated(), self._engine.connect() as connection:
            connection.execute(self._release, {"run": run})

    def forget(self, holder: str) -> None:
        """This till will hold none any more: nobody is to wait for it."""
        with translated(), self._engine.connect() as connection:
            connection.execute(self._forget, {"holder": holder})

    def _read(self, connection: sa.Connection) -> ShopAddress | None:
        row = connection.execute(self._look, _TIMES).one_or_none()
        if row is None:
            return None
        return ShopAddress(
            holder=row.holder,
            run=row.run,
            till=row.till,
            address=row.address,
            stays=bool(row.stays),
            state=RouteState(row.state),
            words=row.words,
            good_since=row.good_since,
            now=row.now,
            left=min(row.lease_ends_at - row.now, LEASE),
            free=bool(row.free),
        )
