"""The composition root: a till is built whole or not at all, and taken down in order."""

import logging
import queue
import shutil
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.till import PUSH_WAIT, OpenTill, open_till
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.payment import Payment, State
from pos_app.domain.pull_run import SETTING, read_pull_run
from pos_app.errors import Closing, Damaged, Locked, Occupied, SettingsError, StoreError
from pos_app.sales.contact import Reach
from pos_app.settings.settings import load
from pos_app.store.database import open_database
from pos_app.store.integrity import faults
from pos_app.vault.vault import open_vault
from tests.callbacks.posing import until
from tests.support.builders import charge

FLIPS = 60
SANDBOX = {
    "POS_ENVIRONMENT": "sandbox",
    "POS_SHORTCODE": "174379",
    "POS_DARAJA_URL": "http://127.0.0.1:9",  # the discard port: nobody listens
}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POS_CONSUMER_KEY", "POS_CONSUMER_SECRET", "POS_PASSKEY"):
        monkeypatch.setenv(name, "practice")


def paid(opened: OpenTill, phone: str) -> Payment:
    """Charge this phone and wait until its payment is closed."""
    closed = threading.Event()
    last: list[Payment] = []

    def changed(payment: Payment) -> None:
        last.append(payment)
        if not payment.state.open:
            closed.set()

    opened.till.ledger.subscribe(changed)
    charge(opened.till, 1, phone)
    assert closed.wait(20)
    return last[-1]


def test_a_practice_till_sells_its_samples_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    opened = open_till(load(tmp_path, True, {}))
    assert len(opened.till.catalogue.posts()) == 6
    payment = paid(opened, "0712345678")
    assert payment.state is State.PAID
    assert payment.receipt
    opened.close()
    until(lambda: set(threading.enumerate()) <= before)
    assert "prompted -> paid" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")


def test_closing_takes_no_more_charges(tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, True, {}))
    opened.close()
    with pytest.raises(Closing):
        charge(opened.till, 1, "0712345678")


def test_a_second_till_on_the_folder_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    settings = load(tmp_path, True, {})
    opened = open_till(settings)
    with pytest.raises(Occupied, match="Another till"):
        open_till(settings)
    opened.close()
    open_till(settings).close()


def test_the_light_is_true_before_anybody_was_charged(tmp_path: Path) -> None:
    """A connection is tried at once; the practice M-PESA is on this computer."""
    with closing(open_till(load(tmp_path, True, {}))) as opened:
        ticks = threading.Event()
        for _ in range(1_000):
            if opened.till.contact.status.reach is Reach.REACHED:
                break
            ticks.wait(0.01)
        assert opened.till.contact.status.reach is Reach.REACHED


def test_an_unreachable_m_pesa_is_not_sent(tmp_path: Path) -> None:
    opened = open_till(load(tmp_path, False, SANDBOX))
    try:
        from pos_app.domain.catalogue import draft_post

        opened.till.catalogue.add(draft_post("Tea", 30, 0))
        payment = paid(opened, "0712345678")
        assert (payment.state, payment.reason.word) == (State.NOT_SENT, "unreachable")
    finally:
        opened.close()


def test_missing_settings_are_said_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="POS_SHORTCODE"):
        open_till(load(tmp_path / "data", False, {}))
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_said_in_words_and_nothing_is_left_open(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environ = SANDBOX | {"POS_CALLBACK": "url", "POS_PUBLIC_URL": "https://till.example.co.ke"}
        settings = load(tmp_path, False, environ | {"POS_LISTEN_PORT": str(port)})
        with pytest.raises(Occupied, match=str(port)):
            open_till(settings)
    hold_data_dir(settings).release()


def test_keys_behind_a_passphrase_open_the_till_once_they_are_unlocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("POS_CONSUMER_KEY", "POS_CONSUMER_SECRET", "POS_PASSKEY"):
        monkeypatch.delenv(name)
    settings = load(tmp_path, False, SANDBOX | {"POS_SECRETS": "file"})
    first = open_vault(settings)
    assert first.file is not None
    first.file.begin_anew("kahawa na mandazi", {})
    first.put({"consumer_key": "canary-1", "consumer_secret": "canary-2", "passkey": "canary-3"})
    vault = open_vault(settings)
    with pytest.raises(Locked, match="Nothing was sent"):
        open_till(settings, vault)
    hold_data_dir(settings).release()
    assert vault.file is not None
    vault.file.unlock("kahawa na mandazi")
    open_till(settings, vault).close()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [text for text in written if b"canary" in text or b"mandazi" in text]


def test_without_an_agent_the_till_opens_and_says_that_it_only_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_NGROK_AUTHTOKEN", "canary")
    environ = SANDBOX | {"POS_CALLBACK": "ngrok", "POS_NGROK_PATH": str(tmp_path / "ngrok")}
    opened = open_till(load(tmp_path, False, environ))
    said: queue.SimpleQueue[RouteStatus] = queue.SimpleQueue()
    opened.till.route.subscribe(said.put)
    try:
        while (status := said.get(timeout=20)).state is RouteState.OPENING:
            pass
    finally:
        opened.close()
    assert status.state is RouteState.DOWN
    assert "set POS_NGROK_PATH" in status.words
    assert "Payments go on" in status.words
    log = (tmp_path / "kaunta.log").read_text(encoding="utf-8")
    assert "the callback route is down: The ngrok program is not at" in log
    assert "canary" not in log


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be made or written"):
        open_till(load(tmp_path / "file" / "data", True, {}))


def test_closing_waits_for_a_push_as_long_as_one_can_take() -> None:
    from pos_app.daraja.client import Limits

    assert Limits().push_in_all <= PUSH_WAIT


class Said(logging.Handler):
    """Waits for a line of the log that has any of these words."""

    def __init__(self, *words: str) -> None:
        super().__init__()
        self._words = words
        self._said = threading.Event()
        logging.getLogger("pos_app").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if any(words in record.getMessage() for words in self._words):
            self._said.set()

    def wait(self) -> None:
        """Until it was said."""
        assert self._said.wait(20)
        self.forget()

    def forget(self) -> None:
        """Listen no more."""
        logging.getLogger("pos_app").removeHandler(self)


def copies(folder: Path) -> list[Path]:
    return list((folder / "backups").glob("practice-*.db"))


def test_an_open_till_copies_its_database(tmp_path: Path) -> None:
    copied = Said("copied the database")
    opened = open_till(load(tmp_path, True, {}))
    copied.wait()
    opened.close()
    (copy,) = copies(tmp_path)
    with closing(open_database(copy, "practice")) as database:
        assert len(database.reader.posts()) == 6


def test_a_damaged_database_is_refused_with_the_way_back(tmp_path: Path) -> None:
    copied = Said("copied the database")
    opened = open_till(load(tmp_path, True, {}))
    copied.wait()
    opened.close()
    (tmp_path / "practice.db").write_bytes(b"\xff" * 9_000)
    with pytest.raises(Damaged) as refused:
        open_till(load(tmp_path, True, {}))
    assert f"main.py restore {copies(tmp_path)[0]}" in refused.value.user_text
    hold_data_dir(load(tmp_path, True, {})).release()


def test_a_flipped_byte_is_harmless_or_said(tmp_path: Path) -> None:
    """Any byte of the file: never anything but words; what SQLite finds wrong is told while the till is open."""
    open_till(load(tmp_path, True, {})).close()
    database, random = tmp_path / "practice.db", Random(6)
    content = database.read_bytes()
    for _ in range(FLIPS):
        shutil.rmtree(tmp_path / "backups", ignore_errors=True)
        spoilt = bytearray(content)
        place, change = random.randrange(len(content)), random.randrange(1, 256)
        spoilt[place] ^= change
        database.write_bytes(spoilt)
        told: list[str] = []
        looked_through = Said("copied the database", "no automatic copy", "is damaged")
        try:
            opened = open_till(load(tmp_path, True, {}), on_damage=told.append)
        except Damaged as error:
            told.append(error.user_text)
            looked_through.forget()
        else:
            looked_through.wait()
            opened.close()
        with closing(sqlite3.connect(database)) as connection:
            assert told or faults(connection) == [], f"byte {place} changed by {change}"
        assert all(words.startswith("The database file is damaged.") for words in told)


def test_m_pesa_is_asked_for_its_record_where_that_is_switched_on(tmp_path: Path) -> None:
    off = open_till(load(tmp_path, True, {}))
    off.close()
    assert off.till.pull_rounds is None
    opened = open_till(load(tmp_path, True, {"POS_PULL": "yes"}))
    try:
        assert opened.till.pull_rounds is not None
        opened.till.pull_rounds.ask_now()
        run = read_pull_run(opened.till.reader.setting(SETTING))
        assert run is not None
        assert "registered just now, and M-PESA has no records yet" in run.trouble
    finally:
        opened.close()
