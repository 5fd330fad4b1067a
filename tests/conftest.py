"""What every test may ask for: a till with a real store and real sales, a scripted M-PESA, a clock to move."""

import compileall
import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import argon2
import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pos_app.domain.payment import Payment, State, read_reason
from pos_app.domain.payment_line import PaymentLine
from pos_app.sales.till import Till
from tests.callbacks.posing import Agent
from tests.support.builders import with_line
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.one_dialect import speak_it
from tests.support.patient_bot import PatientBot
from tests.support.template import lay_database
from tests.support.till_harness import TillHarness, open_harness
from tests.ui.watchdog import WatchedApplication

settings.register_profile("kaunta", deadline=None)  # a busy machine is no failure
settings.register_profile("inner loop", settings.get_profile("kaunta"), max_examples=25)  # the others are played by CI
settings.load_profile("kaunta")
speak_it()


_HERE = Path(__file__).parent
_MEMORY = Path("/dev/shm")

NOW = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
_PAYMENT = Payment(
    id=42,
    number="A-20261123-0042",
    till="A",
    address="0" * 64,
    lines=(PaymentLine(post_id=2, title="Week pass", price=250, days=7),),
    customer_id=1,
    phone="254712345678",
    amount=250,
    state=State.PROMPTED,
    checkout_request_id="ws_CO_231120261403000001",
    created_at=NOW - timedelta(seconds=14),
    updated_at=NOW - timedelta(seconds=12),
    next_check_at=NOW + timedelta(seconds=48),
)


# Many scenes, many processes, long pauses, each older database, and what is done once a day: two thirds of all the
# time. CI plays them beside the README's command.
_CI = (
    "bench/",
    "faults/",
    "e2e/",
    "cli/",
    "bootstrap/test_callbacks.py",
    "bootstrap/test_moving.py::test_also_where_the_till_was_given",
    "bootstrap/test_moving.py::test_the_shop_is_on_the_server",
    "bootstrap/test_printing.py",
    "bootstrap/test_server_settings.py",
    "bootstrap/test_till.py",
    "callbacks/test_listener.py::TestManyConnections",
    "callbacks/test_ngrok.py",
    "callbacks/test_tunnel.py",
    "callbacks/test_tunnel_guard.py",
    "domain/test_receipt_check.py::test_a_hundred_thousand",
    "printers/test_escpos_printer.py",
    "sales/test_binding_orders.py::test_the_same_many_times",
    "simulator/test_mpesa.py::test_the_oldest_prompts",
    "statements/test_reader.py",
    "store/backups/test_restore.py",
    "store/moving/test_back.py",
    "store/moving/test_move.py",
    "store/test_links.py::test_t33_random_edits",
    "store/test_migrate.py",
    "store/test_one_door.py",
    "store/test_search.py::test_every_way_to_a_page",
    "store/test_server_faults.py",
    "store/test_server_page.py",
    "store/test_server_silent.py",
    "store/test_server_words.py::test_a_server_that_cannot_be_used",
    "store/test_shop_changes.py",
    "store/test_slow_line.py",
    "store/test_till_letters.py",
    "store/test_tills_token.py",
    "store/test_two_tills.py",
    "ui/test_layout.py",
    "ui/test_layout_faults.py",
    "ui/test_main_window.py::test_in_a_small_window",
    "ui/test_markup.py",
    "ui/test_models.py",
    "ui/test_restore_window.py::test_nothing_is_cut",
    "ui/test_roles.py",
    "ui/charge/test_customer_room.py::test_whatever_wrong_hands",
    "ui/charge/test_form_fit.py",
    "ui/charge/test_keyboard.py::test_no_scan_of_an_unknown_code",
    "ui/charge/test_keyboard.py::test_nothing_as_fast",
    "ui/charge/test_page.py::test_t21_",
    "ui/charge/test_panels_fit.py",
    "ui/day/",
    "ui/display/test_customer_display.py::test_every_word_has_room",
    "ui/payments/test_page.py::test_many_payments",
    "ui/receipt/test_receipt_printer.py",
    "ui/settings/test_pages_fit.py",
    "ui/statement/test_in_window.py",
    "ui/takings/",
    "vault/test_secret_service.py",
)

# What is tried on both databases is left to CI on the server's, and so is what asks for a server by itself: each
# process of the tests would start one of its own, and wait for it.
_ON_POSTGRESQL = "store/"

# The inner loop goes without these, too. What stays tries most for its time: the rules of money and who carries them
# out, what is asked of the store and kept in it, and what M-PESA says. Left out are the window, sockets, real pauses,
# processes, damaged and older files, and what takes as long as a hundred others: in many orders, with each row edited.
_SLOW = (
    *("bootstrap/", "callbacks/", "diagnostics/", "exports/", "printers/", "test_private_files.py", "ui/", "vault/"),
    *("store/backups/", "store/test_close_sums.py", "store/test_day.py", "store/test_erasure.py"),
    *("store/test_integrity.py", "store/test_search.py", "store/test_takings.py", "store/test_traces.py"),
    "store/test_watch.py",
    "store/test_attention.py::test_every_state_remark_and_age",
    "store/test_customers.py::TestAnyPhones",
    "store/test_days.py::test_every_payment_is_in_one",
    "store/test_links.py::test_whatever_was_done",
    "store/test_reader.py::TestTotals",
    "store/test_renewals.py::test_whatever_was_done",
    "store/test_sweep.py::test_who_saves_does_not_wait",
    "store/test_token_store.py::test_a_row_that_somebody_has_locked",
    "daraja/test_exchange.py::TestOneLimitOverAllOfIt",
    "daraja/test_exchange.py::TestNameLookUps::test_a_resolver_that_hangs",
    "sales/test_authority.py::test_the_owner_s_passphrase_lets_the_owner_do_it_whoever_is",
    "sales/test_binding_orders.py",
    "sales/test_ledger.py::test_a_hundred_thousand",
    "sales/test_ledger.py::test_junk_",
    "sales/test_reconciliation.py::test_a_thousand",
    "sales/test_reconciliation.py::test_slow_answers",
    "sales/test_recording.py::test_ended_after_any_part",
    "sales/test_recording.py::test_in_whichever_files_and_order",
    "sales/test_recording.py::test_no_order_of_rows",
    "sales/test_retention.py",
    "sales/test_supplements.py",
    "sales/test_till_lease.py::test_a_letter_that_cannot_be_given_back",
    "simulator/test_server.py::test_many_customers",
    "statements/test_cells.py::test_so_is_a_zip_bomb",
)
_INNER_LOOP = "not slow"


# What is played again when it fails, and only that: for each of the others, four processes would ask a fifth one
# whether it is, byte by byte.
#
# Real sockets, processes and clocks: on a busy machine one of them comes too late now and then. What is wrong is wrong
# twice; in the fault suite one seed is one replay.
_REAL_TIME = (
    "bootstrap/",
    "callbacks/",
    "cli/",
    "diagnostics/",
    "e2e/",
    "faults/test_disk.py",
    "faults/test_faults.py",
    "faults/test_killed.py",
    "printers/",
    "statements/test_reader.py",
    "store/test_shop_changes.py",
    "store/test_till_letters.py",
    "store/test_tills_token.py",
    "store/test_two_tills.py",
    "vault/",
)

# What a busy machine does to the window's clock does not happen three times; what the till does, happens again.
#
# Nor is one ended by a signal when it takes too long, as all others are, for which Python asks between two lines: what
# hangs in Qt's own loop comes to none. A thread watches each, which takes half as long as a short test.
_WITH_WINDOW = ("bench/", "faults/", "ui/")
_STOOD_STILL = "the window stood still"

# Python 3.11 now and then cannot trace a thread that starts at the same moment as another: it dies before its first
# line. Only where it is traced what the tests cover.
_NOT_TRACED = "Exception ignored in thread started by: <bound method Thread._bootstrap"


def pytest_configure(config: pytest.Config) -> None:
    """The program is started a hundred times, and loaded in each process of the tests: it is compiled once."""
    if config.option.markexpr == _INNER_LOOP:
        settings.load_profile("inner loop")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compileall.compile_dir(_HERE.parent / "pos_app", quiet=2)
        rewritten = re.compile(r"(test_\w+|conftest)\.py$")  # by pytest, which compiles them its own way
        compileall.compile_dir(_HERE, quiet=2, rx=rewritten)
    if "TMPDIR" not in os.environ and _can_hold_the_files(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # or what was found out before counts


def _can_hold_the_files(folder: Path) -> bool:
    """Every commit of every test is flushed: on a disk they would wait for that half of the time."""
    if not os.access(folder, os.W_OK):
        return False
    no_programs = os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0)
    return not no_programs and shutil.disk_usage(folder).free > 2 * 2**30


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Nothing that is collected becomes garbage: it is not searched for any, now nor in the middle of each test."""
    gc.disable()
    try:
        _load_what_others_do_not(session.config)
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def _load_what_others_do_not(config: pytest.Config) -> None:
    """In a fresh clone pytest rewrites and compiles each file of tests, and each process would do so with all of them.

    So each begins at another place, and finds the rest done by others. What cannot be loaded will say so by itself.
    """
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is None or not _asks_for_all(config):
        return
    files = [one for one in sorted(_HERE.rglob("test_*.py")) if not pytest_ignore_collect(one, config)]
    begin = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"] % len(files)
    for file in files[begin:] + files[:begin]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(_HERE.parent).with_suffix("").parts))


def _asks_for_all(config: pytest.Config) -> bool:
    return [(config.rootpath / one).resolve() for one in config.args] == [_HERE]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where all tests are asked for but these, their files are not even loaded: in each process that is most of them.

    A file that somebody names is loaded whatever is left out.
    """
    if not _asks_for_all(config):
        return None
    left_out = {"not ci": _CI, _INNER_LOOP: _CI + _SLOW}.get(config.option.markexpr, ())
    path = collection_path.relative_to(_HERE).as_posix()
    if collection_path.is_dir():
        path = f"{path}/"
    if config.option.markexpr == "ci" and collection_path != _HERE:
        return None if any(path.startswith(one) or one.startswith(path) for one in (*_CI, _ON_POSTGRESQL)) else True
    return True if path.startswith(left_out) else None


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Mark those that are left to CI, the slow ones, and those that may come too late once."""
    traced = [_NOT_TRACED] if config.pluginmanager.hasplugin("_cov") else []
    in_a_loop = pytest.mark.timeout(float(config.getini("timeout")), method="thread")
    for item in items:
        name = item.nodeid.removeprefix("tests/")
        ci = name.startswith(_CI) or (name.startswith(_ON_POSTGRESQL) and _needs_a_server(item))
        if ci:
            item.add_marker(pytest.mark.ci)
        if ci or name.startswith(_SLOW):
            item.add_marker(pytest.mark.slow)
        if name.startswith(_WITH_WINDOW):
            item.add_marker(in_a_loop)
        if name.startswith(_REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[".*"]))
        elif name.startswith(_WITH_WINDOW):
            item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=[_STOOD_STILL, *traced]))
        elif traced:
            item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=traced))


def _needs_a_server(item: pytest.Item) -> bool:
    return "[postgresql" in item.name or "server" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def _no_real_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A command that names no folder must not find the data of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_DATA_DIR", str(tmp_path_factory.getbasetemp() / "no-shop"))
        yield


@pytest.fixture(scope="session")
def qapp_cls() -> type[WatchedApplication]:
    """The application of all tests, whichever is first to need one."""
    return WatchedApplication


@pytest.fixture
def qtbot(qapp: WatchedApplication, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """A program that poses as the ngrok agent; none is left at the end."""
    if os.name != "posix":
        pytest.skip("it starts by its first line")
    monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(tmp_path / "ngrok config" / "ngrok.yml"))
    made = Agent(tmp_path / "agent")
    yield made
    left = made.running()
    made.kill()
    gc.collect()  # what pyngrok holds on to
    assert not left, "the test left an agent"


@pytest.fixture
def quick_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own seal at the least cost, where the cost is not what is tried: a fifth of a second each time."""
    least = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("argon2.PasswordHasher", least)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, to copy: migrating takes longer than most tests."""
    return lay_database(tmp_path_factory.mktemp("migrated") / "practice.db")


@pytest.fixture
def harness(tmp_path: Path, clock: FakeClock, gateway: FakeGateway) -> Iterator[TillHarness]:
    with open_harness(tmp_path / "practice.db", clock, gateway) as opened:
        yield opened


@pytest.fixture
def till(harness: TillHarness) -> Till:
    """A till with an empty catalogue; its reconciler is not started, tests call `step`."""
    return harness.till


@pytest.fixture
def make_payment() -> Callable[..., Payment]:
    """A payment for KES 250 that waits for its PIN, with any field as asked; a reason as stored; `title`, `days` and
    `grant` are those of its one line.
    """

    def make(**fields: Any) -> Payment:
        if "reason" in fields:
            fields["reason"] = read_reason(fields.get("state", _PAYMENT.state), fields["reason"])
        of_line: dict[str, Any] = {name: fields.pop(name) for name in ("title", "days", "grant") if name in fields}
        if "amount" in fields and "lines" not in fields:
            of_line["price"] = fields["amount"]
        return replace(with_line(_PAYMENT, **of_line), **fields)

    return make
