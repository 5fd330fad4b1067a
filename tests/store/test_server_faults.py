"""T44: a server that restarts, is read only or full, lets nobody in or was upgraded by a newer till; a wrong clock.

Of each: charging stops in words that name it and nobody is asked, what M-PESA says meanwhile is kept and recorded once
it works again by itself, and nothing is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Callback, Result
from pos_app.errors import CannotSave, PosError
from pos_app.sales.checkout import Guarded
from pos_app.sales.keeping import Keeping
from pos_app.store.migrate import HEAD
from pos_app.system_clock import SystemClock
from tests.store.conftest import Shop
from tests.store.counters import Till, open_till
from tests.store.server import Server, cannot_run
from tests.support.builders import FakeSafe, a_request, flush
from tests.support.fakes import FakeClock

PATIENCE = 60.0  # seconds
END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
FULL = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"""
_numbers = count()


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """One that may be restarted beside the tests of others."""
    if why := cannot_run():
        pytest.skip(f"not tried on PostgreSQL: {why}")
    with Server() as server:
        yield server


class Scene:
    """A till on a database of its own, with a customer who is just paying."""

    def __init__(self, server: Server, till: Till, name: str, safe: FakeSafe) -> None:
        self.server, self.till, self.name, self.safe = server, till, name, safe
        self.post: Post = till.sell()
        self.paying: Payment = till.ask(self.post, "0712345678")

    def refused(self) -> str:
        """What somebody who charges is told; nothing is sent."""
        for number in range(100):  # one may still go before it begins
            sent = len(self.till.gateway.pushes)
            try:
                self.till.checkout.charge(a_request(self.post, f"07330000{number:02}"))
            except CannotSave as refused:
                self.till.pushes.submit(lambda: None).result(PATIENCE)
                assert len(self.till.gateway.pushes) <= sent + 1
                return refused.user_text
        raise AssertionError("everybody was charged")

    def pays(self) -> Callable[[], bool]:
        """M-PESA tells that the customer has paid; gives what waits for its grant."""
        ids = self.paying.merchant_request_id, self.paying.checkout_request_id
        event = Callback(Result.SUCCESS, "0", *ids, Decimal(self.paying.amount), "UKN4X7Q2ZT")
        recorded = self.till.ledger.record(event, self.paying)

        def granted() -> bool:
            change = recorded.result(PATIENCE)
            return change is not None and change.granted

        return granted

    def end_all(self) -> None:
        self.server.say(END_ALL.format(name=self.name))


@pytest.fixture
def scene(own_server: Server) -> Iterator[Scene]:
    url = own_server.create(f"faults{next(_numbers)}", own_role=True)
    name, safe = url.rpartition("/")[2], FakeSafe()
    Shop(Path(), url).close()
    with open_till("A", url, SystemClock(), keeping=Keeping(safe)) as till:
        yield Scene(own_server, till, name, safe)


def read_only(scene: Scene) -> None:
    scene.server.say(f"ALTER DATABASE {scene.name} SET default_transaction_read_only = on")
    scene.end_all()


def writable(scene: Scene) -> None:
    scene.server.say(f"ALTER DATABASE {scene.name} RESET default_transaction_read_only")
    scene.end_all()


def full(scene: Scene) -> None:
    triggers = [
        f"CREATE TRIGGER full_{table} BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
        for table in ("payment", "payment_event", "setting")
    ]
    scene.server.say(FULL, *triggers, database=scene.name)


def room(scene: Scene) -> None:
    scene.server.say("DROP FUNCTION full_disk CASCADE", database=scene.name)


def shut_out(scene: Scene) -> None:
    """As after a new password: who is in stays in, and nobody comes in again."""
    scene.server.say(f"ALTER ROLE {scene.name} NOLOGIN")
    scene.end_all()


def let_in(scene: Scene) -> None:
    scene.server.say(f"ALTER ROLE {scene.name} LOGIN")


def newer(scene: Scene) -> None:
    scene.server.say(f"UPDATE alembic_version SET version_num = '{int(HEAD) + 1:04}'", database=scene.name)


def known(scene: Scene) -> None:
    scene.server.say(f"UPDATE alembic_version SET version_num = '{HEAD}'", database=scene.name)


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (read_only, writable, "takes no changes"),
        (full, room, "disk of the database server is full"),
        (shut_out, let_in, "does not let this till in"),
        (newer, known, "newer"),
    ],
)
def test_t44_what_is_wrong_with_the_server_is_named_and_nothing_is_lost(
    scene: Scene, begin: Callable[[Scene], None], end: Callable[[Scene], None], words: str
) -> None:
    begin(scene)
    try:
        assert words in scene.refused()
        granted = scene.pays()
        assert scene.safe.until(lambda lines: len(lines) == 1), "it is kept beside the database"
        told = scene.refused()
        assert words in told
        assert "This computer" not in told
    finally:
        end(scene)
    assert granted()
    flush(scene.till.writer)
    assert scene.till.writer.saving
    assert scene.safe.until(lambda lines: lines == [])
    assert scene.till.now_is(scene.paying.id).receipt == "UKN4X7Q2ZT"
    assert scene.till.ask(scene.post, "0744000000").state is State.PROMPTED


def test_t44_a_server_that_restarts_is_waited_for(scene: Scene) -> None:
    scene.server.restart()
    granted = scene.pays()
    assert granted()
    assert scene.till.now_is(scene.paying.id).state is State.PAID
    with suppress(PosError):  # one more connection may be from before
        scene.till.checkout.charge(a_request(scene.post, "0744000001"))
    flush(scene.till.writer)
    assert scene.till.ask(scene.post, "0744000002").state is State.PROMPTED


@pytest.mark.parametrize("wrong", [-7_200, 7_200])
def test_t44_a_till_whose_clock_is_two_hours_wrong_asks_no_customer_of_another_twice(
    own_server: Server, wrong: float
) -> None:
    url = own_server.create(name=f"clock{int(wrong) + 10_000}")
    Shop(Path(), url).close()
    right, other = FakeClock(), FakeClock()
    other.jump(wrong)
    other.unheard()
    with open_till("A", url, right) as one, open_till("B", url, other) as two:
        post = one.sell()
        for asks, beside, phone in ((one, two, "0711000001"), (two, one, "0711000002")):
            if asks is two:
                other.hear_mpesa()  # as with the answer that brought its access token
            payment = asks.ask(post, phone)
            with pytest.raises(Guarded) as stopped:
                beside.checkout.charge(a_request(post, phone, [payment.id]))
            assert all(caution.blocks for caution in stopped.value.cautions)
            assert asks.hear(payment, Result.SUCCESS, "0", f"UKN{phone[-7:]}")
            assert beside.now_is(payment.id).state is State.PAID
