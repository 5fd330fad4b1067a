"""The command line as a whole."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from pos_app.cli import main


def test_options_stand_before_or_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, arguments in enumerate(
        (
            ["--practice", "--data-dir", "FOLDER", "payments", "--json"],
            ["payments", "--practice", "--data-dir", "FOLDER", "--json"],
            ["--practice", "payments", "--json", "--data-dir", "FOLDER"],
            ["--data-dir", "FOLDER", "posts", "list", "--practice", "--json"],
        )
    ):
        folder = tmp_path / str(number)
        assert main([str(folder) if word == "FOLDER" else word for word in arguments]) == 0
        assert capsys.readouterr().out.startswith("[")
        assert [each.name for each in folder.glob("*.db")] == ["practice.db"]


def test_an_unknown_command_is_refused_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["refund"])
    assert ended.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("charge", "payments", "posts", "simulator", "backup", "restore", "check"):
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert "usage" in capsys.readouterr().out


def test_a_fault_of_ours_is_words_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(options: object) -> int:
        raise RuntimeError("canary")

    faulty = ModuleType("pos_app.commands.check")
    faulty.__dict__["run"] = run
    monkeypatch.setitem(sys.modules, faulty.__name__, faulty)
    assert main(["check", "--practice", "--data-dir", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Something went wrong" in captured.err
    assert "canary" not in captured.err
