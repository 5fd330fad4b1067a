"""Waiting for what the writer does, never without an end: a disk that hangs must not hold up whoever waits."""

from concurrent.futures import Future
from typing import TypeVar

from pos_app.errors import CannotSave

PATIENCE = 10.0  # seconds
NOT_YET = (
    "Saving takes too long: the disk or the server does not answer. It is not saved yet and may still be: look before "
    "you try again. Nothing was sent."
)
T = TypeVar("T")


def answer_of(saving: "Future[T]", seconds: float = PATIENCE) -> T:
    """What became of a job of the writer's.

    Raises:
        CannotSave: it hangs, and may be saved yet. And whatever the job raises.
    """
    try:
        return saving.result(seconds)
    except TimeoutError:
        raise CannotSave(NOT_YET) from None
