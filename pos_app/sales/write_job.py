"""What the writer is given to do."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from pos_app.errors import CannotSave, RowRefused
from pos_app.sales.keeping import Keepable
from pos_app.sales.ports import Transaction

T = TypeVar("T")


@dataclass(eq=False)
class Job(Generic[T]):
    """`failures`: how often it alone failed; `line`: what the file beside the database has of it."""

    work: Callable[[Transaction], T]
    after: Callable[[T], None]
    keep: bool
    held: Keepable | None
    line: str
    future: "Future[T]"
    failures: int = 0

    def text(self) -> str:
        """Its line, also where it is not written yet."""
        if self.held and not self.line:
            self.line = self.held.line()
        return self.line


def is_the_disk(error: Exception) -> bool:
    """Whether nothing at all can be saved, whatever one tries."""
    return isinstance(error, CannotSave) and not isinstance(error, RowRefused)
