"""M-PESA's access token as the tills of a shop keep it for each other."""

from typing import NamedTuple


class KeptToken(NamedTuple):
    """An access token in the shop's database.

    Attributes:
        id: tells it from the ones before and after; says nothing of it.
        sealed: the token, encrypted.
        left: seconds that it lives on, by the database's clock.
    """

    id: str
    sealed: bytes
    left: float
