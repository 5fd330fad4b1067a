"""All checks of a shop together, in practice and against the simulator."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.check_result import Finding, Status, Verdict, green
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.diagnostics.mpesa import shop_token
from pos_app.settings.settings import Settings, load
from pos_app.simulator import Simulator
from pos_app.vault.vault import open_vault


def statuses(findings: list[Finding]) -> dict[str, str]:
    return {finding.name: finding.status.value for finding in findings}


def beside(opened: OpenTill, settings: Settings) -> Diagnostics:
    """The checks of the very program that has the till open."""
    return Diagnostics(settings, opened=lambda: opened)


def test_practice_needs_nothing_from_outside(tmp_path: Path) -> None:
    diagnostics = Diagnostics(load(tmp_path, True, {}))
    findings = diagnostics.run()
    assert set(statuses(findings).values()) == {"green"}
    assert [finding.name for finding in findings] == diagnostics.names()


def test_a_shop_that_can_charge(sandbox: Settings, mpesa: Simulator) -> None:
    found = statuses(Diagnostics(sandbox).run())
    assert {name for name, status in found.items() if status != "green"} == {"Results"}
    assert mpesa.tokens_issued == 1


def test_the_folder_is_free_again_and_the_log_says_what_was_found(sandbox: Settings) -> None:
    Diagnostics(sandbox).run()
    hold_data_dir(sandbox).release()
    log = (sandbox.data_dir / "kaunta.log").read_text(encoding="utf-8")
    assert "check green  Access token" in log


def test_beside_another_till_its_access_token_is_tried_and_none_is_fetched(sandbox: Settings, mpesa: Simulator) -> None:
    opened = open_till(sandbox)
    try:
        opened.gateway.warm()
        found = {finding.name: finding for finding in Diagnostics(sandbox).run()}
        assert found["Data folder"].status is Status.AMBER
        assert found["Access token"].words.startswith(
            "M-PESA accepts the shop's keys; an access token lives 60 min. Each shop of a chain"
        )
        assert found["Results"].words.startswith("By asking only")
        assert mpesa.tokens_issued == 1
    finally:
        opened.close()


def test_where_its_access_token_cannot_be_found_the_till_beside_keeps_it(sandbox: Settings, mpesa: Simulator) -> None:
    sandbox.data_dir.mkdir()
    with closing(sqlite3.connect(sandbox.data_dir / "sandbox.db")) as database:
        database.execute("CREATE TABLE something_else (id)")
    verdict = shop_token(sandbox, open_vault(sandbox), till_open=True)
    assert verdict.status is Status.AMBER
    assert "a new one would end the one that the tills use" in verdict.words
    assert mpesa.tokens_issued == 0


def test_the_open_till_reads_its_own(sandbox: Settings, mpesa: Simulator) -> None:
    opened = open_till(sandbox)
    try:
        opened.gateway.warm()
        found = {finding.name: finding for finding in beside(opened, sandbox).run()}
        assert found["Data folder"].status is Status.GREEN
        assert found["Access token"].words.endswith("min left")
        assert found["Results"].words.startswith("By asking only")
        assert mpesa.tokens_issued == 1
    finally:
        opened.close()


def test_where_the_folder_cannot_be_used_no_token_is_fetched(
    sandbox: Settings, mpesa: Simulator, tmp_path: Path
) -> None:
    (tmp_path / "shop").write_text("in the way", encoding="utf-8")
    found = statuses(Diagnostics(sandbox).run())
    assert (found["Data folder"], found["Access token"], found["Results"]) == ("red", "amber", "amber")
    assert mpesa.tokens_issued == 0


def test_a_log_that_cannot_be_written_stops_no_check(sandbox: Settings) -> None:
    (sandbox.data_dir / "kaunta.log").mkdir(parents=True)
    assert statuses(Diagnostics(sandbox).run())["Access token"] == "green"
    hold_data_dir(sandbox).release()


def test_one_that_hangs_holds_up_nothing_else(sandbox: Settings) -> None:
    gate = threading.Event()

    def printer() -> Verdict:
        gate.wait(60)
        return green("At last")

    found = Diagnostics(sandbox, limit=3.0).run(printer=printer)
    gate.set()
    red = [finding for finding in found if finding.status is Status.RED]
    assert [finding.name for finding in red] == ["Printer"]
    assert "3 seconds" in red[0].words


def test_started_it_tells_from_a_thread_that_keeps_no_program_from_ending(tmp_path: Path) -> None:
    told: list[Finding] = []
    threads: list[threading.Thread] = []
    done = threading.Event()

    def tell(finding: Finding) -> None:
        told.append(finding)
        threads.append(threading.current_thread())

    diagnostics = Diagnostics(load(tmp_path, True, {}))
    diagnostics.start(tell, done.set, lambda: green("The printer is there"))
    assert done.wait(20)
    assert sorted(finding.name for finding in told) == sorted(diagnostics.names())
    assert "The printer is there" in [finding.words for finding in told]
    assert all(thread.daemon for thread in threads)


def test_the_log_by_its_days(tmp_path: Path) -> None:
    diagnostics = Diagnostics(load(tmp_path, True, {}))
    assert diagnostics.days() == []
    diagnostics.run()
    (today,) = diagnostics.days()
    assert any("check green  Settings" in line for line in diagnostics.log(today))
    assert diagnostics.log(today.replace(year=1999)) == []
