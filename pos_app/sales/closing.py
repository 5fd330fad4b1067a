"""What the till says when it closes: what waits, and what it keeps."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pos_app.sales.keeping import Keeping


class Left(NamedTuple):
    """What is left when the till has closed, in words for a person.

    Attributes:
        unsaved: what could not be recorded. Somebody should read it.
        waiting: payments that M-PESA has not answered; they need nobody. Empty where there are none.
    """

    unsaved: tuple[str, ...] = ()
    waiting: str = ""

    @property
    def lines(self) -> list[str]:
        """All of it."""
        return [line for line in (*self.unsaved, self.waiting) if line]


def what_is_left(keeping: "Keeping", waiting: int) -> Left:
    """Put it in words.

    Args:
        waiting: payments that M-PESA has not answered.
    """
    return Left(tuple(kept_words(keeping)), waiting_words(waiting) if waiting else "")


def kept_words(keeping: "Keeping") -> list[str]:
    """What could not be recorded, and where it is."""
    words = []
    if kept := len(keeping.waiting):
        are = "answer could not be saved yet; it is" if kept == 1 else "answers could not be saved yet; they are"
        words.append(f"{kept:,} {are} kept in {keeping.place} and recorded at the next start.")
    if aside := len(keeping.aside):
        are = "answer could not be recorded and waits" if aside == 1 else "answers could not be recorded and wait"
        words.append(
            f"{aside:,} {are} for a person in {keeping.place}, about {_payments(keeping, keeping.aside)}: compare with "
            "the M-PESA statement."
        )
    if lost := len(keeping.lost):
        are = "answer could not be saved, nor kept" if lost == 1 else "answers could not be saved, nor kept"
        words.append(
            f"{lost:,} {are} anywhere, about {_payments(keeping, keeping.lost)}. Write this down now, and compare with "
            "the M-PESA statement."
        )
    return words


def waiting_words(waiting: int) -> str:
    """How many payments have no answer yet."""
    if waiting == 1:
        return "1 payment waits for M-PESA's answer; the till checks when it opens next."
    return f"{waiting:,} payments wait for M-PESA's answer; the till checks when it opens next."


def _payments(keeping: "Keeping", lines: list[str]) -> str:
    numbers = keeping.payments(lines) or ["unknown"]
    return f"payment{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}"
