"""What is pulled becomes a statement, or a refusal in words; Pull is registered where it was not yet."""

from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.pulled import NotPulled, PulledRow, PulledSet, PullRegistration, PullTrouble
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.errors import BadInput
from pos_app.sales.pulling import PullAccount, Pulling
from pos_app.sales.statements import MoneyAccount, Statements
from tests.support.builders import prompt, sell, success, tell
from tests.support.fakes import PHONE
from tests.support.till_harness import TillHarness

QUIET = NotPulled(PullTrouble.NO_RECORDS)


class Gateway:
    """Pull Transactions as a test wants it."""

    def __init__(self, *answers: NotPulled | tuple[PulledRow, ...]) -> None:
        self.answers = deque(answers)
        self.registration = PullRegistration.ALREADY
        self.asked: list[tuple[datetime, datetime]] = []
        self.registered: list[str] = []

    def pull(self, first: datetime, last: datetime) -> PulledSet | NotPulled:
        self.asked.append((first, last))
        answer = self.answers.popleft()
        if isinstance(answer, NotPulled):
            return answer
        return PulledSet(rows=answer, first=first, last=last, asked_at=last - timedelta(seconds=1))

    def register_pull(self, nominated: str) -> PullRegistration:
        self.registered.append(nominated)
        return self.registration


def pulling(harness: TillHarness, gateway: Gateway, nominated: str = "254708374149") -> Pulling:
    return Pulling(gateway, harness.till.reader, harness.till.clock, PullAccount("512345", nominated))


def paid(harness: TillHarness) -> PulledRow:
    """A payment that is paid by its callback, as Pull tells it."""
    payment = prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Maji", 250))))
    payment = tell(harness, payment, success(payment))
    assert payment.receipt is not None
    return PulledRow(
        receipt=payment.receipt,
        said_at=(payment.created_at + timedelta(seconds=9)).astimezone(NAIROBI).replace(tzinfo=None),
        amount=Decimal(payment.amount),
        phone=f"25470****{PHONE[-3:]}",
        kind="c2b-buy-goods-debit",
    )


def test_what_came_agrees_with_the_books(harness: TillHarness) -> None:
    row = paid(harness)
    gateway = Gateway((row,))
    statement = pulling(harness, gateway).fetch()
    account = MoneyAccount(frozenset({"600123", "512345"}), paybill=False)
    found = Statements(harness.till.reader, harness.till.authority, account).look(statement)
    assert found.counts == {RowOutcome.AGREES: 1}
    [(first, last)] = gateway.asked
    assert last - first == timedelta(hours=47, minutes=59, seconds=1)
    assert gateway.registered == []


def test_only_since_then_and_no_longer_than_m_pesa_tells(harness: TillHarness) -> None:
    row, now = paid(harness), harness.till.clock.corrected()
    gateway = Gateway((row,), (row,))
    asker = pulling(harness, gateway)
    asker.fetch(now - timedelta(hours=2))
    asker.fetch(now - timedelta(days=9))
    assert [last - first for first, last in gateway.asked] == [
        timedelta(hours=2, seconds=1),
        timedelta(hours=47, minutes=59, seconds=1),
    ]


def test_a_clock_that_nothing_proves_concludes_nothing(harness: TillHarness) -> None:
    with pytest.raises(BadInput, match="cannot be found out"):
        pulling(harness, Gateway(())).fetch()


@pytest.mark.parametrize("trouble", sorted(set(PullTrouble) - {PullTrouble.NO_RECORDS}))
def test_each_trouble_has_its_words(harness: TillHarness, trouble: PullTrouble) -> None:
    gateway = Gateway(NotPulled(trouble, "HTTP 500"))
    with pytest.raises(BadInput, match="Nothing was concluded from it") as refused:
        pulling(harness, gateway).fetch()
    assert "HTTP" not in refused.value.user_text
    assert gateway.registered == []


@pytest.mark.parametrize(
    ("registration", "words"),
    [
        (PullRegistration.ALREADY, "is registered, but M-PESA says the same"),
        (PullRegistration.REFUSED, "ask Safaricom to enable it"),
        (PullRegistration.UNKNOWN, "did not answer whether the shop may ask"),
    ],
)
def test_no_records_is_never_quiet(harness: TillHarness, registration: PullRegistration, words: str) -> None:
    gateway = Gateway(QUIET, QUIET)
    gateway.registration = registration
    asker = pulling(harness, gateway)
    for _ in range(2):
        with pytest.raises(BadInput, match=words):
            asker.fetch()
    again = 1 if registration is PullRegistration.ALREADY else 2
    assert gateway.registered == ["254708374149"] * again


def test_it_is_registered_at_first_use_and_asked_again(harness: TillHarness) -> None:
    gateway = Gateway(QUIET, (paid(harness),))
    gateway.registration = PullRegistration.NEW
    assert len(pulling(harness, gateway).fetch().rows) == 1
    gateway.answers += [QUIET, QUIET]
    with pytest.raises(BadInput, match="registered just now"):
        pulling(harness, gateway).fetch()


def test_without_a_number_nothing_is_registered(harness: TillHarness) -> None:
    gateway = Gateway(QUIET)
    with pytest.raises(BadInput, match="may not use Pull Transactions"):
        pulling(harness, gateway, nominated="").fetch()
    assert gateway.registered == []
