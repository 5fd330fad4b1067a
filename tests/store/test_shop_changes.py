"""Two counters on one PostgreSQL: what one commits, the other sees at once; and nothing before, nothing twice."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.errors import CannotSave
from pos_app.sales.other_tills import OtherTills, Pauses
from pos_app.store import tables as t
from pos_app.store.shop_changes import MOST, ServerChanges
from tests.store.counters import Till, open_till
from tests.store.server import Server
from tests.support.builders import a_line
from tests.support.fakes import START, FakeClock

PATIENCE = 20.0  # seconds
SEEN_WITHIN = 0.3  # seconds, as a rule; on a busy machine a few take longer
LOOKED_UP_EVERY = 3.0  # seconds, where nothing is told
QUICK = Pauses(first=0.05, longest=0.2)


class Seen:
    """What a counter is told: of the other one, and of its own payments."""

    def __init__(self, till: Till) -> None:
        self._changed = threading.Condition()
        self.others: list[Payment] = []
        self.acts: set[str] = set()
        self.own: list[Payment] = []
        publisher = till.ledger.publisher
        publisher.subscribe_others(lambda payment: self._note(lambda: self.others.append(payment)))
        publisher.watch_shop(lambda acts: self._note(lambda: self.acts.update(acts)))
        publisher.watch(lambda _, after: self._note(lambda: self.own.append(after)))

    def _note(self, note: Callable[[], object]) -> None:
        with self._changed:
            note()
            self._changed.notify_all()

    def wait(self, holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
        with self._changed:
            return bool(self._changed.wait_for(holds, seconds))

    def sees(self, payment: Payment, state: State, seconds: float = PATIENCE) -> bool:
        return self.wait(lambda: any(one.id == payment.id and one.state is state for one in self.others), seconds)


@dataclass
class Counters:
    """Till A and till B; `seen` by B, `back` by A."""

    one: Till
    other: Till
    post: Post
    seen: Seen
    back: Seen
    stack: ExitStack


def listen(name: str, till: Till, url: str, stack: ExitStack) -> Seen:
    seen = Seen(till)
    feed = ServerChanges(url, till.database.origin)
    others = OtherTills(name, feed, till.database.reader, till.ledger, till.writer, QUICK)
    others.start()
    stack.callback(others.stop)
    return seen


def act(till: Till, what: Act) -> None:
    with till.database.write() as transaction:
        transaction.add_audit([AuditLine(at=START, act=what, subject="")])


def until_heard(till: Till, seen: Seen) -> None:
    """The other one listens: what comes now is told, and not found by the look that begins it."""
    for _ in range(100):
        act(till, Act.SIGN_IN)
        if seen.wait(lambda: seen.acts, 0.2):
            return
    raise AssertionError("it never listened")


@pytest.fixture
def url(server: Server) -> str:
    return server.create(template="empty")


@pytest.fixture
def counters(url: str, clock: FakeClock) -> Iterator[Counters]:
    with ExitStack() as stack:
        one, other = (stack.enter_context(open_till(name, url, clock)) for name in "AB")
        with one.database.write() as transaction:
            post = transaction.add_post(draft_post("Maji", 50))
        back, seen = listen("A", one, url, stack), listen("B", other, url, stack)
        until_heard(one, seen)
        until_heard(other, back)
        yield Counters(one, other, post, seen, back, stack)


def test_a_payment_is_seen_at_the_other_counter_at_each_step(counters: Counters) -> None:
    payment = counters.one.ask(counters.post, "0712345678")
    assert counters.seen.sees(payment, State.PROMPTED)
    assert counters.one.hear(payment, Result.SUCCESS, "0", "UKN4X7Q2ZT")
    assert counters.seen.sees(payment, State.PAID)
    assert counters.seen.own == []


def test_it_is_seen_within_a_blink(counters: Counters) -> None:
    took = []
    for number in range(100):
        payment = counters.one.ask(counters.post, f"0712{number:06}")
        began = time.monotonic()
        counters.one.hear(payment, Result.CANCELLED, "1032")
        assert counters.seen.sees(payment, State.CANCELLED)
        took.append(time.monotonic() - began)
    assert sorted(took)[50] < SEEN_WITHIN, sorted(took)
    assert sorted(took)[98] < LOOKED_UP_EVERY, sorted(took)[-5:]


def test_what_came_to_the_other_counter_is_told_where_the_customer_stands(counters: Counters) -> None:
    """M-PESA's callback goes to whichever till the shop's address leads to."""
    payment = counters.one.ask(counters.post, "0712345678")
    assert counters.other.hear(payment, Result.SUCCESS, "0", "UKN4X7Q2ZT")
    assert counters.back.wait(lambda: any(own.state is State.PAID for own in counters.back.own))
    act(counters.other, Act.POSTS)
    assert counters.back.wait(lambda: "posts" in counters.back.acts)
    assert [own.state for own in counters.back.own if own.id == payment.id].count(State.PAID) == 1
    assert counters.back.others == []


def test_what_is_not_committed_is_not_seen(counters: Counters) -> None:
    seen = False
    with suppress(ZeroDivisionError), counters.one.database.write() as transaction:
        transaction.add_audit([AuditLine(at=START, act=Act.SETTINGS, subject="")])
        transaction.flush()
        seen = counters.seen.wait(lambda: "settings" in counters.seen.acts, 0.2)
        raise ZeroDivisionError
    assert not seen
    act(counters.one, Act.POSTS)
    assert counters.seen.wait(lambda: "posts" in counters.seen.acts)
    assert "settings" not in counters.seen.acts


def test_what_a_program_wrote_that_tells_nobody_is_found_all_the_same(counters: Counters, url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(t.audit.insert(), {"at": START, "act": "roles", "owner": True, "subject": ""})
    engine.dispose()
    assert counters.seen.wait(lambda: "roles" in counters.seen.acts)


def test_nothing_is_missed_by_a_connection_that_was_lost(counters: Counters, url: str) -> None:
    engine, ended = sa.create_engine(url), 0
    for number in range(5):
        ended += _end_listeners(engine)
        payment = counters.one.ask(counters.post, f"0712{number:06}")
        assert counters.seen.sees(payment, State.PROMPTED)
    engine.dispose()
    assert ended >= 2


class TestFeed:
    def test_it_begins_with_what_comes_after_it_was_opened(self, counters: Counters, url: str) -> None:
        counters.one.ask(counters.post, "0712345678")
        with closing(ServerChanges(url, "me")) as feed:
            feed.open()
            assert feed.look() == ((), frozenset(), False)
            payment = counters.one.ask(counters.post, "0733345678")
            assert [one.id for one in feed.look().payments] == [payment.id]
            assert feed.look() == ((), frozenset(), False)

    def test_while_it_was_closed_nothing_was_missed(self, counters: Counters, url: str) -> None:
        with closing(ServerChanges(url, "me")) as feed:
            feed.open()
            feed.close()
            payment = counters.one.ask(counters.post, "0712345678")
            feed.open()
            assert [one.id for one in feed.look().payments] == [payment.id]

    def test_its_own_program_is_not_told(self, counters: Counters, url: str) -> None:
        with closing(ServerChanges(url, counters.one.database.origin)) as feed:
            feed.open()
            act(counters.one, Act.SIGN_IN)
            assert not feed.wait(0.2)
            act(counters.other, Act.SIGN_IN)
            assert feed.wait(PATIENCE)

    def test_what_nobody_looks_for_is_not_told(self, counters: Counters, url: str) -> None:
        """Each till says every five seconds that it is there: the others would look each time, in vain."""
        with closing(ServerChanges(url, "me")) as feed:
            feed.open()
            with counters.one.database.write() as transaction:
                transaction.set_setting("tills", "{}")
            assert not feed.wait(0.2)
            act(counters.one, Act.SIGN_IN)
            assert feed.wait(PATIENCE)

    def test_of_very_much_it_says_that_there_is_more(self, counters: Counters, url: str) -> None:
        with closing(ServerChanges(url, "me")) as feed:
            feed.open()
            with counters.one.database.write() as transaction:
                transaction.add_audit([AuditLine(at=START, act=Act.PRINT, subject="")] * (MOST + 1))
            assert feed.look().more
            assert feed.look() == ((), frozenset({"print"}), False)

    def test_what_is_told_names_nobody(self, counters: Counters, url: str) -> None:
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("LISTEN kaunta")
            counters.one.ask(counters.post, "0712345678")
            driver = connection.connection.driver_connection
            assert driver is not None
            told = [one.payload for one in driver.notifies(timeout=PATIENCE, stop_after=2)]
        engine.dispose()
        assert set(told) == {counters.one.database.origin}

    def test_a_connection_that_is_ended(self, url: str) -> None:
        with closing(ServerChanges(url, "me")) as feed:
            feed.open()
            engine = sa.create_engine(url)
            assert _end_listeners(engine) == 1
            engine.dispose()
            with pytest.raises(CannotSave):
                feed.wait(PATIENCE)
            with pytest.raises(CannotSave):
                feed.look()
            feed.close()
            feed.open()
            assert feed.look() == ((), frozenset(), False)

    def test_a_server_that_is_gone(self, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            nobody = sa.make_url(url).set(port=free.getsockname()[1]).render_as_string(hide_password=False)
        with closing(ServerChanges(nobody, "me")) as feed, pytest.raises(CannotSave):
            feed.open()


def _end_listeners(engine: sa.Engine) -> int:
    """End the connections that listen; gives how many there were."""
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT audit.id%' "
        "OR query LIKE 'SELECT (SELECT coalesce(max(payment_event%')"
    )
    with engine.begin() as connection:
        return len(connection.execute(sa.text(ended)).all())


def test_a_payment_s_line_is_as_it_was_sold(counters: Counters) -> None:
    payment = counters.one.ask(counters.post, "0712345678")
    assert counters.seen.sees(payment, State.PROMPTED)
    [line] = counters.seen.others[-1].lines
    assert line.title == a_line(counters.post).title
