"""A statement that runs is ended from another thread, on both databases."""

import threading

import pytest
import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.search import Search
from pos_app.errors import Cancelled
from pos_app.store.cancelling import cancellable
from tests.store.conftest import Shop

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT (x + 1) % 1000 FROM n) SELECT count(*) FROM n"
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH RECURSIVE%%'"


def test_it_ends_while_it_runs_and_the_next_question_is_answered(shop: Shop) -> None:
    cancel = Cancel()

    def end_it() -> None:
        while shop.engines.reader.dialect.name == "postgresql" and not shop.scalar(RUNNING):
            pass
        cancel.cancel()

    other = threading.Thread(target=end_it)
    other.start()
    with pytest.raises(Cancelled), shop.engines.reader.connect() as connection, cancellable(connection, cancel):
        connection.execute(sa.text(ENDLESS))
    other.join()
    assert shop.reader.totals_found(Search(), Cancel()).payments == 0


def test_sums_that_nobody_waits_for_are_not_begun(shop: Shop) -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(Cancelled):
        shop.reader.totals_found(Search(), cancel)
    assert shop.reader.totals_found(Search()).payments == 0


def test_another_error_is_told_as_it_is(shop: Shop) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError),
        shop.engines.reader.connect() as connection,
        cancellable(connection, Cancel()),
    ):
        connection.execute(sa.text("SELECT nothing FROM nowhere"))
