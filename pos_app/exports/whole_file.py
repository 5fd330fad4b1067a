"""A file that appears whole or not at all; what was there under its name stays until then."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pos_app.errors import BadInput, why_not_written
from pos_app.private_files import discard_left


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Write what belongs into a file; it takes its name at the end, or is gone where anything was raised.

    Raises:
        BadInput: the file cannot be written there.
    """
    try:
        # A name that no other file has: two exports to one file at once are each whole, and nobody's file is deleted.
        begin, end = f"{path.name[:40]}-", ".part"
        handle, name = tempfile.mkstemp(prefix=begin, suffix=end, dir=path.parent)  # 0600
        discard_left(Path(name), begin, end)
        try:
            with open(handle, "wb") as raw:
                yield raw
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise BadInput(why_not_written(error)) from None
