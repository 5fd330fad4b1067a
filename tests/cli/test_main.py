"""The command line as a whole."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from pos_app.cli.main import main


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
        main(["refunds"])
    assert ended.value.code == 2
    assert "--help" in capsys.readouterr().err


NUMBERS = ("1_0", "1e1", "+1", "-1", "01", "１", "١", "²", "0x1", "nan", "inf", "1.", ".5", "", " ", "1 0", "9" * 5_000)


@pytest.mark.parametrize(
    "command",
    [
        ["charge", "--phone", "0712345678", "--post"],
        ["charge", "--phone", "0712345678", "--post", "1", "--wait"],
        ["payments", "--limit"],
        ["simulator", "--port"],
        ["simulator", "--seed"],
        ["simulator", "--delay"],
    ],
)
def test_a_number_is_taken_in_one_form_only(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for number in NUMBERS:
        with pytest.raises(SystemExit) as ended:
            main([*command[:-1], f"{command[-1]}={number}"])
        assert ended.value.code == 2
        assert "is not a number from" in capsys.readouterr().err, number


@pytest.mark.parametrize("number", [*NUMBERS, "1.5"])
def test_a_fault_s_chance_is_a_number_in_one_form_too(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulator", "--port", "0", "--fault", f"callback-lost={number}"]) == 2
    assert "a number from 0 to 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["payments", "--data-dir", ""],
        ["--data-dir", "", "payments"],
        ["--data-dir", " "],
        ["check", "--practice", "--support", ""],
        ["backup", "--practice", ""],
        ["restore", "--practice", ""],
        ["posts", "import", "--practice", ""],
    ],
)
def test_an_empty_name_of_a_file_is_refused_in_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A script whose variable is not set must not work on the present folder."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "an empty name names no file or folder" in captured.err


def test_an_empty_data_folder_of_the_environment_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_DATA_DIR", "")
    for arguments in (
        ["payments"],
        ["check"],
        ["posts", "list", "--practice"],
        ["charge", "--post=1", "--phone=0712345678"],
    ):
        assert main(arguments) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "POS_DATA_DIR is set and empty" in captured.err


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

    faulty = ModuleType("pos_app.cli.check")
    faulty.__dict__["run"] = run
    monkeypatch.setitem(sys.modules, faulty.__name__, faulty)
    assert main(["check", "--practice", "--data-dir", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("Something went wrong in the till. Payments stay as they are; the log says more.\n")
    assert "canary" not in captured.err
    assert "RuntimeError: canary" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")
