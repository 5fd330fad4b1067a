"""A shop that moves from its file to the server that all of its tills share: how far it is, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class MoveStep(StrEnum):
    """What is done just now, in this order."""

    LOOKING = "looking"  # whether the file is whole, and whether the server takes it
    COPYING = "copying"
    COMPARING = "comparing"  # every row on the server with the file's
    ENDING = "ending"  # it cannot be stopped any more


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """How far it is.

    Attributes:
        done, total: rows of this step; 0 of 0 where they are not counted.
    """

    step: MoveStep
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopMoved:
    """A shop that is on the server now.

    Attributes:
        place: the server and its database, for people; no user and no password is in it.
        payments: how many, and `still_open`: how many of them M-PESA or the owner has not settled yet.
        rows: how many of each table were moved and compared.
        left_out: texts that had a character (NUL) which no server keeps; they are there without it.
        ended_earlier: whether an earlier run had moved everything and was only kept from saying so.
    """

    place: str
    payments: int
    still_open: int
    rows: Mapping[str, int]
    left_out: int = 0
    ended_earlier: bool = False
