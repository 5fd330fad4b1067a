"""Times: UTC in the file, with a zone in the program."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from pos_app.domain.payment import OPEN_STATES
from pos_app.store import tables as t

TABLE = sa.Table("moment", sa.MetaData(), sa.Column("at", t.UtcDateTime))
NAIROBI_NOON = datetime(2026, 11, 23, 12, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=3)))


@pytest.fixture
def connection() -> sa.Connection:
    connection = sa.create_engine("sqlite://").connect()
    TABLE.create(connection)
    return connection


def test_a_moment_comes_back_in_utc(connection: sa.Connection) -> None:
    connection.execute(TABLE.insert().values(at=NAIROBI_NOON))
    found = connection.scalar(sa.select(TABLE.c.at))
    assert found == NAIROBI_NOON
    assert found is not None
    assert found.tzinfo is UTC
    assert connection.exec_driver_sql("SELECT at FROM moment").scalar() == "2026-11-23 09:00:00.123456"
    connection.close()


def test_none_stays_none(connection: sa.Connection) -> None:
    connection.execute(TABLE.insert().values(at=None))
    assert connection.scalar(sa.select(TABLE.c.at)) is None
    connection.close()


def test_a_time_without_a_zone_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.StatementError, match="a time without a zone"):
        connection.execute(TABLE.insert().values(at=datetime(2026, 11, 23, 9, 0)))
    connection.close()


def test_moments_of_several_zones_compare(connection: sa.Connection) -> None:
    connection.execute(TABLE.insert().values(at=NAIROBI_NOON))
    earlier = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
    assert connection.scalar(sa.select(sa.func.count()).where(TABLE.c.at > earlier)) == 1
    connection.close()


def test_the_open_states_are_the_domain_s() -> None:
    assert set(t.OPEN_STATES) == {state.value for state in OPEN_STATES}
