"""A small shop moved, and ended by SIGKILL on the way, as the command does with large ones."""

import pytest

from tests.bench.moving import main
from tests.store.server import cannot_run

pytestmark = pytest.mark.skipif(cannot_run() is not None, reason=f"not tried on PostgreSQL: {cannot_run()}")


def test_every_row_is_the_same_as_the_program_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--payments", "200"]) == 0
    assert "every table is the same" in capsys.readouterr().out


def test_nothing_is_lost_where_the_command_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--payments", "200", "--kills", "1"]) == 0
    assert capsys.readouterr().out.count("killed after") == 1
