"""The count of wrong passphrases, where no database can keep it."""

from collections.abc import Callable
from pathlib import Path

from pos_app.errors import StoreError
from pos_app.private_files import make_folder, replace_file


def count_in(file: Path) -> Callable[[Callable[[str | None], str]], None]:
    """Keeps the count in a file: what `AttemptLimiter.check` is given.

    It raises `StoreError` where the file cannot be written; then no try is made.
    """

    def change(work: Callable[[str | None], str]) -> None:
        try:
            kept = file.read_text(encoding="utf-8", errors="replace") if file.exists() else None
            make_folder(file.parent)
            replace_file(file, work(kept).encode())
        except OSError:
            raise StoreError(
                f"The try cannot be counted, because {file} cannot be written. Nothing was changed. See whether there "
                "is space, and whether the folder may be written."
            ) from None

    return change
