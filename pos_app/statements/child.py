"""The process that opens a file, so that whatever is wrong with it harms nothing else.

It writes lines of JSON, as `statements.lines` has them, and ends.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from pos_app.errors import BadInput
from pos_app.statements import lines
from pos_app.statements.limits import limit_this_process

_TOGETHER = 2_000  # rows in one line


def main(path: str, now: str) -> None:
    """Read a file and tell what is in it.

    Args:
        path: of the file.
        now: the till's time (UTC, ISO).
    """
    limit_this_process()
    out = os.fdopen(sys.stdout.fileno(), "w", encoding="ascii", newline="\n", closefd=False)
    try:
        _read(Path(path), datetime.fromisoformat(now), out.write)
    except BadInput as error:
        out.write(lines.refused(error.user_text))
    except OSError:
        out.write(lines.refused(lines.NOT_READ))
    except MemoryError:
        out.write(lines.refused(lines.TOO_MUCH))
    out.flush()


def _read(path: Path, now: datetime, write: "lines.Write") -> None:
    from pos_app.domain.statement_layout import StatementLayout
    from pos_app.statements.cells import open_rows

    made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    layout = StatementLayout(now, made_at)
    rows = open_rows(path)
    waiting: list[lines.AnyRow] = []
    for line, cells in rows.lines:
        if row := layout.feed(line, cells):
            waiting.append(row)
        if len(waiting) == _TOGETHER:
            write(lines.some_rows(waiting))
            waiting = []
    write(lines.some_rows(waiting))
    write(lines.ended(layout.finish(full=rows.full())))
