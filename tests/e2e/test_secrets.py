"""A day of a shop, with all that goes wrong: nothing secret is in a log, in an error's words or in the journal."""

import re
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Settlement
from pos_app.errors import PosError
from pos_app.sales.owner import Decision
from pos_app.settings.settings import Settings, load
from pos_app.simulator import Choice, Fault, Simulator, SimulatorOptions
from tests.support.builders import charge

WAIT = 20.0  # seconds
KEYS = {
    "consumer_key": "CANARYkey7Qx2ZrTn4",
    "consumer_secret": "CANARYsecret9",
    "passkey": "canary0a1b2c3d4e5f",
}
PASSPHRASE = "canary passphrase"
PHONES = [f"2547123456{number:02}" for number in range(10, 30)]
ACCESS_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{28}(?![A-Za-z0-9])")


@pytest.fixture
def mpesa() -> Iterator[Simulator]:
    options = SimulatorOptions(
        customer=Choice.PIN,
        delay=0.05,
        ignore_after=0.3,
        consumer_key=KEYS["consumer_key"],
        consumer_secret=KEYS["consumer_secret"],
        passkey=KEYS["passkey"],
    )
    with Simulator(options) as simulator:
        yield simulator


@pytest.fixture
def settings(mpesa: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in KEYS.items():
        monkeypatch.setenv(f"POS_{name.upper()}", value)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return load(
        tmp_path,
        False,
        {
            "POS_ENVIRONMENT": "sandbox",
            "POS_DARAJA_URL": mpesa.url,
            "POS_SHORTCODE": "174379",
            "POS_CALLBACK": "url",
            "POS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "POS_LISTEN_PORT": str(port),
            "POS_QUERY_AFTER": "0.5",
        },
    )


class Day:
    """One open till, and everything secret that it met."""

    def __init__(self, opened: OpenTill, errors: list[str]) -> None:
        self.opened = opened
        self.till = opened.till
        self._errors = errors
        self._phones = iter(PHONES)
        self._changed = threading.Condition()
        self._last: dict[int, Payment] = {}
        self.till.ledger.subscribe(self._note)

    def _note(self, payment: Payment) -> None:
        with self._changed:
            self._last[payment.id] = payment
            self._changed.notify_all()

    def sell(self, *wanted: State, phone: str | None = None) -> Payment:
        """Charge a new customer, and wait until the payment is in one of the states."""
        payment = charge(self.till, 1, phone or next(self._phones))
        with self._changed:
            assert self._changed.wait_for(
                lambda: payment.id in self._last and self._last[payment.id].state in wanted, WAIT
            ), self._last.get(payment.id)
            return self._last[payment.id]

    def refused(self, phone: str) -> None:
        """Try what is refused, and keep the words."""
        with pytest.raises(PosError) as error:
            charge(self.till, 1, phone)
        self._errors.append(str(error.value))


@contextmanager
def day(settings: Settings, errors: list[str], access_tokens: set[str]) -> Iterator[Day]:
    opened = open_till(settings)
    try:
        if not opened.till.catalogue.posts():
            opened.till.catalogue.add(draft_post("Day pass", 50, 1))
        yield Day(opened, errors)
        had = opened.gateway._tokens._had
        access_tokens.add(had.value if had else "none")
    finally:
        opened.close()


def journal(folder: Path) -> list[str]:
    """Every text in the journal."""
    with closing(sqlite3.connect(folder / "sandbox.db")) as connection:
        rows = connection.execute("SELECT source, kind, code, detail, body FROM payment_event").fetchall()
    return [str(cell) for row in rows for cell in row if cell is not None]


def tails(delivered: Sequence[tuple[str, object]]) -> set[str]:
    """The payer's nine digits that end each CheckoutRequestID."""
    return {found for _, body in delivered for found in re.findall(r"ws_CO_\d+?(\d{9})\b", str(body))}


def test_nothing_secret_is_left_behind(
    settings: Settings, mpesa: Simulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "pos_app")
    errors: list[str] = []
    access_tokens: set[str] = set()
    with day(settings, errors, access_tokens) as first:
        paid = first.sell(State.PAID)
        first.till.receipts.printed(paid.id)
        mpesa.script(PHONES[1], Choice.WRONG_PIN)
        first.sell(State.DECLINED)
        for fault, state in (
            (Fault.TOKEN_DIES_EARLY, State.PAID),
            (Fault.PUSH_ANSWER_LOST, State.PAID),
            (Fault.CALLBACK_TWICE, State.PAID),
            (Fault.CALLBACK_LOST, State.PAID),
            (Fault.HTML_FIREWALL, State.UNKNOWN),
            (Fault.SPIKE_ARREST, State.NOT_SENT),
            (Fault.AMOUNT_DIFFERS, State.REVIEW),
        ):
            mpesa.add_fault(fault)
            last = first.sell(state)
            mpesa.clear_faults()
        first.till.owner.passphrase.choose(PASSPHRASE)
        decision = Decision(settlement=Settlement.DECLINED, why=f"call back {PHONES[0]}, canaryname")
        first.till.owner.settle(last, PASSPHRASE, decision)
        path, _ = mpesa.delivered[0]
        httpx.post(f"{settings.public_url}{path}", content=f"rubbish from {PHONES[0]}")
        httpx.post(f"{settings.public_url}/stk/{'e' * 40}", content="a stranger")
        first.refused("0712 345")
        first.refused(PHONES[0])
        findings = Diagnostics(settings, opened=lambda: first.opened).run()
    with day(settings, errors, access_tokens) as second:
        second.sell(State.PAID, phone=PHONES[-1])

    address_tokens = {path.rsplit("/", 1)[1] for path, _ in mpesa.delivered}
    receipts = {found for _, body in mpesa.delivered for found in re.findall(r"\b[A-Z0-9]{10}\b", str(body))}
    log = (tmp_path / "kaunta.log").read_text(encoding="utf-8")
    secrets = {*KEYS.values(), PASSPHRASE, *address_tokens, *access_tokens}
    numbers = {*PHONES, *(phone[3:] for phone in PHONES), *tails(mpesa.delivered)}
    assert len(address_tokens) > 5
    assert receipts
    assert access_tokens - {"none"}
    assert "granted" in log

    said = [log, caplog.text, *errors, *(finding.words for finding in findings)]
    for text in said:
        assert [secret for secret in (*secrets, *numbers, *receipts, "canaryname", "rubbish") if secret in text] == []
        assert ACCESS_TOKEN.findall(text) == []
        assert "ws_CO_" not in text
    for text in journal(tmp_path):
        assert [secret for secret in (*secrets, *numbers) if secret in text] == []
        assert ACCESS_TOKEN.findall(text) == []


def test_every_step_of_a_payment_can_be_read_in_the_log(settings: Settings, mpesa: Simulator, tmp_path: Path) -> None:
    with day(settings, [], set()) as first:
        number = first.sell(State.PAID).number
    lines = [line[32:].split(" [")[0] for line in (tmp_path / "kaunta.log").read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if number in line] == [
        f"payment {number} saved: post 1, KES 50",
        f"payment {number}: the request goes to M-PESA",
        f"payment {number}: push accepted: requested -> prompted",
        f"payment {number}: callback result 0: prompted -> paid, granted",
    ]
    assert "till A open (sandbox)" in lines
    assert lines[-2:] == ["till A closes", "till A closed"]
