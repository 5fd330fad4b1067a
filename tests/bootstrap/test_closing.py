"""What a till cannot save outlives it, and what it leaves open is said."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.domain.catalogue import NO_ACCESS, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.errors import StoreError
from pos_app.sales.closing import Left
from pos_app.sales.ledger import address_of
from pos_app.settings.settings import load
from pos_app.store.reader import SqlReader
from pos_app.store.reserve import SIZE, Reserve
from tests.support.builders import BreakableStore, Saving, charge, success

PHONE = "0712345678"


def no_money_yet(opened: OpenTill) -> Payment:
    """A payment whose customer does not pay by himself, after M-PESA has taken it."""
    taken = threading.Event()
    last: list[Payment] = []

    def told(payment: Payment) -> None:
        last.append(payment)
        if payment.state is State.PROMPTED:
            taken.set()

    opened.till.ledger.subscribe(told)
    charge(opened.till, 1, PHONE)
    assert taken.wait(10)
    return last[-1]


def open_practice(folder: Path, on_saving: Saving | None = None) -> OpenTill:
    return open_till(load(folder, True, {}), on_saving=on_saving or Saving(), customer_by_himself=False)


def test_closing_with_nothing_open_says_nothing(tmp_path: Path) -> None:
    opened = open_practice(tmp_path)
    assert opened.close() == Left()
    assert opened.close() == Left(), "twice is harmless"


def test_closing_with_an_open_payment_says_so_in_one_line(tmp_path: Path) -> None:
    opened = open_practice(tmp_path)
    no_money_yet(opened)
    words = "1 payment waits for M-PESA's answer; the till checks when it opens next."
    assert opened.close().lines == [words]
    assert words in (tmp_path / "kaunta.log").read_text(encoding="utf-8")


def test_a_database_that_does_not_answer_any_more_keeps_no_till_from_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers = threading.Event()

    def hangs(*_: object) -> list[Payment]:
        assert answers.wait(20), "the till did not close"
        return []

    opened = open_practice(tmp_path)
    monkeypatch.setattr("pos_app.bootstrap.till.STORE_WAIT", 0.1)
    monkeypatch.setattr(SqlReader, "open_payments", hangs)
    assert opened.close() == Left()
    assert not answers.is_set()
    assert "closing goes on without a step" in caplog.text
    answers.set()
    open_practice(tmp_path).close()  # it holds the folder no more


def test_what_cannot_be_saved_survives_the_close_and_is_recorded_at_the_next_start(tmp_path: Path) -> None:
    saving = Saving()
    opened = open_practice(tmp_path, saving)
    payment = no_money_yet(opened)
    store = BreakableStore(opened.till.writer._store)
    opened.till.writer._store = store
    store.broken = True
    kept = opened.till.ledger.record(success(payment), payment)
    saving.until(False)
    assert not kept.done()
    file = tmp_path / "practice.db.kept"
    left = opened.close()
    said = f"1 answer could not be saved yet; it is kept in {file} and recorded at the next start."
    assert left.lines == [said, "1 payment waits for M-PESA's answer; the till checks when it opens next."]
    assert said in (tmp_path / "kaunta.log").read_text(encoding="utf-8")

    again = open_practice(tmp_path)
    found = again.till.reader.payment(payment.id)
    assert found
    assert found.state is State.PAID
    assert found.granted
    assert again.close() == Left()
    assert Reserve(file).read() == []
    assert file.stat().st_size == SIZE


def test_what_was_kept_is_there_as_soon_as_it_cannot_be_saved(tmp_path: Path) -> None:
    """A kill, before or after the close began, takes nothing along."""
    saving = Saving()
    opened = open_practice(tmp_path, saving)
    payment = no_money_yet(opened)
    store = BreakableStore(opened.till.writer._store)
    opened.till.writer._store = store
    store.broken = True
    opened.till.ledger.record(success(payment), payment)
    saving.until(False)
    [line] = Reserve(tmp_path / "practice.db.kept").read()
    assert payment.number in line
    store.broken = False
    saving.until(False, True)
    opened.close()
    assert Reserve(tmp_path / "practice.db.kept").read() == []


def test_a_file_of_kept_answers_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    open_practice(tmp_path).close()
    (tmp_path / "practice.db.kept").unlink()
    (tmp_path / "practice.db.kept").mkdir()
    with pytest.raises(StoreError, match=r"practice\.db\.kept, and that file cannot be read"):
        open_practice(tmp_path)


def test_a_till_whose_database_is_a_server_keeps_the_file_in_its_data_folder(
    tmp_path: Path,
) -> None:
    """Also where the URL names a file: another till may have one to the same."""
    settings = replace(load(tmp_path, True, {}), database_url=f"sqlite:///{tmp_path / 'shared.db'}")
    open_till(settings, on_saving=Saving(), customer_by_himself=False).close()
    assert (tmp_path / "practice.server.kept").exists()
    assert not (tmp_path / "shared.db.kept").exists()


def test_the_address_of_a_push_names_its_payment(tmp_path: Path) -> None:
    opened = open_practice(tmp_path)
    opened.till.catalogue.add(draft_post("Tea", 30, NO_ACCESS))
    payment = no_money_yet(opened)
    assert payment.number in opened.till.ledger._expected.values()
    assert all(len(address) == len(address_of("x")) for address in opened.till.ledger._expected)
    opened.close()
