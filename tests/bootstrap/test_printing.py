"""A till with a receipt printer in its network: from the settings to the paper."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pos_app.bootstrap.settings_services.build import build_settings_services
from pos_app.bootstrap.settings_services.printer import CAME_OUT, UNCLEAR
from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.check_result import Status
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.domain.payment import State
from pos_app.domain.receipt_printer import NetworkPrinter
from pos_app.domain.search import Search
from pos_app.errors import BadInput, SettingsError
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.sales.till import Till
from pos_app.settings.settings import load
from pos_app.ui.settings.service import PrinterChoice, SettingsServices
from pos_app.vault.vault import Vaults
from tests.bootstrap.test_till import paid
from tests.callbacks.posing import until
from tests.support.paper import printed
from tests.support.tcp_printer import Manner, TcpPrinter, no_printer, tcp_printer

PHONE = "0712345678"
ROOT = Path(__file__).parent.parent.parent


def environ(printer: NetworkPrinter, **more: str) -> dict[str, str]:
    return {"POS_PRINTER": "network", "POS_PRINTER_ADDRESS": f"{printer.host}:{printer.port}", **more}


def practice_till(folder: Path, printer: NetworkPrinter) -> OpenTill:
    return open_till(load(folder, True, environ(printer, POS_PRINT_PAID="yes", POS_CASH_DRAWER="yes")))


def test_a_paid_payment_comes_out_and_opens_the_drawer(tmp_path: Path) -> None:
    with tcp_printer() as there:
        opened = practice_till(tmp_path, there.address)
        payment = paid(opened, PHONE)
        opened.close()  # which waits for what is being printed
        there.until(lambda: len(there.jobs) == 1)
    paper = printed(there.jobs[0], 48)
    assert payment.number in paper.text
    assert "MAZOEZI - SI RISITI" in paper.text
    assert paper.drawer
    assert "receipt printed" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")


def test_without_a_printer_at_its_address_the_payment_stands_and_the_till_closes(tmp_path: Path) -> None:
    with no_printer() as nowhere:
        opened = practice_till(tmp_path, nowhere)
        told = threading.Event()
        opened.till.printing.watch(lambda _: told.set())
        payment = paid(opened, PHONE)
        assert payment.state is State.PAID
        assert told.wait(10)
        assert opened.till.receipts.receipt(payment.id).copy == 1
        opened.close()


def test_a_restart_prints_nothing_again(tmp_path: Path) -> None:
    with tcp_printer() as there:
        for _ in range(2):
            opened = practice_till(tmp_path, there.address)
            if not there.jobs:
                paid(opened, PHONE)
            opened.close()
            there.until(lambda: len(there.jobs) == 1)
    assert len(there.jobs) == 1


def prints_begun(folder: Path) -> int:
    counted = "SELECT count(*) FROM payment_event WHERE kind = 'printed'"
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(folder / "practice.db")) as database:
        return int(database.execute(counted).fetchone()[0])
    return 0  # it is just being made


def test_a_program_that_is_killed_while_it_prints_prints_a_copy_next_and_nothing_by_itself(tmp_path: Path) -> None:
    with tcp_printer(Manner.MUTE_AND_OPEN) as there:
        charging = subprocess.Popen(
            [sys.executable, "main.py", "charge", "--practice", "--post", "1", "--phone", PHONE],
            cwd=ROOT,
            env={**os.environ, **environ(there.address, POS_PRINT_PAID="yes"), "POS_DATA_DIR": str(tmp_path)},
            stdout=subprocess.DEVNULL,
        )
        until(lambda: (tmp_path / "practice.db").exists() and prints_begun(tmp_path) == 1)
        charging.kill()
        charging.wait(10)
        there.manner = Manner.RIGHT
        opened = practice_till(tmp_path, there.address)
        [payment] = opened.till.reader.search(Search())
        assert opened.till.receipts.receipt(payment.id).copy == 2
        opened.close()
    assert prints_begun(tmp_path) == 1


def services(folder: Path, running: Till | None = None) -> SettingsServices:
    return build_settings_services(folder, Vaults({}), {}, running=lambda: running)


def choice(printer: TcpPrinter) -> PrinterChoice:
    return PrinterChoice(kind="network", address=f"127.0.0.1:{printer.address.port}")


@pytest.mark.parametrize(
    ("manner", "status", "words"),
    [
        (Manner.RIGHT, Status.GREEN, CAME_OUT),
        (Manner.BREAKS, Status.AMBER, UNCLEAR),
        (Manner.OUT_OF_PAPER, Status.RED, "no paper"),
    ],
)
def test_a_test_page(tmp_path: Path, manner: Manner, status: Status, words: str) -> None:
    with tcp_printer(manner) as there:
        [found] = services(tmp_path).printer.test(choice(there))
        if manner is Manner.RIGHT:
            there.until(lambda: len(there.jobs) == 1)
            assert "Test page. Not a receipt." in printed(there.jobs[0], 48).text
    assert found.status is status
    assert words in found.words
    assert not (tmp_path / "settings.toml").exists()


def test_a_test_page_on_the_printer_of_an_open_till_waits_for_what_that_prints(tmp_path: Path) -> None:
    with tcp_printer() as there:
        opened = practice_till(tmp_path, there.address)
        printer = opened.till.printing.printer
        assert isinstance(printer, EscposPrinter)
        printer._door.acquire()
        test = threading.Thread(target=services(tmp_path, opened.till).printer.test, args=(choice(there),))
        test.start()
        test.join(0.2)
        assert there.jobs == []
        printer._door.release()
        test.join(10)
        there.until(lambda: len(there.jobs) == 1)
        opened.close()


def test_what_is_kept_is_answered_and_counts_at_the_next_start(tmp_path: Path) -> None:
    made = services(tmp_path)
    made.printer.keep(PrinterChoice(kind="usb", address="0416:5011", print_paid=True, cash_drawer=True))
    found = made.printer.answers()
    assert (found.printer, found.printer_address, found.print_paid, found.cash_drawer) == (
        "usb",
        "0416:5011",
        True,
        True,
    )
    made.printer.keep(PrinterChoice(kind="system"))
    assert load(tmp_path, False, {}).receipt_printer is None
    assert not load(tmp_path, False, {}).print_paid


def test_what_cannot_be_meant_is_refused_and_the_old_printer_stays(tmp_path: Path) -> None:
    made = services(tmp_path)
    made.printer.keep(PrinterChoice(kind="network", address="192.168.1.50"))
    for refuse in (made.printer.keep, made.printer.test):
        with pytest.raises(BadInput, match="address in the network"):
            refuse(PrinterChoice(kind="network", address="http://192.168.1.50"))
    with pytest.raises(BadInput, match="needs no test"):
        made.printer.test(PrinterChoice(kind="system"))
    assert load(tmp_path, False, {}).receipt_printer == NetworkPrinter("192.168.1.50")


def test_only_the_owner_chooses_or_tries_a_printer(tmp_path: Path) -> None:
    services(tmp_path).owner.choose("mama njeri 1987")
    later = services(tmp_path).printer
    for refuse in (later.keep, later.test):
        with pytest.raises((BadInput, SettingsError)):
            refuse(PrinterChoice(kind="network", address="192.168.1.50"))
    assert load(tmp_path, False, {}).receipt_printer is None


@pytest.mark.parametrize("open_here", [True, False])
def test_check_looks_at_the_receipt_printer(tmp_path: Path, open_here: bool) -> None:
    with tcp_printer() as there:
        settings = load(tmp_path, True, environ(there.address))
        opened = open_till(settings) if open_here else None
        findings = {one.name: one for one in Diagnostics(settings, opened=lambda: opened).run()}
        if opened:
            opened.close()
    assert (findings["Printer"].status, there.asked, there.jobs) == (Status.GREEN, 1, [])
    assert "answers and is ready" in findings["Printer"].words


def test_a_receipt_printer_that_is_off_is_no_reason_not_to_charge(tmp_path: Path) -> None:
    with no_printer() as nowhere:
        findings = {one.name: one for one in Diagnostics(load(tmp_path, True, environ(nowhere))).run()}
    assert findings["Printer"].status is Status.AMBER
