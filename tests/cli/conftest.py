"""The command line, called as a shell would, in this process."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from pos_app.cli.main import main
from tests.support.template import lay_database


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON value it must be."""
        return json.loads(self.out)


Command = Callable[..., Ran]

_LOOK_FOR_ONE = {"backup", "check", "restore"}  # and say so where there is none


@pytest.fixture(autouse=True)
def _passphrases_are_tried_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed by argon2id all the same, at its least cost: what a try costs the program is looked at in tests/vault."""
    least = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("argon2.PasswordHasher", least)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run `main.py ARGUMENTS` on a data folder of the test's own.

    For most of them the practice shop has an empty database already: to make one takes longer than they do.
    """
    monkeypatch.setenv("POS_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> Ran:
        if "--practice" in arguments and not _LOOK_FOR_ONE.intersection(arguments):
            lay_database(tmp_path / "practice.db")
        try:
            code = main(arguments)
        except SystemExit as error:  # argparse ends so
            code = error.code if isinstance(error.code, int) else 1
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    mask = os.umask(0o022)  # the program sets its own
    yield run
    os.umask(mask)
