"""A line to the server that freezes, drags or breaks in the middle of what a till does; the others go on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
import sqlalchemy as sa

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_event import Result
from pos_app.domain.phone import parse_phone
from pos_app.errors import CannotRead, CannotSave
from pos_app.sales.checkout import LATEST
from pos_app.sales.keeping import Keeping
from pos_app.store.database import open_database
from pos_app.store.server import HOLD, be_alone, bounded_engine, server_engines, take_long
from pos_app.store.shop_changes import ServerChanges
from pos_app.system_clock import SystemClock
from tests.store.counters import Till, open_till
from tests.store.server import Server
from tests.support.builders import FakeSafe, a_request, flush
from tests.support.fakes import FakeClock
from tests.support.line import CAN_VANISH, Line, line_to

ONE, OTHER = "0712345678", "0733345678"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATIENCE = 30.0  # seconds
INSERT, COMMIT = b"INSERT INTO payment ", b"COMMIT\0"  # as the driver says them
FREEZE = pytest.mark.parametrize("freeze", [Line.freeze, Line.vanish] if CAN_VANISH else [Line.freeze])


@contextmanager
def counters(server: Server, safe: FakeSafe | None = None) -> Iterator[tuple[Line, Till, Till]]:
    """A till behind a line, and one beside it that is not."""
    url, clock = server.create(template="empty"), SystemClock()
    with (
        line_to(url) as (line, over_it),
        open_till("A", over_it, clock, keeping=Keeping(safe)) as first,
        open_till("B", url, clock) as second,
    ):
        try:
            yield line, first, second
        finally:
            line.mend()


def took(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def of_phone(till: Till, phone: str) -> list[Payment]:
    return till.database.reader.of_phone(parse_phone(phone), LONG_AGO)


def refused(till: Till, request: ChargeRequest) -> float:
    """Charge, and be refused; gives how long that took."""

    def charge() -> None:
        with pytest.raises(CannotSave):
            till.checkout.charge(request)

    return took(charge)


@FREEZE
@pytest.mark.parametrize("words", [INSERT, COMMIT])
def test_rule_26_a_till_whose_line_freezes_in_a_charge_holds_up_no_other_and_sends_nothing(
    server: Server, freeze: Callable[[Line], None], words: bytes
) -> None:
    with counters(server) as (line, first, second), ThreadPoolExecutor(1) as operator:
        post = second.sell()
        step = line.at(words, partial(freeze, line))
        charge = operator.submit(refused, first, a_request(post, ONE))
        assert step.reached.wait(PATIENCE)
        assert took(lambda: second.ask(post, OTHER)) < LATEST
        assert charge.result(PATIENCE) < LATEST + 1
        line.mend()
        flush_until_saved(first)
        assert first.gateway.pushes == []
        assert not any(payment.state.open for payment in of_phone(second, ONE))
        assert second.ask(post, ONE).state is State.PROMPTED


def flush_until_saved(till: Till) -> None:
    """Wait until the till has saved what it must, by itself."""
    till.writer.submit(lambda _: None, keep=True).result(PATIENCE)


def test_rule_26_a_charge_whose_commits_answer_is_lost_is_not_sent_and_locks_no_phone(server: Server) -> None:
    safe = FakeSafe()
    with counters(server, safe) as (line, first, second):
        post = second.sell()
        step = line.cut_after(COMMIT)
        with pytest.raises(CannotSave, match="Nothing was sent"):
            first.checkout.charge(a_request(post, ONE))
        assert step.reached.is_set()
        flush_until_saved(first)
        assert [(payment.state, payment.reason.word) for payment in of_phone(second, ONE)] == [(State.NOT_SENT, "late")]
        assert (first.gateway.pushes, safe.lines) == ([], [])
        assert second.checkout.charge(a_request(post, ONE, [of_phone(second, ONE)[0].id])).state is State.REQUESTED


@pytest.mark.parametrize("saved", [False, True])
def test_rule_26_what_became_of_such_a_charge_is_said_at_the_next_start_where_it_could_not_be_before(
    server: Server, saved: bool
) -> None:
    """Whether it was saved or not, nobody is asked to look at anything."""
    safe, url, clock = FakeSafe(), server.create(template="empty"), SystemClock()
    with line_to(url) as (line, over_it), open_till("A", over_it, clock, keeping=Keeping(safe)) as till:
        post = till.sell()
        (line.cut_after if saved else line.cut_before)(COMMIT, refuse=True)
        refused(till, a_request(post, ONE))
        assert safe.until(lambda lines: len(lines) == 1)
    left = FakeSafe(safe.lines)
    with open_till("A", url, clock, keeping=Keeping(left)) as till:
        for recorded in till.ledger.replay():
            recorded.result(PATIENCE)
        assert [payment.state for payment in of_phone(till, ONE)] == [State.NOT_SENT] * saved
        assert left.lines == []


@FREEZE
def test_rule_26_a_look_up_ends_in_words(server: Server, freeze: Callable[[Line], None]) -> None:
    with counters(server) as (line, first, second):
        assert of_phone(first, ONE) == []
        freeze(line)

        def look() -> None:
            with pytest.raises(CannotRead, match="does not answer"):
                of_phone(first, ONE)

        assert took(look) < PATIENCE
        assert of_phone(second, ONE) == []
        line.mend()
        assert of_phone(first, ONE) == []


def test_rule_18_a_prompt_never_leaves_where_its_row_cannot_be_read_in_time(server: Server) -> None:
    with counters(server) as (line, first, second):
        post = second.sell()
        first.gateway.opening = lambda _: line.freeze()
        payment = first.checkout.charge(a_request(post, ONE))
        assert took(lambda: first.pushes.submit(lambda: None).result(PATIENCE)) < PATIENCE
        line.mend()
        flush_until_saved(first)
        assert first.now_is(payment.id).state is State.NOT_SENT
        assert first.gateway.pushes == []


def test_rule_26_a_till_on_a_line_that_drags_gives_up_what_the_others_wait_for(server: Server) -> None:
    with counters(server) as (line, first, second), ThreadPoolExecutor(1) as operator:
        post = second.sell()
        step = line.at(INSERT)
        line.slow(HOLD / 6)
        charge = operator.submit(refused, first, a_request(post, ONE))
        assert step.reached.wait(PATIENCE)
        assert took(lambda: second.ask(post, OTHER)) < LATEST
        line.mend()
        assert charge.result(PATIENCE) < LATEST + 1
        flush_until_saved(first)
        assert first.gateway.pushes == []


def test_rule_13_two_of_a_chain_that_are_paid_in_the_same_instant_are_one_paid_and_one_double(server: Server) -> None:
    url, clock = server.create(template="empty"), FakeClock()
    with open_till("A", url, clock) as first, open_till("B", url, clock) as second:
        post = first.sell()
        for number in range(20):
            phone = f"0711{number:06}"
            earlier = first.ask(post, phone)
            clock.advance(151)
            second.pushes.submit(lambda: None).result(PATIENCE)
            later = second.checkout.charge(a_request(post, phone, [earlier.id]))
            second.pushes.submit(lambda: None).result(PATIENCE)
            later = second.now_is(later.id)
            with ThreadPoolExecutor(2) as listeners:
                heard = [
                    listeners.submit(till.hear, payment, Result.SUCCESS, "0", f"{till.gateway.till}KN{number:07}")
                    for till, payment in ((first, earlier), (second, later))
                ]
                granted = [one.result(PATIENCE) for one in heard]
            ended = [first.now_is(earlier.id), second.now_is(later.id)]
            assert [payment.state for payment in ended] == [State.PAID] * 2
            assert sum(Remark.DOUBLE in payment.remarks for payment in ended) == 1, number
            assert any(granted)
            flush(first.writer)


def test_what_is_rare_may_take_longer_than_the_others_are_to_wait(server: Server) -> None:
    engine, long = bounded_engine(sa.make_url(server.create()), 0.1), sa.text("SELECT pg_sleep(0.3)")
    for _ in range(2):
        with engine.begin() as connection:
            be_alone(connection, "1s", "1s", 0.1)
            take_long(connection)
            connection.execute(long)
        with pytest.raises(sa.exc.OperationalError), engine.begin() as connection:
            connection.execute(long)
    engine.dispose()


@pytest.mark.parametrize(("there", "here"), [("off", "local"), ("local", "local"), ("remote_apply", "remote_apply")])
def test_rule_1_what_is_saved_is_on_the_servers_disk_whatever_it_was_told(
    server: Server, there: str, here: str
) -> None:
    """A server that answers before that has lost payments, whose prompts have left, where the power fails."""
    url = server.create()
    with closing(
        psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string(), autocommit=True)
    ) as own:
        own.execute(f'ALTER DATABASE "{sa.make_url(url).database}" SET synchronous_commit = {there}'.encode())
    for engine in server_engines(sa.make_url(url)):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == here
        engine.dispose()


def test_an_idle_till_has_two_connections_beside_the_one_that_listens(server: Server) -> None:
    url, clock = server.create(template="empty"), SystemClock()
    name = sa.make_url(url).database
    with open_till("A", url, clock) as till, ThreadPoolExecutor(8) as looking:
        till.sell()
        assert list(looking.map(lambda _: of_phone(till, ONE), range(40))) == [[]] * 40
        engine = sa.create_engine(url)
        mine = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND pid != pg_backend_pid()")
        with engine.connect() as connection:
            assert connection.scalar(mine, {"name": name}) <= 2
        engine.dispose()


def test_four_tills_open_a_new_database_at_once(server: Server) -> None:
    url = server.create()
    with ThreadPoolExecutor(4) as tills:
        opened = list(tills.map(lambda _: open_database(url, "practice"), range(4)))
    for database in opened:
        assert database.reader.setting("environment") == "practice"
        database.close()


@FREEZE
def test_rule_26_what_other_tills_write_is_not_waited_for_without_an_end(
    server: Server, freeze: Callable[[Line], None]
) -> None:
    url, clock = server.create(template="empty"), SystemClock()
    with (
        line_to(url) as (line, over_it),
        open_till("B", url, clock) as second,
        closing(ServerChanges(over_it, "me")) as feed,
    ):
        post = second.sell()
        feed.open()
        freeze(line)
        payment = second.ask(post, ONE)

        def look() -> None:
            with pytest.raises(CannotSave, match="does not answer"):
                feed.look()

        assert not feed.wait(0.1)
        assert took(look) < LATEST + 1
        line.mend()
        feed.close()
        feed.open()
        assert [seen.id for seen in feed.look().payments] == [payment.id]
