"""The database and its copies."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.check_result import Status
from pos_app.diagnostics import data
from pos_app.domain.catalogue import draft_post
from pos_app.domain.pull_run import SETTING, PullRun
from pos_app.messages.pull import NOT_YET
from pos_app.sales.ports import Transaction
from pos_app.settings.settings import Settings, load
from pos_app.store.backups.copies import Copies
from tests.support.builders import charge
from tests.support.till_harness import TillHarness

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of the folder that `harness` keeps its payments in."""
    return load(tmp_path, True, {})


def file_of(settings: Settings) -> Path:
    assert isinstance(settings.database, Path)
    return settings.database


def test_a_whole_database_says_what_is_in_it(settings: Settings, harness: TillHarness) -> None:
    post = harness.till.catalogue.add(draft_post("Tea", 30, 0))
    charge(harness.till, post, "0712345678")
    verdict = data.database(settings)
    assert verdict.status is Status.GREEN
    assert re.fullmatch("Whole; 1 payment, 1 open, shop [0-9a-f]{8}; [0-9]+ kB", verdict.words)


def test_damage_is_red_with_the_way_back(settings: Settings) -> None:
    open_till(settings).close()
    file = file_of(settings)
    content = bytearray(file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'payment_event'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content[(page - 1) * size : page * size] = os.urandom(size)
    file.write_bytes(content)
    verdict = data.database(settings)
    assert verdict.status is Status.RED
    assert verdict.words.startswith("The database file is damaged.")


def test_sums_that_are_not_those_of_the_payments_are_red(settings: Settings, harness: TillHarness) -> None:
    post = harness.till.catalogue.add(draft_post("Tea", 30, 0))
    charge(harness.till, post, "0712345678")
    with closing(sqlite3.connect(file_of(settings))) as connection:
        connection.execute("INSERT INTO tally VALUES ('2026-11-23', 'A', 0, 'paid', 1, 30, 30, 0)")
        connection.commit()
    verdict = data.database(settings, look=30.0)
    assert verdict.status is Status.RED
    assert verdict.words.startswith("The sums of 23/11/2026 are not those of the payments")


def test_closes_that_do_not_fit_what_moved_are_red(settings: Settings, harness: TillHarness) -> None:
    post = harness.till.catalogue.add(draft_post("Tea", 30, 0))
    payment = charge(harness.till, post, "0712345678")
    with closing(sqlite3.connect(file_of(settings))) as connection:
        values = (payment.id, "2026-11-23 11:00:00.000000")
        connection.execute("INSERT INTO movement VALUES (1, ?, NULL, ?, 0, 5, 0, 0, 0, NULL)", values)
        connection.commit()
    verdict = data.database(settings, look=30.0)
    assert verdict.status is Status.RED
    assert verdict.words.startswith("What the closes have counted is not what the payments moved")


def test_a_file_too_large_to_look_through_is_no_alarm(
    settings: Settings, harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.diagnostics.data._STEPS", 100)  # so that a file need not be made that is large
    verdict = data.database(settings, look=-1.0)
    assert verdict.status is Status.GREEN
    assert verdict.words.startswith("Opens; too large to look through now")
    assert "; too many to add all up now: whether the sums are theirs was not looked at; " in verdict.words


def test_backups_of_a_server_are_nothing_that_a_till_can_call_good(settings: Settings) -> None:
    elsewhere = replace(settings, database_url="postgresql+psycopg://user@db.example/shop")
    found = data.copies(elsewhere, lambda: NOW, till_open=True)
    assert found.status is Status.AMBER
    assert "Ask whoever keeps the server when it was copied last" in found.words


def copy_at(settings: Settings, moment: datetime) -> None:
    path = Copies(file_of(settings)).at(moment)
    path.parent.mkdir(exist_ok=True)
    path.touch()


@pytest.mark.parametrize(
    ("hours", "till_open", "status"),
    [(1, True, Status.GREEN), (3, True, Status.AMBER), (72, False, Status.GREEN)],
)
def test_copies_are_young_while_a_till_is_open(settings: Settings, hours: int, till_open: bool, status: Status) -> None:
    copy_at(settings, NOW - timedelta(hours=hours + 5))
    copy_at(settings, NOW - timedelta(hours=hours))
    verdict = data.copies(settings, lambda: NOW, till_open=till_open)
    assert verdict.status is status
    assert verdict.words.startswith("2 automatic copies, the newest from 2")


def test_no_copy_is_amber_as_soon_as_there_is_something_to_lose(settings: Settings, harness: TillHarness) -> None:
    assert data.copies(settings, lambda: NOW, till_open=True).words == "Nothing to copy yet"
    post = harness.till.catalogue.add(draft_post("Tea", 30, 0))
    charge(harness.till, post, "0712345678")
    assert data.copies(settings, lambda: NOW, till_open=True).status is Status.AMBER


def test_no_copy_of_a_damaged_file_is_amber(settings: Settings) -> None:
    file_of(settings).write_bytes(b"\xff" * 9_000)
    assert data.copies(settings, lambda: NOW, till_open=False).status is Status.AMBER


def test_m_pesa_s_record_is_green_where_it_comes_in_and_amber_where_it_does_not(
    settings: Settings, harness: TillHarness
) -> None:
    assert data.record(settings, lambda: NOW).status is Status.GREEN
    on = replace(settings, pull=True)
    assert data.record(on, lambda: NOW) == (Status.AMBER, NOT_YET)
    run = PullRun(till="A", begun=NOW, ended=NOW, covered=NOW)
    for kept, status in (
        (run, Status.GREEN),
        (replace(run, trouble="M-PESA was not reached."), Status.AMBER),
        (replace(run, ended=NOW - timedelta(hours=2)), Status.AMBER),
    ):
        harness.till.writer.run(partial(_keep, kept))
        assert data.record(on, lambda: NOW).status is status


def _keep(run: PullRun, transaction: Transaction) -> None:
    transaction.set_setting(SETTING, run.text())
