"""Where a fault of ours ends a command, the words "the log says more" are true."""

from pathlib import Path

import pytest

from pos_app.cli.main import main

CANARY = "canary for 0712345678"
COMMANDS = {
    "charge": (["charge", "--post", "1", "--phone", "0712345678"], "pos_app.sales.checkout.Checkout.charge"),
    "payments": (["payments"], "pos_app.store.reader.SqlReader.search"),
    "posts add": (["posts", "add", "Tea"], "pos_app.sales.catalogue.Catalogue.add"),
    "posts list": (["posts", "list"], "pos_app.sales.catalogue.Catalogue.posts"),
    "backup": (["backup", "copy.db"], "pos_app.cli.backup.save_copy"),
    "restore": (["restore", "copy.db"], "pos_app.cli.restore.restore"),
    "check": (["check"], "pos_app.cli.check.Diagnostics"),
    "simulator": (["simulator", "--port", "0"], "pos_app.cli.simulator.Simulator.start"),
    "the window": ([], "pos_app.cli.window.why_no_screen"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_log_says_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments, place = COMMANDS[name]

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(CANARY)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(place, fail)
    assert main([*arguments, *([] if name == "simulator" else ["--practice"])]) == 1
    err = capsys.readouterr().err
    assert "Something went wrong in the till. Payments stay as they are; the log says more." in err
    assert "Traceback" not in err
    log = (tmp_path / "kaunta.log").read_text(encoding="utf-8")
    assert "a fault in the till" in log
    assert "ZeroDivisionError: canary" in log
    assert "0712345678" not in log


def test_where_nothing_can_be_logged_nothing_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr("pos_app.store.reader.SqlReader.search", fail)
    monkeypatch.setattr("pos_app.logs._NAME", "no/such/folder")
    assert main(["payments", "--practice", "--data-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err.endswith("Payments stay as they are; it could not be logged.\n")


def test_a_folder_that_cannot_be_named_cannot_be_logged_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr("pos_app.cli.payments.load", fail)
    monkeypatch.setattr("pos_app.cli.main.data_folder", fail)
    assert main(["payments", "--practice"]) == 1
    assert capsys.readouterr().err.endswith("it could not be logged.\n")
